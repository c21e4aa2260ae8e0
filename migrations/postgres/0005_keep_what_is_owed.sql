DROP INDEX "contracts_operator";--> statement-breakpoint
ALTER TABLE "risks" ADD COLUMN "partial_years" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "risks" ADD COLUMN "credit_fen" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "risks" ADD COLUMN "owed_until" date;--> statement-breakpoint
CREATE INDEX "contracts_operator" ON "contracts" USING btree ("operator_id","id","version","recorded_at","withdrawn","village_code","land_use","lessor_kind","households","start_on","end_on","frequency","area_hundredths","risk_deposit_fen","insured");