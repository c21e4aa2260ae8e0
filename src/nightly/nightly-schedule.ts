import cron from 'node-cron'
import { addDays } from '../domain/calendar-day.ts'
import { businessDay } from '../platform/business-day.ts'
import type { Clock, Database } from '../platform/database/database.ts'
import { lastCompletedRun } from '../risk/risk-store.ts'
import type { Nights } from './nights.ts'
import { findRun, unfinishedRuns } from './run-store.ts'

/** Days since the last night after which a start does not run tonight's at once. */
const IN_USE_DAYS = 366

/** Starts a night every day at `nightlyAt` ('HH:MM' in the clock's time zone); returns its end. */
export function scheduleNights(
  nights: Nights,
  clock: Clock,
  nightlyAt: string,
  onFailure: (error: unknown) => void,
): () => void {
  const [hour, minute] = nightlyAt.split(':').map(Number)
  const task = cron.schedule(
    `${minute} ${hour} * * *`,
    () => nights.run(businessDay(clock.now(), clock.timeZone)).catch(onFailure),
    { timezone: clock.timeZone, noOverlap: true },
  )
  return () => void task.destroy()
}

/**
 * Makes up for what happened while the service was down: runs that were left unfinished, then
 * tonight's night when its hour has passed and nights have been run before.
 */
export async function catchUpNights(
  db: Database,
  nights: Nights,
  clock: Clock,
  nightlyAt: string,
): Promise<void> {
  for (const { asOf } of await unfinishedRuns(db.read)) await nights.run(asOf)
  const today = businessDay(clock.now(), clock.timeZone)
  const last = await lastCompletedRun(db.read)
  const inUse = last !== undefined && last.asOf >= addDays(today, -IN_USE_DAYS)
  const tonight = await findRun(db.read, today)
  const time = clock.now().toLocaleTimeString('en-GB', { timeZone: clock.timeZone })
  if (inUse && tonight?.status !== 'completed' && time >= nightlyAt) await nights.run(today)
}
