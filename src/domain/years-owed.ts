/** One rent year with overdue unpaid money. */
export interface OwedYear {
  overdueFen: number
  /** Everything the year costs, what is not yet due included; above 0. */
  scheduledFen: number
  /** The year's length as days ÷ days of a full year. */
  days: number
  fullDays: number
}

/**
 * The whole years in Σ (overdue ÷ scheduled) × length, in exact fractions: one fen paid on each
 * year hides nothing, one fen too little never makes a year.
 *
 * Units: fen, days; whole years out. Throws RangeError (division by zero) when nothing is
 * scheduled.
 * Source: county practice, design decision.
 * Example: six full years of 10000 with 9999 owed on each are 5 years.
 */
export function yearsOwed(years: readonly OwedYear[]): number {
  let whole = 0
  let numerator = 0n
  let denominator = 1n
  for (const { overdueFen, scheduledFen, days, fullDays } of years) {
    if (overdueFen === scheduledFen && days % fullDays === 0) {
      whole += days / fullDays
      continue
    }
    const partOf = BigInt(scheduledFen) * BigInt(fullDays)
    numerator = numerator * partOf + BigInt(overdueFen) * BigInt(days) * denominator
    denominator *= partOf
  }
  return whole + Number(numerator / denominator)
}
