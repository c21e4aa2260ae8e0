import fc from 'fast-check'
import { addDays, type Day } from '../../src/domain/calendar-day.ts'
import type { RiskCondition, RiskFloor, RiskPolicy } from '../../src/domain/risk-policy.ts'
import type { RiskFacts } from '../../src/domain/risk-score.ts'

export const AS_OF: Day = '2026-03-31'
export const CONDITIONS: readonly RiskCondition[] = [
  'unreachable',
  'funds_broken',
  'ceased',
  'deregistered',
  'mismanaged',
]

type Standing = RiskFacts['standing']
export type LateSubsidy = RiskFacts['lateSubsidies'][number]
type Condition = RiskFacts['conditions'][number]
type Petition = RiskFacts['petitions'][number]

const NOTHING_OWED: Standing = {
  arrearsFen: 0,
  yearsOwed: 0,
  unpaidYears: 0,
  partialYears: 0,
  oldestUnpaidDueOn: null,
}

/** A contract in force with nothing against it. */
export const CALM: RiskFacts = {
  asOf: AS_OF,
  inForce: true,
  standing: NOTHING_OWED,
  lateSubsidies: [],
  householdsInArrears: 0,
  conditions: [],
  petitions: [],
  planKept: false,
  insured: false,
  riskDepositFen: 0,
}

/** In arrears by whole years, or by a part of one when `years` is 0. */
export function owing(years: number, arrearsFen: number = 1_000_000 * (years + 1)): Standing {
  const partialYears = years === 0 ? 1 : 0
  const oldestUnpaidDueOn = '2019-12-31'
  return { arrearsFen, yearsOwed: years, unpaidYears: years, partialYears, oldestUnpaidDueOn }
}

export function late(
  days: number,
  standing: LateSubsidy['standing'] = 'recognised',
  outstandingFen = 100,
): LateSubsidy {
  return { standing, outstandingFen, payableOn: addDays(AS_OF, -days) }
}

export function observed(condition: RiskCondition, observedOn: Day = '2025-06-01'): Condition {
  return { condition, observedOn, source: '镇摸排组' }
}

export function petition(daysAgo: number, people = 1, repeat = false): Petition {
  return { occurredOn: addDays(AS_OF, -daysAgo), people, repeat }
}

export const anyLate: fc.Arbitrary<LateSubsidy> = fc
  .tuple(
    fc.integer({ min: 1, max: 1500 }),
    fc.constantFrom<LateSubsidy['standing']>('recognised', 'claimed'),
    fc.integer({ min: 1, max: 10_000_000 }),
  )
  .map(([days, standing, fen]) => late(days, standing, fen))

export const anyCondition = fc.constantFrom(...CONDITIONS).map((condition) => observed(condition))

export const anyPetition = fc
  .tuple(fc.integer({ min: -10, max: 500 }), fc.integer({ min: 0, max: 12 }), fc.boolean())
  .map(([daysAgo, people, repeat]) => petition(daysAgo, people, repeat))

const anyStanding = fc.oneof(
  fc.constant(NOTHING_OWED),
  fc
    .tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 20_000_000 }))
    .map(([years, fen]) => owing(years, fen)),
)

export const anyFacts: fc.Arbitrary<RiskFacts> = fc.record({
  asOf: fc.constant(AS_OF),
  inForce: fc.boolean(),
  standing: anyStanding,
  lateSubsidies: fc.array(anyLate, { maxLength: 4 }),
  householdsInArrears: fc.integer({ min: 0, max: 150 }),
  conditions: fc.array(anyCondition, { maxLength: 3 }),
  petitions: fc.array(anyPetition, { maxLength: 4 }),
  planKept: fc.boolean(),
  insured: fc.boolean(),
  riskDepositFen: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 20_000_000 })),
})

