import { type Day, daysBetween } from '../domain/calendar-day.ts'
import type { Reader } from '../platform/database/database.ts'
import { lastActivity } from './risk-store.ts'

/**
 * Tells whether a village's township had nothing recorded for more than `staleDays` days on `asOf`,
 * or never: its levels are provisional then. Units: days; village codes of 12 digits.
 */
export async function staleness(
  db: Reader,
  { asOf, knownAt }: { asOf: Day; knownAt: string },
  staleDays: number,
): Promise<(villageCode: string) => boolean> {
  const activity = await lastActivity(db, knownAt)
  return (villageCode) => {
    const lastOn = activity.get(villageCode.slice(0, 9))
    return lastOn === undefined || daysBetween(lastOn, asOf) > staleDays
  }
}
