import cron from 'node-cron'
import { businessDay } from '../platform/business-day.ts'
import type { Clock, Database } from '../platform/database/database.ts'
import type { Nights } from './nights.ts'
import { findRun, unfinishedRuns } from './run-store.ts'
import { isInUse, isMadeUpFor } from './work-on-night.ts'

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

/** Calls `send` at once and then every minute, never twice at a time; returns its end. */
export function scheduleSending(
  send: () => Promise<unknown>,
  onFailure: (error: unknown) => void,
): () => void {
  let underWay = false
  const run = async () => {
    if (underWay) return
    underWay = true
    await send().catch(onFailure)
    underWay = false
  }
  const task = cron.schedule('* * * * *', run)
  void run()
  return () => void task.destroy()
}

/**
 * Makes up for what happened while the service was down: runs that were left unfinished, then
 * tonight's night when its hour has passed and nights have been run before. One that fails does not
 * keep the others from it.
 */
export async function catchUpNights(
  db: Database,
  nights: Nights,
  clock: Clock,
  nightlyAt: string,
  onFailure: (error: unknown) => void,
): Promise<void> {
  const today = businessDay(clock.now(), clock.timeZone)
  const tonight = await findRun(db.read, today)
  const time = clock.now().toLocaleTimeString('en-GB', { timeZone: clock.timeZone })
  const isDue = tonight?.status !== 'completed' && time >= nightlyAt
  const isTonight = isDue && (await isInUse(db.read, today))
  for (const { asOf, status } of await unfinishedRuns(db.read)) {
    // Tonight's night makes up for it, and sends one message for all the days.
    if (isTonight && status !== 'completed' && isMadeUpFor(asOf, today)) continue
    await nights.run(asOf).catch(onFailure)
  }
  if (isTonight) await nights.run(today).catch(onFailure)
}
