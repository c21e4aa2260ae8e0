import { and, gte, inArray, sql } from 'drizzle-orm'
import type { RiskPolicy } from '../domain/risk-policy.ts'
import type { Reader } from '../platform/database/database.ts'
import type { RiskRow } from '../risk/stored-risks.ts'
import type { CaseRow } from './case-store.ts'

/** What an operator's contracts in a township come to; the arrears are of the flagged ones. */
export interface Place {
  operatorId: string
  townshipCode: string
  score: number
  flagged: number
  arrearsFen: number
}

export const placeOf = ({
  operatorId,
  townshipCode,
}: Pick<CaseRow, 'operatorId' | 'townshipCode'>) => `${operatorId} ${townshipCode}`

export const placeOfVillage = ({
  operatorId,
  villageCode,
}: Pick<RiskRow, 'operatorId' | 'villageCode'>) =>
  placeOf({ operatorId, townshipCode: villageCode.slice(0, 9) })

/** The places of some operators, by `placeOf`: one grouped query. */
export async function placeFigures(
  db: Reader,
  policy: RiskPolicy,
  operatorIds: readonly string[],
): Promise<Map<string, Place>> {
  const { risks: r } = db.tables
  const flagged = isFlaggedRisk(db, policy)
  const townshipCode = sql<string>`substr(${r.villageCode}, 1, 9)`
  const rows = await db
    .select({
      operatorId: r.operatorId,
      townshipCode,
      score: sql`max(${r.score})`.mapWith(Number),
      flagged: sql`sum(case when ${flagged} then 1 else 0 end)`.mapWith(Number),
      arrearsFen: sql`sum(case when ${flagged} then ${r.arrearsFen} else 0 end)`.mapWith(Number),
    })
    .from(r)
    .where(inArray(r.operatorId, [...operatorIds]))
    .groupBy(r.operatorId, townshipCode)
  return new Map(rows.map((row) => [placeOf(row), row]))
}

/** The cases of some operators in the order of their opening. */
export async function casesOf(db: Reader, operatorIds: readonly string[]): Promise<CaseRow[]> {
  const { cases: t } = db.tables
  return await db
    .select()
    .from(t)
    .where(inArray(t.operatorId, [...operatorIds]))
    .orderBy(t.id)
}

/** The flagged risks of some operators. */
export async function flaggedRisks(
  db: Reader,
  policy: RiskPolicy,
  operatorIds: readonly string[],
): Promise<RiskRow[]> {
  const { risks: r } = db.tables
  if (operatorIds.length === 0) return []
  return await db
    .select()
    .from(r)
    .where(and(isFlaggedRisk(db, policy), inArray(r.operatorId, [...operatorIds])))
}

export const isFlaggedRisk = (db: Reader, { levels, caseLevel }: RiskPolicy) =>
  gte(db.tables.risks.score, levels[caseLevel])
