CREATE TABLE "import_operators" (
	"import_id" text NOT NULL,
	"operator_id" text NOT NULL,
	CONSTRAINT "import_operators_import_id_operator_id_pk" PRIMARY KEY("import_id","operator_id")
);
--> statement-breakpoint
ALTER TABLE "imports" ADD COLUMN "run_by" text;