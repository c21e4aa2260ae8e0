/**
 * A number with at most two decimals as whole hundredths, exactly.
 *
 * Units: hundredths of whatever the number counts. Throws RangeError beyond two decimals or beyond
 * the safe integers. Source: design decision (mu, jin per mu and percent have two decimals).
 * Example: hundredths(12.34) is 1234, hundredths(0.125) throws.
 */
export function hundredths(n: number): number {
  const scaled = Math.round(n * 100)
  // a double written with two decimals is the one nearest to scaled / 100, and only that one is
  // equal
  if (!Number.isSafeInteger(scaled) || scaled / 100 !== n)
    throw new RangeError(`not a number with at most two decimals: ${n}`)
  return scaled
}
