import { hundredths } from './hundredths.ts'

/**
 * An area in mu as whole hundredths of a mu.
 *
 * Units: mu (亩, 1/15 hectare) in, 1/100 mu out. Throws RangeError beyond two decimals or below 0.
 * Source: design decision (areas are kept as whole hundredths).
 * Example: hundredthsOfMu(320.5) is 32050.
 */
export function hundredthsOfMu(areaMu: number): number {
  if (areaMu < 0) throw new RangeError(`not an area in mu: ${areaMu}`)
  return hundredths(areaMu)
}

/**
 * Whole hundredths of a mu as an area in mu.
 *
 * Units: 1/100 mu in, mu out. Throws RangeError on what is not a whole number of 0 or more.
 * Source: design decision (areas are kept as whole hundredths).
 * Example: muOfHundredths(32050) is 320.5.
 */
export function muOfHundredths(n: number): number {
  if (!Number.isSafeInteger(n) || n < 0) throw new RangeError(`not hundredths of a mu: ${n}`)
  return n / 100
}
