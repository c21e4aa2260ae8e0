import type { Day } from './calendar-day.ts'
import { type Contribution, FACTORS, type Factor } from './risk-contribution.ts'

export interface RiskChange {
  factor: Factor
  from: number
  to: number
  /** asOf of the first run with the present points. */
  since: Day
}

/**
 * The points of every factor, 0 where it does not contribute.
 *
 * Units: whole points.
 * @example pointsOf([{ factor: 'plan_kept', points: -10 }]).plan_kept // -10
 */
export function pointsOf(contributions: readonly Contribution[]): Record<Factor, number> {
  const points = Object.fromEntries(FACTORS.map((factor) => [factor, 0])) as Record<Factor, number>
  for (const contribution of contributions) points[contribution.factor] = contribution.points
  return points
}

/**
 * The factors whose points differ between two runs, in the order of the table; absent counts as 0.
 *
 * Units: whole points. `since` is the run that sees the difference.
 * Source: domain.md, Risk, `changes`.
 * @example riskChanges({ years_owed: 8 }, { years_owed: 18 }, '2026-01-01')
 * // [{ factor: 'years_owed', from: 8, to: 18, since: '2026-01-01' }]
 */
export function riskChanges(
  before: Readonly<Partial<Record<Factor, number>>>,
  after: Readonly<Partial<Record<Factor, number>>>,
  asOf: Day,
): RiskChange[] {
  return FACTORS.map((factor) => ({
    factor,
    from: before[factor] ?? 0,
    to: after[factor] ?? 0,
    since: asOf,
  })).filter(({ from, to }) => from !== to)
}
