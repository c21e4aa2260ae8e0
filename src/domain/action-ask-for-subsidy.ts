import type { CaseFacts, NextAction } from './case-facts.ts'
import { moneyWords } from './money-words.ts'

/**
 * Late recognised subsidies would cover something of the arrears: ask the bureau. What an operator
 * only claims never counts, and nothing is netted.
 *
 * Units: fen in, 万元 out. Source: Civil Code 525, 526, 722; county practice, design decision.
 * Example: 500000 fen recognised and 100 days late beside arrears give ask_for_subsidy, claimed
 * nothing.
 */
export function askForSubsidy(facts: CaseFacts): NextAction | undefined {
  const late = facts.lateSubsidies.filter(
    ({ standing, outstandingFen }) => standing === 'recognised' && outstandingFen > 0,
  )
  const owing = facts.contracts.filter(({ arrearsFen }) => arrearsFen > 0)
  if (late.length === 0 || owing.length === 0 || facts.coverageFen <= 0) return undefined
  const sumFen = late.reduce((sum, { outstandingFen }) => sum + outstandingFen, 0)
  const longest = Math.max(...late.map(({ days }) => days))
  return {
    action: 'ask_for_subsidy',
    contractIds: owing.map(({ contractId }) => contractId),
    reason:
      `认定补助 ${late.length} 笔共 ${moneyWords(sumFen)}未兑付,最长逾期 ${longest} 天,` +
      `可覆盖欠租 ${moneyWords(facts.coverageFen)}:` +
      '建议提请农业农村局推进兑付;补助与租金不相抵,租金照常催收',
  }
}
