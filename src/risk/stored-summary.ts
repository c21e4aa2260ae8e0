import { inArray, type SQL, sql } from 'drizzle-orm'
import { within } from '../access/bounds.ts'
import type { Day } from '../domain/calendar-day.ts'
import type { Reader } from '../platform/database/database.ts'
import { preparedFor } from '../platform/database/prepared.ts'
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
  for (const { state, unpriced, ...sums } of await sumsOf(db, job)) {
    const [startOn, endOn] = spanOf(state, job.asOf)
    const checks: SummaryRow['checks'] = unpriced === 1 ? ['unpriced'] : null
    table.add({ ...sums, contractId: '', startOn, endOn, checks })
  }
  const { contractIds, operatorIds } = table.subsidised
  for (const row of await contractsWith(db, [...new Set(contractIds)], {}))
    table.add({ ...row, ...NOTHING })
  for (const row of await contractsOfOperators(db, [...new Set(operatorIds)], {}))
    table.add({ ...row, ...NOTHING })
  return table.close()
}

/** Of a contract whose figures are among the sums. */
const NOTHING = {
  ...{ count: 0, areaHundredths: 0, households: 0, arrearsFen: 0, yearsOwed: 0, checks: null },
  ...{ arrearsClass: 'none' as const, startOn: FAR_AHEAD, endOn: FAR_AHEAD },
}

type State = 'in_force' | 'ended' | 'not_begun'

function spanOf(state: State, asOf: Day): [Day, Day] {
  if (state === 'in_force') return [asOf, asOf]
  return state === 'ended' ? [LONG_AGO, LONG_AGO] : [FAR_AHEAD, FAR_AHEAD]
}

function sumsOf(db: Reader, { asOf, region, by }: SummaryJob) {
  const { risks: t } = db.tables
  const ofVillages = by === 'village' || region?.length === 12
  const number = (value: SQL) => value.mapWith(Number)
  const alike = {
    villageCode: ofVillages
      ? sql<string>`${t.villageCode}`
      : sql<string>`substr(${t.villageCode}, 1, 9)`,
    landUse: by === 'landUse' ? t.landUse : sql<'other'>`'other'`,
    operatorId: by === 'operator' ? t.operatorId : sql<string>`''`,
    arrearsClass: t.arrearsClass,
    yearsOwed: t.yearsOwed,
    state: sql<State>`case when ${t.endOn} < ${asOf} then 'ended'
      when ${t.startOn} <= ${asOf} then 'in_force' else 'not_begun' end`,
    unpriced: number(
      sql`case when cast(${t.checks} as text) like '%"unpriced"%' then 1 else 0 end`,
    ),
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
    .groupBy(...[1, 2, 3, 4, 5, 6, 7].map((place) => sql.raw(`${place}`)))
}

const contractsWith = preparedFor((db, ids) => {
  const { risks: t } = db.tables
  return namesIn(db).where(inArray(t.contractId, ids))
})
const contractsOfOperators = preparedFor((db, ids) => {
  const { risks: t } = db.tables
  return namesIn(db).where(inArray(t.operatorId, ids))
})

function namesIn(db: Reader) {
  const { contractId, operatorId, villageCode, landUse } = db.tables.risks
  return db.select({ contractId, operatorId, villageCode, landUse }).from(db.tables.risks)
}
