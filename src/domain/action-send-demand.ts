import { type CaseFacts, earliest, type NextAction, owingContracts } from './case-facts.ts'

/**
 * In arrears without a demand delivered after the oldest unpaid due day: deliver one.
 *
 * Source: Civil Code 722 (a demand comes before termination), 195; county practice, design
 * decision.
 * Example: unpaid since 2023-12-31 and demanded on that day gives send_demand, a day later nothing.
 */
export function sendDemand({ contracts }: CaseFacts): NextAction | undefined {
  const undemanded = contracts.filter(
    ({ arrearsFen, oldestUnpaidDueOn: dueOn, lastDemandOn }) =>
      arrearsFen > 0 && dueOn !== null && (lastDemandOn === null || lastDemandOn <= dueOn),
  )
  const since = earliest(undemanded.map(({ oldestUnpaidDueOn }) => oldestUnpaidDueOn))
  if (since === undefined) return undefined
  const days = Math.max(...undemanded.map(({ daysOverdue }) => daysOverdue))
  return {
    action: 'send_demand',
    contractIds: undemanded.map(({ contractId }) => contractId),
    reason:
      `${owingContracts(undemanded)},${undemanded.length > 1 ? '最早' : ''}` +
      `${since} 到期,逾期 ${days} 天,到期后尚无催告送达记录:建议送达书面催告`,
  }
}
