DROP INDEX `risks_operator`;--> statement-breakpoint
ALTER TABLE `risks` ADD `quiet_until` text;--> statement-breakpoint
CREATE INDEX `risks_operator` ON `risks` (`operator_id`,`contract_id`,`quiet_until`,`known_at`,`level`);