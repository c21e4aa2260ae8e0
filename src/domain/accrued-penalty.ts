import { addMonths, type Day, daysBetween } from './calendar-day.ts'
import type { Instalment } from './contract-terms.ts'
import { roundHalfUp } from './fen.ts'
import { hundredths } from './hundredths.ts'

/** The contract's own clause: annual rent × per ten thousand × days. */
export interface PenaltyClause {
  /** At most two decimals; 0 is no clause. */
  per10kPerDay: number
  /** The whole term's rent is one instalment. */
  once: boolean
}

export interface PenaltyYear {
  rentYear: number
  annualRentFen: number
  /** From the due day of the oldest overdue unpaid instalment of the year. */
  days: number
  fen: number
}

/**
 * What the contract's penalty clause comes to, by rent year with overdue unpaid money, each once:
 * the year's scheduled rent × rate × days. Shown apart from the arrears, never added to them.
 *
 * Rent that was paid late but in full is not counted, a year paid in part counts with its whole
 * rent. Paid `once`, the annual rent is the instalment ÷ the term's length in years. No clause is
 * no violation and gives no years. `unpaid` are the overdue unpaid instalments.
 * Units: fen, days; per ten thousand a day. Each year is rounded half up once; a sum that would
 * leave the safe integers is given as the greatest of them. Throws RangeError on a rate with more
 * than two decimals and on what is no day.
 * Source: contract form GF-2021-2606 (field.md); the reading by rent year is a design decision.
 * Example: 600000 fen a year at 5 per 10,000, unpaid for 30 days: 9000 fen.
 */
export function accruedPenalty(
  asOf: Day,
  clause: PenaltyClause,
  instalments: readonly Instalment[],
  unpaid: readonly Pick<Instalment, 'rentYear' | 'dueOn'>[],
): { fen: number; years: PenaltyYear[] } {
  if (clause.per10kPerDay === 0) return { fen: 0, years: [] }
  const rate = BigInt(hundredths(clause.per10kPerDay))
  const scheduledFen = new Map<number, number>()
  for (const { rentYear, amountFen } of instalments)
    scheduledFen.set(rentYear, (scheduledFen.get(rentYear) ?? 0) + amountFen)
  const length = clause.once ? termLength(instalments) : { days: 1, fullDays: 1 }
  let sumFen = 0n
  const years = [...oldestDueOns(unpaid)].map(([rentYear, dueOn]) => {
    const days = daysBetween(dueOn, asOf)
    const annual = BigInt(scheduledFen.get(rentYear) ?? 0) * BigInt(length.fullDays)
    const divisor = BigInt(length.days)
    const fen = roundHalfUp(annual * rate * BigInt(days), divisor * 1_000_000n)
    sumFen += fen
    return { rentYear, annualRentFen: capped(roundHalfUp(annual, divisor)), days, fen: capped(fen) }
  })
  return { fen: capped(sumFen), years }
}

/** By rent year, in order. */
function oldestDueOns(unpaid: readonly Pick<Instalment, 'rentYear' | 'dueOn'>[]): [number, Day][] {
  const oldest = new Map<number, Day>()
  for (const { rentYear, dueOn } of unpaid) {
    const before = oldest.get(rentYear)
    if (before === undefined || dueOn < before) oldest.set(rentYear, dueOn)
  }
  return [...oldest].sort(([a], [b]) => a - b)
}

/** The term that the only instalment pays for, in days of its last full year. */
function termLength(instalments: readonly Instalment[]): { days: number; fullDays: number } {
  const [whole] = instalments
  if (!whole) return { days: 1, fullDays: 1 }
  const yearStart = (year: number) => addMonths(whole.periodStart, 12 * year)
  let years = 0
  while (yearStart(years + 1) <= whole.periodEnd) years++
  const fullDays = daysBetween(yearStart(years), yearStart(years + 1))
  const days = years * fullDays + daysBetween(yearStart(years), whole.periodEnd) + 1
  return { days, fullDays }
}

function capped(fen: bigint): number {
  return fen < BigInt(Number.MAX_SAFE_INTEGER) ? Number(fen) : Number.MAX_SAFE_INTEGER
}
