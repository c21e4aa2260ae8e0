import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allocate, type Payment } from '../../src/domain/allocation.ts'
import { addDays, addMonths, daysBetween } from '../../src/domain/calendar-day.ts'
import type { Instalment } from '../../src/domain/contract-terms.ts'
import { amendmentProblem, rentSchedule, termEndOn } from '../../src/domain/rent-schedule.ts'
import { type Standing, standingAt, type TermInForce } from '../../src/domain/standing.ts'
import { anyPayments, anyPrices, anyTerms } from './arbitrary-terms.ts'

interface Given {
  term: TermInForce
  instalments: Instalment[]
  payments: Payment[]
  asOf: string
}

const given: fc.Arbitrary<Given> = fc
  .tuple(anyTerms, anyPrices)
  .filter(([terms]) => amendmentProblem(terms) === undefined)
  .chain(([terms, prices]) => {
    const instalments = rentSchedule(terms, prices)
    const term = {
      startOn: terms.startOn,
      endOn: termEndOn(terms),
      once: terms.rent.frequency === 'once',
    }
    const lasting = daysBetween(term.startOn, term.endOn)
    return fc.record({
      term: fc.constant(term),
      instalments: fc.constant(instalments),
      payments: anyPayments(instalments),
      asOf: fc
        .integer({ min: -100, max: lasting + 700 })
        .map((days) => addDays(term.startOn, days)),
    })
  })

const at = ({ asOf, term, instalments, payments }: Given): Standing =>
  standingAt(asOf, term, instalments, payments)
const sum = (amounts: readonly number[]) => amounts.reduce((a, b) => a + b, 0)
const runs = { numRuns: 400 }

describe('standing', () => {
  it('money is conserved', () => {
    fc.assert(
      fc.property(given, (facts) => {
        const { paidFen, creditFen } = allocate(facts.instalments, facts.payments)
        const paidIn = sum(facts.payments.map((payment) => payment.amountFen))
        expect(sum(paidFen) + creditFen).toBe(paidIn)
        paidFen.forEach((fen, index) => {
          expect(fen).toBeGreaterThanOrEqual(0)
          expect(fen).toBeLessThanOrEqual(facts.instalments[index]?.amountFen ?? 0)
        })
        const standing = at(facts)
        const onDue = standing.instalments.filter((instalment) => instalment.dueOn <= facts.asOf)
        expect(standing.paidFen).toBe(sum(onDue.map((i) => i.paidFen)) + standing.creditFen)
        expect(standing.creditFen).toBeGreaterThanOrEqual(0)
      }),
      runs,
    )
  })

  it('order of entry does not matter among payments of different days', () => {
    const shuffled = given.chain((facts) =>
      fc.tuple(
        fc.constant(facts),
        fc.shuffledSubarray(facts.payments, { minLength: facts.payments.length }),
      ),
    )
    fc.assert(
      fc.property(shuffled, ([facts, payments]) => {
        expect(at({ ...facts, payments })).toEqual(at(facts))
      }),
      runs,
    )
  })

  it('paying more never raises arrears, age or years owed', () => {
    const withMore = given.chain((facts) =>
      fc.tuple(fc.constant(facts), anyPayments(facts.instalments)),
    )
    fc.assert(
      fc.property(withMore, ([facts, more]) => {
        const before = at(facts)
        const after = at({ ...facts, payments: [...facts.payments, ...more] })
        expect(after.arrearsFen).toBeLessThanOrEqual(before.arrearsFen)
        expect(after.daysOverdue).toBeLessThanOrEqual(before.daysOverdue)
        expect(after.yearsOwed).toBeLessThanOrEqual(before.yearsOwed)
        expect(after.unpaidYears).toBeLessThanOrEqual(before.unpaidYears)
      }),
      runs,
    )
  })

  it('without new payments what stays unpaid only grows older', () => {
    fc.assert(
      fc.property(given, fc.integer({ min: 1, max: 800 }), (facts, days) => {
        const payments = facts.payments.filter((payment) => payment.paidOn <= facts.asOf)
        const before = at({ ...facts, payments })
        const after = at({ ...facts, payments, asOf: addDays(facts.asOf, days) })
        if (before.daysOverdue > 0)
          expect(after.daysOverdue).toBeGreaterThanOrEqual(before.daysOverdue + days)
        expect(after.arrearsFen).toBeGreaterThanOrEqual(before.arrearsFen)
        expect(after.yearsOwed).toBeGreaterThanOrEqual(before.yearsOwed)
      }),
      runs,
    )
  })

  it('years owed lie between 0 and the years of the term, and agree with exact fractions', () => {
    fc.assert(
      fc.property(given, (facts) => {
        const standing = at(facts)
        let termYears = 0
        while (addMonths(facts.term.startOn, 12 * (termYears + 1)) <= addDays(facts.term.endOn, 1))
          termYears++
        expect(standing.yearsOwed).toBeGreaterThanOrEqual(0)
        expect(standing.yearsOwed).toBeLessThanOrEqual(termYears)
        expect(standing.yearsOwed).toBe(exactYears(facts, standing))
        if (standing.arrearsFen === 0) expect(standing.yearsOwed).toBe(0)
      }),
      runs,
    )
  })
})

/** Every year over one common denominator, the length of each counted in days one by one. */
function exactYears({ asOf, term }: Given, { instalments }: Standing): number {
  let [numerator, denominator] = [0n, 1n]
  for (const rentYear of new Set(instalments.map((instalment) => instalment.rentYear))) {
    const ofYear = instalments.filter((instalment) => instalment.rentYear === rentYear)
    const scheduled = BigInt(sum(ofYear.map((i) => i.amountFen)))
    if (scheduled === 0n) continue
    const overdue = ofYear.filter((instalment) => instalment.dueOn < asOf)
    const unpaid = BigInt(sum(overdue.map((i) => i.amountFen - i.paidFen)))
    const years = term.once ? Array.from({ length: 101 }, (_, y) => y) : [rentYear]
    for (const y of years) {
      const [from, to] = [12 * y, 12 * y + 12].map((n) => addMonths(term.startOn, n))
      if (from === undefined || to === undefined) continue
      const full = BigInt(daysBetween(from, to))
      const lasting = BigInt(Math.max(0, daysBetween(from, term.endOn) + 1))
      const length = lasting < full ? lasting : full
      numerator = numerator * scheduled * full + unpaid * length * denominator
      denominator *= scheduled * full
    }
  }
  return Number(numerator / denominator)
}
