CREATE TABLE "contract_amendments" (
	"id" text NOT NULL,
	"version" integer NOT NULL,
	"withdrawn" boolean NOT NULL,
	"change_reason" text,
	"recorded_at" text NOT NULL,
	"recorded_by" text NOT NULL,
	"contract_id" text NOT NULL,
	"effective_on" date NOT NULL,
	"reason" text NOT NULL,
	"rent" json,
	"end_on" date,
	CONSTRAINT "contract_amendments_id_version_pk" PRIMARY KEY("id","version")
);
--> statement-breakpoint
CREATE TABLE "contract_ends" (
	"id" text NOT NULL,
	"version" integer NOT NULL,
	"withdrawn" boolean NOT NULL,
	"change_reason" text,
	"recorded_at" text NOT NULL,
	"recorded_by" text NOT NULL,
	"contract_id" text NOT NULL,
	"ended_on" date NOT NULL,
	"reason" text NOT NULL,
	CONSTRAINT "contract_ends_id_version_pk" PRIMARY KEY("id","version")
);
--> statement-breakpoint
CREATE TABLE "contracts" (
	"id" text NOT NULL,
	"version" integer NOT NULL,
	"withdrawn" boolean NOT NULL,
	"change_reason" text,
	"recorded_at" text NOT NULL,
	"recorded_by" text NOT NULL,
	"contract_no" text,
	"operator_id" text NOT NULL,
	"village_code" text NOT NULL,
	"lessor_kind" text NOT NULL,
	"lessor_name" text,
	"households" integer,
	"people" integer,
	"land_use" text NOT NULL,
	"start_on" date NOT NULL,
	"end_on" date NOT NULL,
	"signed_on" date,
	"frequency" text NOT NULL,
	"area_hundredths" bigint NOT NULL,
	"rent" json NOT NULL,
	"risk_deposit_fen" bigint NOT NULL,
	"insured" boolean NOT NULL,
	"penalty_per_10k_per_day" json NOT NULL,
	"tolerance_days" integer,
	CONSTRAINT "contracts_id_version_pk" PRIMARY KEY("id","version")
);
--> statement-breakpoint
CREATE TABLE "disbursements" (
	"id" text NOT NULL,
	"version" integer NOT NULL,
	"withdrawn" boolean NOT NULL,
	"change_reason" text,
	"recorded_at" text NOT NULL,
	"recorded_by" text NOT NULL,
	"subsidy_id" text NOT NULL,
	"amount_fen" bigint NOT NULL,
	"paid_on" date NOT NULL,
	CONSTRAINT "disbursements_id_version_pk" PRIMARY KEY("id","version")
);
--> statement-breakpoint
CREATE TABLE "grain_prices" (
	"id" text NOT NULL,
	"version" integer NOT NULL,
	"grain" text NOT NULL,
	"effective_on" date NOT NULL,
	"fen_per_50kg" bigint NOT NULL,
	"source" text NOT NULL,
	"recorded_at" text NOT NULL,
	"recorded_by" text NOT NULL,
	CONSTRAINT "grain_prices_id_version_pk" PRIMARY KEY("id","version")
);
--> statement-breakpoint
CREATE TABLE "idempotent_replies" (
	"caller_id" text NOT NULL,
	"route" text NOT NULL,
	"key" text NOT NULL,
	"body_hash" text NOT NULL,
	"status" integer NOT NULL,
	"reply" json NOT NULL,
	"recorded_at" text NOT NULL,
	CONSTRAINT "idempotent_replies_caller_id_route_key_pk" PRIMARY KEY("caller_id","route","key")
);
--> statement-breakpoint
CREATE TABLE "instalments" (
	"contract_id" text NOT NULL,
	"recorded_at" text NOT NULL,
	"superseded_at" text,
	"no" integer NOT NULL,
	"rent_year" integer NOT NULL,
	"period_start" date NOT NULL,
	"period_end" date NOT NULL,
	"due_on" date NOT NULL,
	"amount_fen" bigint NOT NULL,
	"priced" boolean NOT NULL,
	CONSTRAINT "instalments_contract_id_recorded_at_no_pk" PRIMARY KEY("contract_id","recorded_at","no")
);
--> statement-breakpoint
CREATE TABLE "ledger_clock" (
	"id" text PRIMARY KEY NOT NULL,
	"instant" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "operator_conditions" (
	"id" text NOT NULL,
	"version" integer NOT NULL,
	"withdrawn" boolean NOT NULL,
	"change_reason" text,
	"recorded_at" text NOT NULL,
	"recorded_by" text NOT NULL,
	"operator_id" text NOT NULL,
	"condition" text NOT NULL,
	"observed_on" date NOT NULL,
	"source" text NOT NULL,
	"note" text,
	CONSTRAINT "operator_conditions_id_version_pk" PRIMARY KEY("id","version")
);
--> statement-breakpoint
CREATE TABLE "operators" (
	"id" text NOT NULL,
	"version" integer NOT NULL,
	"withdrawn" boolean NOT NULL,
	"change_reason" text,
	"recorded_at" text NOT NULL,
	"recorded_by" text NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"uscc" text,
	"representative" text,
	"phone" text,
	CONSTRAINT "operators_id_version_pk" PRIMARY KEY("id","version")
);
--> statement-breakpoint
CREATE TABLE "payment_reversals" (
	"id" text PRIMARY KEY NOT NULL,
	"payment_id" text NOT NULL,
	"reason" text NOT NULL,
	"recorded_at" text NOT NULL,
	"recorded_by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "payments" (
	"id" text PRIMARY KEY NOT NULL,
	"contract_id" text NOT NULL,
	"amount_fen" bigint NOT NULL,
	"paid_on" date NOT NULL,
	"receipt_no" text,
	"designated_due_on" date,
	"method" text,
	"note" text,
	"recorded_at" text NOT NULL,
	"recorded_by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "petitions" (
	"id" text NOT NULL,
	"version" integer NOT NULL,
	"withdrawn" boolean NOT NULL,
	"change_reason" text,
	"recorded_at" text NOT NULL,
	"recorded_by" text NOT NULL,
	"village_code" text NOT NULL,
	"occurred_on" date NOT NULL,
	"channel" text NOT NULL,
	"people" integer NOT NULL,
	"contract_id" text,
	"operator_id" text,
	"repeat" boolean NOT NULL,
	"summary" text,
	CONSTRAINT "petitions_id_version_pk" PRIMARY KEY("id","version")
);
--> statement-breakpoint
CREATE TABLE "policies" (
	"version" text PRIMARY KEY NOT NULL,
	"effective_on" date NOT NULL,
	"policy" json NOT NULL,
	"recorded_at" text NOT NULL,
	"recorded_by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "regions" (
	"code" text NOT NULL,
	"version" integer NOT NULL,
	"name" text NOT NULL,
	"second_round_expires_on" date,
	"recorded_at" text NOT NULL,
	"recorded_by" text NOT NULL,
	CONSTRAINT "regions_code_version_pk" PRIMARY KEY("code","version")
);
--> statement-breakpoint
CREATE TABLE "risks" (
	"contract_id" text PRIMARY KEY NOT NULL,
	"operator_id" text NOT NULL,
	"village_code" text NOT NULL,
	"land_use" text NOT NULL,
	"area_hundredths" bigint NOT NULL,
	"households" integer NOT NULL,
	"start_on" date NOT NULL,
	"end_on" date NOT NULL,
	"score" integer NOT NULL,
	"level" text NOT NULL,
	"arrears_fen" bigint NOT NULL,
	"unpaid_years" integer NOT NULL,
	"years_owed" integer NOT NULL,
	"arrears_class" text NOT NULL,
	"oldest_unpaid_due_on" date,
	"coverage_fen" bigint NOT NULL,
	"checks" json,
	"contributions" json NOT NULL,
	"policy" text NOT NULL,
	"as_of" date NOT NULL,
	"known_at" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "runs" (
	"as_of" text PRIMARY KEY NOT NULL,
	"status" text NOT NULL,
	"started_at" text NOT NULL,
	"attempt_at" text NOT NULL,
	"finished_at" text,
	"first_started_at" text,
	"first_finished_at" text,
	"policy" text NOT NULL,
	"counts" json NOT NULL,
	"failures" json NOT NULL
);
--> statement-breakpoint
CREATE TABLE "score_changes" (
	"contract_id" text NOT NULL,
	"as_of" date NOT NULL,
	"score" integer NOT NULL,
	"level" text NOT NULL,
	"points" json NOT NULL,
	CONSTRAINT "score_changes_contract_id_as_of_pk" PRIMARY KEY("contract_id","as_of")
);
--> statement-breakpoint
CREATE TABLE "screenings" (
	"id" text NOT NULL,
	"version" integer NOT NULL,
	"withdrawn" boolean NOT NULL,
	"change_reason" text,
	"recorded_at" text NOT NULL,
	"recorded_by" text NOT NULL,
	"contract_id" text NOT NULL,
	"visited_on" date NOT NULL,
	"findings" json NOT NULL,
	"note" text,
	"next_visit_on" date,
	CONSTRAINT "screenings_id_version_pk" PRIMARY KEY("id","version")
);
--> statement-breakpoint
CREATE TABLE "subsidies" (
	"id" text NOT NULL,
	"version" integer NOT NULL,
	"withdrawn" boolean NOT NULL,
	"change_reason" text,
	"recorded_at" text NOT NULL,
	"recorded_by" text NOT NULL,
	"operator_id" text NOT NULL,
	"contract_id" text,
	"programme" text NOT NULL,
	"year" integer NOT NULL,
	"standing" text NOT NULL,
	"amount_fen" bigint NOT NULL,
	"document_no" text,
	"funding_source" text,
	"accepted_on" date,
	"payable_on" date,
	"stage" text,
	"reason_unpaid" text,
	"responsible_unit" text,
	CONSTRAINT "subsidies_id_version_pk" PRIMARY KEY("id","version")
);
--> statement-breakpoint
CREATE TABLE "subsidy_stages" (
	"id" text NOT NULL,
	"version" integer NOT NULL,
	"withdrawn" boolean NOT NULL,
	"change_reason" text,
	"recorded_at" text NOT NULL,
	"recorded_by" text NOT NULL,
	"subsidy_id" text NOT NULL,
	"stage" text NOT NULL,
	"occurred_on" date NOT NULL,
	"standing" text,
	"payable_on" date,
	"amount_fen" bigint,
	CONSTRAINT "subsidy_stages_id_version_pk" PRIMARY KEY("id","version")
);
--> statement-breakpoint
CREATE TABLE "tokens" (
	"id" text PRIMARY KEY NOT NULL,
	"label" text NOT NULL,
	"role" text NOT NULL,
	"region_code" text,
	"hash" text NOT NULL,
	"created_at" text NOT NULL,
	"revoked_at" text
);
--> statement-breakpoint
CREATE TABLE "township_activity" (
	"township_code" text NOT NULL,
	"day" date NOT NULL,
	"recorded_at" text NOT NULL,
	CONSTRAINT "township_activity_township_code_day_pk" PRIMARY KEY("township_code","day")
);
--> statement-breakpoint
ALTER TABLE "payment_reversals" ADD CONSTRAINT "payment_reversals_payment_id_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "public"."payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "amendments_contract" ON "contract_amendments" USING btree ("contract_id");--> statement-breakpoint
CREATE INDEX "ends_contract" ON "contract_ends" USING btree ("contract_id");--> statement-breakpoint
CREATE INDEX "contracts_operator" ON "contracts" USING btree ("operator_id","id");--> statement-breakpoint
CREATE INDEX "contracts_village" ON "contracts" USING btree ("village_code","id");--> statement-breakpoint
CREATE INDEX "disbursements_subsidy" ON "disbursements" USING btree ("subsidy_id");--> statement-breakpoint
CREATE INDEX "instalments_balance" ON "instalments" USING btree ("contract_id","recorded_at","superseded_at","due_on","amount_fen","priced");--> statement-breakpoint
CREATE INDEX "conditions_operator" ON "operator_conditions" USING btree ("operator_id");--> statement-breakpoint
CREATE UNIQUE INDEX "reversals_payment" ON "payment_reversals" USING btree ("payment_id");--> statement-breakpoint
CREATE INDEX "payments_balance" ON "payments" USING btree ("contract_id","paid_on","recorded_at","amount_fen","designated_due_on","id");--> statement-breakpoint
CREATE INDEX "petitions_operator" ON "petitions" USING btree ("operator_id");--> statement-breakpoint
CREATE INDEX "petitions_contract" ON "petitions" USING btree ("contract_id");--> statement-breakpoint
CREATE INDEX "risks_urgency" ON "risks" USING btree ("score","arrears_fen");--> statement-breakpoint
CREATE INDEX "risks_operator" ON "risks" USING btree ("operator_id");--> statement-breakpoint
CREATE INDEX "screenings_contract" ON "screenings" USING btree ("contract_id");--> statement-breakpoint
CREATE INDEX "subsidies_operator" ON "subsidies" USING btree ("operator_id","id");--> statement-breakpoint
CREATE INDEX "subsidies_contract" ON "subsidies" USING btree ("contract_id");--> statement-breakpoint
CREATE INDEX "stages_subsidy" ON "subsidy_stages" USING btree ("subsidy_id");--> statement-breakpoint
CREATE UNIQUE INDEX "tokens_hash" ON "tokens" USING btree ("hash");