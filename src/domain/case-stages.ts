import type { Day } from './calendar-day.ts'
import type { Level } from './levels.ts'

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
  | { kind: 'promise_broken'; detail: { contractId: string; planId: string; breachedOn: Day } }
  | { kind: 'seen'; detail: { version: number } }
  | { kind: 'told'; detail: { asOf: Day; name: string; email: string; messageId: string } }

/** What the contracts of a case's operator and township owed when it was resolved. */
export interface Baseline {
  /** The day that these risks speak for. */
  asOf: Day
  contracts: Record<string, { arrearsFen: number; level: Level }>
}
