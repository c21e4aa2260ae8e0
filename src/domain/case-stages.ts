import { addDays, type Day } from './calendar-day.ts'
import { LEVELS, type Level } from './levels.ts'

/** 未化解 · 化解中 · 已化解 · 反弹. */
export const CASE_STATES = ['unresolved', 'resolving', 'resolved', 'relapsed'] as const
export type CaseState = (typeof CASE_STATES)[number]

export const CASE_OUTCOMES = ['paid', 'agreed', 'land_returned', 'judicial', 'other'] as const
export type CaseOutcome = (typeof CASE_OUTCOMES)[number]

/** 定措施、定责任、定人员、定期限. */
export interface CaseFixes {
  measure: string
  responsibleUnit: string
  leadOfficial: string
  responsiblePerson: string
  deadlineOn: Day
}

/** Who is told of a deadline, in the order in which it escalates. */
export const DEADLINE_STEPS = ['person', 'township', 'county'] as const
export type DeadlineStep = (typeof DEADLINE_STEPS)[number]

/** What a contract of a case's operator and township owes, and its grade. */
export interface CaseContract {
  contractId: string
  arrearsFen: number
  level: Level
  /** At the level of the policy from which contracts belong to a case, or above it. */
  flagged: boolean
}

interface BaselineContract {
  arrearsFen: number
  level: Level
  /** The day of the resolution that stored it, if that was of the operator which had it before. */
  since?: Day
}

/** What the contracts of a case's operator and township owed when it was resolved. */
export interface Baseline {
  /** The day that these risks speak for. */
  asOf: Day
  contracts: Record<string, BaselineContract>
}

/** A breach of a repayment plan, on the first day that shows it. */
export interface PlanBreach {
  contractId: string
  planId: string
  breachedOn: Day
}

/** Why a night took up a resolved case again. */
export interface RelapseCause {
  contractId: string
  /** What the contract owes beyond what it owed when the case was resolved. */
  arrears?: { fromFen: number; toFen: number }
  level?: { from: Level; to: Level }
  /** A repayment plan that was breached after the resolution. */
  breach?: { planId: string; breachedOn: Day }
}

/** One entry of a case's history. */
export type CaseEvent =
  | { kind: 'opened'; detail: { level: Level; contracts: number; arrearsFen: number } }
  | { kind: 'graded'; detail: { from: Level; to: Level } }
  | { kind: 'fixed'; detail: CaseFixes }
  | { kind: 'progressed'; detail: { note: string; occurredOn?: Day } }
  | { kind: 'resolved'; detail: { outcome: CaseOutcome; evidence: string; arrearsFen: number } }
  | { kind: 'relapsed'; detail: { because: RelapseCause[] } }
  | { kind: 'reopened'; detail: { reason: string } }
  | { kind: 'settlement_proposed' | 'settlement_withdrawn'; detail: Record<string, never> }
  | { kind: 'deadline'; detail: { deadlineOn: Day; step: DeadlineStep } }
  | { kind: 'promise_broken'; detail: PlanBreach }
  | { kind: 'seen'; detail: { version: number } }
  | { kind: 'told'; detail: { asOf: Day; name: string; email: string; messageId: string } }

/** Why a move is refused: by a rule, or because the case already is where it leads. */
export interface CaseProblem {
  kind: 'rule-broken' | 'conflict'
  code: string
  zh: string
  en: string
  field?: string
}

const FIX_NAMES: Readonly<Record<keyof CaseFixes, string>> = {
  measure: '措施',
  responsibleUnit: '责任单位',
  leadOfficial: '包案领导',
  responsiblePerson: '责任人',
  deadlineOn: '完成时限',
}

/**
 * What keeps the four fixes from being set; undefined when nothing does.
 *
 * Units: days. Source: domain.md, Cases: 化解中 needs measure, unit and leading official, person
 * and deadline (定措施、定责任、定人员、定期限).
 * Example: without `measure` the code is 'fix-missing' and the field 'measure'.
 */
export function fixesProblem(
  state: CaseState,
  fixes: Partial<CaseFixes>,
  today: Day,
): CaseProblem | undefined {
  if (state === 'resolved') return ALREADY_RESOLVED
  for (const field of Object.keys(FIX_NAMES) as (keyof CaseFixes)[])
    if (!fixes[field]?.trim())
      return {
        kind: 'rule-broken',
        code: 'fix-missing',
        zh: `四定缺一不可:缺少${FIX_NAMES[field]}`,
        en: `all four fixes are needed: ${field} is missing`,
        field,
      }
  if ((fixes.deadlineOn ?? today) >= today) return undefined
  return {
    kind: 'rule-broken',
    code: 'deadline-in-past',
    zh: `完成时限不能早于今天(${today})`,
    en: `the deadline must not be before today (${today})`,
    field: 'deadlineOn',
  }
}

