import { and, asc, count, desc, eq, gt, gte, inArray, lt, ne, or } from 'drizzle-orm'
import { audit } from '../access/audit-trail.ts'
import { SERVICE } from '../access/caller.ts'
import { addDays, type Day } from '../domain/calendar-day.ts'
import { Refusal } from '../errors.ts'
import type { Reader, Writer } from '../platform/database/database.ts'
import type { Run } from '../risk/risk-store.ts'
import { noCounts, type ScoreReport } from '../risk/score-county.ts'

/**
 * Opens an attempt at a day. Its instant is taken under the write lock: the attempt reads what was
 * recorded by then. What an earlier attempt completed stands until this one is completed too.
 */
export async function beginRun(tx: Writer, asOf: Day): Promise<string> {
  const { runs } = tx.tables
  const attemptAt = tx.recordedAt
  const first = {
    status: 'running' as const,
    startedAt: attemptAt,
    attemptAt,
    finishedAt: null,
    firstStartedAt: null,
    firstFinishedAt: null,
    policy: '',
    counts: noCounts(),
    failures: [],
  }
  const before = await findRun(tx, asOf)
  await tx
    .insert(runs)
    .values({ asOf, ...first })
    .onConflictDoUpdate({
      target: runs.asOf,
      set: before?.status === 'completed' ? { attemptAt } : first,
    })
  return attemptAt
}

/** Refuses: run-taken-over, when a later attempt at the day has begun. */
export async function holdRun(tx: Writer, asOf: Day, attemptAt: string): Promise<void> {
  if ((await findRun(tx, asOf))?.attemptAt === attemptAt) return
  const words = {
    zh: `${asOf} 的研判已由另一次执行接管`,
    en: `another attempt has taken over the night of ${asOf}`,
  }
  throw new Refusal('conflict', 'run-taken-over', words)
}

/** Closes an attempt: from now on the run is what this one found. */
export async function completeRun(
  tx: Writer,
  asOf: Day,
  attemptAt: string,
  report: ScoreReport,
): Promise<void> {
  const { runs } = tx.tables
  const finishedAt = tx.recordedAt
  const before = await findRun(tx, asOf)
  const first = {
    firstStartedAt: before?.firstStartedAt ?? attemptAt,
    firstFinishedAt: before?.firstFinishedAt ?? finishedAt,
  }
  const counts = { ...report.counts, ...(await countsOfCases(tx, asOf)) }
  await tx
    .update(runs)
    .set({ ...report, counts, status: 'completed', startedAt: attemptAt, finishedAt, ...first })
    .where(eq(runs.asOf, asOf))
  const { contracts, scored, changed } = counts
  const detail = { counts: { contracts, scored, changed, failures: report.failures.length } }
  const entry = { action: 'complete-run', subject: 'runs', subjectId: asOf, detail } as const
  await audit(tx, { caller: SERVICE }, entry)
}

/** What the attempts at a day have opened, taken up again and queued, all together. */
async function countsOfCases(tx: Writer, asOf: Day) {
  const { caseEvents: e, alerts: a } = tx.tables
  // No attempt at a day is made before it, anywhere on Earth: the archive is not searched.
  const sinceAttempts = gte(e.recordedAt, addDays(asOf, -1))
  const events = await tx
    .select({ kind: e.kind, count: count() })
    .from(e)
    .where(and(sinceAttempts, eq(e.asOf, asOf), inArray(e.kind, ['opened', 'relapsed'])))
    .groupBy(e.kind)
  const [queued] = await tx.select({ count: count() }).from(a).where(eq(a.asOf, asOf))
  const of = (kind: string) => events.find((row) => row.kind === kind)?.count ?? 0
  return {
    casesOpened: of('opened'),
    casesRelapsed: of('relapsed'),
    alertsQueued: queued?.count ?? 0,
  }
}

/** Says that the first attempt at a day failed; a run that was completed before stays so. */
export async function failRun(tx: Writer, asOf: Day, attemptAt: string): Promise<void> {
  const { runs } = tx.tables
  await tx
    .update(runs)
    .set({ status: 'failed', finishedAt: tx.recordedAt })
    .where(and(eq(runs.asOf, asOf), eq(runs.attemptAt, attemptAt), eq(runs.status, 'running')))
}

export async function findRun(db: Reader, asOf: Day): Promise<Run | undefined> {
  const { runs } = db.tables
  const [run] = await db.select().from(runs).where(eq(runs.asOf, asOf))
  return run
}

/** Runs that a crash or a failure left unfinished, the earliest day first. */
export function unfinishedRuns(db: Reader): Promise<Run[]> {
  const { runs } = db.tables
  return Promise.resolve(
    db
      .select()
      .from(runs)
      .where(or(ne(runs.status, 'completed'), gt(runs.attemptAt, runs.startedAt)))
      .orderBy(asc(runs.asOf)),
  )
}

/** Runs, the latest day first, at most `limit`, before `beforeDay`. */
export function pageOfRuns(db: Reader, beforeDay: string, limit: number): Promise<Run[]> {
  const { runs } = db.tables
  return Promise.resolve(
    db.select().from(runs).where(lt(runs.asOf, beforeDay)).orderBy(desc(runs.asOf)).limit(limit),
  )
}

/** The days of completed runs from `from` on and before `end`. */
export async function completedDays(db: Reader, from: Day, end: Day): Promise<Set<Day>> {
  const { runs } = db.tables
  const rows = await db
    .select({ asOf: runs.asOf })
    .from(runs)
    .where(and(eq(runs.status, 'completed'), gte(runs.asOf, from), lt(runs.asOf, end)))
  return new Set(rows.map(({ asOf }) => asOf))
}

/** The first day of all that was run; undefined before that. */
export async function firstDay(db: Reader): Promise<Day | undefined> {
  const { runs } = db.tables
  const [row] = await db.select({ asOf: runs.asOf }).from(runs).orderBy(asc(runs.asOf)).limit(1)
  return row?.asOf
}
