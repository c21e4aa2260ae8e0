import { addDays, type Day } from './calendar-day.ts'
import { type Level, levelOf } from './levels.ts'
import type { Contribution, PetitionSigns, SubsidyDelay, YearsOwed } from './risk-contribution.ts'
import type { RiskCondition, RiskFloor, RiskPolicy, RiskStep } from './risk-policy.ts'
import { coverageFen, delayDays } from './subsidy-delay.ts'

export type { Contribution } from './risk-contribution.ts'

/** What is known of one contract on a day, as far as it moves the score. */
export interface RiskFacts {
  asOf: Day
  /** startOn ≤ asOf ≤ the end as amended or ended. */
  inForce: boolean
  standing: {
    arrearsFen: number
    yearsOwed: number
    unpaidYears: number
    partialYears: number
    oldestUnpaidDueOn: Day | null
  }
  /** Late at asOf; they name the contract, or its operator and no contract. */
  lateSubsidies: readonly {
    standing: 'recognised' | 'claimed'
    outstandingFen: number
    payableOn: Day
  }[]
  /** Households of all the operator's contracts in arrears, county-wide. */
  householdsInArrears: number
  /** Those that hold at asOf. */
  conditions: readonly { condition: RiskCondition; observedOn: Day; source: string }[]
  /**
   * They name the contract, or its operator and no contract; the policy's window is applied here.
   */
  petitions: readonly { occurredOn: Day; people: number; repeat: boolean }[]
  /** The repayment plan that counts is in force and not breached. */
  planKept: boolean
  insured: boolean
  riskDepositFen: number
}

export interface RiskScore {
  score: number
  level: Level
  contributions: Contribution[]
  coverageFen: number
}

/**
 * The score of one contract on one day. It is the sum of the contributions, the level follows from
 * it alone; a factor of 0 points is not listed.
 *
 * Units: whole points 0 to 100; money in fen. `coverageFen` is shown, never netted.
 * Throws: RangeError when `standing` has arrears and no `oldestUnpaidDueOn`.
 * Source: domain.md, Risk and Two clocks.
 * @example scoreRisk(POLICY_2026_1, { …yearsOwed: 2, nothing else… }).score // 26, yellow
 */
export function scoreRisk(policy: RiskPolicy, facts: RiskFacts): RiskScore {
  const { arrearsFen } = facts.standing
  const coveredFen = coverageFen(arrearsFen, lateFen(facts, 'recognised'))
  const years = yearsOwed(policy, facts)
  const households = householdsInArrears(policy, facts)
  const reducible = (years?.points ?? 0) + (households?.points ?? 0)
  const contributions: Contribution[] = [
    years,
    subsidyDelay(policy, facts, coveredFen),
    households,
    operatorCondition(policy, facts),
    petitionSigns(policy, facts),
    ...reductions(policy, facts, reducible),
  ].filter((c): c is Contribution => c !== undefined && c.points !== 0)
  const sum = contributions.reduce((total, { points }) => total + points, 0)
  const floor = highestFloor(policy, facts)
  if (floor && floor.to > sum) {
    contributions.push({ factor: 'floor', points: floor.to - sum, ...floor })
  }
  const score = Math.max(sum, floor?.to ?? 0)
  return { score, level: levelOf(score, policy.levels), contributions, coverageFen: coveredFen }
}

function yearsOwed(policy: RiskPolicy, { standing }: RiskFacts): YearsOwed | undefined {
  const { arrearsFen, yearsOwed, unpaidYears, partialYears, oldestUnpaidDueOn } = standing
  if (arrearsFen <= 0) return undefined
  if (oldestUnpaidDueOn === null) throw new RangeError('arrears without oldestUnpaidDueOn')
  return {
    factor: 'years_owed',
    points: stepPoints(policy.yearsOwed.steps, yearsOwed, policy.yearsOwed.arrearsPoints),
    yearsOwed,
    unpaidYears,
    partialYears,
    arrearsFen,
    since: oldestUnpaidDueOn,
  }
}

