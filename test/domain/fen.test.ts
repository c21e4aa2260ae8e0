import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  AmountTooLarge,
  assertFen,
  roundHalfUp,
  safeFen,
  timesFraction,
  wan,
} from '../../src/domain/fen.ts'

const MAX = Number.MAX_SAFE_INTEGER

describe('wan', () => {
  it.each([
    [0, '0.00'],
    [4_999, '0.00'],
    [5_000, '0.01'],
    [14_999, '0.01'],
    [15_000, '0.02'],
    [995_000, '1.00'],
    [64_100_000, '64.10'],
    [10_091_000_000, '10091.00'],
    [MAX, '9007199254.74'],
  ])('%i fen are %s 万元', (fen, expected) => {
    expect(wan(fen)).toBe(expected)
  })
})

describe('rounding half up', () => {
  it.each([
    [1n, 2n, 1n],
    [1n, 3n, 0n],
    [2n, 3n, 1n],
    [5n, 2n, 3n],
    [0n, 7n, 0n],
  ])('%i / %i is %i', (numerator, denominator, expected) => {
    expect(roundHalfUp(numerator, denominator)).toBe(expected)
  })

  it('has one result on both paths', () => {
    const part = fc.oneof(fc.integer({ min: 0, max: 1000 }), fc.maxSafeInteger().map(Math.abs))
    fc.assert(
      fc.property(part, part, part, (whole, numerator, rest) => {
        const denominator = Math.max(1, rest)
        const product = BigInt(whole) * BigInt(numerator)
        const floor = product / BigInt(denominator)
        const remainder = product - floor * BigInt(denominator)
        const exact = remainder * 2n >= BigInt(denominator) ? floor + 1n : floor
        if (exact > BigInt(MAX))
          expect(() => timesFraction(whole, numerator, denominator)).toThrow(RangeError)
        else expect(timesFraction(whole, numerator, denominator)).toBe(Number(exact))
      }),
      { numRuns: 2000 },
    )
  })

  it('is exact at the largest safe integers', () => {
    expect(timesFraction(MAX, 1, 2)).toBe((MAX + 1) / 2)
    expect(timesFraction(MAX, 1, MAX)).toBe(1)
    expect(timesFraction((MAX - 1) / 2, 1, MAX)).toBe(0)
    expect(timesFraction((MAX + 1) / 2, 1, MAX)).toBe(1)
    expect(timesFraction(MAX, 364, 365)).toBe(Number(roundHalfUp(BigInt(MAX) * 364n, 365n)))
  })
})

describe('what is no amount is refused', () => {
  it.each([
    ['a part of a fen', () => assertFen(0.5)],
    ['below 0', () => assertFen(-1)],
    ['not a number', () => assertFen(Number.NaN)],
    ['beyond the safe integers', () => assertFen(2 ** 53)],
    ['in 万元', () => wan(-1)],
    ['a fraction over 0', () => timesFraction(1, 1, 0)],
    ['a negative fraction', () => roundHalfUp(-1n, 2n)],
    ['a fraction over 0, exact', () => roundHalfUp(1n, 0n)],
    ['a product too large', () => timesFraction(MAX, 2, 1)],
    ['an exact amount too large', () => safeFen(2n ** 53n)],
  ])('%s', (_name, call) => {
    expect(call).toThrow(RangeError)
  })
})

it.each([
  ['beyond the safe integers', 2 ** 53, true],
  ['infinite', Number.POSITIVE_INFINITY, true],
  ['a part of a fen', 0.5, false],
  ['below 0', -1, false],
  ['not a number', Number.NaN, false],
])('an amount %s is too large: %s %s', (_name, amountFen, isTooLarge) => {
  const problem = thrownBy(() => assertFen(amountFen))
  expect([problem instanceof RangeError, problem instanceof AmountTooLarge]).toEqual([
    true,
    isTooLarge,
  ])
})

function thrownBy(call: () => void): unknown {
  try {
    call()
  } catch (error) {
    return error
  }
  return undefined
}
