CREATE TABLE `import_operators` (
	`import_id` text NOT NULL,
	`operator_id` text NOT NULL,
	PRIMARY KEY(`import_id`, `operator_id`)
);
--> statement-breakpoint
ALTER TABLE `imports` ADD `run_by` text;