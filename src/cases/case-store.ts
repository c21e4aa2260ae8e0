import { and, asc, desc, eq, gt, sql } from 'drizzle-orm'
import type { Day } from '../domain/calendar-day.ts'
import type { CaseEvent } from '../domain/case-stages.ts'
import { notThere } from '../facts/record-fact.ts'
import type { Reader, Writer } from '../platform/database/database.ts'
import { insertRows } from '../platform/database/insert-rows.ts'
import { prepared } from '../platform/database/prepared.ts'
import type { Tables } from '../platform/database/tables.ts'

export type CaseRow = Tables['cases']['$inferSelect']
export type CaseEventRow = Tables['caseEvents']['$inferSelect']

export const caseWords = { zh: '风险', en: 'case' }

/** Refuses: not-found. */
export async function getCase(db: Reader, id: string): Promise<CaseRow> {
  const { cases } = db.tables
  const [row] = await db.select().from(cases).where(eq(cases.id, id))
  if (!row) throw notThere(caseWords)
  return row
}

/** What a move changes of a case; its place in the ledger stays. */
export type CaseChange = Partial<
  Omit<CaseRow, 'id' | 'number' | 'operatorId' | 'townshipCode' | 'version' | 'openedOn'>
>

/** Moves a case: its new state and the entry that says why are kept together. */
export async function moveCase(
  tx: Writer,
  before: CaseRow,
  change: CaseChange,
  entry: CaseEvent & { asOf: Day; by: string },
): Promise<CaseRow> {
  const { cases } = tx.tables
  const after = { ...before, ...change, version: before.version + 1 }
  await tx
    .update(cases)
    .set({ ...change, version: after.version })
    .where(eq(cases.id, before.id))
  await appendEvent(tx, after, entry)
  return after
}

/** What a night makes of a case: each entry counts as one change of it. */
export interface NightMove {
  before: CaseRow
  /** Set when the case is taken up again; it holds for all the entries. */
  episode: CaseChange | undefined
  grade: Pick<CaseRow, 'level' | 'proposedOn' | 'deadlineTold'>
  events: CaseEvent[]
}

/** By the thousand, when a night grades a whole county by another policy. */
const gradeCase = prepared<unknown, Writer>((tx) => {
  const { cases: t } = tx.tables
  const set = {
    level: sql`${sql.placeholder('level')}`,
    proposedOn: sql`${sql.placeholder('proposedOn')}`,
    deadlineTold: sql`${sql.placeholder('deadlineTold')}`,
    version: sql`${sql.placeholder('version')}`,
  }
  return tx
    .update(t)
    .set(set)
    .where(eq(t.id, sql.placeholder('id')))
})

/** Moves cases as `moveCase` does, many at once. */
export async function keepNightMoves(
  tx: Writer,
  moves: readonly NightMove[],
  { asOf, by }: { asOf: Day; by: string },
): Promise<void> {
  const { cases } = tx.tables
  for (const { before, episode, grade, events } of moves) {
    const { id } = before
    if (episode) await tx.update(cases).set(episode).where(eq(cases.id, id))
    await gradeCase(tx, { ...grade, version: before.version + events.length, id })
  }
  const { recordedAt } = tx
  const rows = moves.flatMap(({ before, episode, events }) =>
    events.map(({ kind, detail }) => ({
      id: tx.newId(),
      caseId: before.id,
      episode: episode?.episode ?? before.episode,
      ...{ kind, asOf, detail, recordedAt, recordedBy: by },
    })),
  )
  await insertRows(tx, 'caseEvents', rows)
}

/** Appends to a case's history what does not change the case. */
export async function appendEvent(
  tx: Writer,
  { id, episode }: Pick<CaseRow, 'id' | 'episode'>,
  { kind, detail, asOf, by }: CaseEvent & { asOf: Day; by: string },
): Promise<void> {
  const { recordedAt } = tx
  await tx
    .insert(tx.tables.caseEvents)
    .values({ id: tx.newId(), caseId: id, episode, kind, asOf, detail, recordedAt, recordedBy: by })
}

/** A case's history in its order, after one entry, at most `limit`. */
export function historyOf(
  db: Reader,
  caseId: string,
  afterId: string,
  limit: number,
): Promise<CaseEventRow[]> {
  const { caseEvents: t } = db.tables
  return Promise.resolve(
    db
      .select()
      .from(t)
      .where(and(eq(t.caseId, caseId), gt(t.id, afterId)))
      .orderBy(asc(t.id))
      .limit(limit),
  )
}

/** The last entries of a case's history in their order, at most `limit`. */
export async function latestHistory(
  db: Reader,
  caseId: string,
  limit: number,
): Promise<CaseEventRow[]> {
  const { caseEvents: t } = db.tables
  const rows = await db
    .select()
    .from(t)
    .where(eq(t.caseId, caseId))
    .orderBy(desc(t.id))
    .limit(limit)
  return rows.reverse()
}

/** The version of a case that somebody saw last; undefined when it was never looked at. */
export async function lastSeen(
  db: Reader,
  caseId: string,
  by: string,
): Promise<number | undefined> {
  const { caseEvents: t } = db.tables
  const [row] = await db
    .select({ detail: t.detail })
    .from(t)
    .where(and(eq(t.caseId, caseId), eq(t.kind, 'seen'), eq(t.recordedBy, by)))
    .orderBy(desc(t.id))
    .limit(1)
  return (row?.detail as { version: number } | undefined)?.version
}
