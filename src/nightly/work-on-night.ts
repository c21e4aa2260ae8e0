import { setImmediate } from 'node:timers/promises'
import { attachWorklists } from '../alerts/attach-worklists.ts'
import { composeDigests, type Message, queueMessages } from '../alerts/compose-digests.ts'
import { workOnCases } from '../cases/work-on-cases.ts'
import type { Deps } from '../deps.ts'
import { addDays, type Day } from '../domain/calendar-day.ts'
import { policyInForce, type RiskPolicy } from '../domain/risk-policy.ts'
import { springFestivalAhead } from '../domain/spring-festival.ts'
import type { Database, Reader, Writer } from '../platform/database/database.ts'
import { inTurns } from '../platform/database/in-turns.ts'
import { allPolicies } from '../risk/policy-store.ts'
import { type RentsDue, type RentsDueJob, rentsDue } from '../risk/rents-due.ts'
import {
  keepScores,
  lastCompletedRun,
  nextCompletedRun,
  type ScoreBatch,
} from '../risk/risk-store.ts'
import { type ScoreJob, type ScoreReport, scoreCounty } from '../risk/score-county.ts'
import { beginRun, completedDays, completeRun, failRun, firstDay, holdRun } from './run-store.ts'

/** Of the days that were missed, so many at the most are scored. */
const MISSED_DAYS_MAX = 31
/** After a longer silence the county was not in use: there is nothing that was missed. */
const SILENCE_DAYS_MAX = 366
/** Rent that falls due within so many days is told beforehand. */
const DUE_WITHIN_DAYS = 30
/** So many at a time hold the writer for some milliseconds. */
const MESSAGES_PER_TRANSACTION = 50
/** Of scores: written before it is asked whether somebody waits. */
const ROWS_PER_PART = 150

/** What a night is worked on with. */
export interface NightWorkDeps extends Pick<Deps, 'place'> {
  db: Pick<Database, 'read' | 'transaction'>
  jobs: NightJobs
}
/** What a night reads of the whole county: what was known at one instant, however long it takes. */
export interface NightJobs {
  /** Hands batches to `keep`, one after the other. */
  score(job: ScoreJob, keep: (batch: ScoreBatch) => Promise<void>): Promise<ScoreReport>
  rentsDue(job: RentsDueJob): Promise<RentsDue>
}

export const nightJobsOn = (db: Reader): NightJobs => ({
  score: (job, keep) => scoreCounty(db, job, keep),
  rentsDue: (job) => rentsDue(db, job),
})

/** The night that is wished for. */
export interface NightWish {
  asOf: Day
  /** Whether days that were missed before it are made up for. */
  catchUp: boolean
  /** Whether it looks also at those whose risk cannot have changed. */
  whole: boolean
}
/** What a night leaves to do: mail that waits, unless a later day was run before. */
export interface NightWorked {
  isLatest: boolean
}
export type WorkOnNight = (wish: NightWish) => Promise<NightWorked>

interface Night extends NightWorkDeps, NightWish {
  /** What the steps work on: the days to score, in order, `asOf` last. */
  days: Day[]
  /** The attempt at `asOf` that is not completed yet. */
  attempt: Attempt | undefined
}

/** What an attempt at a day knows once it has scored. */
interface Attempt {
  /** Its instant: it reads what was recorded by then. */
  at: string
  report: ScoreReport
  policy: RiskPolicy
  /** No later day was run: the cases and the mail speak for this one. */
  isLatest: boolean
  due: RentsDue
}

const NOTHING_DUE: RentsDue = { soon: [], beforeFestival: [], late: [] }

/** The steps of a night, in order. */
const STEPS: { name: string; run: (night: Night) => Promise<void> }[] = [
  { name: 'find the missed days', run: findMissedDays },
  { name: 'score', run: scoreDays },
  { name: 'open and relapse cases, propose settled ones', run: settle },
  { name: 'compose digests', run: compose },
]

/**
 * The night of one day: what was missed before it, then the day itself. Running a day again repairs
 * what a crash left and otherwise changes nothing.
 */
