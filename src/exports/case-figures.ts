import type { Level } from '../domain/levels.ts'
import { levelOf, reachesLevel } from '../domain/levels.ts'
import type { RiskPolicy } from '../domain/risk-policy.ts'
import { casePlace } from './case-days.ts'
import type { LedgerSource, LedgerWish } from './ledger.ts'
import { riskPages } from './risk-pages.ts'

/** What an operator's contracts in a township owe on a day. */
export interface CaseFigures {
  score: number
  level: Level
  /** Of the flagged contracts, like the households. */
  arrearsFen: number
  households: number
  /** The flagged ones, the most urgent first. */
  contractIds: string[]
}

/** The figures of every operator and township with a contract that has a level. */
export async function caseFigures(
  source: LedgerSource,
  wish: LedgerWish,
  policy: RiskPolicy,
): Promise<Map<string, CaseFigures>> {
  const region = wish.region?.slice(0, 9)
  const found = new Map<string, CaseFigures>()
  for await (const page of riskPages(source, wish, { ...(region !== undefined && { region }) }))
    for (const { operatorId, villageCode, contractId, score, level, ...owed } of page) {
      const place = casePlace(operatorId, villageCode)
      // The most urgent comes first: its score is the case's.
      const figures = found.get(place) ?? noFigures(score, policy)
      found.set(place, figures)
      if (!reachesLevel(level, policy.caseLevel)) continue
      figures.contractIds.push(contractId)
      figures.arrearsFen += owed.arrearsFen
      figures.households += owed.arrearsFen > 0 ? owed.households : 0
    }
  return found
}

/** Where no contract has a level any more. */
export const noFigures = (score: number, policy: RiskPolicy): CaseFigures => ({
  score,
  level: levelOf(score, policy.levels),
  arrearsFen: 0,
  households: 0,
  contractIds: [],
})
