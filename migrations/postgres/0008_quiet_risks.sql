DROP INDEX "risks_operator";--> statement-breakpoint
ALTER TABLE "risks" ADD COLUMN "quiet_until" date;--> statement-breakpoint
CREATE INDEX "risks_operator" ON "risks" USING btree ("operator_id","contract_id","quiet_until","known_at","level");