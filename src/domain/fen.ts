/** An amount of money that leaves the safe integers (about 90 trillion yuan). */
export class AmountTooLarge extends RangeError {}

/**
 * Refuses what is not an amount of money.
 *
 * Units: whole fen, 0 or more. Throws RangeError on anything else, AmountTooLarge beyond the safe
 * integers.
 * Source: design decision (money in whole fen).
 * Example: assertFen(0.5) throws.
 */
export function assertFen(amountFen: number): void {
  if (amountFen > Number.MAX_SAFE_INTEGER) throw new AmountTooLarge(`${amountFen} fen`)
  if (!Number.isSafeInteger(amountFen) || amountFen < 0)
    throw new RangeError(`not an amount in fen: ${amountFen}`)
}

/**
 * An amount in 万元 with two decimals, half up, as reports print it.
 *
 * Units: fen in, 万元 (10,000 yuan, 1,000,000 fen) out. Throws RangeError on what is no amount in
 * fen.
 * Source: county practice, design decision.
 * Example: wan(64100000) is '64.10', wan(5000) is '0.01', wan(4999) '0.00'.
 */
export function wan(amountFen: number): string {
  assertFen(amountFen)
  const hundredths = timesFraction(amountFen, 1, 10_000)
  const whole = Math.floor(hundredths / 100)
  return `${whole}.${String(hundredths - whole * 100).padStart(2, '0')}`
}

/**
 * An exact fraction rounded half up to a whole number.
 *
 * Units: those of the fraction. Throws RangeError unless numerator ≥ 0 and denominator > 0.
 * Source: county practice, design decision (四舍五入).
 * Example: roundHalfUp(5n, 2n) is 3n, roundHalfUp(7n, 3n) is 2n.
 */
export function roundHalfUp(numerator: bigint, denominator: bigint): bigint {
  if (numerator < 0n || denominator <= 0n)
    throw new RangeError(`not a fraction of 0 or more: ${numerator}/${denominator}`)
  return (2n * numerator + denominator) / (2n * denominator)
}

/**
 * A whole number times a fraction, exact, half up: the fast path of `roundHalfUp`.
 *
 * Units: those of `whole`. Throws RangeError unless all three are safe integers, the first two 0 or
 * more, the denominator above 0, or when the result leaves the safe integers.
 * Source: county practice, design decision.
 * Example: timesFraction(150000, 184, 365) is 75616.
 */
export function timesFraction(whole: number, numerator: number, denominator: number): number {
  assertFen(whole)
  assertFen(numerator)
  assertFen(denominator)
  if (denominator === 0) throw new RangeError('a fraction over 0')
  const product = whole * numerator
  if (!Number.isSafeInteger(product))
    return safeFen(roundHalfUp(BigInt(whole) * BigInt(numerator), BigInt(denominator)))
  const rest = product % denominator
  // rest ≥ denominator − rest is 2 × rest ≥ denominator without leaving the safe integers
  return (product - rest) / denominator + (rest >= denominator - rest ? 1 : 0)
}

/**
 * An exact amount as a number.
 *
 * Units: fen. Throws AmountTooLarge when it leaves the safe integers.
 * Source: design decision (money in whole fen).
 * Example: safeFen(150n) is 150.
 */
export function safeFen(amountFen: bigint): number {
  if (amountFen > BigInt(Number.MAX_SAFE_INTEGER)) throw new AmountTooLarge(`${amountFen} fen`)
  return Number(amountFen)
}
