import { and, count } from 'drizzle-orm'
import type { FactRow } from '../facts/fact-kind.ts'
import { ALL_KNOWN, lastKnown } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import { operatorPages } from '../risk/operator-scope.ts'
import { lastCompletedRun, type Run } from '../risk/risk-store.ts'
import type { Difference } from './difference.ts'
import { verifyCases } from './verify-cases.ts'
import { verifyRisks } from './verify-risks.ts'
import { verifySchedules } from './verify-schedules.ts'

const CONTRACTS_PER_PAGE = 1000

/** What was recomputed, and the run whose scores it was compared with. */
export interface Verified {
  run: Run | undefined
  contracts: number
  instalments: number
  cases: number
}

/**
 * Computes every stored score, balance and schedule of a snapshot anew from its facts, and the
 * cases from their histories, and tells what differs. Some operators at a time; writes nothing.
 */
export async function verifyCounty(
  db: Reader,
  tell: (difference: Difference) => void,
): Promise<Verified> {
  const { contracts: t, risks } = db.tables
  const run = await lastCompletedRun(db)
  const verified = { run, contracts: 0, instalments: 0, cases: 0 }
  let seen = 0
  for await (const scope of operatorPages(db, CONTRACTS_PER_PAGE)) {
    const contracts: FactRow<'contracts'>[] = await db
      .select()
      .from(t)
      .where(and(scope(t.operatorId), lastKnown(t, ALL_KNOWN)))
    const standing = contracts.flatMap(({ id, withdrawn }) => (withdrawn ? [] : [id]))
    const schedules = await verifySchedules(db, contracts)
    const scores = await verifyRisks(db, scope, run, standing)
    for (const difference of [...schedules.differences, ...scores.differences]) tell(difference)
    verified.contracts += standing.length
    verified.instalments += schedules.stored
    seen += scores.stored
  }
  const [all] = await db.select({ rows: count() }).from(risks)
  if (all && all.rows !== seen)
    tell({ about: 'contract', id: '-', field: 'risks', stored: all.rows, computed: seen })
  return { ...verified, cases: await verifyCases(db, tell) }
}
