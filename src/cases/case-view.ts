import { and, asc, desc, gte, inArray, sql } from 'drizzle-orm'
import { CASE_STATE_NAMES } from '../domain/case-sentence.ts'
import { groupBy } from '../domain/group-by.ts'
import type { RiskPolicy } from '../domain/risk-policy.ts'
import { coverageFen } from '../domain/subsidy-delay.ts'
import type { Reader } from '../platform/database/database.ts'
import { regionNames } from '../regions/region-store.ts'
import { type LateSubsidy, lateSubsidies } from '../risk/late-subsidies.ts'
import { theseOperators } from '../risk/operator-scope.ts'
import { operatorNames } from '../risk/risk-view.ts'
import type { CaseTime } from './case-contracts.ts'
import type { CaseFigures } from './case-list.ts'
import type { CaseRow } from './case-store.ts'

/** Cases as lists and replies show them. */
export async function caseViews(
  db: Reader,
  cases: readonly CaseFigures[],
  { policy, ...at }: CaseTime,
) {
  const operatorIds = [...new Set(cases.map(({ row }) => row.operatorId))]
  const names = await operatorNames(db, operatorIds, at.knownAt)
  const townships = await regionNames(db, at.knownAt)
  const late = await lateSubsidies(db, theseOperators(operatorIds), at)
  const flagged = await flaggedContracts(db, operatorIds, policy)
  return cases.map(({ row, ...figures }) => {
    const { operatorId, townshipCode, baseline: _baseline, deadlineTold: _told, ...rest } = row
    const contracts = flagged.get(placeOf(row)) ?? []
    const outstandingFen = outstandingFor(row, contracts, late)
    return {
      ...rest,
      stateName: CASE_STATE_NAMES[row.state],
      operatorId,
      operatorName: names.get(operatorId) ?? null,
      townshipCode,
      townshipName: townships.get(townshipCode) ?? null,
      ...figures,
      contracts,
      lateSubsidiesFen: outstandingFen,
      coverageFen: coverageFen(figures.arrearsFen, outstandingFen),
      overdue: row.state !== 'resolved' && row.deadlineOn !== null && row.deadlineOn < at.asOf,
    }
  })
}

/** Late recognised subsidies that name a case's contracts, or its operator and no contract. */
function outstandingFor(
  { operatorId }: CaseRow,
  contracts: readonly { contractId: string }[],
  late: readonly LateSubsidy[],
): number {
  return subsidiesOfCase(operatorId, contracts, late)
    .filter(({ standing }) => standing === 'recognised')
    .reduce((sum, { outstandingFen }) => sum + outstandingFen, 0)
}

export function subsidiesOfCase(
  operatorId: string,
  contracts: readonly { contractId: string }[],
  late: readonly LateSubsidy[],
): LateSubsidy[] {
  const ids = new Set(contracts.map(({ contractId }) => contractId))
  return late.filter((subsidy) =>
    subsidy.contractId === null ? subsidy.operatorId === operatorId : ids.has(subsidy.contractId),
  )
}

const placeOf = ({ operatorId, townshipCode }: Pick<CaseRow, 'operatorId' | 'townshipCode'>) =>
  `${operatorId} ${townshipCode}`

async function flaggedContracts(db: Reader, operatorIds: readonly string[], policy: RiskPolicy) {
  const { risks: t } = db.tables
  const flagged = gte(t.score, policy.levels[policy.caseLevel])
  const rows = await db
    .select({
      operatorId: t.operatorId,
      townshipCode: sql<string>`substr(${t.villageCode}, 1, 9)`,
      contract: {
        contractId: t.contractId,
        level: t.level,
        score: t.score,
        arrearsFen: t.arrearsFen,
        households: t.households,
      },
    })
    .from(t)
    .where(and(inArray(t.operatorId, [...operatorIds]), flagged))
    .orderBy(desc(t.score), desc(t.arrearsFen), asc(t.contractId))
  const ofCase = groupBy(rows, placeOf)
  return new Map([...ofCase].map(([place, list]) => [place, list.map((row) => row.contract)]))
}
