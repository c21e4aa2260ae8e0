import { type Day, daysBetween } from './calendar-day.ts'
import { assertFen } from './fen.ts'

export interface Disbursement {
  amountFen: number
  paidOn: Day
}

/**
 * Whether a subsidy is late at the end of `asOf`: from the day after `payableOn` while something of
 * it is undisbursed. Without `payableOn` there is no clock.
 *
 * Units: fen, days. Source: county practice, design decision.
 * Example: isLate('2024-07-01', '2024-06-30', 1) is true, isLate('2024-06-30', '2024-06-30', 1)
 * false.
 */
export function isLate(
  asOf: Day,
  payableOn: Day | null | undefined,
  outstandingFen: number,
): boolean {
  return payableOn != null && payableOn < asOf && outstandingFen > 0
}

/**
 * How many days `asOf` lies after `payableOn`; negative before it.
 *
 * Units: days. Throws RangeError on what is not a day. Source: county practice, design decision.
 * Example: delayDays('2024-07-01', '2024-06-30') is 1.
 */
export function delayDays(asOf: Day, payableOn: Day): number {
  return daysBetween(payableOn, asOf)
}

/**
 * What of a subsidy is still undisbursed at the end of `asOf`, never below 0.
 *
 * Units: fen. Throws RangeError on what is no amount in fen. Source: county practice, design
 * decision.
 * Example: outstandingFen(500, [{ amountFen: 200, paidOn: '2024-01-05' }], '2024-01-04') is 500.
 */
export function outstandingFen(
  amountFen: number,
  disbursements: readonly Disbursement[],
  asOf: Day,
): number {
  assertFen(amountFen)
  let restFen = amountFen
  for (const disbursement of disbursements) {
    assertFen(disbursement.amountFen)
    if (disbursement.paidOn <= asOf) restFen -= disbursement.amountFen
  }
  return Math.max(0, restFen)
}

/**
 * How much of an operator's arrears what is owed to it would cover. Shown, never netted.
 *
 * Units: fen. Throws RangeError on what is no amount in fen.
 * Source: Civil Code 525, 526, 722 (no defence against the rent); design decision (the two clocks).
 * Example: coverageFen(300, 500) is 300.
 */
export function coverageFen(arrearsFen: number, lateOutstandingFen: number): number {
  assertFen(arrearsFen)
  assertFen(lateOutstandingFen)
  return Math.min(arrearsFen, lateOutstandingFen)
}
