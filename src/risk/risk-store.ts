import { and, desc, eq, gt, inArray, lt, lte, sql } from 'drizzle-orm'
import type { Day } from '../domain/calendar-day.ts'
import type { Level } from '../domain/levels.ts'
import { ALL_KNOWN } from '../facts/fact-store.ts'
import type { Reader, Writer } from '../platform/database/database.ts'
import { rowsPut } from '../platform/database/put-rows.ts'
import type { Tables } from '../platform/database/tables.ts'
import { type OperatorScope, rowsIn } from './operator-scope.ts'
import { asStored, type RiskRow, type StoredRisk } from './stored-risks.ts'

export type Run = Tables['runs']['$inferSelect']

/**
 * Keeps risks, unless what is kept already knows more: a payment recorded while a night was under
 * way has refreshed its row, and the night must not undo that.
 */
const putRisks = rowsPut('risks', ['contractId'], sql.raw('risks.known_at <= excluded.known_at'))
const putScores = rowsPut('scoreChanges', ['contractId', 'asOf'])

export const keepRisks = (tx: Writer, rows: readonly RiskRow[]): Promise<void> =>
  putRisks(tx, rows.map(asStored))

/** Removes risks that say no more than what was known before `knownAt`. */
export async function dropRisks(
  tx: Writer,
  contractIds: readonly string[],
  knownAt: string,
): Promise<void> {
  const { risks: t } = tx.tables
  for (const ids of parts(contractIds))
    await tx.delete(t).where(and(inArray(t.contractId, ids), lt(t.knownAt, knownAt)))
}

/**
 * Lets the next night look at the facts of contracts whose stored risk they have left behind; one
 * that is under way does not know them.
 */
export async function doubtOwed(tx: Writer, contractIds: readonly string[]): Promise<void> {
  const { risks: t } = tx.tables
  const doubted = { owedUntil: null, quietUntil: null, knownAt: tx.recordedAt }
  for (const ids of parts(contractIds))
    await tx.update(t).set(doubted).where(inArray(t.contractId, ids))
}

/**
 * Keeps a batch of a night that read what was known at `knownAt`. A contract with a later version
 * (new, corrected, withdrawn) was settled when that was recorded, and is left as it is.
 */
export async function keepScores(tx: Writer, batch: ScoreBatch, knownAt: string): Promise<void> {
  const { contracts: t } = tx.tables
  const settled = new Set<string>()
  for (const ids of parts(batch.risks.map(({ contractId }) => contractId))) {
    // By the instant, which few come after: looked up by id, each was a step through the file.
    const later = and(inArray(sql`${t.id} || ''`, ids), gt(t.recordedAt, knownAt))
    for (const { id } of await tx.select({ id: t.id }).from(t).where(later)) settled.add(id)
  }
  await dropRisks(tx, batch.dropped, knownAt)
  await putRisks(
    tx,
    batch.risks.filter(({ contractId }) => !settled.has(contractId)),
  )
  await editScores(tx, batch.scores)
}

const IDS_PER_QUERY = 1000

function* parts(ids: readonly string[]): Generator<string[]> {
  for (let at = 0; at < ids.length; at += IDS_PER_QUERY) yield ids.slice(at, at + IDS_PER_QUERY)
}

/**
 * The run of the latest day that was completed, of all days or of those before `before`, as far as
 * it had finished by `knownAt`.
 */
export async function lastCompletedRun(
  db: Reader,
  before?: Day,
  knownAt = ALL_KNOWN,
): Promise<Run | undefined> {
  const { runs } = db.tables
  const [run] = await db
    .select()
    .from(runs)
    .where(
      and(
        eq(runs.status, 'completed'),
        lte(runs.firstFinishedAt, knownAt),
        before === undefined ? undefined : lt(runs.asOf, before),
      ),
    )
    .orderBy(desc(runs.asOf))
    .limit(1)
  return run
}

