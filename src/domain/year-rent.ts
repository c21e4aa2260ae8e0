import type { Day } from './calendar-day.ts'
import type { GrainPrice, Rent, RentLine } from './contract-terms.ts'
import { assertFen, roundHalfUp, safeFen, timesFraction } from './fen.ts'
import { hundredths } from './hundredths.ts'
import { hundredthsOfMu } from './mu.ts'

/** What 100 jin of a grain cost on a day, in fen; undefined while no price is in force. */
export type PriceInForce = (grain: string, day: Day) => number | undefined

/** A rent clause with its numbers checked once: a schedule asks it for up to 1,200 instalments. */
export interface YearRent {
  /** How often the rent has risen, so many years after the clause began. */
  risesAfter(years: number): number
  /**
   * The rent of a whole year in fen; undefined when a grain line has no price in force on `dueOn`.
   */
  amountFen(rises: number, dueOn: Day): number | undefined
}

/** A year's rent of a line is area × rate × (grain price, or 1) ÷ divisor. */
interface LineRate {
  areaHundredths: number
  rate: number
  divisor: number
  inGrain: boolean
  grain?: string | undefined
}

/**
 * The rent of a year under one rent clause: Σ lines, each rounded half up on its own, after
 * escalation.
 *
 * Units: fen a year; area in mu, grain in jin per mu, its price in fen per 50 kg (100 jin).
 * Throws RangeError on areas or rates that are negative or too fine, on everyYears below 1, on a
 * percent below −100, and when an amount leaves the safe integers.
 * Source: field.md "What real contracts contain" (cash or kind, change every N years);
 * county practice, design decision.
 * Example: yearRent({ lines: [{ areaMu: 2.5, fenPerMu: 60000 }] }, noPrice).amountFen(0, day) is
 * 150000.
 */
export function yearRent(rent: Rent, priceInForce: PriceInForce): YearRent {
  const everyYears = rent.escalation?.everyYears ?? 1
  if (!Number.isSafeInteger(everyYears) || everyYears < 1)
    throw new RangeError(`not a number of years between rises: ${everyYears}`)
  const step = 10_000 + hundredths(rent.escalation?.percent ?? 0)
  if (step < 0) throw new RangeError('a rent cannot fall by more than 100 percent')
  const lines = rent.lines.map((line) => {
    const rate = lineRate(line)
    return { ...rate, yearFen: keepingLast(rate, step) }
  })
  return {
    risesAfter: (years) => (step === 10_000 ? 0 : Math.floor(years / everyYears)),
    amountFen: (rises, dueOn) => {
      let sumFen = 0
      for (const line of lines) {
        const price = line.inGrain ? line.grain && priceInForce(line.grain, dueOn) : 1
        if (typeof price !== 'number') return undefined
        sumFen += line.yearFen(price, rises)
        assertFen(sumFen)
      }
      return sumFen
    },
  }
}

/**
 * Looks up the price in force: the latest `effectiveOn` on or before a day, of equals the last
 * given.
 *
 * Units: fen per 50 kg (100 jin). Throws RangeError, when asked, on a price that is not whole fen.
 * Source: field.md (the state minimum price is quoted per 50 kg); design decision.
 * Example: pricesInForce([{ grain: 'wheat', effectiveOn: '2024-01-01', fenPer50kg: 11800
 * }])('wheat', '2024-06-01') is 11800.
 */
export function pricesInForce(prices: readonly GrainPrice[]): PriceInForce {
  const pricesOf = new Map<string, GrainPrice[]>()
  return (grain, day) => {
    let ofGrain = pricesOf.get(grain)
    if (ofGrain === undefined) {
      ofGrain = prices.filter((price) => price.grain === grain)
      for (const price of ofGrain) assertFen(price.fenPer50kg)
      ofGrain.sort((a, b) =>
        a.effectiveOn < b.effectiveOn ? -1 : +(a.effectiveOn > b.effectiveOn),
      )
      pricesOf.set(grain, ofGrain)
    }
    return ofGrain.findLast((price) => price.effectiveOn <= day)?.fenPer50kg
  }
}

function lineRate(line: RentLine): LineRate {
  const areaHundredths = hundredthsOfMu(line.areaMu)
  const basis = line.basis ?? (line.jinPerMu === undefined ? 'cash' : 'grain')
  if (basis === 'cash') {
    const rate = line.fenPerMu ?? 0
    assertFen(rate)
    return { areaHundredths, rate, divisor: 100, inGrain: false }
  }
  const rate = hundredths(line.jinPerMu ?? 0)
  if (rate < 0) throw new RangeError(`not an amount of grain: ${line.jinPerMu} jin per mu`)
  // hundredths of a mu × hundredths of a jin × fen per 100 jin
  return { areaHundredths, rate, divisor: 1_000_000, inGrain: true, grain: line.grain }
}

/** Keeps the last result: a year's months ask for the same sum again. */
function keepingLast(line: LineRate, step: number): (price: number, rises: number) => number {
  let [lastPrice, lastRises, lastFen] = [-1, -1, 0]
  return (price, rises) => {
    if (price !== lastPrice || rises !== lastRises) lastFen = lineFen(line, price, step, rises)
    lastPrice = price
    lastRises = rises
    return lastFen
  }
}

function lineFen(line: LineRate, price: number, step: number, rises: number): number {
  const product = line.areaHundredths * line.rate * price
  if (rises === 0 && Number.isSafeInteger(product)) return timesFraction(product, 1, line.divisor)
  const exact = BigInt(line.areaHundredths) * BigInt(line.rate) * BigInt(price)
  const power = BigInt(rises)
  return safeFen(
    roundHalfUp(exact * BigInt(step) ** power, BigInt(line.divisor) * 10_000n ** power),
  )
}
