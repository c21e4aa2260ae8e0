import type { Day } from '../domain/calendar-day.ts'
import { businessDay } from '../platform/business-day.ts'
import { lastCompletedRun, type Run } from '../risk/risk-store.ts'
import { type NightDeps, runNight } from './nightly-run.ts'

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
  const nights: Nights = {
    run: (asOf) => nights.around(asOf, (night) => night()),
    around(asOf, around) {
      const catchUp = asOf === businessDay(clock.now(), clock.timeZone)
      const done = last.then(() => around(() => runNight(deps, { asOf, catchUp })))
      last = done.catch(() => undefined)
      return done
    },
    async scoreAgain(from) {
      const run = await lastCompletedRun(db.read)
      if (run && run.asOf >= from) await nights.run(run.asOf)
    },
    async idle() {
      await last
    },
  }
  return nights
}
