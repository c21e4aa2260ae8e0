import { and, asc, gt, inArray, notInArray } from 'drizzle-orm'
import type { CaseRow } from '../cases/case-store.ts'
import { caseOnDay } from '../domain/case-on-day.ts'
import type { CaseEvent } from '../domain/case-stages.ts'
import { groupBy } from '../domain/group-by.ts'
import type { Reader } from '../platform/database/database.ts'
import { type Difference, differencesOf } from './difference.ts'

const CASES_PER_PAGE = 500
/** Entries that leave the case as it was. */
const BESIDE: CaseEvent['kind'][] = ['seen', 'told', 'promise_broken']

/** Every case beside what its history comes to; answers how many there are. */
export async function verifyCases(
  db: Reader,
  tell: (difference: Difference) => void,
): Promise<number> {
  const { cases: t, caseEvents: e } = db.tables
  let count = 0
  for (let after = ''; ; ) {
    const rows = await db
      .select()
      .from(t)
      .where(gt(t.id, after))
      .orderBy(asc(t.id))
      .limit(CASES_PER_PAGE)
    const last = rows.at(-1)
    if (!last) return count
    const ids = rows.map(({ id }) => id)
    const events = await db
      .select()
      .from(e)
      .where(and(inArray(e.caseId, ids), notInArray(e.kind, BESIDE)))
      .orderBy(asc(e.id))
    const historyOf = groupBy(
      events as (CaseEvent & (typeof events)[number])[],
      (one) => one.caseId,
    )
    for (const row of rows)
      for (const one of caseDifferences(row, historyOf.get(row.id) ?? [])) tell(one)
    count += rows.length
    after = last.id
  }
}

function caseDifferences(
  row: CaseRow,
  history: readonly (CaseEvent & { asOf: string; episode: number })[],
): Difference[] {
  const then = caseOnDay(history)
  if (!then)
    return [{ about: 'case', id: row.id, field: 'history', stored: 0, computed: undefined }]
  const { fixes } = then
  const computed = {
    state: then.state,
    version: history.length,
    episode: history.at(-1)?.episode,
    level: levelAfter(history),
    openedOn: then.openedOn,
    outcome: then.outcome ?? null,
    measure: fixes?.measure ?? null,
    responsibleUnit: fixes?.responsibleUnit ?? null,
    leadOfficial: fixes?.leadOfficial ?? null,
    responsiblePerson: fixes?.responsiblePerson ?? null,
    deadlineOn: fixes?.deadlineOn ?? null,
  }
  // What people wrote is compared, and not shown.
  return differencesOf('case', row.id, row as typeof computed, computed).map((one) =>
    WRITTEN.includes(one.field) ? { ...one, stored: '…', computed: '…' } : one,
  )
}

const WRITTEN = ['measure', 'responsibleUnit', 'leadOfficial', 'responsiblePerson']

/** The grade that the last night gave. */
function levelAfter(history: readonly CaseEvent[]): string | undefined {
  let level: string | undefined
  for (const { kind, detail } of history) {
    if (kind === 'opened') level = detail.level
    if (kind === 'graded') level = detail.to
  }
  return level
}
