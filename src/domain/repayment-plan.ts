import type { Payment } from './allocation.ts'
import { addDays, type Day } from './calendar-day.ts'

/** 还款计划: what was promised for the arrears of one contract, and by when. */
export interface RepaymentPlan {
  id: string
  agreedOn: Day
  instalments: readonly { dueOn: Day; amountFen: number }[]
}

/**
 * Where a plan stands on a day, the first that is true: `agreed_later` than that day, `breached`
 * (which stands, whatever came after), `completed` (its whole sum came in time), `superseded` by
 * the next plan, `kept` so far. One that ran to its end is breached or completed after it.
 */
export type PlanState = 'agreed_later' | 'breached' | 'completed' | 'superseded' | 'kept'

/** How each state is said. */
export const PLAN_STATE_NAMES: Readonly<Record<PlanState, string>> = {
  agreed_later: '尚未订立',
  breached: '未按期履行',
  completed: '已履行完毕',
  superseded: '已另订计划',
  kept: '履行中',
}

export interface PlanStanding {
  planId: string
  agreedOn: Day
  lastDueOn: Day
  /** The last day on which it can be in force: `lastDueOn` and the days of tolerance. */
  untilOn: Day
  state: PlanState
  /** From `agreedOn` to `untilOn` or to the day before the next plan, breached or not. */
  inForce: boolean
  /** The first day on which the earliest breach can be seen. */
  breachedOn: Day | null
  /** Paid while the plan could be in force, by `asOf`. */
  paidFen: number
  sumFen: number
  /** What the plan has due by `asOf`, tolerance or not. */
  dueSoFarFen: number
  /** The first day whose sum is not paid yet; null once it is not in force or all is paid. */
  nextDueOn: Day | null
  /** Whether it lowers the score of a contract in arrears. */
  earns: boolean
}

type PaidOn = Pick<Payment, 'amountFen' | 'paidOn'>

/**
 * Where the plans of one contract stand on a day, in the order of `agreedOn`, then of recording.
 *
 * A plan is in force from `agreedOn` to its last due day + tolerance, or to the day before the next
 * plan. It is breached when, on a day later than a due day + tolerance, the payments from
 * `agreedOn` to then fall short of its sum so far; money that comes later heals nothing. One that
 * was followed by another is judged as of the day of that other. A plan that follows a breached
 * one earns nothing until its first instalment is paid.
 *
 * `plans` come in the order of recording, `payments` without those reversed, in any order; only
 * those by `asOf` count. Units: fen, days. Throws RangeError on a plan without instalments, and
 * when `toleranceDays` leads out of the calendar.
 * Source: domain.md, Facts, repayment plan; Civil Code 195 (a promise to pay).
 * @example planStandings([{ id: 'p', agreedOn: '2025-01-01', instalments:
 *   [{ dueOn: '2025-01-31', amountFen: 100 }] }], [], '2025-06-30', 5)
 * // [{ state: 'breached', breachedOn: '2025-02-06', … }]
 */
export function planStandings(
  plans: readonly RepaymentPlan[],
  payments: readonly PaidOn[],
  asOf: Day,
  toleranceDays: number,
): PlanStanding[] {
  const inOrder = plans.toSorted((a, b) => compareDays(a.agreedOn, b.agreedOn))
  let afterBreach = false
  return inOrder.map((plan, at) => {
    const nextOn = inOrder[at + 1]?.agreedOn
    const endedBy = nextOn !== undefined && nextOn <= asOf ? nextOn : undefined
    const standing = standingOf(plan, payments, { asOf, endedBy, toleranceDays, afterBreach })
    // An earlier breach was always seen by the day of the plan that followed it.
    afterBreach ||= standing.breachedOn !== null
    return standing
  })
}

/**
 * Whether the plan that counts on a day is in force, not breached, and earns its reduction.
 *
 * Units and Throws as of `planStandings`. That the contract is in arrears is left to `scoreRisk`.
 * Source: domain.md, Risk, `plan_kept`.
 * @example planKept([], [], '2025-02-06', 5) // false
 */
export function planKept(
  plans: readonly RepaymentPlan[],
  payments: readonly PaidOn[],
  asOf: Day,
  toleranceDays: number,
): boolean {
  return planStandings(plans, payments, asOf, toleranceDays).some(({ earns }) => earns)
}

interface Moment {
  asOf: Day
  /** The day of the next plan, once it has come. */
  endedBy: Day | undefined
  toleranceDays: number
  /** Whether an earlier plan of the contract was breached. */
  afterBreach: boolean
}

function standingOf(
  plan: RepaymentPlan,
  payments: readonly PaidOn[],
  { asOf, endedBy, toleranceDays, afterBreach }: Moment,
): PlanStanding {
  const { id: planId, agreedOn } = plan
  const { sums, first, last } = sumsByDay(plan)
  const paidBy = (day: Day) =>
    payments.reduce(
      (sum, { paidOn, amountFen }) => sum + (agreedOn <= paidOn && paidOn <= day ? amountFen : 0),
      0,
    )
  const judgedOn = endedBy ?? asOf
  const broken = sums.find(({ dueOn, sumFen }) => {
    const graceOn = addDays(dueOn, toleranceDays)
    return graceOn < judgedOn && paidBy(graceOn) < sumFen
  })
  const breachedOn = broken ? addDays(broken.dueOn, toleranceDays + 1) : null
  const untilOn = addDays(last.dueOn, toleranceDays)
  const lastPaidOn = endedBy === undefined ? asOf : addDays(endedBy, -1)
  const paidFen = paidBy(lastPaidOn < untilOn ? lastPaidOn : untilOn)
  const inForce = agreedOn <= asOf && asOf <= untilOn && endedBy === undefined
  const state = (): PlanState => {
    if (agreedOn > asOf) return 'agreed_later'
    if (breachedOn !== null) return 'breached'
    if (paidFen >= last.sumFen) return 'completed'
    return endedBy === undefined ? 'kept' : 'superseded'
  }
  return {
    planId,
    agreedOn,
    lastDueOn: last.dueOn,
    untilOn,
    state: state(),
    inForce,
    breachedOn,
    paidFen,
    sumFen: last.sumFen,
    dueSoFarFen: sums.findLast(({ dueOn }) => dueOn <= asOf)?.sumFen ?? 0,
    nextDueOn: (inForce && sums.find(({ sumFen }) => sumFen > paidFen)?.dueOn) || null,
    earns: inForce && breachedOn === null && (!afterBreach || paidFen >= first.sumFen),
  }
}

/** What a plan wants paid by each of its days, the days in order and each once. */
function sumsByDay({ id, instalments }: RepaymentPlan) {
  const sums: { dueOn: Day; sumFen: number }[] = []
  let sumFen = 0
  for (const { dueOn, amountFen } of instalments.toSorted((a, b) =>
    compareDays(a.dueOn, b.dueOn),
  )) {
    sumFen += amountFen
    if (sums.at(-1)?.dueOn === dueOn) sums.pop()
    sums.push({ dueOn, sumFen })
  }
  const [first, last] = [sums[0], sums.at(-1)]
  if (!first || !last) throw new RangeError(`plan ${id} has no instalments`)
  return { sums, first, last }
}

function compareDays(a: Day, b: Day): number {
  return a < b ? -1 : +(a > b)
}
