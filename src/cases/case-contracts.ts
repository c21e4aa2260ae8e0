import { and, asc, desc, eq } from 'drizzle-orm'
import { within } from '../access/bounds.ts'
import type { CaseContract } from '../domain/case-stages.ts'
import { reachesLevel } from '../domain/levels.ts'
import { policyInForce, type RiskPolicy } from '../domain/risk-policy.ts'
import type { AtTime } from '../facts/fact-kind.ts'
import type { Reader } from '../platform/database/database.ts'
import { allPolicies } from '../risk/policy-store.ts'
import { lastCompletedRun } from '../risk/risk-store.ts'
import type { RiskRow } from '../risk/stored-risks.ts'
import type { CaseRow } from './case-store.ts'

/** The stored risks of an operator's contracts in a township, the most urgent first. */
export function risksOfCase(
  db: Reader,
  { operatorId, townshipCode }: Pick<CaseRow, 'operatorId' | 'townshipCode'>,
): Promise<RiskRow[]> {
  const { risks: t } = db.tables
  return Promise.resolve(
    db
      .select()
      .from(t)
      .where(and(eq(t.operatorId, operatorId), within(t.villageCode, townshipCode)))
      .orderBy(desc(t.score), desc(t.arrearsFen), asc(t.contractId)),
  )
}

/** Whether a risk belongs to a case. */
export const isFlagged = ({ level }: Pick<RiskRow, 'level'>, policy: RiskPolicy): boolean =>
  reachesLevel(level, policy.caseLevel)

/** Stored risks as the rules of cases take them. */
export function caseContracts(risks: readonly RiskRow[], policy: RiskPolicy): CaseContract[] {
  return risks.map((risk) => ({
    contractId: risk.contractId,
    arrearsFen: risk.arrearsFen,
    level: risk.level,
    flagged: isFlagged(risk, policy),
  }))
}

/** What a reply about cases speaks for: facts of `asOf`, scores of the last night. */
export interface CaseTime extends AtTime {
  /** The day of the stored risks that no fact has refreshed since. */
  scoredOn: string
  policy: RiskPolicy
}

/** The day and the policy of the last night; today's before the first. */
export async function storedDay(db: Reader, today: string) {
  const scoredOn = (await lastCompletedRun(db))?.asOf ?? today
  return { scoredOn, policy: policyInForce(await allPolicies(db), scoredOn) }
}
