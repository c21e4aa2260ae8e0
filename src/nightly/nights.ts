import { setImmediate } from 'node:timers/promises'
import { lt } from 'drizzle-orm'
import { forgetAttachments } from '../alerts/attach-worklists.ts'
import { sendOutbox } from '../alerts/send-outbox.ts'
import type { Deps } from '../deps.ts'
import type { Day } from '../domain/calendar-day.ts'
import { makeGoodCutOff } from '../imports/cut-off-imports.ts'
import { forgetDryRuns, forgetOldFiles } from '../imports/import-store.ts'
import { businessDay } from '../platform/business-day.ts'
import type { Writer } from '../platform/database/database.ts'
import type { Logger } from '../platform/log/logger.ts'
import { lastCompletedRun, type Run } from '../risk/risk-store.ts'
import { findRun } from './run-store.ts'
import type { NightWish, WorkOnNight } from './work-on-night.ts'

const IDEMPOTENT_REPLIES_DAYS = 90
const DAY_MS = 86_400_000

/** What nights are run with. */
export interface NightDeps extends Pick<Deps, 'db' | 'clock' | 'mailer' | 'refreshRisks'> {
  work: WorkOnNight
  log?: Pick<Logger, 'info'>
}

/** The nights of this process, one at a time. */
export interface Nights {
  /** Runs the night of a day; the night of today makes up for the days missed before it. */
  run(asOf: Day): Promise<Run>
  /** Hands the night of a day to `around`, while no other is under way. */
  around<T>(asOf: Day, around: (night: () => Promise<Run>) => Promise<T>): Promise<T>
  /** Runs the last day that was run again, if it is `from` or a later one. */
  scoreAgain(from: Day): Promise<void>
  /** Resolves when no night is under way. */
  idle(): Promise<void>
}

export function nightsOf(deps: NightDeps): Nights {
  const { db, clock } = deps
  let last: Promise<unknown> = Promise.resolve()
  // The program may be another one now, and score otherwise, than the one that ran the last night.
  let whole = true
  const night = async (asOf: Day, catchUp: boolean) => {
    const run = await runNight(deps, { asOf, catchUp, whole })
    // A night of a past day looks at the scores of that day only.
    if ((await lastCompletedRun(db.read))?.asOf === asOf) whole = false
    return run
  }
  const nights: Nights = {
    run: (asOf) => nights.around(asOf, (night) => night()),
    around(asOf, around) {
      const catchUp = asOf === businessDay(clock.now(), clock.timeZone)
      const done = last.then(() => around(() => night(asOf, catchUp)))
      last = done.catch(() => undefined)
      return done
    },
    async scoreAgain(from) {
      // The one that is under way may be the last when it ends.
      await last
      const run = await lastCompletedRun(db.read)
      if (run && run.asOf >= from) await nights.run(run.asOf)
    },
    async idle() {
      await last
    },
  }
  return nights
}

/** What cannot be sent now waits in the outbox: that is no failure of the night. */
async function runNight(deps: NightDeps, wish: NightWish): Promise<Run> {
  const { db, work, clock, log } = deps
  const { asOf } = wish
  const startedAt = clock.now().getTime()
  log?.info({ asOf }, 'a night begins')
  await makeGoodCutOff(deps)
  const { isLatest } = await work(wish)
  if (isLatest) await sendOutbox(deps)
  await tidyUp(deps)
  const run = await findRun(db.read, asOf)
  if (!run) throw new Error(`the night of ${asOf} left no run`)
  const { counts } = run
  const seconds = (clock.now().getTime() - startedAt) / 1000
  log?.info({ asOf, counts, seconds }, 'a night has ended')
  return run
}

async function tidyUp({ db }: NightDeps): Promise<void> {
  for (const forget of [forgetReplies, forgetAttachments, forgetDryRuns, forgetOldFiles]) {
    await db.transaction(forget)
    await setImmediate()
  }
}

async function forgetReplies(tx: Writer): Promise<void> {
  const { idempotentReplies: t } = tx.tables
  const oldest = new Date(Date.parse(tx.recordedAt) - IDEMPOTENT_REPLIES_DAYS * DAY_MS)
  await tx.delete(t).where(lt(t.recordedAt, oldest.toISOString()))
}
