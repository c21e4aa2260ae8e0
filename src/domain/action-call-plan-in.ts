import { type CaseFacts, earliest, type NextAction, owingContracts } from './case-facts.ts'

/**
 * A repayment plan was breached and something is still owed: call the operator in.
 *
 * Source: county practice, design decision.
 * Example: breached on 2026-03-11 with arrears gives call_plan_in on every day from then on.
 */
export function callPlanIn({ asOf, contracts }: CaseFacts): NextAction | undefined {
  const breached = contracts.filter(
    ({ arrearsFen, plan }) => arrearsFen > 0 && plan?.breachedOn != null && plan.breachedOn <= asOf,
  )
  const since = earliest(breached.map(({ plan }) => plan?.breachedOn ?? null))
  if (since === undefined) return undefined
  return {
    action: 'call_plan_in',
    contractIds: breached.map(({ contractId }) => contractId),
    reason:
      `${owingContracts(breached)},还款计划${breached.length > 1 ? '最早' : ''}自 ${since} 起违约:` +
      '建议约谈业主,督促补付或重新商定还款计划',
  }
}
