import type { Day } from './calendar-day.ts'

/** 失联 · 资金链断裂 · 停业 · 注销 · 经营不善 · 恢复 */
export const OPERATOR_CONDITIONS = [
  'unreachable',
  'funds_broken',
  'ceased',
  'deregistered',
  'mismanaged',
  'recovered',
] as const
export type OperatorCondition = (typeof OPERATOR_CONDITIONS)[number]

export interface ObservedCondition {
  condition: OperatorCondition
  observedOn: Day
}

/**
 * The conditions of an operator that hold at the end of `asOf`, as given and in that order.
 *
 * Each holds from `observedOn` until a `recovered` observed on or after it; `recovered` itself is
 * never among them, and what was observed after `asOf` does not count.
 * Source: county practice, design decision.
 * Example: unreachable on 2024-03-01 and recovered on 2024-03-01 leave nothing on that day.
 */
export function conditionsHolding<T extends ObservedCondition>(
  conditions: readonly T[],
  asOf: Day,
): T[] {
  let recoveredOn: Day = ''
  for (const { condition, observedOn } of conditions)
    if (condition === 'recovered' && observedOn <= asOf && observedOn > recoveredOn)
      recoveredOn = observedOn
  return conditions.filter(
    ({ condition, observedOn }) =>
      condition !== 'recovered' && observedOn <= asOf && observedOn > recoveredOn,
  )
}