const ALREADY_RESOLVED: CaseProblem = {
  kind: 'conflict',
  code: 'case-resolved',
  zh: '该风险已化解;如有反弹,请先重新打开',
  en: 'the case is resolved; reopen it first',
}

const NOTHING_PAID: CaseProblem = {
  kind: 'rule-broken',
  code: 'no-contracts',
  zh: '该业主在该乡镇已没有合同,没有可付清的租金,请以其他化解',
  en: 'the operator has no contract there any more, so nothing was paid: the outcome is other',
  field: 'outcome',
}

/**
 * What keeps a case from being resolved; undefined when nothing does. With its four fixes set it
 * takes any outcome; one whose contracts are all below the threshold may be settled at once as
 * `paid` or `other`. `paid` waits until no contract of the operator there is in arrears, and
 * needs one: contracts that went to another operator took their arrears along.
 *
 * Units: fen. Source: domain.md, Cases.
 * Example: unresolved, one contract at yellow, 'agreed' is 'fixes-needed'.
 */
export function resolutionProblem(
  state: CaseState,
  outcome: CaseOutcome,
  contracts: readonly CaseContract[],
): CaseProblem | undefined {
  if (state === 'resolved') return ALREADY_RESOLVED
  if (outcome === 'paid' && contracts.length === 0) return NOTHING_PAID
  const arrearsFen = contracts.reduce((sum, contract) => sum + contract.arrearsFen, 0)
  if (outcome === 'paid' && arrearsFen > 0) {
    const yuan = (arrearsFen / 100).toFixed(2)
    return {
      kind: 'rule-broken',
      code: 'arrears-remain',
      zh: `尚有欠租 ${yuan} 元,不能以已付清化解`,
      en: `${yuan} yuan of rent are still owed, so the outcome cannot be paid`,
      field: 'outcome',
    }
  }
  if (state === 'resolving') return undefined
  const settled = !contracts.some(({ flagged }) => flagged)
  if (settled && (outcome === 'paid' || outcome === 'other')) return undefined
  return {
    kind: 'rule-broken',
    code: 'fixes-needed',
    zh: settled
      ? '未定四定的风险,只能以已付清或其他化解'
      : '仍有合同达到列管等级,须先定措施、定责任、定人员、定期限',
    en: settled
      ? 'without the four fixes the outcome must be paid or other'
      : 'contracts are still flagged: set the four fixes first',
    field: 'outcome',
  }
}

/**
 * Why a resolved case is taken up again, empty when it rests: a flagged contract owes more or is
 * graded higher than when the case was resolved (a contract that was not there owed nothing), or a
 * plan was breached after that day. A day before the resolution's never takes it up.
 *
 * Units: fen, days. Source: domain.md, Cases.
 * Example: 5000 fen then, 5001 fen now on a flagged contract is a cause, 5000 is none.
 */
export function relapseCauses(
  asOf: Day,
  baseline: Baseline,
  contracts: readonly CaseContract[],
  breaches: readonly PlanBreach[],
): RelapseCause[] {
  if (asOf < baseline.asOf) return []
  const worse = contracts.flatMap(({ contractId, arrearsFen, level, flagged }) => {
    const before = baseline.contracts[contractId] ?? { arrearsFen: 0, level: 'none' as Level }
    const owesMore = arrearsFen > before.arrearsFen
    const isHigher = LEVELS.indexOf(level) < LEVELS.indexOf(before.level)
    if (!flagged || !(owesMore || isHigher)) return []
    return [
      {
        contractId,
        ...(owesMore && { arrears: { fromFen: before.arrearsFen, toFen: arrearsFen } }),
        ...(isHigher && { level: { from: before.level, to: level } }),
      },
    ]
  })
  const broken = breaches
    .filter(({ contractId, breachedOn }) => {
      const since = baseline.contracts[contractId]?.since ?? baseline.asOf
      return breachedOn > since && breachedOn <= asOf
    })
    .map(({ contractId, planId, breachedOn }) => ({ contractId, breach: { planId, breachedOn } }))
  return [...worse, ...broken]
}

/** How many days before a deadline each of them is told; after it, where negative. */
export const DAYS_TO_DEADLINE: Readonly<Record<DeadlineStep, number>> = {
  person: 7,
  township: 0,
  county: -7,
}

/**
 * Who is to be told of a deadline on a day, in the order in which it escalates: the person 7 days
 * before it, the township on the day, the county 7 days after it.
 *
 * Units: days. Source: domain.md, Cases.
 * Example: deadlineStepsReached('2024-06-30', '2024-06-30') is ['person', 'township'].
 */
export function deadlineStepsReached(deadlineOn: Day, asOf: Day): DeadlineStep[] {
  return DEADLINE_STEPS.filter((step) => asOf >= addDays(deadlineOn, -DAYS_TO_DEADLINE[step]))
}
