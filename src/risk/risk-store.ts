import { and, desc, eq, inArray, lt, lte, notInArray, type SQL, sql } from 'drizzle-orm'
import type { Day } from '../domain/calendar-day.ts'
import type { Level } from '../domain/levels.ts'
import { ALL_KNOWN } from '../facts/fact-store.ts'
import type { Reader, Writer } from '../platform/database/database.ts'
import type { Tables } from '../platform/database/tables.ts'
import type { RiskRow } from './assess-operators.ts'

export type Run = Tables['runs']['$inferSelect']

const ROWS_PER_STATEMENT = 200

/**
 * Keeps risks, unless what is kept already knows more: a payment recorded while a night was under
 * way has refreshed its row, and the night must not undo that.
 */
export async function keepRisks(tx: Writer, rows: readonly RiskRow[]): Promise<void> {
  const { risks } = tx.tables
  const { contractId: _key, ...columns } = risks as unknown as Record<string, { name: string }>
  const set = Object.fromEntries(
    Object.keys(rows[0] ?? {})
      .filter((name) => name !== 'contractId')
      .map((name) => [name, sql.raw(`excluded.${columns[name]?.name}`)] as const),
  )
  for (let at = 0; at < rows.length; at += ROWS_PER_STATEMENT)
    await tx
      .insert(risks)
      .values(rows.slice(at, at + ROWS_PER_STATEMENT) as RiskRow[])
      .onConflictDoUpdate({
        target: risks.contractId,
        set,
        setWhere: sql`risks.known_at <= excluded.known_at`,
      })
}

/** Removes the risks of contracts that are not there any more. */
export async function dropRisks(tx: Writer, contractIds: readonly string[]): Promise<void> {
  if (contractIds.length === 0) return
  await tx.delete(tx.tables.risks).where(inArray(tx.tables.risks.contractId, [...contractIds]))
}

/** Removes the risks that some operators have beside those of `contractIds`. */
export async function dropOtherRisks(
  tx: Writer,
  operatorIds: readonly string[],
  contractIds: readonly string[],
): Promise<void> {
  const { risks } = tx.tables
  await tx
    .delete(risks)
    .where(
      and(
        inArray(risks.operatorId, [...operatorIds]),
        notInArray(risks.contractId, [...contractIds]),
      ),
    )
}

export async function findRisk(db: Reader, contractId: string): Promise<RiskRow | undefined> {
  const [row] = await db
    .select()
    .from(db.tables.risks)
    .where(eq(db.tables.risks.contractId, contractId))
  return row
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
        lte(runs.finishedAt, knownAt),
        before === undefined ? undefined : lt(runs.asOf, before),
      ),
    )
    .orderBy(desc(runs.asOf))
    .limit(1)
  return run
}

/** The points that a night found, by contract: the last change up to a day. */
export interface KnownScore {
  contractId: string
  asOf: Day
  score: number
  level: Level
  points: Record<string, number>
}

/** What the nights up to and including `day` left as the scores of some contracts. */
export async function scoresUpTo(
  db: Reader,
  contracts: readonly string[],
  day: Day,
): Promise<Map<string, KnownScore>> {
  const { scoreChanges: t } = db.tables
  const rows = await db
    .select()
    .from(t)
    .where(and(inArray(t.contractId, [...contracts]), lastUpTo(db, day)))
  return new Map(rows.map((row) => [row.contractId, row]))
}

function lastUpTo(db: Reader, day: Day): SQL {
  const { scoreChanges: t } = db.tables
  return sql`${t.asOf} = (select max(s.as_of) from score_changes s
    where s.contract_id = ${t.contractId} and s.as_of <= ${day})`
}

/** Changes of scores that a night appends, and those of an earlier attempt that it takes back. */
export interface ScoreEdits {
  put: KnownScore[]
  remove: { contractId: string; asOf: Day }[]
}

export async function editScores(tx: Writer, { put, remove }: ScoreEdits): Promise<void> {
  const { scoreChanges: t } = tx.tables
  for (const { contractId, asOf } of remove)
    await tx.delete(t).where(and(eq(t.contractId, contractId), eq(t.asOf, asOf)))
  for (let at = 0; at < put.length; at += ROWS_PER_STATEMENT)
    await tx
      .insert(t)
      .values(put.slice(at, at + ROWS_PER_STATEMENT))
      .onConflictDoUpdate({
        target: [t.contractId, t.asOf],
        set: {
          score: sql`excluded.score`,
          level: sql`excluded.level`,
          points: sql`excluded.points`,
        },
      })
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
  const rows = await db
    .select({ township: t.townshipCode, day: sql<Day>`max(${t.day})` })
    .from(t)
    .where(lte(t.recordedAt, knownAt))
    .groupBy(t.townshipCode)
  return new Map(rows.map(({ township, day }) => [township, day]))
}