/** The standing with more points; of equals the recognised one: they are never added together. */
function subsidyDelay(
  policy: RiskPolicy,
  facts: RiskFacts,
  coveredFen: number,
): SubsidyDelay | undefined {
  const { steps, claimedMax, withoutArrearsMax } = policy.subsidyDelay
  const { arrearsFen } = facts.standing
  const delayOf = (standing: SubsidyDelay['standing']): SubsidyDelay | undefined => {
    const late = facts.lateSubsidies.filter((subsidy) => subsidy.standing === standing)
    if (late.length === 0) return undefined
    const payableOn = late.reduce((day, s) => (s.payableOn < day ? s.payableOn : day), facts.asOf)
    const points = Math.min(
      stepPoints(steps, delayDays(facts.asOf, payableOn), 0),
      standing === 'claimed' ? claimedMax : policy.subsidyDelay.max,
      arrearsFen > 0 ? policy.subsidyDelay.max : withoutArrearsMax,
    )
    return {
      factor: 'subsidy_delay',
      points,
      standing,
      count: late.length,
      outstandingFen: lateFen(facts, standing),
      payableOn,
      coverageFen: standing === 'recognised' ? coveredFen : 0,
      arrearsFen,
    }
  }
  const recognised = delayOf('recognised')
  const claimed = delayOf('claimed')
  return (claimed?.points ?? 0) > (recognised?.points ?? 0) ? claimed : recognised
}

function householdsInArrears(policy: RiskPolicy, facts: RiskFacts): Contribution | undefined {
  if (facts.standing.arrearsFen <= 0) return undefined
  const households = facts.householdsInArrears
  const points = stepPoints(policy.households.steps, households, 0)
  return { factor: 'households', points, households }
}

/** The highest; of equals the one observed first, so that a later one moves nothing. */
function operatorCondition(policy: RiskPolicy, facts: RiskFacts): Contribution | undefined {
  const { points } = policy.operatorCondition
  const [highest] = facts.conditions.toSorted(
    (a, b) =>
      points[b.condition] - points[a.condition] ||
      compareText(a.observedOn, b.observedOn) ||
      compareText(a.condition, b.condition) ||
      compareText(a.source, b.source),
  )
  if (!highest) return undefined
  const { condition, observedOn, source } = highest
  return { factor: 'operator_condition', points: points[condition], condition, observedOn, source }
}

function petitionSigns(policy: RiskPolicy, facts: RiskFacts): PetitionSigns | undefined {
  const { any, repeat, collective, collectivePeople, windowDays } = policy.petitionSigns
  const from = addDays(facts.asOf, 1 - windowDays)
  const signs = facts.petitions.filter(
    ({ occurredOn }) => from <= occurredOn && occurredOn <= facts.asOf,
  )
  if (signs.length === 0) return undefined
  const repeats = signs.filter((sign) => sign.repeat).length
  const mostPeople = signs.reduce((most, { people }) => Math.max(most, people), 0)
  return {
    factor: 'petition_signs',
    points: Math.max(
      any,
      repeats > 0 ? repeat : 0,
      mostPeople >= collectivePeople ? collective : 0,
    ),
    signs: signs.length,
    repeats,
    mostPeople,
    latestOn: signs.reduce((day, s) => (s.occurredOn > day ? s.occurredOn : day), from),
    windowDays,
  }
}

/** The plan's first, then the deposit's, each only while 1 of the reducible points is left. */
function reductions(policy: RiskPolicy, facts: RiskFacts, reducible: number): Contribution[] {
  const { arrearsFen } = facts.standing
  if (arrearsFen <= 0) return []
  const { insured, riskDepositFen } = facts
  const { depositPercent } = policy.secured
  const deposited = riskDepositFen > 0 && riskDepositFen * 100 >= arrearsFen * depositPercent
  const most = Math.max(0, reducible - 1)
  const plan = facts.planKept ? Math.min(-policy.planKept.points, most) : 0
  const secured = insured || deposited ? Math.min(-policy.secured.points, most - plan) : 0
  return [
    { factor: 'plan_kept', points: -plan },
    { factor: 'secured', points: -secured, insured, riskDepositFen, arrearsFen },
  ]
}

/** Of equal floors the first in the policy. */
function highestFloor(policy: RiskPolicy, facts: RiskFacts): RiskFloor | undefined {
  const unreachable = facts.conditions.some(({ condition }) => condition === 'unreachable')
  return policy.floors
    .filter((floor) => {
      if (floor.because === 'unreachable_in_force') return unreachable && facts.inForce
      const owed = facts.standing.yearsOwed >= floor.yearsOwed
      return owed && (floor.because === 'years_owed' || unreachable)
    })
    .reduce<RiskFloor | undefined>(
      (best, floor) => (best && best.to >= floor.to ? best : floor),
      undefined,
    )
}

function stepPoints(steps: readonly RiskStep[], value: number, below: number): number {
  return steps.findLast(({ from }) => from <= value)?.points ?? below
}

function lateFen(facts: RiskFacts, standing: SubsidyDelay['standing']): number {
  return facts.lateSubsidies.reduce(
    (sum, subsidy) => sum + (subsidy.standing === standing ? subsidy.outstandingFen : 0),
    0,
  )
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
