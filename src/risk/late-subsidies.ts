import { and, asc, eq, exists, gt, inArray, lt, or, type SQL, sql } from 'drizzle-orm'
import type { Day } from '../domain/calendar-day.ts'
import type { AtTime } from '../facts/fact-kind.ts'
import { standingFacts } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import { plainRows } from '../platform/database/plain-rows.ts'
import { type SubsidyOnDay, subsidiesOnDay } from '../subsidies/subsidy-store.ts'
import { allOperators, type OperatorScope, rowsIn } from './operator-scope.ts'

export interface LateSubsidy {
  id: string
  operatorId: string
  contractId: string | null
  standing: 'recognised' | 'claimed'
  outstandingFen: number
  payableOn: Day
}

/** So many at a time are held in memory with what was done about them. */
const SUBSIDIES_PER_PAGE = 5000

/** The late subsidies that name some operators or their contracts. */
export async function lateSubsidies(
  db: Reader,
  scope: OperatorScope,
  at: AtTime,
): Promise<LateSubsidy[]> {
  const values = { asOf: at.asOf, knownAt: at.knownAt }
  if (scope !== allOperators) return lateOf(db, await subsidiesIn(db, scope, values), at)
  const late: LateSubsidy[] = []
  for (let after: string | undefined = ''; after !== undefined; ) {
    const page = await subsidiesAfter(db, { ...values, after })
    late.push(...(await lateOf(db, page, at)))
    after = page[SUBSIDIES_PER_PAGE - 1]?.id
  }
  return late
}

async function lateOf(
  db: Reader,
  rows: Awaited<ReturnType<typeof subsidiesAfter>>,
  at: AtTime,
): Promise<LateSubsidy[]> {
  const onDay = await subsidiesOnDay(db, rows, at)
  return rows.flatMap((row) => asLate(row, onDay.get(row.id)))
}

/** None, unless it is late on the day. */
export function asLate(
  { id, operatorId, contractId }: Pick<LateSubsidy, 'id' | 'operatorId' | 'contractId'>,
  onDay: SubsidyOnDay | undefined,
): LateSubsidy[] {
  if (!onDay?.late || onDay.payableOn === null) return []
  const { standing, outstandingFen, payableOn } = onDay
  return [{ id, operatorId, contractId, standing, outstandingFen, payableOn }]
}

const subsidiesIn = rowsIn((db, inScope) => {
  const { subsidies: t, contracts } = db.tables
  const contractIds = db
    .select({ id: contracts.id })
    .from(contracts)
    .where(inScope(contracts.operatorId))
  return subsidiesThat(
    db,
    and(mayBeLate(db), or(inScope(t.operatorId), inArray(t.contractId, contractIds))),
  )
})
/** Each names an operator: no contract has to be looked up. */
const subsidiesAfter = plainRows((db) =>
  subsidiesThat(db, and(mayBeLate(db), gt(db.tables.subsidies.id, sql.placeholder('after')))).limit(
    SUBSIDIES_PER_PAGE,
  ),
)

/** What is payable later, or never, becomes late by a stage alone. */
function mayBeLate(db: Reader) {
  const { subsidies: t, subsidyStages: s } = db.tables
  const itsStages = db.select({ id: s.id }).from(s).where(eq(s.subsidyId, t.id))
  return or(lt(t.payableOn, sql.placeholder('asOf')), exists(itsStages))
}

export function subsidiesThat(db: Reader, wanted?: SQL) {
  const { subsidies: t } = db.tables
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
    .where(and(wanted, standingFacts(t, sql.placeholder('knownAt'))))
    .orderBy(asc(t.id))
}
