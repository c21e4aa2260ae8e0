DROP INDEX "risks_urgency";--> statement-breakpoint
CREATE INDEX "risks_level" ON "risks" USING btree ("level","score" desc,"arrears_fen" desc,"contract_id","land_use") WHERE "risks"."score" > 0;--> statement-breakpoint
CREATE INDEX "risks_township" ON "risks" USING btree ((cast("village_code" as bigint) / 1000),"score" desc,"arrears_fen" desc,"contract_id","level","land_use") WHERE "risks"."score" > 0;--> statement-breakpoint
CREATE INDEX "risks_village" ON "risks" USING btree ("village_code","score" desc,"arrears_fen" desc,"contract_id","level") WHERE "risks"."score" > 0;--> statement-breakpoint
CREATE INDEX "risks_urgency" ON "risks" USING btree ("score" desc,"arrears_fen" desc,"contract_id","level","land_use") WHERE "risks"."score" > 0;