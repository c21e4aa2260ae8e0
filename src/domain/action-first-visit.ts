import { type CaseFacts, type NextAction, whichContracts } from './case-facts.ts'

/**
 * Land that nobody has visited yet: visit it.
 *
 * Source: county practice, design decision. Example: no visit recorded gives first_visit.
 */
export function firstVisit({ contracts }: CaseFacts): NextAction | undefined {
  const unseen = contracts.filter(({ lastVisitOn }) => lastVisitOn === null)
  if (unseen.length === 0) return undefined
  return {
    action: 'first_visit',
    contractIds: unseen.map(({ contractId }) => contractId),
    reason: `${whichContracts(unseen)}尚无摸排记录:建议上门摸排,核实土地和业主现状`,
  }
}
