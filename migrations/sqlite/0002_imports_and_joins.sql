CREATE TABLE `import_files` (
	`import_id` text PRIMARY KEY NOT NULL,
	`content` blob NOT NULL
);
--> statement-breakpoint
CREATE TABLE `import_mappings` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`ledger` text NOT NULL,
	`columns` text NOT NULL,
	`recorded_at` text NOT NULL,
	`recorded_by` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `import_rows` (
	`import_id` text NOT NULL,
	`no` integer NOT NULL,
	`sheet` text NOT NULL,
	`row` integer NOT NULL,
	`status` text NOT NULL,
	`fingerprint` text,
	`record` text,
	`guessed` text NOT NULL,
	`problems` text NOT NULL,
	`facts` text NOT NULL,
	PRIMARY KEY(`import_id`, `no`)
);
--> statement-breakpoint
CREATE INDEX `import_rows_fingerprint` ON `import_rows` (`fingerprint`);--> statement-breakpoint
CREATE TABLE `imports` (
	`id` text PRIMARY KEY NOT NULL,
	`ledger` text NOT NULL,
	`file_name` text NOT NULL,
	`file_hash` text NOT NULL,
	`dry_run` integer NOT NULL,
	`state` text NOT NULL,
	`counts` text NOT NULL,
	`finished_at` text,
	`taken_back_at` text,
	`taken_back_by` text,
	`taken_back_reason` text,
	`recorded_at` text NOT NULL,
	`recorded_by` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `operator_joins` (
	`id` text NOT NULL,
	`version` integer NOT NULL,
	`withdrawn` integer NOT NULL,
	`change_reason` text,
	`recorded_at` text NOT NULL,
	`recorded_by` text NOT NULL,
	`operator_id` text NOT NULL,
	`same_as_id` text NOT NULL,
	`reason` text NOT NULL,
	`moved` text NOT NULL,
	PRIMARY KEY(`id`, `version`)
);
--> statement-breakpoint
CREATE INDEX `joins_operator` ON `operator_joins` (`operator_id`);