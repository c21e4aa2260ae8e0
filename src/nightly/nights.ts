import type { Day } from '../domain/calendar-day.ts'
import { businessDay } from '../platform/business-day.ts'
import type { Clock, Database } from '../platform/database/database.ts'
import type { CountyJobs } from '../risk/county-jobs.ts'
import type { Run } from '../risk/risk-store.ts'
import { runNight } from './nightly-run.ts'

/** The nights of this process, one at a time. */
export interface Nights {
  /**
   * Runs the night of a day; the night of today makes up for the days that were missed before it.
   * `around` brackets the run while no other is under way.
   */
  run(asOf: Day, around?: (night: () => Promise<Run>) => Promise<Run>): Promise<Run>
  /** Resolves when no night is under way. */
  idle(): Promise<void>
}

export function nightsOf(db: Database, county: CountyJobs, clock: Clock): Nights {
  let last: Promise<unknown> = Promise.resolve()
  return {
    run(asOf, around = (night) => night()) {
      const catchUp = asOf === businessDay(clock.now(), clock.timeZone)
      const run = last.then(() => around(() => runNight(db, county, { asOf, catchUp })))
      last = run.catch(() => undefined)
      return run
    },
    async idle() {
      await last
    },
  }
}
