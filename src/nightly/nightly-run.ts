import { lt } from 'drizzle-orm'
import { addDays, type Day } from '../domain/calendar-day.ts'
import type { Database } from '../platform/database/database.ts'
import type { CountyJobs } from '../risk/county-jobs.ts'
import { dropRisks, editScores, keepRisks, lastCompletedRun, type Run } from '../risk/risk-store.ts'
import { noCounts, type ScoreReport } from '../risk/score-county.ts'
import { beginRun, findRun, finishRun, holdRun } from './run-store.ts'

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
  if (!night.catchUp) return
  const last = await lastCompletedRun(night.db.read, night.asOf)
  if (!last || last.asOf < addDays(night.asOf, -SILENCE_DAYS_MAX)) return
  const earliest = addDays(night.asOf, -MISSED_DAYS_MAX)
  const missed: Day[] = []
  for (let day = addDays(last.asOf, 1); day < night.asOf; day = addDays(day, 1))
    if (day >= earliest) missed.push(day)
  night.days = [...missed, night.asOf]
}

async function scoreDays({ db, county, days }: Night): Promise<void> {
  for (const day of days) await scoreDay(db, county, day)
}

async function scoreDay(db: Database, county: CountyJobs, asOf: Day): Promise<void> {
  const startedAt = await db.transaction((tx) => beginRun(tx, asOf))
  const conclude = (outcome: ScoreReport & { status: 'completed' | 'failed' }) =>
    db.transaction(async (tx) => {
      await holdRun(tx, asOf, startedAt)
      await finishRun(tx, asOf, outcome)
    })
  try {
    const report = await county.score({ asOf, knownAt: startedAt }, ({ risks, dropped, scores }) =>
      db.transaction(async (tx) => {
        await holdRun(tx, asOf, startedAt)
        await dropRisks(tx, dropped)
        await keepRisks(tx, risks)
        await editScores(tx, scores)
      }),
    )
    await conclude({ status: 'completed', ...report })
  } catch (error) {
    const nothing = { policy: '', counts: noCounts(), failures: [] }
    await conclude({ status: 'failed', ...nothing }).catch(() => undefined)
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
