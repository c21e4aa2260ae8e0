-- What drizzle-kit cannot say: a contract's instalments lie together, in one tree instead of three.
CREATE TABLE `__new_instalments` (
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
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `__new_instalments`("contract_id", "recorded_at", "superseded_at", "no", "rent_year", "period_start", "period_end", "due_on", "amount_fen", "priced") SELECT "contract_id", "recorded_at", "superseded_at", "no", "rent_year", "period_start", "period_end", "due_on", "amount_fen", "priced" FROM `instalments` ORDER BY "contract_id", "recorded_at", "no";
--> statement-breakpoint
DROP TABLE `instalments`;
--> statement-breakpoint
ALTER TABLE `__new_instalments` RENAME TO `instalments`;
