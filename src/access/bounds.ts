import { and, between, eq, gt, inArray, lt, not, or, type SQL, sql } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import { Refusal } from '../errors.ts'
import type { Reader } from '../platform/database/database.ts'
import type { Tables } from '../platform/database/tables.ts'
import type { Caller } from './caller.ts'

/**
 * The one place that says which records lie in a region. A contract lies in its village, what is
 * recorded of it too; an operator lies wherever it has a contract, and where it was recorded.
 */
const LIES_IN = {
  contracts: (db, region) => within(db.tables.contracts.villageCode, region),
  contractAmendments: (db, region) => ofContract(db, db.tables.contractAmendments, region),
  contractEnds: (db, region) => ofContract(db, db.tables.contractEnds, region),
  payments: (db, region) => ofContract(db, db.tables.payments, region),
  screenings: (db, region) => ofContract(db, db.tables.screenings, region),
  repaymentPlans: (db, region) => ofContract(db, db.tables.repaymentPlans, region),
  demands: (db, region) => ofContract(db, db.tables.demands, region),
  mediations: (db, region) => ofContract(db, db.tables.mediations, region),
  operators: (db, region) => operatorIn(db, db.tables.operators, region),
  operatorConditions: (db, region) =>
    operatorWithIdIn(db, db.tables.operatorConditions.operatorId, region),
  operatorJoins: (db, region) => operatorWithIdIn(db, db.tables.operatorJoins.operatorId, region),
  subsidies: (db, region) => subsidyIn(db, db.tables.subsidies, region),
  subsidyStages: (db, region) => ofSubsidy(db, db.tables.subsidyStages, region),
  disbursements: (db, region) => ofSubsidy(db, db.tables.disbursements, region),
  petitions: (db, region) => within(db.tables.petitions.villageCode, region),
  // Of a township: a village has none of its own.
  cases: (db, region) => startsWith(db.tables.cases.townshipCode, region),
  imports: (db, region) => startsWith(db.tables.imports.regionCode, region),
} satisfies Partial<Record<keyof Tables, (db: Reader, region: string) => SQL | undefined>>
export type BoundedTable = keyof typeof LIES_IN

/** The rows of a table that a caller may know of; undefined when it may know all. */
export const rowsFor = (db: Reader, table: BoundedTable, { regionCode }: Caller) =>
  rowsIn(db, table, regionCode)

/** The rows of a table that lie in a region; undefined when it is the whole county. */
export const rowsIn = (
  db: Reader,
  table: BoundedTable,
  region: string | undefined,
): SQL | undefined => (region === undefined ? undefined : LIES_IN[table](db, region))

/** The regions under a caller's own, itself, and those that it lies in. */
export function regionsFor(db: Reader, { regionCode }: Caller): SQL | undefined {
  if (regionCode === undefined) return undefined
  const { id } = db.tables.regions
  const above = [6, 9].map((digits) => regionCode.slice(0, digits))
  return or(startsWith(id, regionCode), inArray(id, above))
}

/** Whether a caller may know of the record with an id: it is there and lies in its region. */
export async function isInBounds(
  db: Reader,
  table: BoundedTable,
  id: string,
  caller: Caller,
): Promise<boolean> {
  const rows = db.tables[table]
  const found = await db
    .select({ id: rows.id })
    .from(rows)
    .where(and(eq(rows.id, id), isLatest(rows), rowsFor(db, table, caller)))
    .limit(1)
  return found.length > 0
}

/**
 * Refuses: of-other-regions, for a fact of an operator that leases outside of the caller's region
 * too, or was recorded there: it is not changed from here.
 */
export async function refuseOfOthers(
  db: Reader,
  table: BoundedTable,
  id: string,
  { regionCode }: Caller,
): Promise<void> {
  const operators = regionCode === undefined ? undefined : operatorsOf(db, table, id)
  if (regionCode === undefined || operators === undefined) return
  const { contracts: c, operators: o } = db.tables
  const { first, last } = villagesOf(regionCode)
  const elsewhere = or(lt(c.villageCode, first), gt(c.villageCode, last))
  const leased = await db
    .select({ id: c.id })
    .from(c)
    .where(
      and(sql`${c.operatorId} in (${operators})`, isLatest(c), eq(c.withdrawn, false), elsewhere),
    )
    .limit(1)
  const outside = sql`${regionCode} not like ${o.recordedIn} || '%'`
  const recorded = await db
    .select({ id: o.id })
    .from(o)
    .where(and(sql`${o.id} in (${operators})`, not(startsWith(o.recordedIn, regionCode)), outside))
    .limit(1)
  if (leased.length + recorded.length > 0) throw ofOthersToo
}

/** Refuses: region-outside, for a region or a village in `field` that is not in the caller's. */
export function refuseRegion({ regionCode = '' }: Caller, code: string, field: string): void {
  if (!code.startsWith(regionCode)) throw regionOutside(field)
}

