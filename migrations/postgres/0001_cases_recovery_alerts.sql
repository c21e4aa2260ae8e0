CREATE TABLE "alert_attachments" (
	"id" text PRIMARY KEY NOT NULL,
	"file_name" text NOT NULL,
	"content" "bytea" NOT NULL,
	"recorded_at" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "alert_recipient_lists" (
	"id" text PRIMARY KEY NOT NULL,
	"items" json NOT NULL,
	"recorded_at" text NOT NULL,
	"recorded_by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "alerts" (
	"id" text PRIMARY KEY NOT NULL,
	"as_of" date NOT NULL,
	"email" text NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"region_code" text NOT NULL,
	"message_id" text NOT NULL,
	"subject" text NOT NULL,
	"text" text NOT NULL,
	"html" text NOT NULL,
	"attachment_id" text,
	"changes" integer NOT NULL,
	"case_ids" json NOT NULL,
	"told_up_to" text NOT NULL,
	"state" text NOT NULL,
	"attempts" integer NOT NULL,
	"queued_at" text NOT NULL,
	"next_attempt_at" text,
	"ended_at" text,
	"problem" text
);
--> statement-breakpoint
CREATE TABLE "case_events" (
	"id" text PRIMARY KEY NOT NULL,
	"case_id" text NOT NULL,
	"episode" integer NOT NULL,
	"kind" text NOT NULL,
	"as_of" date NOT NULL,
	"detail" json NOT NULL,
	"recorded_at" text NOT NULL,
	"recorded_by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "cases" (
	"id" text PRIMARY KEY NOT NULL,
	"number" text NOT NULL,
	"operator_id" text NOT NULL,
	"township_code" text NOT NULL,
	"state" text NOT NULL,
	"episode" integer NOT NULL,
	"version" integer NOT NULL,
	"opened_on" date NOT NULL,
	"episode_on" date NOT NULL,
	"level" text NOT NULL,
	"measure" text,
	"responsible_unit" text,
	"lead_official" text,
	"responsible_person" text,
	"deadline_on" date,
	"deadline_told" integer NOT NULL,
	"proposed_on" date,
	"outcome" text,
	"resolved_on" date,
	"baseline" json
);
--> statement-breakpoint
CREATE TABLE "demands" (
	"id" text NOT NULL,
	"version" integer NOT NULL,
	"withdrawn" boolean NOT NULL,
	"change_reason" text,
	"recorded_at" text NOT NULL,
	"recorded_by" text NOT NULL,
	"contract_id" text NOT NULL,
	"delivered_on" date NOT NULL,
	"manner" text NOT NULL,
	"evidence" text NOT NULL,
	CONSTRAINT "demands_id_version_pk" PRIMARY KEY("id","version")
);
--> statement-breakpoint
CREATE TABLE "mediations" (
	"id" text NOT NULL,
	"version" integer NOT NULL,
	"withdrawn" boolean NOT NULL,
	"change_reason" text,
	"recorded_at" text NOT NULL,
	"recorded_by" text NOT NULL,
	"contract_id" text NOT NULL,
	"requested_on" date NOT NULL,
	"institution" text NOT NULL,
	"evidence" text,
	CONSTRAINT "mediations_id_version_pk" PRIMARY KEY("id","version")
);
--> statement-breakpoint
CREATE TABLE "night_findings" (
	"id" text PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"kind" text NOT NULL,
	"as_of" date NOT NULL,
	"region_code" text NOT NULL,
	"operator_id" text,
	"contract_id" text,
	"subject_id" text,
	"day" date,
	"amount_fen" bigint,
	"recorded_at" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "repayment_plans" (
	"id" text NOT NULL,
	"version" integer NOT NULL,
	"withdrawn" boolean NOT NULL,
	"change_reason" text,
	"recorded_at" text NOT NULL,
	"recorded_by" text NOT NULL,
	"contract_id" text NOT NULL,
	"agreed_on" date NOT NULL,
	"instalments" json NOT NULL,
	"evidence" text NOT NULL,
	CONSTRAINT "repayment_plans_id_version_pk" PRIMARY KEY("id","version")
);
--> statement-breakpoint
ALTER TABLE "case_events" ADD CONSTRAINT "case_events_case_id_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."cases"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "alerts_once" ON "alerts" USING btree ("as_of","email","kind");--> statement-breakpoint
CREATE INDEX "alerts_recipient" ON "alerts" USING btree ("email","as_of");--> statement-breakpoint
CREATE INDEX "alerts_due" ON "alerts" USING btree ("next_attempt_at");--> statement-breakpoint
CREATE INDEX "case_events_case" ON "case_events" USING btree ("case_id","id");--> statement-breakpoint
CREATE INDEX "case_events_recorded" ON "case_events" USING btree ("recorded_at");--> statement-breakpoint
CREATE UNIQUE INDEX "cases_place" ON "cases" USING btree ("operator_id","township_code");--> statement-breakpoint
CREATE UNIQUE INDEX "cases_number" ON "cases" USING btree ("number");--> statement-breakpoint
CREATE INDEX "demands_contract" ON "demands" USING btree ("contract_id");--> statement-breakpoint
CREATE INDEX "mediations_contract" ON "mediations" USING btree ("contract_id");--> statement-breakpoint
CREATE UNIQUE INDEX "night_findings_key" ON "night_findings" USING btree ("key");--> statement-breakpoint
CREATE INDEX "night_findings_recorded" ON "night_findings" USING btree ("recorded_at");--> statement-breakpoint
CREATE INDEX "plans_contract" ON "repayment_plans" USING btree ("contract_id");