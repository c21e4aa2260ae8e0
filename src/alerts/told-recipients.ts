import { and, eq, gte } from 'drizzle-orm'
import { addDays, type Day } from '../domain/calendar-day.ts'
import { groupBy } from '../domain/group-by.ts'
import { toldUpTo } from '../domain/told-up-to.ts'
import type { Reader } from '../platform/database/database.ts'
import type { AlertRecipient } from '../platform/database/tables-of-alerts.ts'
import { activeRecipients } from './alert-recipients.ts'

export const DIGEST = 'digest'

/** After a longer silence a list of changes says little: the recipient starts anew. */
const SILENCE_DAYS_MAX = 366

/** Active recipients that have no message for a night yet. */
export async function untoldRecipients(db: Reader, asOf: Day): Promise<AlertRecipient[]> {
  const { alerts: t } = db.tables
  const rows = await db
    .select({ email: t.email })
    .from(t)
    .where(and(eq(t.asOf, asOf), eq(t.kind, DIGEST)))
  const told = new Set(rows.map(({ email }) => email))
  return (await activeRecipients(db)).filter(({ email }) => !told.has(email))
}

/**
 * Up to when recipients were told of their region; nothing about one that was not, or not for a
 * year, or of another region only.
 */
export async function lastTold(
  db: Reader,
  asOf: Day,
): Promise<(recipient: AlertRecipient) => string | undefined> {
  const { alerts: t } = db.tables
  const rows = await db
    .select({
      email: t.email,
      regionCode: t.regionCode,
      state: t.state,
      toldUpTo: t.toldUpTo,
      endedAt: t.endedAt,
    })
    .from(t)
    .where(and(gte(t.asOf, addDays(asOf, -SILENCE_DAYS_MAX)), eq(t.kind, DIGEST)))
  const digests = groupBy(rows, ({ email, regionCode }) => `${regionCode} ${email}`)
  return ({ email, regionCode }) => toldUpTo(digests.get(`${regionCode} ${email}`) ?? [])
}
