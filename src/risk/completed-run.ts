import { and, desc, eq, lt, lte, sql } from 'drizzle-orm'
import type { Day } from '../domain/calendar-day.ts'
import { ALL_KNOWN } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import { prepared } from '../platform/database/prepared.ts'
import type { Run } from './risk-store.ts'

export type CompletedRun = Pick<Run, 'asOf' | 'finishedAt' | 'firstStartedAt'>

const AFTER_ALL_DAYS = '9999-12-32'

/**
 * When the run was made that `lastCompletedRun` answers, without what it counted: for requests, of
 * which each asks for it.
 */
export async function completedRun(
  db: Reader,
  before: Day = AFTER_ALL_DAYS,
  knownAt = ALL_KNOWN,
): Promise<CompletedRun | undefined> {
  const [run] = await lastRun(db, { before, knownAt })
  return run
}

const lastRun = prepared((db) => {
  const { runs: t } = db.tables
  return db
    .select({ asOf: t.asOf, finishedAt: t.finishedAt, firstStartedAt: t.firstStartedAt })
    .from(t)
    .where(
      and(
        eq(t.status, 'completed'),
        lte(t.firstFinishedAt, sql.placeholder('knownAt')),
        lt(t.asOf, sql.placeholder('before')),
      ),
    )
    .orderBy(desc(t.asOf))
    .limit(1)
})
