import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hundredths } from '../../src/domain/hundredths.ts'
import { hundredthsOfMu, muOfHundredths } from '../../src/domain/mu.ts'

describe('hundredthsOfMu', () => {
  it.each([
    [0, 0],
    [1.01, 101],
    [2.5, 250],
    [12.34, 1234],
    [320.5, 32050],
    [0.07, 7],
    [1.15, 115],
    [77975, 7797500],
  ])('%f mu are %i', (areaMu, expected) => {
    expect(hundredthsOfMu(areaMu)).toBe(expected)
  })

  it.each([0.001, 12.345, -1, -0.01, Number.NaN, Number.POSITIVE_INFINITY, 0.1 + 0.2])(
    '%f is refused',
    (areaMu) => {
      expect(() => hundredthsOfMu(areaMu)).toThrow(RangeError)
    },
  )

  it('reads every number of hundredths as it was written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000_000 }), (n) => {
        const written = `${Math.floor(n / 100)}.${String(n % 100).padStart(2, '0')}`
        expect(hundredthsOfMu(Number(written))).toBe(n)
        expect(muOfHundredths(n)).toBe(Number(written))
      }),
      { numRuns: 2000 },
    )
  })
})

describe('muOfHundredths', () => {
  it.each([0.5, -1, Number.NaN])('%f is refused', (n) => {
    expect(() => muOfHundredths(n)).toThrow(RangeError)
  })
})

describe('hundredths', () => {
  it('may be negative: a rent can fall', () => {
    expect(hundredths(-7.25)).toBe(-725)
  })
})
