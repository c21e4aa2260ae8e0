CREATE TABLE "audit_entries" (
	"no" integer NOT NULL,
	"at" text NOT NULL,
	"actor_id" text NOT NULL,
	"actor" text NOT NULL,
	"role" text NOT NULL,
	"region_code" text,
	"address" text,
	"request_id" text,
	"action" text NOT NULL,
	"subject" text NOT NULL,
	"subject_id" text,
	"detail" json NOT NULL,
	"previous_hash" text NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "audit_entries_no_pk" PRIMARY KEY("no")
);
--> statement-breakpoint
CREATE TABLE "audit_head" (
	"id" text PRIMARY KEY NOT NULL,
	"entries" integer NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"hash" text NOT NULL,
	"created_at" text NOT NULL,
	"last_seen_at" text NOT NULL,
	"expires_at" text NOT NULL,
	"ended_at" text
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" text PRIMARY KEY NOT NULL,
	"username" text NOT NULL,
	"label" text NOT NULL,
	"role" text NOT NULL,
	"region_code" text,
	"password_hash" text NOT NULL,
	"password_changed_at" text NOT NULL,
	"failures" integer NOT NULL,
	"locked_until" text,
	"created_at" text NOT NULL,
	"disabled_at" text
);
--> statement-breakpoint
ALTER TABLE "grain_prices" ADD COLUMN "withdrawn" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "grain_prices" ADD COLUMN "change_reason" text;--> statement-breakpoint
ALTER TABLE "import_mappings" ADD COLUMN "region_code" text;--> statement-breakpoint
ALTER TABLE "imports" ADD COLUMN "region_code" text;--> statement-breakpoint
ALTER TABLE "operators" ADD COLUMN "phone_hash" text;--> statement-breakpoint
ALTER TABLE "operators" ADD COLUMN "recorded_in" text;--> statement-breakpoint
ALTER TABLE "regions" ADD COLUMN "withdrawn" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "regions" ADD COLUMN "change_reason" text;--> statement-breakpoint
ALTER TABLE "tokens" ADD COLUMN "prefix" text;--> statement-breakpoint
ALTER TABLE "tokens" ADD COLUMN "expires_at" text;--> statement-breakpoint
ALTER TABLE "tokens" ADD COLUMN "last_used_at" text;--> statement-breakpoint
CREATE INDEX "audit_entries_subject" ON "audit_entries" USING btree ("subject_id");--> statement-breakpoint
CREATE UNIQUE INDEX "sessions_hash" ON "sessions" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "sessions_user" ON "sessions" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "users_username" ON "users" USING btree ("username");--> statement-breakpoint
CREATE INDEX "operators_phone_hash" ON "operators" USING btree ("phone_hash");