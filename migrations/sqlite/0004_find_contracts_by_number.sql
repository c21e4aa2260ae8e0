CREATE INDEX `contracts_no` ON `contracts` (`contract_no`);--> statement-breakpoint
CREATE INDEX `contracts_recorded` ON `contracts` (`recorded_at`);