import { openSummary, type Summary } from '../domain/county-summary.ts'
import { policyInForce } from '../domain/risk-policy.ts'
import type { AtTime } from '../facts/fact-kind.ts'
import type { Reader } from '../platform/database/database.ts'
import { assessOperators } from './assess-operators.ts'
import { lateSubsidies } from './late-subsidies.ts'
import { allOperators, operatorPages, theseOperators } from './operator-scope.ts'
import { allPolicies } from './policy-store.ts'
import {
  byUrgency,
  passes,
  type RiskFilter,
  type SummaryQuery,
  type Urgency,
} from './risk-query.ts'
import type { RiskRow } from './stored-risks.ts'

const CONTRACTS_PER_PAGE = 500

export interface WorklistJob extends AtTime {
  filter: RiskFilter
  after: Urgency | undefined
  limit: number
}

/** A page of the worklist of any day, computed from the facts. */
export async function computedWorklist(db: Reader, job: WorklistJob): Promise<RiskRow[]> {
  const { filter, after, limit } = job
  let page: RiskRow[] = []
  for await (const rows of risksAt(db, job, filter.operatorId)) {
    for (const row of rows)
      if (passes(row, filter) && (!after || byUrgency(after, row) < 0)) page.push(row)
    // Only what can still be on the page is held.
    page = page.sort(byUrgency).slice(0, limit)
  }
  return page
}

export interface SummaryJob extends AtTime {
  region: string | undefined
  by: SummaryQuery['by']
}
export interface SummaryResult {
  summary: Summary
  townships: string[]
}

/** The county report's table of any day, computed from the facts. */
export async function computedSummary(db: Reader, job: SummaryJob): Promise<SummaryResult> {
  const table = await openCountyTable(db, job)
  for await (const rows of risksAt(db, job)) for (const row of rows) table.add(row)
  return table.close()
}

/** A summary that takes risks one by one, wherever they come from. */
export async function openCountyTable(db: Reader, { asOf, knownAt, region, by }: SummaryJob) {
  const late = await lateSubsidies(db, allOperators, { asOf, knownAt })
  const recognised = late.filter(({ standing }) => standing === 'recognised')
  const table = openSummary(recognised, by)
  const townships = new Set<string>()
  return {
    /** Whatever a late subsidy names: a contract, or an operator and no contract. */
    subsidised: {
      contractIds: recognised.flatMap(({ contractId }) => contractId ?? []),
      operatorIds: recognised.flatMap(({ contractId, operatorId }) =>
        contractId === null ? operatorId : [],
      ),
    },
    add(row: SummaryRow) {
      if (region !== undefined && !row.villageCode.startsWith(region)) return
      townships.add(row.villageCode.slice(0, 9))
      const inForce = row.startOn <= asOf && asOf <= row.endOn
      const unpriced = row.checks?.includes('unpriced') === true
      // Field by field: a spread of each row of a county is felt.
      table.add({
        count: row.count ?? 1,
        contractId: row.contractId,
        operatorId: row.operatorId,
        villageCode: row.villageCode,
        landUse: row.landUse,
        areaHundredths: row.areaHundredths,
        households: row.households,
        arrearsFen: row.arrearsFen,
        yearsOwed: row.yearsOwed,
        arrearsClass: row.arrearsClass,
        unpriced,
        inForce,
        ended: row.endOn < asOf,
      })
    },
    close: (): SummaryResult => ({ summary: table.close(), townships: [...townships].sort() }),
  }
}
export type SummaryRow = Pick<
  RiskRow,
  | 'contractId'
  | 'operatorId'
  | 'villageCode'
  | 'landUse'
  | 'areaHundredths'
  | 'households'
  | 'startOn'
  | 'endOn'
  | 'arrearsFen'
  | 'yearsOwed'
  | 'arrearsClass'
  | 'checks'
> & { count?: number }

/** The risks of all contracts, or of one operator's, some operators at a time. */
async function* risksAt(db: Reader, at: AtTime, operatorId?: string): AsyncGenerator<RiskRow[]> {
  const policy = policyInForce(await allPolicies(db, at.knownAt), at.asOf)
  const scopes =
    operatorId === undefined
      ? operatorPages(db, CONTRACTS_PER_PAGE)
      : [theseOperators([operatorId])]
  for await (const scope of scopes) yield (await assessOperators(db, scope, at, policy)).risks
}
