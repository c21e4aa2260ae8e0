import { askForSubsidy } from './action-ask-for-subsidy.ts'
import { askMediation } from './action-ask-mediation.ts'
import { callPlanIn } from './action-call-plan-in.ts'
import { firstVisit } from './action-first-visit.ts'
import { remindOfLimitation } from './action-remind-of-limitation.ts'
import { revisit } from './action-revisit.ts'
import { sendDemand } from './action-send-demand.ts'
import type { CaseFacts, NextAction, NextActionRule } from './case-facts.ts'

export type { CaseFacts }

/** Most urgent first. */
const RULES: readonly NextActionRule[] = [
  callPlanIn,
  remindOfLimitation,
  askForSubsidy,
  firstVisit,
  revisit,
  sendDemand,
  askMediation,
]

/**
 * What could be done next on a case, most urgent first: suggestions, people decide.
 *
 * Throws RangeError on what is no day. Source: county practice, design decision.
 * Example: a contract in arrears that was never visited nor demanded gives first_visit, then
 * send_demand.
 */
export function nextActions(facts: CaseFacts): NextAction[] {
  return RULES.flatMap((rule) => rule(facts) ?? [])
}
