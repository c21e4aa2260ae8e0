import { and, asc, inArray, lt, or, type SQL, sql } from 'drizzle-orm'
import type { Day } from '../domain/calendar-day.ts'
import type { AtTime } from '../facts/fact-kind.ts'
import { standingFacts } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import { plainRows } from '../platform/database/plain-rows.ts'
import { subsidiesOnDay } from '../subsidies/subsidy-store.ts'
import { allOperators, type OperatorScope, rowsIn } from './operator-scope.ts'

export interface LateSubsidy {
  id: string
  operatorId: string
  contractId: string | null
  standing: 'recognised' | 'claimed'
  outstandingFen: number
  payableOn: Day
}

/** The late subsidies that name some operators or their contracts. */
export async function lateSubsidies(
  db: Reader,
  scope: OperatorScope,
  at: AtTime,
): Promise<LateSubsidy[]> {
  const day = { asOf: at.asOf, knownAt: at.knownAt }
  const rows =
    scope === allOperators ? await allSubsidies(db, day) : await subsidiesIn(db, scope, day)
  const onDay = await subsidiesOnDay(db, rows, at)
  return rows.flatMap(({ id, operatorId, contractId }) => {
    const subsidy = onDay.get(id)
    if (!subsidy?.late || subsidy.payableOn === null) return []
    const { standing, outstandingFen, payableOn } = subsidy
    return [{ id, operatorId, contractId, standing, outstandingFen, payableOn }]
  })
}

const subsidiesIn = rowsIn((db, inScope) => {
  const { subsidies: t, contracts } = db.tables
  const contractIds = db
    .select({ id: contracts.id })
    .from(contracts)
    .where(inScope(contracts.operatorId))
  return subsidies(db, or(inScope(t.operatorId), inArray(t.contractId, contractIds)))
})
/** Each names an operator: no contract has to be looked up. */
const allSubsidies = plainRows((db) => subsidies(db))

function subsidies(db: Reader, wanted?: SQL) {
  const { subsidies: t, subsidyStages: s } = db.tables
  // Only these can be late: what is payable later, or never, becomes so by a stage alone.
  const isPayable = or(
    lt(t.payableOn, sql.placeholder('asOf')),
    inArray(t.id, db.select({ id: s.subsidyId }).from(s)),
  )
  return db
    .select({
      id: t.id,
      operatorId: t.operatorId,
      contractId: t.contractId,
      standing: t.standing,
      amountFen: t.amountFen,
      payableOn: t.payableOn,
      stage: t.stage,
    })
    .from(t)
    .where(and(wanted, isPayable, standingFacts(t, sql.placeholder('knownAt'))))
    .orderBy(asc(t.id))
}
