/** The oracle's repayment plans: domain.md, section Facts, the row of that name, word by word. */
import { addDays } from './oracle-schedule.ts'
import type { PlanData, World } from './oracle-world.ts'
import { factsOf, paymentsOf } from './oracle-world.ts'

const TOLERANCE_DAYS = 5

function paidFromTo(world: World, contractId: string, from: string, to: string, knownAt?: string) {
  let paidFen = 0n
  for (const { data } of paymentsOf(world, contractId, knownAt)) {
    if (data.paidOn >= from && data.paidOn <= to) paidFen += BigInt(data.amountFen)
  }
  return paidFen
}

/** The plan's sum up to and with a day. */
function sumUpTo(plan: PlanData, day: string): bigint {
  let sumFen = 0n
  for (const one of plan.instalments) if (one.dueOn <= day) sumFen += BigInt(one.amountFen)
  return sumFen
}

/** Whether a plan is breached as seen on a day. */
function isBreached(
  world: World,
  contractId: string,
  plan: PlanData,
  day: string,
  knownAt?: string,
): boolean {
  return plan.instalments.some(({ dueOn }) => {
    const graceOn = addDays(dueOn, TOLERANCE_DAYS)
    if (graceOn >= day) return false
    const paidFen = paidFromTo(world, contractId, plan.agreedOn, graceOn, knownAt)
    return paidFen < sumUpTo(plan, dueOn)
  })
}

/** Whether the plan that counts is in force, not breached, and earns something. */
export function oraclePlanKept(
  world: World,
  contractId: string,
  asOf: string,
  knownAt?: string,
): boolean {
  const plans = factsOf(world, 'plan', knownAt)
    .filter((plan) => plan.about === contractId)
    .map((plan, recordedAs) => ({ ...plan.data, recordedAs }))
    .filter((plan) => plan.agreedOn <= asOf)
  const comesAfter = (a: (typeof plans)[number], b: (typeof plans)[number]) =>
    a.agreedOn > b.agreedOn || (a.agreedOn === b.agreedOn && a.recordedAs > b.recordedAs)

  const counting = plans.find((plan) => !plans.some((other) => comesAfter(other, plan)))
  if (counting === undefined) return false
  const days = counting.instalments.map(({ dueOn }) => dueOn).sort()
  const [firstOn = '', lastOn = ''] = [days[0], days.at(-1)]
  if (asOf > addDays(lastOn, TOLERANCE_DAYS)) return false
  if (isBreached(world, contractId, counting, asOf, knownAt)) return false

  const followsBreach = plans.some((plan) => {
    const followers = plans.filter((other) => comesAfter(other, plan))
    const [replacedOn] = followers.map(({ agreedOn }) => agreedOn).sort()
    return replacedOn !== undefined && isBreached(world, contractId, plan, replacedOn, knownAt)
  })
  if (!followsBreach) return true
  const paidFen = paidFromTo(world, contractId, counting.agreedOn, asOf, knownAt)
  return paidFen >= sumUpTo(counting, firstOn)
}
