import { addDays, type Day, daysBetween } from './calendar-day.ts'
import type { RepaymentPlan } from './repayment-plan.ts'
import type { RiskPolicy } from './risk-policy.ts'

/** What makes the risk of a contract another one by the mere passing of days. */
export interface TurningFacts {
  startOn: Day
  /** As amended and ended. */
  termEndOn: Day
  amendments: readonly { effectiveOn: Day }[]
  /** Of its operator. */
  conditions: readonly { observedOn: Day }[]
  /** Those that count for it, their days to come too. */
  petitions: readonly { occurredOn: Day }[]
  /** Of the subsidies that count for it: when payable, and when else one of them moves. */
  subsidies: readonly { day: Day; isPayable: boolean }[]
  /** Of a contract in arrears. */
  plans: readonly Pick<RepaymentPlan, 'agreedOn' | 'instalments'>[]
}

/**
 * The last day from `asOf` on until which the risk of a contract stays as it is, in every part,
 * while nothing is recorded about its operator, the policy stays in force, and the arrears of its
 * operator's other contracts stay as they are. It may be earlier than need be, never later.
 *
 * `owedUntil`: the last day on which what is owed stays as it is; null, and so the answer, when
 * nobody knows. Units: days. Throws RangeError when a plan's tolerance leads out of the calendar.
 * Source: domain.md, Risk (every factor that has a day), Contract end, Repayment plan.
 * @example quietUntil('2025-03-01', '2025-12-30', { …, petitions: [{ occurredOn: '2024-06-01' }] },
 *   POLICY_2026_1) // '2025-05-31', the last day of the sign's 365
 */
export function quietUntil(
  asOf: Day,
  owedUntil: Day | null,
  facts: TurningFacts,
  { subsidyDelay, petitionSigns, planKept }: Turning,
): Day | null {
  if (owedUntil === null) return null
  let until = owedUntil
  const holdsTo = (day: Day) => {
    if (asOf <= day && day < until) until = day
  }
  const turnsOn = (day: Day) => {
    if (asOf < day) holdsTo(addDays(day, -1))
  }
  turnsOn(facts.startOn)
  holdsTo(facts.termEndOn)
  for (const { effectiveOn } of facts.amendments) turnsOn(effectiveOn)
  for (const { observedOn } of facts.conditions) turnsOn(observedOn)
  for (const { occurredOn } of facts.petitions) {
    turnsOn(occurredOn)
    if (occurredOn <= asOf) holdsTo(addDays(occurredOn, petitionSigns.windowDays - 1))
  }
  for (const { day, isPayable } of facts.subsidies) {
    if (!isPayable) turnsOn(day)
    else if (asOf <= day) holdsTo(day)
    else
      for (const { from } of subsidyDelay.steps)
        if (from <= daysBetween(day, until)) holdsTo(addDays(day, from - 1))
  }
  for (const { agreedOn, instalments } of facts.plans) {
    turnsOn(agreedOn)
    for (const { dueOn } of instalments) holdsTo(addDays(dueOn, planKept.planToleranceDays))
  }
  return until
}
type Turning = Pick<RiskPolicy, 'subsidyDelay' | 'petitionSigns' | 'planKept'>
