import { findTerms, pricesFor, termsOf } from '../contracts/contract-terms-store.ts'
import { scheduleOf } from '../contracts/schedule-of.ts'
import type { Day } from '../domain/calendar-day.ts'
import { type ContractCheck, contractChecks } from '../domain/contract-checks.ts'
import { termEndOn } from '../domain/rent-schedule.ts'
import { type Standing, standingAt } from '../domain/standing.ts'
import type { Reader } from '../platform/database/database.ts'
import { standingPayments } from './payment-store.ts'

/** A contract's standing from its facts; undefined when there was no such contract at `knownAt`. */
export async function contractStanding(
  db: Reader,
  contractId: string,
  asOf: Day,
  knownAt: string,
): Promise<(Standing & { checks: ContractCheck[] }) | undefined> {
  const facts = await findTerms(db, contractId, knownAt)
  if (!facts) return undefined
  const terms = termsOf(facts)
  const schedule = scheduleOf(terms, await pricesFor(db, terms, knownAt))
  const payments = await standingPayments(db, contractId, knownAt)
  const term = {
    startOn: terms.startOn,
    endOn: termEndOn(terms),
    once: terms.rent.frequency === 'once',
  }
  const standing = standingAt(asOf, term, schedule, payments)
  const checks = contractChecks({
    unpriced: schedule.some(({ priced }) => !priced),
    over: term.endOn < asOf,
    creditFen: standing.creditFen,
    lessorKind: facts.contract.lessorKind,
    households: facts.contract.households,
  })
  return { ...standing, checks }
}
