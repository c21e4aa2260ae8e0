DROP INDEX `payments_balance`;--> statement-breakpoint
CREATE INDEX `payments_balance` ON `payments` (`contract_id`,`paid_on`,`recorded_at`,`amount_fen`,`designated_due_on`,`id`,`receipt_no`);