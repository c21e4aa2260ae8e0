import { type Day, isDay } from './calendar-day.ts'
import type { Level, LevelMinima } from './levels.ts'
import type { OperatorCondition } from './operator-condition.ts'

/**
 * From `from` (years, days or households) upward a factor has these points, until the next step.
 */
export interface RiskStep {
  from: number
  points: number
}

export type RiskCondition = Exclude<OperatorCondition, 'recovered'>

/** Raises the sum of the other contributions to `to` in the situation named by `because`. */
export type RiskFloor =
  | { because: 'unreachable_and_years_owed'; yearsOwed: number; to: number }
  | { because: 'years_owed'; yearsOwed: number; to: number }
  | { because: 'unreachable_in_force'; to: number }

/** Every number that moves a score, a flag or a case: data, versioned, with its first day. */
export interface RiskPolicy {
  version: string
  effectiveOn: Day
  levels: LevelMinima
  /** `arrearsPoints`: in arrears with less than one whole year owed. */
  yearsOwed: { max: number; arrearsPoints: number; steps: readonly RiskStep[] }
  /** Steps by days late; caps for a claimed subsidy and for a contract without arrears. */
  subsidyDelay: {
    max: number
    steps: readonly RiskStep[]
    claimedMax: number
    withoutArrearsMax: number
  }
  households: { max: number; steps: readonly RiskStep[] }
  operatorCondition: { max: number; points: Readonly<Record<RiskCondition, number>> }
  petitionSigns: {
    max: number
    any: number
    repeat: number
    collective: number
    /** So many people together make a collective visit; the Petition Regulations give no number. */
    collectivePeople: number
    /** A sign counts on its day and the `windowDays` − 1 days after it. */
    windowDays: number
  }
  planKept: { points: number; planToleranceDays: number }
  /** A deposit secures from this share of the arrears on, in whole percent. */
  secured: { points: number; depositPercent: number }
  floors: readonly RiskFloor[]
  /** A township without a new record for more days than this is stale. */
  staleDays: number
  /** Contracts at this level or a more urgent one belong to a case. */
  caseLevel: Exclude<Level, 'none'>
}

export interface PolicyProblem {
  /** The path of the field, as in `households.steps.2.points`. */
  field: string
  zh: string
  en: string
}

const CASE_LEVELS: readonly Level[] = ['red', 'orange', 'yellow', 'blue']
const SCORE_MAX = 100
const WINDOW_DAYS_MAX = 3_660

/**
 * The policy in force on a day: of the latest `effectiveOn` not after it, the last in the list.
 *
 * Throws: RangeError when none is in force yet.
 * Source: domain.md, The night: a policy has an effective day; it is data, not code.
 * @example policyInForce([POLICY_2026_1], '2026-03-31').version // '2026-1'
 */
export function policyInForce(policies: readonly RiskPolicy[], asOf: Day): RiskPolicy {
  let found: RiskPolicy | undefined
  for (const policy of policies) {
    if (policy.effectiveOn > asOf) continue
    if (!found || policy.effectiveOn >= found.effectiveOn) found = policy
  }
  if (!found) throw new RangeError(`no risk policy in force on ${asOf}`)
  return found
}

/**
 * What keeps a policy from being put in force; empty when it is sound. A sound policy scores 0 to
 * 100, gives a contract in arrears a point at least, and never scores less for more unpaid years,
 * later subsidies, more households, graver conditions or more petition signs.
 *
 * Units: whole points, days, people, percent.
 * Source: domain.md, Risk.
 * @example policyProblems(POLICY_2026_1) // []
 */
