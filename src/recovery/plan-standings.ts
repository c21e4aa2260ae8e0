import { type PlanStanding, planStandings } from '../domain/repayment-plan.ts'
import type { AtTime } from '../facts/fact-kind.ts'
import type { Reader } from '../platform/database/database.ts'
import { paymentsOf, plansOf } from '../risk/contract-balances.ts'

/**
 * Where the repayment plans of some contracts stand. A contract without a plan is left out, and one
 * whose plans make no sense: it must not keep the others from it, and the night names it.
 */
export async function planStandingsOf(
  db: Reader,
  contractIds: readonly string[],
  at: AtTime,
  toleranceDays: number,
): Promise<Map<string, PlanStanding[]>> {
  const plans = await plansOf(db, contractIds, at)
  const payments = await paymentsOf(db, [...plans.keys()], at)
  const standings = new Map<string, PlanStanding[]>()
  for (const [id, own] of plans)
    try {
      standings.set(id, planStandings(own, payments.get(id) ?? [], at.asOf, toleranceDays))
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
    }
  return standings
}
