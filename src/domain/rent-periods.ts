import { addDays, addMonths, type Day } from './calendar-day.ts'
import type { Amendment, ContractTerms, Frequency, Rent } from './contract-terms.ts'

/** A rent clause and the months after `startOn` at which its first period starts. */
export interface RentClause {
  rent: Rent
  fromMonth: number
}

export interface RentPeriod {
  clause: RentClause
  /** Months from `startOn` to the start of the period. */
  month: number
  /** How many months a full period has. */
  months: number
  startOn: Day
  /** The day before the next period starts, whether or not the term lasts so long. */
  fullEndOn: Day
  endOn: Day
}

const MONTHS_PER_PERIOD: Record<Exclude<Frequency, 'once'>, number> = {
  annual: 12,
  semiannual: 6,
  quarterly: 3,
  monthly: 1,
}

/**
 * How the rent of a clause is paid; annual when it does not say.
 *
 * Source: Civil Code 721 (no agreed day: at each full year); design decision.
 * Example: frequencyOf({ lines: [] }) is 'annual'.
 */
export function frequencyOf(rent: Rent): Frequency {
  return rent.frequency ?? 'annual'
}

/**
 * Amendments in the order in which they apply: by `effectiveOn`, then as recorded.
 *
 * Source: county practice, design decision. Example: of two of one day the one recorded last wins.
 */
export function amendmentsInOrder(terms: ContractTerms): readonly Amendment[] {
  const amendments = terms.amendments ?? []
  if (amendments.length < 2) return amendments
  return [...amendments].sort((a, b) =>
    a.effectiveOn < b.effectiveOn ? -1 : +(a.effectiveOn > b.effectiveOn),
  )
}

/**
 * The rent periods of a contract that does not pay `once`, each with the clause that rules it.
 *
 * Periods count from `startOn`; an amended clause rules from the first period on or after its
 * `effectiveOn`; the last period ends with the term.
 * Units: days; months from `startOn`. Throws RangeError on what is not a day, and on `once`.
 * Source: county practice, design decision.
 * Example: 2021-01-31 monthly gives periods from 01-31, 02-28, 03-31.
 */
export function rentPeriods(terms: ContractTerms, termEndOn: Day): RentPeriod[] {
  const clauses = rentClauses(terms, termEndOn)
  const periods: RentPeriod[] = []
  let at = 0
  let month = 0
  let startOn = terms.startOn
  while (startOn <= termEndOn) {
    while ((clauses[at + 1]?.fromMonth ?? Number.POSITIVE_INFINITY) <= month) at++
    const clause = clauses[at] as RentClause
    const months = monthsOf(clause.rent)
    const nextStartOn = addMonths(terms.startOn, month + months)
    const fullEndOn = addDays(nextStartOn, -1)
    const endOn = fullEndOn < termEndOn ? fullEndOn : termEndOn
    periods.push({ clause, month, months, startOn, fullEndOn, endOn })
    month += months
    startOn = nextStartOn
  }
  return periods
}

/** An amendment after the term's end rules no period; of two for the same period the later wins. */
function rentClauses(terms: ContractTerms, termEndOn: Day): RentClause[] {
  const clauses: RentClause[] = [{ rent: terms.rent, fromMonth: 0 }]
  let months = monthsOf(terms.rent)
  for (const { rent, effectiveOn } of amendmentsInOrder(terms)) {
    if (rent === undefined || effectiveOn > termEndOn) continue
    const fromMonth = firstPeriodMonth(terms.startOn, months, effectiveOn)
    clauses.push({ rent, fromMonth })
    months = monthsOf(rent)
  }
  return clauses
}

/** Months from `startOn` to the first period that starts on or after a day. */
function firstPeriodMonth(startOn: Day, months: number, day: Day): number {
  const elapsed = monthNumber(day) - monthNumber(startOn)
  const month = Math.max(0, Math.floor(elapsed / months) * months)
  return addMonths(startOn, month) < day ? month + months : month
}

function monthNumber(day: Day): number {
  return Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7))
}

function monthsOf(rent: Rent): number {
  const frequency = frequencyOf(rent)
  if (frequency === 'once') throw new RangeError('rent paid once has no periods')
  return MONTHS_PER_PERIOD[frequency]
}
