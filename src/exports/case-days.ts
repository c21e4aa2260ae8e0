import { and, asc, inArray, lte, notInArray } from 'drizzle-orm'
import type { CaseEventRow, CaseRow } from '../cases/case-store.ts'
import { type CaseOnDay, caseOnDay } from '../domain/case-on-day.ts'
import type { CaseEvent } from '../domain/case-stages.ts'
import { groupBy } from '../domain/group-by.ts'
import type { AtTime } from '../facts/fact-kind.ts'
import type { Reader } from '../platform/database/database.ts'

/** A case as its history has it on a day. */
export interface CaseThen extends CaseOnDay {
  history: CaseEventRow[]
}

/** What a history says of a case itself: not who looked at it, not who was told. */
const OF_NO_CASE = ['seen', 'told'] as const

/** Cases as they stood on a day by what was recorded then, by their ids. */
export async function casesThen(
  db: Reader,
  cases: readonly CaseRow[],
  { asOf, knownAt }: AtTime,
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
        lte(t.asOf, asOf),
        lte(t.recordedAt, knownAt),
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
  at: AtTime,
): Promise<Map<string, CaseThen>> {
  const { cases: t } = db.tables
  const rows = await db
    .select()
    .from(t)
    .where(inArray(t.operatorId, [...new Set(operatorIds)]))
  const then = await casesThen(db, rows, at)
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
