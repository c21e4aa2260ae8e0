DROP INDEX `contracts_operator`;--> statement-breakpoint
CREATE INDEX `contracts_operator` ON `contracts` (`operator_id`,`id`,`version`,`recorded_at`,`withdrawn`,`village_code`,`land_use`,`lessor_kind`,`households`,`start_on`,`end_on`,`frequency`,`area_hundredths`,`risk_deposit_fen`,`insured`);--> statement-breakpoint
ALTER TABLE `risks` ADD `partial_years` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `risks` ADD `credit_fen` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `risks` ADD `owed_until` text;