import { inArray, type SQL, sql } from 'drizzle-orm'
import { within } from '../access/bounds.ts'
import type { Day } from '../domain/calendar-day.ts'
import type { Reader } from '../platform/database/database.ts'
import { plainRows } from '../platform/database/plain-rows.ts'
import { preparedFor } from '../platform/database/prepared.ts'
import { townshipOf } from '../platform/database/tables-of-risk.ts'
import {
  openCountyTable,
  type SummaryJob,
  type SummaryResult,
  type SummaryRow,
} from './computed-county.ts'

const [LONG_AGO, FAR_AHEAD] = ['0001-01-01', '9999-12-31']

/**
 * The county report's table out of the stored risks: sums of what is alike, which name nobody, and
 * beside them the contracts that late subsidies are for.
 */
export async function storedSummary(db: Reader, job: SummaryJob): Promise<SummaryResult> {
  const table = await openCountyTable(db, job)
  for (const { state, ...sums } of await sumsOf(db, job))
    table.add({ ...NOBODY, ...sums, ...meaningOf(state, job.asOf) })
  const { contractIds, operatorIds } = table.subsidised
  const named: SummaryRow = { ...NOBODY, ...NOTHING }
  const addNames = (rows: readonly Names[]) => {
    for (const row of rows) table.add(Object.assign(named, row))
  }
  addNames(await contractsWith(db, [...new Set(contractIds)], {}))
  addNames(await contractsOfOperators(db, [...new Set(operatorIds)], {}))
  return table.close()
}

type Names = Pick<SummaryRow, 'contractId' | 'operatorId' | 'villageCode' | 'landUse'>

/** Of a contract whose figures are among the sums. */
const NOTHING = {
  ...{ count: 0, areaHundredths: 0, households: 0, arrearsFen: 0, yearsOwed: 0, checks: null },
  ...{ arrearsClass: 'none' as const, startOn: FAR_AHEAD, endOn: FAR_AHEAD },
}

const NOBODY = { contractId: '', operatorId: '', villageCode: '', landUse: 'other' as const }

/**
 * What is alike, as one number: SQLite sorts by each column of it. Where a contract stands in its
 * term, 3 more if a price is missing, and 6 times the years that it owes and one, if it owes.
 */
function stateIn({ risks: t }: Reader['tables'], asOf: Day): SQL<number> {
  const stated = sql`
    case when ${t.endOn} < ${asOf} then 0 when ${t.startOn} <= ${asOf} then 1 else 2 end
    + case when cast(${t.checks} as text) like '%"unpriced"%' then 3 else 0 end
    + case ${t.arrearsClass} when 'none' then 0 else 6 * (${t.yearsOwed} + 1) end`
  return stated.mapWith(Number)
}

function meaningOf(state: number, asOf: Day) {
  const [startOn, endOn] = spanOf(state % 3, asOf)
  const owing = Math.floor(state / 6)
  const checks: SummaryRow['checks'] = state % 6 < 3 ? null : ['unpriced']
  const arrearsClass = (['none', 'partial'] as const)[owing] ?? ('years' as const)
  return { startOn, endOn, checks, arrearsClass, yearsOwed: Math.max(0, owing - 1) }
}

/** A term that has ended, is in force or has not begun on the day. */
function spanOf(term: number, asOf: Day): [Day, Day] {
  if (term === 1) return [asOf, asOf]
  return term === 0 ? [LONG_AGO, LONG_AGO] : [FAR_AHEAD, FAR_AHEAD]
}

function sumsOf(db: Reader, { asOf, region, by }: SummaryJob) {
  const { risks: t } = db.tables
  const ofVillages = by === 'village' || region?.length === 12
  const number = (value: SQL) => value.mapWith(Number)
  const alike = {
    villageCode: (ofVillages ? sql`${t.villageCode}` : townshipOf(t.villageCode)).mapWith(String),
    state: stateIn(db.tables, asOf),
    ...(by === 'landUse' && { landUse: t.landUse }),
    ...(by === 'operator' && { operatorId: t.operatorId }),
  }
  const sums = {
    count: number(sql`count(*)`),
    areaHundredths: number(sql`sum(${t.areaHundredths})`),
    arrearsFen: number(sql`sum(${t.arrearsFen})`),
    households: number(sql`sum(${t.households})`),
  }
  return db
    .select({ ...alike, ...sums })
    .from(t)
    .where(region === undefined ? undefined : within(t.villageCode, region))
    .groupBy(...Object.keys(alike).map((_, at) => sql.raw(`${at + 1}`)))
}

const contractsWith = preparedFor(
  (db, ids) => namesIn(db).where(inArray(db.tables.risks.contractId, ids)),
  plainRows,
)
const contractsOfOperators = preparedFor(
  (db, ids) => namesIn(db).where(inArray(db.tables.risks.operatorId, ids)),
  plainRows,
)

function namesIn(db: Reader) {
  const { contractId, operatorId, villageCode, landUse } = db.tables.risks
  return db.select({ contractId, operatorId, villageCode, landUse }).from(db.tables.risks)
}
