CREATE INDEX "contracts_no" ON "contracts" USING btree ("contract_no");--> statement-breakpoint
CREATE INDEX "contracts_recorded" ON "contracts" USING btree ("recorded_at");