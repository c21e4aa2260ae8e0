import { addDays, type Day } from '../../src/domain/calendar-day.ts'
import type { Instalment } from '../../src/domain/contract-terms.ts'
import { drawn, type Random } from '../demo-county/random.ts'
import { AS_OF } from './bench-county.ts'

export interface PlannedPayment {
  paidOn: Day
  amountFen: number
  designatedDueOn: Day | null
  /** Entered by mistake and taken back the same day. */
  reversed: boolean
}

/** What share of the contracts is paid how, in percent. */
const HABITS = [
  ['regular', 84.9],
  ['behind', 11.1],
  // names the day of the oldest instalment, which changes nothing
  ['names-the-day', 2],
  // leaves one instalment out and names the next
  ['skips-one', 2],
] as const
const YEARS_BEHIND = [
  [1, 40],
  [2, 25],
  [3, 15],
  [4, 10],
  [5, 6],
  [6, 4],
] as const
const EARLY_DAYS = 20
const LATE_DAYS = 8

/** The payments on one contract up to `AS_OF`, instalment by instalment. */
export function planPayments(
  random: Random,
  startOn: Day,
  schedule: readonly Instalment[],
): { payments: PlannedPayment[]; behind: boolean } {
  const habit = drawn(random, HABITS)
  const payable = schedule.filter(({ dueOn }) => dueOn <= addDays(AS_OF, EARLY_DAYS))
  const withheld = habit === 'behind' ? withheldOf(random, payable) : 0
  const skipped = habit === 'skips-one' ? random.between(0, payable.length - 2) : -1
  const payments: PlannedPayment[] = []
  const pay = (day: Day, amountFen: number, designatedDueOn: Day | null, reversed = false) => {
    const paidOn = day < startOn ? startOn : day
    if (paidOn <= AS_OF && amountFen > 0)
      payments.push({ paidOn, amountFen, designatedDueOn, reversed })
  }
  for (let at = 0; at < payable.length - withheld; at++) {
    if (at === skipped) continue
    const { dueOn, amountFen } = payable[at] as Instalment
    const named = habit === 'names-the-day' || at === skipped + 1
    const designated = named && habit !== 'regular' && habit !== 'behind' ? dueOn : null
    const day = addDays(dueOn, random.between(-EARLY_DAYS, LATE_DAYS))
    const next = payable[at + 1]
    if (random.chance(0.5)) pay(day, amountFen * 10, null, true)
    if (random.chance(8)) {
      const firstFen = Math.floor(amountFen / 2)
      pay(addDays(day, -5), firstFen, designated)
      pay(day, amountFen - firstFen, designated)
    } else if (habit === 'regular' && next && random.chance(3)) {
      pay(day, amountFen + next.amountFen, null)
      at++
    } else pay(day, amountFen, designated)
  }
  const first = payable[payable.length - withheld]
  if (first && withheld > 0 && random.chance(40))
    pay(
      addDays(first.dueOn, 30),
      Math.floor((first.amountFen * random.between(20, 80)) / 100),
      null,
    )
  return { payments, behind: withheld > 0 }
}

/** The last instalments, for whole years, that someone who is behind has not paid. */
function withheldOf(random: Random, payable: readonly Instalment[]): number {
  const years = drawn(random, YEARS_BEHIND)
  const lastYear = payable.at(-1)?.rentYear ?? 0
  return payable.filter(({ rentYear }) => rentYear > lastYear - years).length
}
