CREATE TABLE `alert_attachments` (
	`id` text PRIMARY KEY NOT NULL,
	`file_name` text NOT NULL,
	`content` blob NOT NULL,
	`recorded_at` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `alert_recipient_lists` (
	`id` text PRIMARY KEY NOT NULL,
	`items` text NOT NULL,
	`recorded_at` text NOT NULL,
	`recorded_by` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `alerts` (
	`id` text PRIMARY KEY NOT NULL,
	`as_of` text NOT NULL,
	`email` text NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`region_code` text NOT NULL,
	`message_id` text NOT NULL,
	`subject` text NOT NULL,
	`text` text NOT NULL,
	`html` text NOT NULL,
	`attachment_id` text,
	`changes` integer NOT NULL,
	`case_ids` text NOT NULL,
	`told_up_to` text NOT NULL,
	`state` text NOT NULL,
	`attempts` integer NOT NULL,
	`queued_at` text NOT NULL,
	`next_attempt_at` text,
	`ended_at` text,
	`problem` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `alerts_once` ON `alerts` (`as_of`,`email`,`kind`);--> statement-breakpoint
CREATE INDEX `alerts_recipient` ON `alerts` (`email`,`as_of`);--> statement-breakpoint
CREATE INDEX `alerts_due` ON `alerts` (`next_attempt_at`);--> statement-breakpoint
CREATE TABLE `case_events` (
	`id` text PRIMARY KEY NOT NULL,
	`case_id` text NOT NULL,
	`episode` integer NOT NULL,
	`kind` text NOT NULL,
	`as_of` text NOT NULL,
	`detail` text NOT NULL,
	`recorded_at` text NOT NULL,
	`recorded_by` text NOT NULL,
	FOREIGN KEY (`case_id`) REFERENCES `cases`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `case_events_case` ON `case_events` (`case_id`,`id`);--> statement-breakpoint
CREATE INDEX `case_events_recorded` ON `case_events` (`recorded_at`);--> statement-breakpoint
CREATE TABLE `cases` (
	`id` text PRIMARY KEY NOT NULL,
	`number` text NOT NULL,
	`operator_id` text NOT NULL,
	`township_code` text NOT NULL,
	`state` text NOT NULL,
	`episode` integer NOT NULL,
	`version` integer NOT NULL,
	`opened_on` text NOT NULL,
	`episode_on` text NOT NULL,
	`level` text NOT NULL,
	`measure` text,
	`responsible_unit` text,
	`lead_official` text,
	`responsible_person` text,
	`deadline_on` text,
	`deadline_told` integer NOT NULL,
	`proposed_on` text,
	`outcome` text,
	`resolved_on` text,
	`baseline` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `cases_place` ON `cases` (`operator_id`,`township_code`);--> statement-breakpoint
CREATE UNIQUE INDEX `cases_number` ON `cases` (`number`);--> statement-breakpoint
CREATE TABLE `demands` (
	`id` text NOT NULL,
	`version` integer NOT NULL,
	`withdrawn` integer NOT NULL,
	`change_reason` text,
	`recorded_at` text NOT NULL,
	`recorded_by` text NOT NULL,
	`contract_id` text NOT NULL,
	`delivered_on` text NOT NULL,
	`manner` text NOT NULL,
	`evidence` text NOT NULL,
	PRIMARY KEY(`id`, `version`)
);
--> statement-breakpoint
CREATE INDEX `demands_contract` ON `demands` (`contract_id`);--> statement-breakpoint
CREATE TABLE `mediations` (
	`id` text NOT NULL,
	`version` integer NOT NULL,
	`withdrawn` integer NOT NULL,
	`change_reason` text,
	`recorded_at` text NOT NULL,
	`recorded_by` text NOT NULL,
	`contract_id` text NOT NULL,
	`requested_on` text NOT NULL,
	`institution` text NOT NULL,
	`evidence` text,
	PRIMARY KEY(`id`, `version`)
);
--> statement-breakpoint
CREATE INDEX `mediations_contract` ON `mediations` (`contract_id`);--> statement-breakpoint
CREATE TABLE `night_findings` (
	`id` text PRIMARY KEY NOT NULL,
	`key` text NOT NULL,
	`kind` text NOT NULL,
	`as_of` text NOT NULL,
	`region_code` text NOT NULL,
	`operator_id` text,
	`contract_id` text,
	`subject_id` text,
	`day` text,
	`amount_fen` integer,
	`recorded_at` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `night_findings_key` ON `night_findings` (`key`);--> statement-breakpoint
CREATE INDEX `night_findings_recorded` ON `night_findings` (`recorded_at`);--> statement-breakpoint
CREATE TABLE `repayment_plans` (
	`id` text NOT NULL,
	`version` integer NOT NULL,
	`withdrawn` integer NOT NULL,
	`change_reason` text,
	`recorded_at` text NOT NULL,
	`recorded_by` text NOT NULL,
	`contract_id` text NOT NULL,
	`agreed_on` text NOT NULL,
	`instalments` text NOT NULL,
	`evidence` text NOT NULL,
	PRIMARY KEY(`id`, `version`)
);
--> statement-breakpoint
CREATE INDEX `plans_contract` ON `repayment_plans` (`contract_id`);