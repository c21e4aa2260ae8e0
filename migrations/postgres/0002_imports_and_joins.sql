CREATE TABLE "import_files" (
	"import_id" text PRIMARY KEY NOT NULL,
	"content" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "import_mappings" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"ledger" text NOT NULL,
	"columns" json NOT NULL,
	"recorded_at" text NOT NULL,
	"recorded_by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "import_rows" (
	"import_id" text NOT NULL,
	"no" integer NOT NULL,
	"sheet" text NOT NULL,
	"row" integer NOT NULL,
	"status" text NOT NULL,
	"fingerprint" text,
	"record" json,
	"guessed" json NOT NULL,
	"problems" json NOT NULL,
	"facts" json NOT NULL,
	CONSTRAINT "import_rows_import_id_no_pk" PRIMARY KEY("import_id","no")
);
--> statement-breakpoint
CREATE TABLE "imports" (
	"id" text PRIMARY KEY NOT NULL,
	"ledger" text NOT NULL,
	"file_name" text NOT NULL,
	"file_hash" text NOT NULL,
	"dry_run" boolean NOT NULL,
	"state" text NOT NULL,
	"counts" json NOT NULL,
	"finished_at" text,
	"taken_back_at" text,
	"taken_back_by" text,
	"taken_back_reason" text,
	"recorded_at" text NOT NULL,
	"recorded_by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "operator_joins" (
	"id" text NOT NULL,
	"version" integer NOT NULL,
	"withdrawn" boolean NOT NULL,
	"change_reason" text,
	"recorded_at" text NOT NULL,
	"recorded_by" text NOT NULL,
	"operator_id" text NOT NULL,
	"same_as_id" text NOT NULL,
	"reason" text NOT NULL,
	"moved" json NOT NULL,
	CONSTRAINT "operator_joins_id_version_pk" PRIMARY KEY("id","version")
);
--> statement-breakpoint
CREATE INDEX "import_rows_fingerprint" ON "import_rows" USING btree ("fingerprint");--> statement-breakpoint
CREATE INDEX "joins_operator" ON "operator_joins" USING btree ("operator_id");