import { Refusal } from '../errors.ts'
import { businessDay } from '../platform/business-day.ts'
import type { Clock, Database } from '../platform/database/database.ts'
import { lastInstant } from '../platform/database/ledger-clock.ts'
import { untilWritten } from '../platform/database/until-written.ts'
import { whenThere } from '../platform/when-there.ts'
import type { AtTime } from './fact-kind.ts'
import { ALL_KNOWN } from './fact-store.ts'

/**
 * The day and the knowledge that a query asks for: today and everything recorded by now, unless it
 * says otherwise; `version` as for `untilWritten`. Refuses: as-of-in-future.
 */
export function asked(
  query: { asOf?: string | undefined; knownAt?: string | undefined },
  { db, clock }: { db: Database; clock: Clock },
  version?: unknown,
): AtTime | Promise<AtTime> {
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
  if (knownAt !== undefined) return { asOf, knownAt: instantOf(knownAt) }
  // The last instant of the ledger, not the present one: whatever is recorded next comes after it.
  const last = kept(db.read, '', () => lastInstant(db.read), version)
  return whenThere(last, (instant = now.toISOString()) => ({ asOf, knownAt: instant }))
}

const kept = untilWritten<string>(1)

/** In UTC, as the ledger writes it; what lies after the year 9999 there is all that is known. */
function instantOf(text: string): string {
  const ms = Math.min(Date.parse(text), Date.parse(ALL_KNOWN))
  return new Date(ms).toISOString()
}
