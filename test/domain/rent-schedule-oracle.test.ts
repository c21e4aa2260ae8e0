import { addDays, addMonths, differenceInCalendarDays, formatISO, parseISO } from 'date-fns'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type {
  ContractTerms,
  GrainPrice,
  Instalment,
  Rent,
} from '../../src/domain/contract-terms.ts'
import { amendmentProblem, rentSchedule } from '../../src/domain/rent-schedule.ts'
import { anyPrices, anyTerms } from './arbitrary-terms.ts'

/* A second schedule, written from domain.md alone: date-fns, BigInt everywhere, no early exit. */
const text = (date: Date) => formatISO(date, { representation: 'date' })
const plusMonths = (day: string, n: number) => text(addMonths(parseISO(day), n))
const plusDays = (day: string, n: number) => text(addDays(parseISO(day), n))
const daysOf = (from: string, to: string) =>
  BigInt(differenceInCalendarDays(parseISO(to), parseISO(from)) + 1)
const MONTHS = { annual: 12, semiannual: 6, quarterly: 3, monthly: 1, once: 12 }
const decimal = (n: number) => BigInt(n.toFixed(2).replace('.', ''))

function halfUp(numerator: bigint, denominator: bigint): bigint {
  const floor = numerator / denominator
  return (numerator - floor * denominator) * 2n >= denominator ? floor + 1n : floor
}

function oracleYear(rent: Rent, rises: number, dueOn: string, prices: readonly GrainPrice[]) {
  let sum = 0n
  for (const line of rent.lines) {
    const up = (10_000n + decimal(rent.escalation?.percent ?? 0)) ** BigInt(rises)
    const down = 10_000n ** BigInt(rises)
    if (line.jinPerMu === undefined) {
      sum += halfUp(decimal(line.areaMu) * BigInt(line.fenPerMu ?? 0) * up, 100n * down)
      continue
    }
    let price: GrainPrice | undefined
    for (const candidate of prices)
      if (candidate.grain === line.grain && candidate.effectiveOn <= dueOn)
        if (price === undefined || candidate.effectiveOn >= price.effectiveOn) price = candidate
    if (price === undefined) return undefined
    const jin = decimal(line.areaMu) * decimal(line.jinPerMu)
    sum += halfUp(jin * BigInt(price.fenPer50kg) * up, 1_000_000n * down)
  }
  return sum
}

function oracleEnd(terms: ContractTerms): string {
  let best: { effectiveOn: string; endOn: string } | undefined
  for (const { effectiveOn, endOn } of terms.amendments ?? [])
    if (endOn !== undefined && (best === undefined || effectiveOn >= best.effectiveOn))
      best = { effectiveOn, endOn }
  const endOn = best?.endOn ?? terms.endOn
  return terms.endedOn !== undefined && terms.endedOn < endOn ? terms.endedOn : endOn
}

/** The clause of a period is that of the last amendment effective on or before the period's start. */
function oracleClause(terms: ContractTerms, startOn: string): Rent {
  let found = { effectiveOn: '', rent: terms.rent }
  for (const { effectiveOn, rent } of terms.amendments ?? [])
    if (rent !== undefined && effectiveOn <= startOn && effectiveOn >= found.effectiveOn)
      found = { effectiveOn, rent }
  return found.rent
}

function oracle(terms: ContractTerms, prices: readonly GrainPrice[]): Instalment[] {
  const end = oracleEnd(terms)
  const found: Instalment[] = []
  let clause: Rent | undefined
  let first = 0
  let once: bigint | undefined = 0n
  for (let month = 0; plusMonths(terms.startOn, month) <= end; ) {
    const periodStart = plusMonths(terms.startOn, month)
    const rent = oracleClause(terms, periodStart)
    if (rent !== clause) first = month
    clause = rent
    const isOnce = rent.frequency === 'once'
    const m = MONTHS[rent.frequency ?? 'annual']
    const rentYear = Math.floor(month / 12)
    const fullEnd = plusDays(plusMonths(terms.startOn, month + m), -1)
    const periodEnd = fullEnd < end ? fullEnd : end
    const yearEnd = plusDays(plusMonths(terms.startOn, 12 * rentYear + 12), -1)
    let dueOn = yearEnd < end ? yearEnd : end
    if (rent.firstDueOn) dueOn = plusMonths(rent.firstDueOn, month - first)
    if (isOnce) dueOn = rent.firstDueOn ?? terms.startOn
    const rises = Math.floor(
      (rentYear - Math.floor(first / 12)) / (rent.escalation?.everyYears ?? 1),
    )
    const year = oracleYear(rent, rises, dueOn, prices)
    let amount = 0n
    if (year !== undefined) {
      const n = BigInt(12 / m)
      const place = BigInt((month % 12) / m)
      amount = place === n - 1n ? year - (year / n) * (n - 1n) : year / n
      if (periodEnd !== fullEnd)
        amount = halfUp(amount * daysOf(periodStart, periodEnd), daysOf(periodStart, fullEnd))
    }
    if (isOnce) once = year === undefined || once === undefined ? undefined : once + amount
    found.push({
      no: found.length + 1,
      rentYear,
      periodStart,
      periodEnd,
      dueOn,
      amountFen: Number(amount),
      priced: year !== undefined,
    })
    month += m
  }
  const [only] = found
  if (terms.rent.frequency !== 'once' || only === undefined) return found
  return [{ ...only, periodEnd: end, amountFen: Number(once ?? 0n), priced: once !== undefined }]
}

describe('rentSchedule', () => {
  it('agrees with a naive second schedule', () => {
    let compared = 0
    let amended = 0
    fc.assert(
      fc.property(anyTerms, anyPrices, (terms, prices) => {
        if (amendmentProblem(terms) !== undefined) return
        compared++
        if (terms.amendments?.some((amendment) => amendment.rent)) amended++
        expect(rentSchedule(terms, prices)).toEqual(oracle(terms, prices))
      }),
      { numRuns: 1500 },
    )
    expect(compared).toBeGreaterThan(1200)
    expect(amended).toBeGreaterThan(300)
  })

  it('covers the term without gap or overlap', () => {
    fc.assert(
      fc.property(anyTerms, (terms) => {
        if (amendmentProblem(terms) !== undefined) return
        const instalments = rentSchedule(terms, [])
        let next = terms.startOn
        for (const { periodStart, periodEnd, no } of instalments) {
          expect(periodStart).toBe(next)
          expect(periodEnd >= periodStart).toBe(true)
          expect(instalments[no - 1]?.periodStart).toBe(periodStart)
          next = plusDays(periodEnd, 1)
        }
        expect(next).toBe(plusDays(oracleEnd(terms), 1))
      }),
      { numRuns: 500 },
    )
  })

  it('shares a year so that its parts are the year', () => {
    const frequency = fc.constantFrom(
      'semiannual' as const,
      'quarterly' as const,
      'monthly' as const,
    )
    fc.assert(
      fc.property(frequency, fc.integer({ min: 0, max: 10_000_000 }), (how, fenPerMu) => {
        const terms = { startOn: '2020-01-31', endOn: '2022-01-30', rent: { lines: [] } }
        const lines = [{ areaMu: 1.01, fenPerMu }]
        const [shared, annual] = [how, 'annual' as const].map((each) => {
          const years = [0, 0]
          for (const i of rentSchedule({ ...terms, rent: { lines, frequency: each } }, []))
            years[i.rentYear] = (years[i.rentYear] ?? 0) + i.amountFen
          return years
        })
        expect(shared).toEqual(annual)
      }),
    )
  })
})
