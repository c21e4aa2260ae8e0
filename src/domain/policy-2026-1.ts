import type { RiskPolicy } from './risk-policy.ts'

/**
 * The default policy, in force from the first day on until the county puts another one in force.
 *
 * Source: domain.md, Risk: expert-set, adjustable.
 */
export const POLICY_2026_1 = {
  version: '2026-1',
  effectiveOn: '1900-01-01',
  levels: { red: 60, orange: 40, yellow: 20, blue: 1 },
  yearsOwed: {
    max: 40,
    arrearsPoints: 8,
    steps: [
      { from: 1, points: 18 },
      { from: 2, points: 26 },
      { from: 3, points: 32 },
      { from: 4, points: 36 },
      { from: 5, points: 38 },
      { from: 6, points: 40 },
    ],
  },
  subsidyDelay: {
    max: 20,
    steps: [
      { from: 1, points: 5 },
      { from: 91, points: 10 },
      { from: 181, points: 15 },
      { from: 366, points: 20 },
    ],
    claimedMax: 5,
    withoutArrearsMax: 10,
  },
  households: {
    max: 15,
    steps: [
      { from: 1, points: 2 },
      { from: 5, points: 6 },
      { from: 30, points: 10 },
      { from: 100, points: 15 },
    ],
  },
  operatorCondition: {
    max: 15,
    points: { unreachable: 15, funds_broken: 12, ceased: 12, deregistered: 12, mismanaged: 8 },
  },
  petitionSigns: {
    max: 10,
    any: 4,
    repeat: 7,
    collective: 10,
    collectivePeople: 5,
    windowDays: 365,
  },
  planKept: { points: -10, planToleranceDays: 5 },
  secured: { points: -5, depositPercent: 50 },
  floors: [
    { because: 'unreachable_and_years_owed', yearsOwed: 1, to: 60 },
    { because: 'years_owed', yearsOwed: 5, to: 60 },
    { because: 'years_owed', yearsOwed: 3, to: 40 },
    { because: 'unreachable_in_force', to: 20 },
  ],
  staleDays: 45,
  caseLevel: 'yellow',
} as const satisfies RiskPolicy
