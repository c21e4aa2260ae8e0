import { addDays, addMonths, type Day, daysBetween } from './calendar-day.ts'
import type { ContractTerms, GrainPrice, Instalment } from './contract-terms.ts'
import { assertFen, timesFraction } from './fen.ts'
import {
  amendmentsInOrder,
  frequencyOf,
  type RentClause,
  type RentPeriod,
  rentPeriods,
} from './rent-periods.ts'
import { pricesInForce, type YearRent, yearRent } from './year-rent.ts'

/** The longest term that the days of the ledger (1900 to 2199) can hold: 长期 is real dirt. */
export const TERM_MONTHS_MAX = 3600

export type AmendmentProblem =
  | 'frequency-change-within-rent-year'
  | 'once-not-amendable'
  | 'end-before-start'

/**
 * Every instalment of a contract's rent, from its terms as amended and ended.
 *
 * Units: fen, days. Throws RangeError when the terms have an `amendmentProblem`, the term is longer
 * than TERM_MONTHS_MAX, a number has more decimals than its unit allows or is negative, or an
 * amount or the sum of all leaves the safe integers.
 * Source: Civil Code 721 (without an agreed day: at each full year); county practice, design
 * decision.
 * Example: 2.5 mu at 60000 fen from 2020-03-01 to 2022-08-31 gives 150000 due 2021-02-28, 150000
 * due 2022-02-28 and, for 184 of 365 days, 75616 due 2022-08-31.
 */
export function rentSchedule(terms: ContractTerms, prices: readonly GrainPrice[]): Instalment[] {
  const problem = amendmentProblem(terms)
  if (problem !== undefined) throw new RangeError(`terms without a schedule: ${problem}`)
  const endOn = termEndOn(terms)
  if (endOn >= addMonths(terms.startOn, TERM_MONTHS_MAX))
    throw new RangeError(`a term of more than ${TERM_MONTHS_MAX} months`)
  const instalments =
    frequencyOf(terms.rent) === 'once'
      ? [onceInstalment(terms, endOn, prices)]
      : periodInstalments(terms, endOn, prices)
  let sumFen = 0
  for (const { amountFen } of instalments) sumFen += amountFen
  assertFen(sumFen)
  return instalments
}

/**
 * The last day of the term: the last amended `endOn`, or the early end when that comes first.
 *
 * Units: a day, inclusive. Source: county practice, design decision (an end acts as an earlier
 * `endOn`).
 * Example: endOn 2034-12-31 and endedOn 2024-06-30 give 2024-06-30.
 */
export function termEndOn(terms: ContractTerms): Day {
  const amended = amendmentsInOrder(terms).findLast((amendment) => amendment.endOn !== undefined)
  const endOn = amended?.endOn ?? terms.endOn
  return terms.endedOn !== undefined && terms.endedOn < endOn ? terms.endedOn : endOn
}

/**
 * Why a contract's chain of amendments, or its end, is to be refused; undefined when it is in
 * order.
 *
 * A rent with another frequency than the one then in force begins on the first day of a rent year;
 * `once` is neither amended nor introduced; no end lies before the start.
 * Throws RangeError on what is not a day. Source: county practice, design decision.
 * Example: an annual contract from 2020-01-01 turned monthly on 2022-05-01 gives
 * 'frequency-change-within-rent-year', on 2022-01-01 undefined.
 */
export function amendmentProblem(terms: ContractTerms): AmendmentProblem | undefined {
  const { startOn, endOn, endedOn } = terms
  if (daysBetween(startOn, endOn) < 0) return 'end-before-start'
  if (endedOn !== undefined && daysBetween(startOn, endedOn) < 0) return 'end-before-start'
  let frequency = frequencyOf(terms.rent)
  for (const amendment of amendmentsInOrder(terms)) {
    if (frequency === 'once') return 'once-not-amendable'
    if (amendment.endOn !== undefined && daysBetween(startOn, amendment.endOn) < 0)
      return 'end-before-start'
    if (amendment.rent === undefined) continue
    const next = frequencyOf(amendment.rent)
    if (next === 'once') return 'once-not-amendable'
    if (next !== frequency && !startsRentYear(startOn, amendment.effectiveOn))
      return 'frequency-change-within-rent-year'
    frequency = next
  }
  return undefined
}

function startsRentYear(startOn: Day, day: Day): boolean {
  const years = Number(day.slice(0, 4)) - Number(startOn.slice(0, 4))
  return years >= 0 && addMonths(startOn, 12 * years) === day
}

function periodInstalments(
  terms: ContractTerms,
  termEnd: Day,
  prices: readonly GrainPrice[],
): Instalment[] {
  const priceInForce = pricesInForce(prices)
  const instalments: Instalment[] = []
  let clause: RentClause | undefined
  let rent: YearRent | undefined
  for (const period of rentPeriods(terms, termEnd)) {
    if (rent === undefined || clause !== period.clause) {
      clause = period.clause
      rent = yearRent(clause.rent, priceInForce)
    }
    const rentYear = Math.floor(period.month / 12)
    const dueOn = dueDay(terms.startOn, period, termEnd)
    const rises = rent.risesAfter(rentYear - Math.floor(clause.fromMonth / 12))
    const yearFen = rent.amountFen(rises, dueOn)
    instalments.push({
      no: instalments.length + 1,
      rentYear,
      periodStart: period.startOn,
      periodEnd: period.endOn,
      dueOn,
      amountFen: yearFen === undefined ? 0 : periodFen(yearFen, period),
      priced: yearFen !== undefined,
    })
  }
  return instalments
}

function dueDay(startOn: Day, period: RentPeriod, termEnd: Day): Day {
  const { rent, fromMonth } = period.clause
  if (rent.firstDueOn !== undefined) return addMonths(rent.firstDueOn, period.month - fromMonth)
  const nextYear = Math.floor(period.month / 12) + 1
  const yearEnd = addDays(addMonths(startOn, 12 * nextYear), -1)
  return yearEnd < termEnd ? yearEnd : termEnd
}

/**
 * The period's equal share of its year, what does not divide on the year's last one; cut by days.
 */
function periodFen(yearFen: number, period: RentPeriod): number {
  const perYear = 12 / period.months
  const rest = yearFen % perYear
  const isLastOfYear = (period.month + period.months) % 12 === 0
  const fullFen = (yearFen - rest) / perYear + (isLastOfYear ? rest : 0)
  if (period.endOn === period.fullEndOn) return fullFen
  const days = daysBetween(period.startOn, period.endOn) + 1
  return timesFraction(fullFen, days, daysBetween(period.startOn, period.fullEndOn) + 1)
}

function onceInstalment(
  terms: ContractTerms,
  termEnd: Day,
  prices: readonly GrainPrice[],
): Instalment {
  const dueOn = terms.rent.firstDueOn ?? terms.startOn
  const rent = yearRent(terms.rent, pricesInForce(prices))
  const years = rentPeriods({ ...terms, rent: { lines: [] }, amendments: [] }, termEnd)
  let amountFen = 0
  let priced = true
  for (const [rentYear, year] of years.entries()) {
    const yearFen = rent.amountFen(rent.risesAfter(rentYear), dueOn)
    if (yearFen === undefined) priced = false
    else amountFen += periodFen(yearFen, year)
  }
  if (!priced) amountFen = 0
  const { startOn: periodStart } = terms
  return { no: 1, rentYear: 0, periodStart, periodEnd: termEnd, dueOn, amountFen, priced }
}
