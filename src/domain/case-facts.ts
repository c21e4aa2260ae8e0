import type { Day } from './calendar-day.ts'
import { moneyWords } from './money-words.ts'

/** One contract of a case, as it stands on the day. */
export interface CaseContract {
  contractId: string
  contractNo: string | null
  arrearsFen: number
  daysOverdue: number
  oldestUnpaidDueOn: Day | null
  lastVisitOn: Day | null
  /** The day that was agreed for the next visit. */
  nextVisitOn: Day | null
  lastDemandOn: Day | null
  lastMediationOn: Day | null
  /** The repayment plan that counts. */
  plan: { state: string; breachedOn: Day | null; inForce: boolean } | null
  nextLimitationOn: Day | null
}

/** What the rules look at to suggest what to do next on a case. */
export interface CaseFacts {
  asOf: Day
  contracts: readonly CaseContract[]
  lateSubsidies: readonly {
    outstandingFen: number
    days: number
    standing: 'recognised' | 'claimed'
  }[]
  /** Of the case's arrears, by late recognised subsidies only. */
  coverageFen: number
}

export interface NextAction {
  action:
    | 'call_plan_in'
    | 'remind_of_limitation'
    | 'ask_for_subsidy'
    | 'first_visit'
    | 'revisit'
    | 'send_demand'
    | 'ask_mediation'
  contractIds: string[]
  /** Why, with figures and days; no names. */
  reason: string
}

/** One suggestion for a case, or none. */
export type NextActionRule = (facts: CaseFacts) => NextAction | undefined

/**
 * Which contracts a suggestion is about: the number of a single one, else how many.
 *
 * Source: design decision. Example: whichContracts([{ contractNo: '2015-0012' }]) is
 * '合同(2015-0012)'.
 */
export function whichContracts(contracts: readonly Pick<CaseContract, 'contractNo'>[]): string {
  const [first] = contracts
  return contracts.length === 1 && first?.contractNo
    ? `合同(${first.contractNo})`
    : `${contracts.length} 份合同`
}

/**
 * The same with what they owe together.
 *
 * Units: fen in, 万元 out. Source: design decision.
 * Example: owingContracts([{ contractNo: '2015-0012', arrearsFen: 64100000 }]) is
 * '合同(2015-0012)欠租 64.10 万元'.
 */
export function owingContracts(
  contracts: readonly Pick<CaseContract, 'contractNo' | 'arrearsFen'>[],
): string {
  const sumFen = contracts.reduce((sum, { arrearsFen }) => sum + arrearsFen, 0)
  const together = contracts.length > 1 ? '共' : ''
  return `${whichContracts(contracts)}${together}欠租 ${moneyWords(sumFen)}`
}

/**
 * The first of some days; undefined of none.
 *
 * Source: none, a tool of the rules. Example: earliest(['2024-03-01', null]) is '2024-03-01'.
 */
export function earliest(days: readonly (Day | null)[]): Day | undefined {
  return days.filter((day) => day !== null).sort()[0]
}
