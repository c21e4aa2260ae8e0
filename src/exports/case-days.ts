import { and, asc, inArray, lte, notInArray } from 'drizzle-orm'
import type { CaseEventRow, CaseRow } from '../cases/case-store.ts'
import { type CaseOnDay, caseOnDay } from '../domain/case-on-day.ts'
import type { CaseEvent } from '../domain/case-stages.ts'
import { groupBy } from '../domain/group-by.ts'
import { ALL_KNOWN } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import type { LedgerWish } from './ledger.ts'

/** A case as its history has it on a day. */
export interface CaseThen extends CaseOnDay {
  history: CaseEventRow[]
}

/** What a history says of a case itself: not who looked at it, not who was told. */
const OF_NO_CASE = ['seen', 'told'] as const
const LAST_DAY = '9999-12-31'

/** Cases as they stood on a day by what was recorded then, by their ids; or as they stand now. */
export async function casesThen(
  db: Reader,
  cases: readonly CaseRow[],
  { stored, asOf, knownAt }: LedgerWish,
): Promise<Map<string, CaseThen>> {
  const { caseEvents: t } = db.tables
  const ids = cases.map(({ id }) => id)
  const rows = await db
    .select()
    .from(t)
    .where(
      and(
        inArray(t.caseId, ids),
        notInArray(t.kind, [...OF_NO_CASE]),
        lte(t.asOf, stored ? LAST_DAY : asOf),
        lte(t.recordedAt, stored ? ALL_KNOWN : knownAt),
      ),
    )
    .orderBy(asc(t.id))
  const found = new Map<string, CaseThen>()
  for (const [id, history] of groupBy(rows, ({ caseId }) => caseId)) {
    const then = caseOnDay(history as (CaseEventRow & CaseEvent)[])
    if (then) found.set(id, { ...then, history })
  }
  return found
}

/** The cases of some operators, by operator and township. */
export async function casesOf(
  db: Reader,
  operatorIds: readonly string[],
  wish: LedgerWish,
): Promise<Map<string, CaseThen>> {
  const { cases: t } = db.tables
  const rows = await db
    .select()
    .from(t)
    .where(inArray(t.operatorId, [...new Set(operatorIds)]))
  const then = await casesThen(db, rows, wish)
  return new Map(
    rows.flatMap((row) => {
      const found = then.get(row.id)
      return found ? [[casePlace(row.operatorId, row.townshipCode), found] as const] : []
    }),
  )
}

/** An operator and the township, or a village of it. */
export const casePlace = (operatorId: string, regionCode: string) =>
  `${operatorId} ${regionCode.slice(0, 9)}`
