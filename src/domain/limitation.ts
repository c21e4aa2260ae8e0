import { allocate, type Payment } from './allocation.ts'
import { addMonths, type Day, daysBetween } from './calendar-day.ts'
import type { Instalment } from './contract-terms.ts'

/** What interrupts limitation; of several on one day the first of this list is named. */
const CAUSES = ['plan', 'demand', 'mediation', 'payment'] as const
type Cause = (typeof CAUSES)[number]

/** A plan agreed, a demand delivered, mediation asked for: on all instalments then overdue. */
export interface Interruption {
  by: Exclude<Cause, 'payment'>
  on: Day
}

/** When the limitation periods of an unpaid overdue instalment would run out: no verdict. */
export interface LimitationReminder {
  no: number
  rentYear: number
  dueOn: Day
  unpaidFen: number
  courtUntilOn: Day
  arbitrationUntilOn: Day
  /** The last interruption that counts for the court's period. */
  restartedOn: Day | null
  restartedBy: Cause | null
  /** The shorter period may have run out before an interruption that still counts in court. */
  arbitrationRestartedOn: Day | null
  /** Negative after the day. */
  courtDaysLeft: number
  arbitrationDaysLeft: number
  note: string
}

const COURT_MONTHS = 36
const ARBITRATION_MONTHS = 24

const CAUSE_WORDS: Readonly<Record<Cause, string>> = {
  plan: '还款计划',
  demand: '催告送达',
  mediation: '调解申请',
  payment: '部分付款',
}

/**
 * The days on which the limitation periods of each overdue unpaid instalment would run out: court 3
 * years, arbitration 2 years, each instalment on its own, in the order of the schedule.
 *
 * A period starts with the due day, which is not counted, and again with each interruption after
 * it. A payment restarts the instalments on which a part of it lies. After its last day only a plan
 * (a new promise) restarts a period. Days are not moved off holidays: the earlier day is the safe
 * one. Payments and interruptions after `asOf` do not count.
 * Units: fen, days. Throws RangeError on what is no day or no amount in fen.
 * Source: Civil Code 188, 189, 192, 195, 201-203; SPC rules 2, 8-14, 19; Mediation and Arbitration
 * Law 18; the conservative reading is a design decision.
 * Example: due 2021-12-31, demanded 2023-03-01: court 2026-03-01, arbitration 2025-03-01.
 */
export function limitationReminders(
  asOf: Day,
  instalments: readonly Instalment[],
  payments: readonly Payment[],
  interruptions: readonly Interruption[],
): LimitationReminder[] {
  const paidOns = new Map<number, Day[]>()
  const counted = payments.filter(({ paidOn }) => paidOn <= asOf)
  const { paidFen } = allocate(instalments, counted, (position, paidOn) => {
    const days = paidOns.get(position)
    if (days) days.push(paidOn)
    else paidOns.set(position, [paidOn])
  })
  const ofAll = interruptions.filter(({ on }) => on <= asOf)
  return instalments.flatMap((instalment, at) => {
    const unpaidFen = instalment.amountFen - (paidFen[at] ?? 0)
    if (unpaidFen === 0 || instalment.dueOn >= asOf) return []
    const parts = (paidOns.get(at) ?? []).map((on) => ({ by: 'payment' as const, on }))
    return [reminder(asOf, instalment, unpaidFen, inOrder([...ofAll, ...parts]))]
  })
}

interface Restart {
  by: Cause
  on: Day
}

function reminder(
  asOf: Day,
  { no, rentYear, dueOn }: Instalment,
  unpaidFen: number,
  restarts: readonly Restart[],
): LimitationReminder {
  const court = period(asOf, dueOn, COURT_MONTHS, restarts)
  const arbitration = period(asOf, dueOn, ARBITRATION_MONTHS, restarts)
  return {
    no,
    rentYear,
    dueOn,
    unpaidFen,
    courtUntilOn: court.untilOn,
    arbitrationUntilOn: arbitration.untilOn,
    restartedOn: court.restart?.on ?? null,
    restartedBy: court.restart?.by ?? null,
    arbitrationRestartedOn: arbitration.restart?.on ?? null,
    courtDaysLeft: court.daysLeft,
    arbitrationDaysLeft: arbitration.daysLeft,
    note:
      `时效风险提示:第 ${no} 期(${dueOn} 到期)按诉讼时效 3 年计,${periodWords(court)};` +
      `按仲裁时效 2 年计,${periodWords(arbitration)}`,
  }
}

interface Period {
  untilOn: Day
  restart: Restart | undefined
  daysLeft: number
}

function period(asOf: Day, dueOn: Day, months: number, restarts: readonly Restart[]): Period {
  let untilOn = addMonths(dueOn, months)
  let restart: Restart | undefined
  for (const next of restarts) {
    if (next.on <= (restart?.on ?? dueOn)) continue
    if (next.on > untilOn && next.by !== 'plan') continue
    restart = next
    untilOn = addMonths(next.on, months)
  }
  return { untilOn, restart, daysLeft: daysBetween(asOf, untilOn) }
}

function periodWords({ untilOn, restart, daysLeft }: Period): string {
  const start = restart ? `因 ${restart.on} ${CAUSE_WORDS[restart.by]}重新起算` : '自到期日起算'
  return `提示日为 ${untilOn}(${daysWords(daysLeft)}),${start}`
}

function daysWords(daysLeft: number): string {
  if (daysLeft === 0) return '即当日'
  return daysLeft > 0 ? `还有 ${daysLeft} 天` : `${-daysLeft} 天前`
}

function inOrder(restarts: Restart[]): Restart[] {
  return restarts.sort((a, b) =>
    a.on === b.on ? CAUSES.indexOf(a.by) - CAUSES.indexOf(b.by) : a.on < b.on ? -1 : 1,
  )
}
