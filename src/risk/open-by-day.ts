import { allocate } from '../domain/allocation.ts'
import type { Day } from '../domain/calendar-day.ts'
import type { AtTime } from '../facts/fact-kind.ts'
import type { Reader } from '../platform/database/database.ts'
import { instalmentsOf, paymentsOf } from './contract-balances.ts'

/** Their instalments and payments are read in some milliseconds. */
const CONTRACTS_PER_PART = 500

/** What is open on `asOf` of a contract's instalments of a day. */
export interface OpenDay {
  contractId: string
  dueOn: Day
  openFen: number
}

/**
 * What is open of the instalments of each day from `asOf` to `until`, payment by payment: where the
 * debtor named what is paid, an older instalment may be open while a later one is not.
 */
export async function* openByDay(
  db: Reader,
  contractIds: readonly string[],
  { asOf, knownAt }: AtTime,
  until: Day,
): AsyncGenerator<OpenDay> {
  for (let at = 0; at < contractIds.length; at += CONTRACTS_PER_PART) {
    const part = contractIds.slice(at, at + CONTRACTS_PER_PART)
    const instalments = await instalmentsOf(db, part, { knownAt })
    const payments = await paymentsOf(db, part, { asOf, knownAt })
    for (const contractId of part) {
      const scheduled = instalments.get(contractId) ?? []
      const { paidFen } = allocate(scheduled, payments.get(contractId) ?? [])
      const open = new Map<Day, number>()
      for (const [position, { dueOn, amountFen }] of scheduled.entries()) {
        if (dueOn < asOf || dueOn > until) continue
        open.set(dueOn, (open.get(dueOn) ?? 0) + amountFen - (paidFen[position] ?? 0))
      }
      for (const [dueOn, openFen] of open) if (openFen > 0) yield { contractId, dueOn, openFen }
    }
  }
}
