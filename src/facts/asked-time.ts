import { Refusal } from '../errors.ts'
import { businessDay } from '../platform/business-day.ts'
import type { Clock, Database } from '../platform/database/database.ts'
import { lastInstant } from '../platform/database/ledger-clock.ts'

/**
 * The day and the knowledge that a query asks for: today and everything recorded by now, unless it
 * says otherwise. Refuses: as-of-in-future.
 */
export async function asked(
  query: { asOf?: string | undefined; knownAt?: string | undefined },
  { db, clock }: { db: Database; clock: Clock },
): Promise<{ asOf: string; knownAt: string }> {
  const now = clock.now()
  const today = businessDay(now, clock.timeZone)
  const { asOf = today, knownAt } = query
  if (asOf > today) {
    const words = {
      zh: `asOf 不能晚于今天(${today})`,
      en: `asOf must not be after today (${today})`,
    }
    throw new Refusal('rule-broken', 'as-of-in-future', words, 'asOf')
  }
  if (knownAt !== undefined) return { asOf, knownAt: new Date(knownAt).toISOString() }
  // The ledger's clock runs ahead of the wall's when that was set back.
  const last = (await lastInstant(db.read)) ?? ''
  return { asOf, knownAt: last > now.toISOString() ? last : now.toISOString() }
}
