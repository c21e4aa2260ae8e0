import { lt } from 'drizzle-orm'
import { addDays, type Day } from '../domain/calendar-day.ts'
import type { Database, Reader } from '../platform/database/database.ts'
import type { CountyJobs } from '../risk/county-jobs.ts'
import { keepScores, lastCompletedRun, type Run, type ScoreBatch } from '../risk/risk-store.ts'
import {
  beginRun,
  completedDays,
  completeRun,
  failRun,
  findRun,
  firstDay,
  holdRun,
} from './run-store.ts'

/** Of the days that were missed, so many at the most are scored. */
const MISSED_DAYS_MAX = 31
/** After a longer silence the county was not in use: there is nothing that was missed. */
const SILENCE_DAYS_MAX = 366
const IDEMPOTENT_REPLIES_DAYS = 90
const DAY_MS = 86_400_000

interface Night {
  db: Database
  county: CountyJobs
  asOf: Day
  /** Whether days that were missed before `asOf` are made up for. */
  catchUp: boolean
  /** What the steps work on: the days to score, in order, `asOf` last. */
  days: Day[]
}

/** The steps of a night, in order. */
const STEPS: { name: string; run: (night: Night) => Promise<void> }[] = [
  { name: 'find the missed days', run: findMissedDays },
  { name: 'score', run: scoreDays },
  { name: 'tidy up', run: tidyUp },
]

/**
 * The night of one day: what was missed before it, then the day itself. Running a day again repairs
 * what a crash left and otherwise changes nothing.
 */
export async function runNight(
  db: Database,
  county: CountyJobs,
  wish: { asOf: Day; catchUp: boolean },
): Promise<Run> {
  const night: Night = { db, county, ...wish, days: [wish.asOf] }
  for (const step of STEPS) await step.run(night)
  const run = await findRun(db.read, wish.asOf)
  if (!run) throw new Error(`the night of ${wish.asOf} left no run`)
  return run
}

async function findMissedDays(night: Night): Promise<void> {
  const { db, asOf } = night
  if (!night.catchUp || !(await isInUse(db.read, asOf))) return
  const earliest = addDays(asOf, -MISSED_DAYS_MAX)
  const first = (await firstDay(db.read)) ?? asOf
  const done = await completedDays(db.read, earliest, asOf)
  for (let day = asOf; day > earliest && day > first; ) {
    day = addDays(day, -1)
    if (!done.has(day)) night.days.unshift(day)
  }
}

/** Whether nights are run here: after a long silence there is nothing that was missed. */
export async function isInUse(db: Reader, today: Day): Promise<boolean> {
  const last = await lastCompletedRun(db, today)
  return last !== undefined && last.asOf >= addDays(today, -SILENCE_DAYS_MAX)
}

async function scoreDays({ db, county, days }: Night): Promise<void> {
  for (const day of days) await scoreDay(db, county, day)
}

async function scoreDay(db: Database, county: CountyJobs, asOf: Day): Promise<void> {
  const attemptAt = await db.transaction((tx) => beginRun(tx, asOf))
  const keep = (batch: ScoreBatch) =>
    db.transaction(async (tx) => {
      await holdRun(tx, asOf, attemptAt)
      await keepScores(tx, batch, attemptAt)
    })
  try {
    const report = await county.score({ asOf, knownAt: attemptAt }, keep)
    await db.transaction(async (tx) => {
      await holdRun(tx, asOf, attemptAt)
      await completeRun(tx, asOf, attemptAt, report)
    })
  } catch (error) {
    await db.transaction((tx) => failRun(tx, asOf, attemptAt))
    throw error
  }
}

async function tidyUp({ db }: Night): Promise<void> {
  await db.transaction(async (tx) => {
    const { idempotentReplies } = tx.tables
    const oldest = new Date(Date.parse(tx.recordedAt) - IDEMPOTENT_REPLIES_DAYS * DAY_MS)
    await tx.delete(idempotentReplies).where(lt(idempotentReplies.recordedAt, oldest.toISOString()))
  })
}
