import { type Day, daysBetween } from './calendar-day.ts'
import {
  type CaseContract,
  type CaseFacts,
  earliest,
  type NextAction,
  owingContracts,
} from './case-facts.ts'

/** How long a demand is given to work. Source: county practice, design decision. */
const DEMAND_WORKS_DAYS = 30

/**
 * A demand has not helped, no plan is being kept and nobody has asked for mediation since.
 *
 * Source: Mediation and Arbitration Law 18; county practice, design decision.
 * Example: demanded 30 days ago gives nothing, 31 days ago ask_mediation.
 */
export function askMediation({ asOf, contracts }: CaseFacts): NextAction | undefined {
  const unanswered = contracts.filter((contract) => isUnanswered(contract, asOf))
  const since = earliest(unanswered.map(({ lastDemandOn }) => lastDemandOn))
  if (since === undefined) return undefined
  return {
    action: 'ask_mediation',
    contractIds: unanswered.map(({ contractId }) => contractId),
    reason:
      `${owingContracts(unanswered)},${unanswered.length > 1 ? '最早于 ' : ''}${since} 催告送达,` +
      `已 ${daysBetween(since, asOf)} 天仍未付清,没有正在履行的还款计划:建议申请调解`,
  }
}

function isUnanswered(contract: CaseContract, asOf: Day): boolean {
  const { oldestUnpaidDueOn, lastDemandOn, lastMediationOn, plan } = contract
  if (contract.arrearsFen === 0 || oldestUnpaidDueOn === null || lastDemandOn === null) return false
  if (lastDemandOn <= oldestUnpaidDueOn) return false
  if (daysBetween(lastDemandOn, asOf) <= DEMAND_WORKS_DAYS) return false
  if (plan?.inForce && plan.breachedOn === null) return false
  return lastMediationOn === null || lastMediationOn < lastDemandOn
}
