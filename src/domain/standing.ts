import { allocate, type Payment } from './allocation.ts'
import { addMonths, type Day, daysBetween } from './calendar-day.ts'
import type { Instalment } from './contract-terms.ts'
import { assertFen } from './fen.ts'
import { type OwedYear, yearsOwed } from './years-owed.ts'

type ArrearsClass = 'none' | 'partial' | 'years'

export interface Standing {
  /** Σ amounts with dueOn ≤ asOf. */
  dueFen: number
  /** Σ payments with paidOn ≤ asOf. */
  paidFen: number
  /** Σ unpaid of the overdue instalments. */
  arrearsFen: number
  /** What was paid and does not lie on an instalment with dueOn ≤ asOf. */
  creditFen: number
  oldestUnpaidDueOn: Day | null
  daysOverdue: number
  /** Rent years that are overdue as a whole and have nothing paid. */
  unpaidYears: number
  /** Other rent years with overdue unpaid money. */
  partialYears: number
  /** Whole years of rent owed, put together from the unpaid parts of all rent years. */
  yearsOwed: number
  arrearsClass: ArrearsClass
  instalments: (Instalment & { paidFen: number })[]
}

/** What a standing needs to know of the contract. */
export interface TermInForce {
  startOn: Day
  /** As amended and ended: see `termEndOn`. */
  endOn: Day
  /** The whole rent is one instalment. */
  once: boolean
}

/**
 * What is due, paid, owed and paid ahead at the end of `asOf`.
 *
 * Payments come in order of recording, without those reversed; those after `asOf` do not count. An
 * instalment is overdue from the day after its due day.
 * Units: fen, days, years. Throws RangeError on what is no amount in fen or no day.
 * Source: Civil Code 560 (allocation), 201 (first day not counted), 721; county practice, design
 * decision.
 * Example: 10000 due 2022-06-30 and unpaid gives, on 2022-07-01, arrearsFen 10000 and daysOverdue
 * 1.
 */
export function standingAt(
  asOf: Day,
  term: TermInForce,
  instalments: readonly Instalment[],
  payments: readonly Payment[],
): Standing {
  const counted = payments.filter((payment) => payment.paidOn <= asOf)
  const allocation = allocate(instalments, counted)
  const years: RentYearSum[] = []
  let [dueFen, onDueFen, arrearsFen] = [0, 0, 0]
  let oldestUnpaidDueOn: Day | null = null
  const withPaid = instalments.map((instalment, at) => {
    const paidFen = allocation.paidFen[at] ?? 0
    const unpaidFen = instalment.amountFen - paidFen
    const overdueFen = instalment.dueOn < asOf ? unpaidFen : 0
    if (instalment.dueOn <= asOf) {
      dueFen += instalment.amountFen
      onDueFen += paidFen
    }
    arrearsFen += overdueFen
    if (overdueFen > 0 && (oldestUnpaidDueOn === null || instalment.dueOn < oldestUnpaidDueOn))
      oldestUnpaidDueOn = instalment.dueOn
    addToYear(years, instalment, overdueFen)
    return withPaidFen(instalment, paidFen)
  })
  assertFen(dueFen)
  const paidFen = counted.reduce((sumFen, payment) => sumFen + payment.amountFen, 0)
  const { unpaidYears, partialYears, owed } = countYears(years, term)
  return {
    dueFen,
    paidFen,
    arrearsFen,
    creditFen: paidFen - onDueFen,
    oldestUnpaidDueOn,
    daysOverdue: oldestUnpaidDueOn === null ? 0 : daysBetween(oldestUnpaidDueOn, asOf),
    unpaidYears,
    partialYears,
    yearsOwed: owed,
    arrearsClass: owed >= 1 ? 'years' : arrearsFen > 0 ? 'partial' : 'none',
    instalments: withPaid,
  }
}

/** Field by field: a spread here doubles the time of a schedule with its standing (measured). */
function withPaidFen(instalment: Instalment, paidFen: number): Standing['instalments'][number] {
  const { no, rentYear, periodStart, periodEnd, dueOn, amountFen, priced } = instalment
  return { no, rentYear, periodStart, periodEnd, dueOn, amountFen, paidFen, priced }
}

interface RentYearSum {
  rentYear: number
  scheduledFen: number
  overdueFen: number
}

/** A schedule comes in order of its rent years. An instalment of 0 fen adds nothing to any sum. */
function addToYear(
  years: RentYearSum[],
  { rentYear, amountFen }: Instalment,
  overdueFen: number,
): void {
  const year = years.at(-1)
  if (year?.rentYear !== rentYear) {
    years.push({ rentYear, scheduledFen: amountFen, overdueFen })
    return
  }
  year.scheduledFen += amountFen
  year.overdueFen += overdueFen
}

function countYears(
  years: readonly RentYearSum[],
  term: TermInForce,
): { unpaidYears: number; partialYears: number; owed: number } {
  let unpaidYears = 0
  const owedYears: OwedYear[] = []
  for (const { rentYear, scheduledFen, overdueFen } of years) {
    if (overdueFen === 0) continue
    // all of it overdue and unpaid: then nothing of it is paid and nothing is still to come
    if (overdueFen === scheduledFen) unpaidYears++
    owedYears.push({ overdueFen, scheduledFen, ...yearLength(rentYear, term) })
  }
  const partialYears = owedYears.length - unpaidYears
  return { unpaidYears, partialYears, owed: yearsOwed(owedYears) }
}

/** How long a rent year is, in days of a full year; paid `once`, year 0 is the whole term. */
function yearLength(rentYear: number, term: TermInForce): { days: number; fullDays: number } {
  let wholeYears = 0
  let year = rentYear
  if (term.once)
    while (addMonths(term.startOn, 12 * (year + 1)) <= term.endOn) {
      year++
      wholeYears++
    }
  const startOn = addMonths(term.startOn, 12 * year)
  const fullDays = daysBetween(startOn, addMonths(term.startOn, 12 * (year + 1)))
  const days = Math.min(fullDays, daysBetween(startOn, term.endOn) + 1)
  return { days: wholeYears * fullDays + days, fullDays }
}
