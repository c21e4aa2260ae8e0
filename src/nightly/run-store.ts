import { asc, desc, eq, lt, ne } from 'drizzle-orm'
import type { Day } from '../domain/calendar-day.ts'
import type { Reader, Writer } from '../platform/database/database.ts'
import type { Run } from '../risk/risk-store.ts'
import { noCounts, type ScoreReport } from '../risk/score-county.ts'

/**
 * Opens an attempt at a day. Its instant is taken under the write lock: the attempt reads what was
 * recorded by then. A later attempt at the same day takes the run over.
 */
export async function beginRun(tx: Writer, asOf: Day): Promise<string> {
  const { runs } = tx.tables
  const attempt = {
    status: 'running' as const,
    startedAt: tx.recordedAt,
    finishedAt: null,
    policy: '',
    counts: noCounts(),
    failures: [],
  }
  await tx
    .insert(runs)
    .values({ asOf, ...attempt })
    .onConflictDoUpdate({ target: runs.asOf, set: attempt })
  return tx.recordedAt
}

/** Throws when another attempt at the day has taken the run over. */
export async function holdRun(tx: Writer, asOf: Day, startedAt: string): Promise<void> {
  const run = await findRun(tx, asOf)
  if (run?.startedAt !== startedAt || run.status !== 'running')
    throw new Error(`another attempt has taken over the night of ${asOf}`)
}

export async function finishRun(
  tx: Writer,
  asOf: Day,
  outcome: ScoreReport & { status: 'completed' | 'failed' },
): Promise<void> {
  const { runs } = tx.tables
  await tx
    .update(runs)
    .set({ ...outcome, finishedAt: tx.recordedAt })
    .where(eq(runs.asOf, asOf))
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
    db.select().from(runs).where(ne(runs.status, 'completed')).orderBy(asc(runs.asOf)),
  )
}

/** Runs, the latest day first, at most `limit`, before `beforeDay`. */
export function pageOfRuns(db: Reader, beforeDay: string, limit: number): Promise<Run[]> {
  const { runs } = db.tables
  return Promise.resolve(
    db.select().from(runs).where(lt(runs.asOf, beforeDay)).orderBy(desc(runs.asOf)).limit(limit),
  )
}