/**
 * The part of an asked region that a caller may see; undefined = the whole county.
 * Refuses: region-outside, whether or not there is such a region.
 */
export function boundRegion({ regionCode }: Caller, asked?: string): string | undefined {
  if (regionCode === undefined || asked?.startsWith(regionCode)) return asked
  if (asked === undefined || regionCode.startsWith(asked)) return regionCode
  throw regionOutside('region')
}

function regionOutside(field: string): Refusal {
  const words = { zh: '不在您的管辖区划内', en: 'lies outside of your region' }
  return new Refusal('not-found', 'region-outside', words, field)
}
const ofOthersToo = new Refusal('forbidden', 'of-other-regions', {
  zh: '该业主在其他区划也有合同,请由县级更正或撤销',
  en: 'the operator leases in other regions too: the county corrects or withdraws this',
})

/** The first and the last village code that a region can have. */
const villagesOf = (region: string) => ({
  first: region.padEnd(12, '0'),
  last: region.padEnd(12, '9'),
})

/** Villages under a region code of 6, 9 or 12 digits. */
export function within(villageCode: SQLiteColumn, region: string): SQL {
  const { first, last } = villagesOf(region)
  return between(villageCode, first, last)
}

const startsWith = (code: SQLiteColumn, region: string): SQL => sql`${code} like ${`${region}%`}`

/** Of the versions of a row the last; of a row that has no versions, itself. */
function isLatest(rows: object): SQL | undefined {
  if (!('version' in rows && 'recordedAt' in rows && 'id' in rows && 'withdrawn' in rows))
    return undefined
  return sql`${rows.version} = (select max(l.version) from ${rows} l where l.id = ${rows.id})`
}

/** A standing contract in the region for which `condition`, of its alias `k`, holds. */
function contractIn(db: Reader, region: string, condition: SQL): SQL {
  const { contracts: c } = db.tables
  const { first, last } = villagesOf(region)
  return sql`exists (select 1 from ${c} k where ${condition}
    and k.village_code between ${first} and ${last}
    and k.version = (select max(l.version) from ${c} l where l.id = k.id))`
}

const ofContract = (db: Reader, { contractId }: { contractId: SQLiteColumn }, region: string) =>
  contractIn(db, region, sql`k.id = ${contractId}`)

const leasesIn = (db: Reader, operatorId: SQL | SQLiteColumn, region: string) =>
  contractIn(db, region, sql`k.operator_id = ${operatorId} and not k.withdrawn`)

const operatorIn = (db: Reader, operators: Tables['operators'], region: string) =>
  or(startsWith(operators.recordedIn, region), leasesIn(db, operators.id, region))

function operatorWithIdIn(db: Reader, operatorId: SQLiteColumn, region: string) {
  const { operators: o } = db.tables
  const recordedThere = sql`exists (select 1 from ${o} p
    where p.id = ${operatorId} and p.recorded_in like ${`${region}%`})`
  return or(recordedThere, leasesIn(db, operatorId, region))
}

/** One that names a contract lies where that does, another where its operator does. */
function subsidyIn(db: Reader, subsidies: Tables['subsidies'], region: string) {
  const { contractId, operatorId } = subsidies
  return or(
    ofContract(db, { contractId }, region),
    and(sql`${contractId} is null`, operatorWithIdIn(db, operatorId, region)),
  )
}

function ofSubsidy(db: Reader, { subsidyId }: { subsidyId: SQLiteColumn }, region: string): SQL {
  const { subsidies: s } = db.tables
  const subsidy = db
    .select({ id: s.id })
    .from(s)
    .where(and(isLatest(s), subsidyIn(db, s, region)))
  return sql`${subsidyId} in ${subsidy}`
}

/** The operators that a fact speaks of wherever they lease; undefined when it is of a contract. */
function operatorsOf(db: Reader, table: BoundedTable, id: string): SQL | undefined {
  const { operatorConditions: o, subsidies: s, subsidyStages, disbursements } = db.tables
  const ofSubsidy = (subsidyId: SQL) =>
    sql`select ${s.operatorId} from ${s}
      where ${s.id} in (${subsidyId}) and ${isLatest(s)} and ${s.contractId} is null`
  switch (table) {
    case 'operators':
      return sql`${id}`
    case 'operatorConditions':
      return sql`select ${o.operatorId} from ${o} where ${o.id} = ${id}`
    case 'subsidies':
      return ofSubsidy(sql`${id}`)
    case 'subsidyStages':
    case 'disbursements': {
      const t = table === 'subsidyStages' ? subsidyStages : disbursements
      return ofSubsidy(sql`select ${t.subsidyId} from ${t} where ${t.id} = ${id}`)
    }
    default:
      return undefined
  }
}