/** Steps upward from 1 with points from `least` to `max`. */
function anySteps(least: number, max: number) {
  return fc
    .tuple(
      fc.uniqueArray(fc.integer({ min: 1, max: 400 }), { maxLength: 6 }),
      fc.array(fc.integer({ min: least, max }), { minLength: 6, maxLength: 6 }),
    )
    .map(([froms, points]) => {
      const rising = points.toSorted((a, b) => a - b)
      return froms.toSorted((a, b) => a - b).map((from, i) => ({ from, points: rising[i] ?? max }))
    })
}

const anyLevels = fc
  .uniqueArray(fc.integer({ min: 1, max: 100 }), { minLength: 4, maxLength: 4 })
  .map((minima) => minima.toSorted((a, b) => a - b))
  .map(([blue = 1, yellow = 20, orange = 40, red = 60]) => ({ red, orange, yellow, blue }))

function anyFloor(blue: number): fc.Arbitrary<RiskFloor> {
  const to = fc.integer({ min: blue, max: 100 })
  const yearsOwed = fc.integer({ min: 1, max: 8 })
  return fc.oneof(
    fc.record({ because: fc.constant('unreachable_and_years_owed' as const), yearsOwed, to }),
    fc.record({ because: fc.constant('years_owed' as const), yearsOwed, to }),
    fc.record({ because: fc.constant('unreachable_in_force' as const), to }),
  )
}

const anyMaxima = fc
  .tuple(
    ...Array.from({ length: 5 }, () => fc.integer({ min: 0, max: 20 })),
    fc.integer({ min: 1, max: 20 }),
  )
  .map((maxima) => maxima.map((max) => max ?? 1))

/** Any policy that `policyProblems` has nothing against. */
export const anyPolicy: fc.Arbitrary<RiskPolicy> = fc
  .tuple(anyMaxima, anyLevels)
  .chain(([[delay = 0, households = 0, condition = 0, signs = 0, spare = 0, own = 1], levels]) => {
    const years = Math.min(own + spare, 100 - delay - households - condition - signs)
    const upTo = (max: number) => fc.integer({ min: 0, max })
    const points = fc
      .tuple(fc.integer({ min: 1, max: years }), upTo(signs), upTo(signs), upTo(signs))
      .map(([arrears, ...sign]) => ({ arrears, sign: sign.toSorted((a, b) => a - b) }))
    return points.chain(({ arrears, sign: [any = 0, repeat = 0, collective = 0] }) =>
      fc.record({
        version: fc.constant('any'),
        effectiveOn: fc.constant('2026-01-01'),
        levels: fc.constant(levels),
        yearsOwed: fc.record({
          max: fc.constant(years),
          arrearsPoints: fc.constant(arrears),
          steps: anySteps(arrears, years),
        }),
        subsidyDelay: fc.record({
          max: fc.constant(delay),
          steps: anySteps(0, delay),
          claimedMax: upTo(delay),
          withoutArrearsMax: upTo(delay),
        }),
        households: fc.record({ max: fc.constant(households), steps: anySteps(0, households) }),
        operatorCondition: fc.record({
          max: fc.constant(condition),
          points: fc.record({
            unreachable: upTo(condition),
            funds_broken: upTo(condition),
            ceased: upTo(condition),
            deregistered: upTo(condition),
            mismanaged: upTo(condition),
          }),
        }),
        petitionSigns: fc.record({
          max: fc.constant(signs),
          any: fc.constant(any),
          repeat: fc.constant(repeat),
          collective: fc.constant(collective),
          collectivePeople: fc.integer({ min: 2, max: 12 }),
          windowDays: fc.integer({ min: 1, max: 500 }),
        }),
        planKept: fc.record({
          points: fc.integer({ min: -30, max: 0 }),
          planToleranceDays: fc.constant(5),
        }),
        secured: fc.record({
          points: fc.integer({ min: -30, max: 0 }),
          depositPercent: fc.integer({ min: 1, max: 100 }),
        }),
        floors: fc.array(anyFloor(levels.blue), { maxLength: 5 }),
        staleDays: fc.constant(45),
        caseLevel: fc.constantFrom('red' as const, 'orange' as const, 'yellow' as const),
      }),
    )
  })