export function policyProblems(policy: RiskPolicy): PolicyProblem[] {
  const { yearsOwed, subsidyDelay, households } = policy
  return [
    ...must(policy.version.trim() !== '', 'version', '不能为空', 'must not be empty'),
    ...must(isDay(policy.effectiveOn), 'effectiveOn', '应为日期 YYYY-MM-DD', 'must be a day'),
    ...levelProblems(policy.levels),
    ...maximaProblems(policy),
    ...whole('yearsOwed.arrearsPoints', yearsOwed.arrearsPoints, 1, yearsOwed.max),
    ...stepProblems('yearsOwed.steps', yearsOwed.steps, yearsOwed.arrearsPoints, yearsOwed.max),
    ...stepProblems('subsidyDelay.steps', subsidyDelay.steps, 0, subsidyDelay.max),
    ...whole('subsidyDelay.claimedMax', subsidyDelay.claimedMax, 0, subsidyDelay.max),
    ...whole('subsidyDelay.withoutArrearsMax', subsidyDelay.withoutArrearsMax, 0, subsidyDelay.max),
    ...stepProblems('households.steps', households.steps, 0, households.max),
    ...Object.entries(policy.operatorCondition.points).flatMap(([condition, points]) =>
      whole(`operatorCondition.points.${condition}`, points, 0, policy.operatorCondition.max),
    ),
    ...petitionProblems(policy.petitionSigns),
    ...whole('planKept.points', policy.planKept.points, -SCORE_MAX, 0),
    ...whole('planKept.planToleranceDays', policy.planKept.planToleranceDays, 0, WINDOW_DAYS_MAX),
    ...whole('secured.points', policy.secured.points, -SCORE_MAX, 0),
    ...whole('secured.depositPercent', policy.secured.depositPercent, 1, 100),
    ...policy.floors.flatMap((floor, i) => floorProblems(`floors.${i}`, floor, policy.levels)),
    ...whole('staleDays', policy.staleDays, 1),
    ...must(
      CASE_LEVELS.includes(policy.caseLevel),
      'caseLevel',
      '应为 red、orange、yellow 或 blue',
      'must be red, orange, yellow or blue',
    ),
  ]
}

function levelProblems({ red, orange, yellow, blue }: LevelMinima): PolicyProblem[] {
  return [
    ...whole('levels.blue', blue, 1, SCORE_MAX),
    ...whole('levels.yellow', yellow, blue + 1, SCORE_MAX),
    ...whole('levels.orange', orange, yellow + 1, SCORE_MAX),
    ...whole('levels.red', red, orange + 1, SCORE_MAX),
  ]
}

const FACTORS_WITH_MAX = [
  'yearsOwed',
  'subsidyDelay',
  'households',
  'operatorCondition',
  'petitionSigns',
] as const

function maximaProblems(policy: RiskPolicy): PolicyProblem[] {
  const sum = FACTORS_WITH_MAX.reduce((total, factor) => total + policy[factor].max, 0)
  return [
    ...FACTORS_WITH_MAX.flatMap((factor) =>
      whole(`${factor}.max`, policy[factor].max, 0, SCORE_MAX),
    ),
    ...must(
      sum <= SCORE_MAX,
      FACTORS_WITH_MAX.map((factor) => `${factor}.max`).join(' + '),
      `各项上限合计 ${sum},应不超过 ${SCORE_MAX}`,
      `the maxima add to ${sum}, more than ${SCORE_MAX}`,
    ),
  ]
}

function stepProblems(
  field: string,
  steps: readonly RiskStep[],
  pointsMin: number,
  pointsMax: number,
): PolicyProblem[] {
  return steps.flatMap(({ from, points }, i) => {
    const before = steps[i - 1] ?? { from: 0, points: pointsMin }
    return [
      ...whole(`${field}.${i}.from`, from, before.from + 1),
      ...whole(`${field}.${i}.points`, points, before.points, pointsMax),
    ]
  })
}

function petitionProblems(signs: RiskPolicy['petitionSigns']): PolicyProblem[] {
  return [
    ...whole('petitionSigns.any', signs.any, 0, signs.max),
    ...whole('petitionSigns.repeat', signs.repeat, signs.any, signs.max),
    ...whole('petitionSigns.collective', signs.collective, signs.any, signs.max),
    ...whole('petitionSigns.collectivePeople', signs.collectivePeople, 2),
    ...whole('petitionSigns.windowDays', signs.windowDays, 1, WINDOW_DAYS_MAX),
  ]
}

function floorProblems(field: string, floor: RiskFloor, levels: LevelMinima): PolicyProblem[] {
  return [
    ...whole(`${field}.to`, floor.to, levels.blue, SCORE_MAX),
    ...('yearsOwed' in floor ? whole(`${field}.yearsOwed`, floor.yearsOwed, 1) : []),
  ]
}

function whole(
  field: string,
  value: number,
  min: number,
  max: number = Number.MAX_SAFE_INTEGER,
): PolicyProblem[] {
  const bounded = max < Number.MAX_SAFE_INTEGER
  return must(
    Number.isSafeInteger(value) && value >= min && value <= max,
    field,
    bounded ? `应为 ${min} 至 ${max} 的整数` : `应为不小于 ${min} 的整数`,
    bounded ? `must be a whole number from ${min} to ${max}` : `must be a whole number from ${min}`,
  )
}

function must(ok: boolean, field: string, zh: string, en: string): PolicyProblem[] {
  return ok ? [] : [{ field, zh, en }]
}