/**
 * Whether the stored risks speak for a day that was run: no fact has refreshed one on a later day,
 * and none has been left to be refreshed at the end of an import.
 */
export async function storedRisksSpeakFor(db: Reader, day: Day): Promise<boolean> {
  const { risks, importOperators } = db.tables
  const [later] = await db
    .select({ id: risks.contractId })
    .from(risks)
    .where(gt(risks.asOf, day))
    .limit(1)
  const [left] = await db.select().from(importOperators).limit(1)
  return !later && !left
}

/** The points that a night found, by contract: the last change up to a day. */
export interface KnownScore {
  contractId: string
  asOf: Day
  score: number
  level: Level
  points: Record<string, number>
}

/** A score as it is stored: its points as text, to compare and not to read. */
export type ScoreText = Omit<KnownScore, 'points'> & { points: string }

/** What the nights up to and including `day` left as the scores of some operators' contracts. */
export async function scoresIn(
  db: Reader,
  scope: OperatorScope,
  day: Day,
): Promise<Map<string, ScoreText>> {
  const rows = await lastScoresIn(db, scope, { day })
  return new Map(rows.map((row) => [row.contractId, row]))
}

const lastScoresIn = rowsIn((db, inScope) => {
  const { scoreChanges: t, contracts: c } = db.tables
  const day = sql.placeholder('day')
  const ids = db.select({ id: c.id }).from(c).where(inScope(c.operatorId))
  const none = sql`not exists (select 1 from score_changes s where s.contract_id = ${t.contractId}
    and s.as_of > ${t.asOf} and s.as_of <= ${day})`
  return db
    .select({
      contractId: t.contractId,
      asOf: t.asOf,
      score: t.score,
      level: t.level,
      points: sql<string>`cast(${t.points} as text)`,
    })
    .from(t)
    .where(and(inArray(t.contractId, ids), lte(t.asOf, day), none))
})

/** What a night hands to the one writer, a little at a time. */
export interface ScoreBatch {
  risks: StoredRisk[]
  /** Contracts whose stored risk has no contract any more. */
  dropped: string[]
  scores: ScoreEdit[]
}

/**
 * What a night changes in the kept scores of one contract: rows that it appends, and its own day's
 * row when an earlier attempt left one that is not needed. All of it is kept together, or none.
 */
export interface ScoreEdit {
  contractId: string
  put: ScoreText[]
  remove: Day | null
}

async function editScores(tx: Writer, edits: readonly ScoreEdit[]): Promise<void> {
  const { scoreChanges: t } = tx.tables
  for (const { contractId, remove } of edits)
    if (remove !== null)
      await tx.delete(t).where(and(eq(t.contractId, contractId), eq(t.asOf, remove)))
  const put = edits.flatMap((edit) => edit.put)
  await putScores(tx, put)
}

/** The completed run of the first day after `day`, if a later day was run before. */
export async function nextCompletedRun(db: Reader, day: Day): Promise<Run | undefined> {
  const { runs } = db.tables
  const [run] = await db
    .select()
    .from(runs)
    .where(and(eq(runs.status, 'completed'), sql`${runs.asOf} > ${day}`))
    .orderBy(runs.asOf)
    .limit(1)
  return run
}

/** The last day on which something was recorded for each township, as known at `knownAt`. */
export async function lastActivity(db: Reader, knownAt: string): Promise<Map<string, Day>> {
  const { townshipActivity: t } = db.tables
  const townships = db.selectDistinct({ code: t.townshipCode }).from(t).as('townships')
  // The last of each from its end of the key: there is a row for each of many years' days. Names
  // are spelled out: drizzle would leave the table's name off inside this subquery.
  const last = sql<Day | null>`(select a.day from township_activity a
    where a.township_code = townships.township_code and a.recorded_at <= ${knownAt}
    order by a.day desc limit 1)`
  const rows = await db.select({ township: townships.code, day: last }).from(townships)
  return new Map(rows.flatMap(({ township, day }) => (day === null ? [] : [[township, day]])))
}
