CREATE TABLE `contract_amendments` (
	`id` text NOT NULL,
	`version` integer NOT NULL,
	`withdrawn` integer NOT NULL,
	`change_reason` text,
	`recorded_at` text NOT NULL,
	`recorded_by` text NOT NULL,
	`contract_id` text NOT NULL,
	`effective_on` text NOT NULL,
	`reason` text NOT NULL,
	`rent` text,
	`end_on` text,
	PRIMARY KEY(`id`, `version`)
);
--> statement-breakpoint
CREATE INDEX `amendments_contract` ON `contract_amendments` (`contract_id`);--> statement-breakpoint
CREATE TABLE `contract_ends` (
	`id` text NOT NULL,
	`version` integer NOT NULL,
	`withdrawn` integer NOT NULL,
	`change_reason` text,
	`recorded_at` text NOT NULL,
	`recorded_by` text NOT NULL,
	`contract_id` text NOT NULL,
	`ended_on` text NOT NULL,
	`reason` text NOT NULL,
	PRIMARY KEY(`id`, `version`)
);
--> statement-breakpoint
CREATE INDEX `ends_contract` ON `contract_ends` (`contract_id`);--> statement-breakpoint
CREATE TABLE `contracts` (
	`id` text NOT NULL,
	`version` integer NOT NULL,
	`withdrawn` integer NOT NULL,
	`change_reason` text,
	`recorded_at` text NOT NULL,
	`recorded_by` text NOT NULL,
	`contract_no` text,
	`operator_id` text NOT NULL,
	`village_code` text NOT NULL,
	`lessor_kind` text NOT NULL,
	`lessor_name` text,
	`households` integer,
	`people` integer,
	`land_use` text NOT NULL,
	`start_on` text NOT NULL,
	`end_on` text NOT NULL,
	`signed_on` text,
	`frequency` text NOT NULL,
	`area_hundredths` integer NOT NULL,
	`rent` text NOT NULL,
	`risk_deposit_fen` integer NOT NULL,
	`insured` integer NOT NULL,
	`penalty_per_10k_per_day` text NOT NULL,
	`tolerance_days` integer,
	PRIMARY KEY(`id`, `version`)
);
--> statement-breakpoint
CREATE INDEX `contracts_operator` ON `contracts` (`operator_id`,`id`);--> statement-breakpoint
CREATE INDEX `contracts_village` ON `contracts` (`village_code`,`id`);--> statement-breakpoint
CREATE TABLE `disbursements` (
	`id` text NOT NULL,
	`version` integer NOT NULL,
	`withdrawn` integer NOT NULL,
	`change_reason` text,
	`recorded_at` text NOT NULL,
	`recorded_by` text NOT NULL,
	`subsidy_id` text NOT NULL,
	`amount_fen` integer NOT NULL,
	`paid_on` text NOT NULL,
	PRIMARY KEY(`id`, `version`)
);
--> statement-breakpoint
CREATE INDEX `disbursements_subsidy` ON `disbursements` (`subsidy_id`);--> statement-breakpoint
CREATE TABLE `grain_prices` (
	`id` text NOT NULL,
	`version` integer NOT NULL,
	`grain` text NOT NULL,
	`effective_on` text NOT NULL,
	`fen_per_50kg` integer NOT NULL,
	`source` text NOT NULL,
	`recorded_at` text NOT NULL,
	`recorded_by` text NOT NULL,
	PRIMARY KEY(`id`, `version`)
);
--> statement-breakpoint
CREATE TABLE `idempotent_replies` (
	`caller_id` text NOT NULL,
	`route` text NOT NULL,
	`key` text NOT NULL,
	`body_hash` text NOT NULL,
	`status` integer NOT NULL,
	`reply` text NOT NULL,
	`recorded_at` text NOT NULL,
	PRIMARY KEY(`caller_id`, `route`, `key`)
);
--> statement-breakpoint
CREATE TABLE `instalments` (
	`contract_id` text NOT NULL,
	`recorded_at` text NOT NULL,
	`superseded_at` text,
	`no` integer NOT NULL,
	`rent_year` integer NOT NULL,
	`period_start` text NOT NULL,
	`period_end` text NOT NULL,
	`due_on` text NOT NULL,
	`amount_fen` integer NOT NULL,
	`priced` integer NOT NULL,
	PRIMARY KEY(`contract_id`, `recorded_at`, `no`)
);
--> statement-breakpoint
CREATE INDEX `instalments_balance` ON `instalments` (`contract_id`,`recorded_at`,`superseded_at`,`due_on`,`amount_fen`,`priced`);--> statement-breakpoint
CREATE TABLE `ledger_clock` (
	`id` text PRIMARY KEY NOT NULL,
	`instant` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `operator_conditions` (
	`id` text NOT NULL,
	`version` integer NOT NULL,
	`withdrawn` integer NOT NULL,
	`change_reason` text,
	`recorded_at` text NOT NULL,
	`recorded_by` text NOT NULL,
	`operator_id` text NOT NULL,
	`condition` text NOT NULL,
	`observed_on` text NOT NULL,
	`source` text NOT NULL,
	`note` text,
	PRIMARY KEY(`id`, `version`)
);
--> statement-breakpoint
CREATE INDEX `conditions_operator` ON `operator_conditions` (`operator_id`);--> statement-breakpoint
CREATE TABLE `operators` (
	`id` text NOT NULL,
	`version` integer NOT NULL,
	`withdrawn` integer NOT NULL,
	`change_reason` text,
	`recorded_at` text NOT NULL,
	`recorded_by` text NOT NULL,
	`name` text NOT NULL,
	`kind` text NOT NULL,
	`uscc` text,
	`representative` text,
	`phone` text,
	PRIMARY KEY(`id`, `version`)
);
--> statement-breakpoint
CREATE TABLE `payment_reversals` (
	`id` text PRIMARY KEY NOT NULL,
	`payment_id` text NOT NULL,
	`reason` text NOT NULL,
	`recorded_at` text NOT NULL,
	`recorded_by` text NOT NULL,
	FOREIGN KEY (`payment_id`) REFERENCES `payments`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `reversals_payment` ON `payment_reversals` (`payment_id`);--> statement-breakpoint
CREATE TABLE `payments` (
	`id` text PRIMARY KEY NOT NULL,
	`contract_id` text NOT NULL,
	`amount_fen` integer NOT NULL,
	`paid_on` text NOT NULL,
	`receipt_no` text,
	`designated_due_on` text,
	`method` text,
	`note` text,
	`recorded_at` text NOT NULL,
	`recorded_by` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `payments_balance` ON `payments` (`contract_id`,`paid_on`,`recorded_at`,`amount_fen`,`designated_due_on`,`id`);--> statement-breakpoint
CREATE TABLE `petitions` (
	`id` text NOT NULL,
	`version` integer NOT NULL,
	`withdrawn` integer NOT NULL,
	`change_reason` text,
	`recorded_at` text NOT NULL,
	`recorded_by` text NOT NULL,
	`village_code` text NOT NULL,
	`occurred_on` text NOT NULL,
	`channel` text NOT NULL,
	`people` integer NOT NULL,
	`contract_id` text,
	`operator_id` text,
	`repeat` integer NOT NULL,
	`summary` text,
	PRIMARY KEY(`id`, `version`)
);
--> statement-breakpoint
CREATE INDEX `petitions_operator` ON `petitions` (`operator_id`);--> statement-breakpoint
CREATE INDEX `petitions_contract` ON `petitions` (`contract_id`);--> statement-breakpoint
CREATE TABLE `policies` (
	`version` text PRIMARY KEY NOT NULL,
	`effective_on` text NOT NULL,
	`policy` text NOT NULL,
	`recorded_at` text NOT NULL,
	`recorded_by` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `regions` (
	`code` text NOT NULL,
	`version` integer NOT NULL,
	`name` text NOT NULL,
	`second_round_expires_on` text,
	`recorded_at` text NOT NULL,
	`recorded_by` text NOT NULL,
	PRIMARY KEY(`code`, `version`)
);
--> statement-breakpoint
CREATE TABLE `risks` (
	`contract_id` text PRIMARY KEY NOT NULL,
	`operator_id` text NOT NULL,
	`village_code` text NOT NULL,
	`land_use` text NOT NULL,
	`area_hundredths` integer NOT NULL,
	`households` integer NOT NULL,
	`start_on` text NOT NULL,
	`end_on` text NOT NULL,
	`score` integer NOT NULL,
	`level` text NOT NULL,
	`arrears_fen` integer NOT NULL,
	`unpaid_years` integer NOT NULL,
	`years_owed` integer NOT NULL,
	`arrears_class` text NOT NULL,
	`oldest_unpaid_due_on` text,
	`coverage_fen` integer NOT NULL,
	`checks` text,
	`contributions` text NOT NULL,
	`policy` text NOT NULL,
	`as_of` text NOT NULL,
	`known_at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `risks_urgency` ON `risks` (`score`,`arrears_fen`);--> statement-breakpoint
CREATE INDEX `risks_operator` ON `risks` (`operator_id`);--> statement-breakpoint
CREATE TABLE `runs` (
	`as_of` text PRIMARY KEY NOT NULL,
	`status` text NOT NULL,
	`started_at` text NOT NULL,
	`attempt_at` text NOT NULL,
	`finished_at` text,
	`first_started_at` text,
	`first_finished_at` text,
	`policy` text NOT NULL,
	`counts` text NOT NULL,
	`failures` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `score_changes` (
	`contract_id` text NOT NULL,
	`as_of` text NOT NULL,
	`score` integer NOT NULL,
	`level` text NOT NULL,
	`points` text NOT NULL,
	PRIMARY KEY(`contract_id`, `as_of`)
);
--> statement-breakpoint
CREATE TABLE `screenings` (
	`id` text NOT NULL,
	`version` integer NOT NULL,
	`withdrawn` integer NOT NULL,
	`change_reason` text,
	`recorded_at` text NOT NULL,
	`recorded_by` text NOT NULL,
	`contract_id` text NOT NULL,
	`visited_on` text NOT NULL,
	`findings` text NOT NULL,
	`note` text,
	`next_visit_on` text,
	PRIMARY KEY(`id`, `version`)
);
--> statement-breakpoint
CREATE INDEX `screenings_contract` ON `screenings` (`contract_id`);--> statement-breakpoint
CREATE TABLE `subsidies` (
	`id` text NOT NULL,
	`version` integer NOT NULL,
	`withdrawn` integer NOT NULL,
	`change_reason` text,
	`recorded_at` text NOT NULL,
	`recorded_by` text NOT NULL,
	`operator_id` text NOT NULL,
	`contract_id` text,
	`programme` text NOT NULL,
	`year` integer NOT NULL,
	`standing` text NOT NULL,
	`amount_fen` integer NOT NULL,
	`document_no` text,
	`funding_source` text,
	`accepted_on` text,
	`payable_on` text,
	`stage` text,
	`reason_unpaid` text,
	`responsible_unit` text,
	PRIMARY KEY(`id`, `version`)
);
--> statement-breakpoint
CREATE INDEX `subsidies_operator` ON `subsidies` (`operator_id`,`id`);--> statement-breakpoint
CREATE INDEX `subsidies_contract` ON `subsidies` (`contract_id`);--> statement-breakpoint
CREATE TABLE `subsidy_stages` (
	`id` text NOT NULL,
	`version` integer NOT NULL,
	`withdrawn` integer NOT NULL,
	`change_reason` text,
	`recorded_at` text NOT NULL,
	`recorded_by` text NOT NULL,
	`subsidy_id` text NOT NULL,
	`stage` text NOT NULL,
	`occurred_on` text NOT NULL,
	`standing` text,
	`payable_on` text,
	`amount_fen` integer,
	PRIMARY KEY(`id`, `version`)
);
--> statement-breakpoint
CREATE INDEX `stages_subsidy` ON `subsidy_stages` (`subsidy_id`);--> statement-breakpoint
CREATE TABLE `tokens` (
	`id` text PRIMARY KEY NOT NULL,
	`label` text NOT NULL,
	`role` text NOT NULL,
	`region_code` text,
	`hash` text NOT NULL,
	`created_at` text NOT NULL,
	`revoked_at` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tokens_hash` ON `tokens` (`hash`);--> statement-breakpoint
CREATE TABLE `township_activity` (
	`township_code` text NOT NULL,
	`day` text NOT NULL,
	`recorded_at` text NOT NULL,
	PRIMARY KEY(`township_code`, `day`)
);
