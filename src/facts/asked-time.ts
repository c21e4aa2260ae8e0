import { Refusal } from '../errors.ts'
import { businessDay } from '../platform/business-day.ts'
import type { Clock } from '../platform/database/database.ts'

/**
 * The day and the knowledge that a query asks for: today and everything recorded by now, unless it
 * says otherwise. Refuses: as-of-in-future.
 */
export function asked(
  query: { asOf?: string | undefined; knownAt?: string | undefined },
  clock: Clock,
): { asOf: string; knownAt: string } {
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
  return { asOf, knownAt: (knownAt === undefined ? now : new Date(knownAt)).toISOString() }
}
