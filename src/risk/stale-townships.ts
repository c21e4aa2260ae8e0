import { and, desc, eq, lte, sql } from 'drizzle-orm'
import { type Day, daysBetween } from '../domain/calendar-day.ts'
import type { Reader } from '../platform/database/database.ts'
import { prepared } from '../platform/database/prepared.ts'
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
  return isStale(await lastActivity(db, knownAt), asOf, staleDays)
}

/** The same for some villages alone, whose townships' other days are not looked at. */
export async function stalenessOf(
  db: Reader,
  villageCodes: readonly string[],
  { asOf, knownAt }: { asOf: Day; knownAt: string },
  staleDays: number,
): Promise<(villageCode: string) => boolean> {
  const townships = [...new Set(villageCodes.map(townshipOf))]
  const found = await Promise.all(
    townships.map((township) => lastActivityOf(db, { township, knownAt })),
  )
  const activity = new Map(found.flat().map(({ township, day }) => [township, day]))
  return isStale(activity, asOf, staleDays)
}

const lastActivityOf = prepared((db) => {
  const { townshipActivity: t } = db.tables
  const known = lte(t.recordedAt, sql.placeholder('knownAt'))
  return db
    .select({ township: t.townshipCode, day: t.day })
    .from(t)
    .where(and(eq(t.townshipCode, sql.placeholder('township')), known))
    .orderBy(desc(t.day))
    .limit(1)
})

const townshipOf = (villageCode: string) => villageCode.slice(0, 9)

const isStale =
  (activity: ReadonlyMap<string, Day>, asOf: Day, staleDays: number) => (villageCode: string) => {
    const lastOn = activity.get(townshipOf(villageCode))
    return lastOn === undefined || daysBetween(lastOn, asOf) > staleDays
  }
