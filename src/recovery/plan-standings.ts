import { type PlanStanding, planStandings } from '../domain/repayment-plan.ts'
import type { AtTime } from '../facts/fact-kind.ts'
import type { Reader } from '../platform/database/database.ts'
import { paymentsOf, plansOf } from '../risk/contract-balances.ts'

/** Where the repayment plans of some contracts stand; a contract without a plan is left out. */
export async function planStandingsOf(
  db: Reader,
  contractIds: readonly string[],
  at: AtTime,
  toleranceDays: number,
): Promise<Map<string, PlanStanding[]>> {
  const plans = await plansOf(db, contractIds, at)
  const payments = await paymentsOf(db, [...plans.keys()], at)
  return new Map(
    [...plans].map(([id, own]) => [
      id,
      planStandings(own, payments.get(id) ?? [], at.asOf, toleranceDays),
    ]),
  )
}