export function nightWorkOf(deps: NightWorkDeps): WorkOnNight {
  return async (wish) => {
    const night: Night = { ...deps, ...wish, days: [wish.asOf], attempt: undefined }
    for (const step of STEPS) await step.run(night)
    return { isLatest: attemptOf(night).isLatest }
  }
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

/** Whether the night of `today` makes up for a day that was not completed. */
export const isMadeUpFor = (day: Day, today: Day): boolean =>
  day >= addDays(today, -MISSED_DAYS_MAX) && day <= today

/** Whether nights are run here: after a long silence there is nothing that was missed. */
export async function isInUse(db: Reader, today: Day): Promise<boolean> {
  const last = await lastCompletedRun(db, today)
  return last !== undefined && last.asOf >= addDays(today, -SILENCE_DAYS_MAX)
}

/** Missed days are scored and done with; the last day goes on to the cases and the mail. */
async function scoreDays(night: Night): Promise<void> {
  const { db, days, asOf } = night
  for (const day of days) {
    const at = await db.transaction((tx) => beginRun(tx, day))
    if (day !== asOf) {
      const report = await orFail(night, day, at, () => scoreDay(night, day, at))
      await db.transaction((tx) => held(tx, day, at, () => completeRun(tx, day, at, report)))
      continue
    }
    const isLatest = (await nextCompletedRun(db.read, day)) === undefined
    const report = await orFail(night, day, at, () => scoreDay(night, day, at))
    const policy = policyInForce(await allPolicies(db.read, at), day)
    const due = isLatest
      ? await orFail(night, day, at, () => dueFrom(night, at, policy))
      : NOTHING_DUE
    night.attempt = { at, report, policy, isLatest, due }
  }
}

function scoreDay({ db, jobs, whole }: Night, day: Day, at: string): Promise<ScoreReport> {
  const keep = (batch: ScoreBatch) => {
    const parts = partsOf(batch)
    return inTurns(db, (tx) =>
      held(tx, day, at, async () => {
        const part = parts.shift()
        if (part) await keepScores(tx, part, at)
        return parts.length > 0
      }),
    )
  }
  return jobs.score({ asOf: day, knownAt: at, whole }, keep)
}

function partsOf({ risks, dropped, scores }: ScoreBatch): ScoreBatch[] {
  const rows = Math.max(risks.length, dropped.length, scores.length)
  return Array.from({ length: Math.ceil(rows / ROWS_PER_PART) }, (_, nth) => {
    const part = <T>(list: readonly T[]) =>
      list.slice(nth * ROWS_PER_PART, (nth + 1) * ROWS_PER_PART)
    return { risks: part(risks), dropped: part(dropped), scores: part(scores) }
  })
}

function dueFrom({ jobs, asOf }: Night, knownAt: string, policy: RiskPolicy): Promise<RentsDue> {
  const flaggedScore = policy.levels[policy.caseLevel]
  const soonUntil = addDays(asOf, DUE_WITHIN_DAYS)
  const festivalOn = springFestivalAhead(asOf)?.festivalOn ?? null
  return jobs.rentsDue({ asOf, knownAt, flaggedScore, soonUntil, festivalOn })
}

async function settle(night: Night): Promise<void> {
  const { db, asOf, place: county } = night
  const { at, policy, isLatest, due } = attemptOf(night)
  if (!isLatest) return
  const known = { asOf, knownAt: at, policy, county, rentsDue: due.soon, late: due.late }
  const hold = (tx: Writer) => holdRun(tx, asOf, at)
  await orFail(night, asOf, at, () => workOnCases(db, known, hold))
}

/** The last of the messages are written in the transaction that completes the run. */
async function compose(night: Night): Promise<void> {
  const { db, asOf } = night
  const { at, report, isLatest } = attemptOf(night)
  await orFail(night, asOf, at, async () => {
    const messages = isLatest ? await messagesOf(night) : []
    let from = 0
    for (; messages.length - from > MESSAGES_PER_TRANSACTION; from += MESSAGES_PER_TRANSACTION) {
      const part = messages.slice(from, from + MESSAGES_PER_TRANSACTION)
      await db.transaction((tx) => held(tx, asOf, at, () => queueMessages(tx, part)))
      await setImmediate()
    }
    await db.transaction((tx) =>
      held(tx, asOf, at, async () => {
        await queueMessages(tx, messages.slice(from))
        await completeRun(tx, asOf, at, report)
      }),
    )
  })
}

async function messagesOf(night: Night): Promise<Message[]> {
  const { db, asOf, place: county } = night
  const { report, policy, due } = attemptOf(night)
  return composeDigests(db.read, {
    asOf,
    county,
    policy,
    failures: report.failures.length,
    festivalRents: due.beforeFestival,
    late: due.late,
    attachments: await attachWorklists(db, { asOf, policy, county }),
  })
}

function attemptOf({ attempt, asOf }: Night): Attempt {
  if (!attempt) throw new Error(`the night of ${asOf} has not been scored`)
  return attempt
}

/** Does what belongs to an attempt, unless a later one has taken the day over. */
async function held<T>(tx: Writer, day: Day, at: string, work: () => Promise<T>): Promise<T> {
  await holdRun(tx, day, at)
  return work()
}

/** An attempt that breaks off says so in its run. */
async function orFail<T>({ db }: Night, day: Day, at: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    await db.transaction((tx) => failRun(tx, day, at))
    throw error
  }
}
