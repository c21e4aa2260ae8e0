import { type Day, daysBetween } from './calendar-day.ts'
import {
  type CaseContract,
  type CaseFacts,
  earliest,
  type NextAction,
  whichContracts,
} from './case-facts.ts'

/** A visit counts for a quarter. Source: county practice, design decision. */
const VISIT_COUNTS_DAYS = 90

/**
 * The day agreed for the next visit has passed without one, or the last visit is too long ago.
 *
 * Source: county practice, design decision.
 * Example: visited 90 days ago gives nothing, 91 days ago revisit; agreed for yesterday revisit.
 */
export function revisit({ asOf, contracts }: CaseFacts): NextAction | undefined {
  const missed = contracts.filter((contract) => missedVisit(contract, asOf))
  const stale = contracts.filter(
    (contract) =>
      contract.lastVisitOn !== null &&
      daysBetween(contract.lastVisitOn, asOf) > VISIT_COUNTS_DAYS &&
      !missed.includes(contract),
  )
  const agreedOn = earliest(missed.map(({ nextVisitOn }) => nextVisitOn))
  const lastOn = earliest(stale.map(({ lastVisitOn }) => lastVisitOn))
  const parts: string[] = []
  if (agreedOn !== undefined)
    parts.push(
      `${whichContracts(missed)}约定 ${agreedOn} 复访,已过 ${daysBetween(agreedOn, asOf)} 天`,
    )
  if (lastOn !== undefined)
    parts.push(`${whichContracts(stale)}最近摸排在 ${lastOn},距今 ${daysBetween(lastOn, asOf)} 天`)
  if (parts.length === 0) return undefined
  return {
    action: 'revisit',
    contractIds: [...missed, ...stale].map(({ contractId }) => contractId),
    reason: `${parts.join(';')}:建议上门复访`,
  }
}

function missedVisit({ lastVisitOn, nextVisitOn }: CaseContract, asOf: Day): boolean {
  if (lastVisitOn === null || nextVisitOn === null) return false
  return nextVisitOn < asOf && lastVisitOn < nextVisitOn
}
