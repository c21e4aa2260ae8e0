import { fieldsOf } from '../demo-county/county-bodies.ts'
import type { CountyTables, Row, TableName } from '../demo-county/county-tables.ts'
import { type Ids, namingFields } from '../load-demo-county.ts'

/** The nights of the demo, one day after the other; the last is the day of the county report. */
export const DEMO_NIGHTS = ['2021-10-29', '2021-10-30', '2021-10-31'] as const
/** Everything else is recorded on the day before the first night. */
export const LOADED_ON = '2021-10-28'

/** A row of the fixture that a township hands in between the nights, as a request. */
export interface HandedIn {
  on: string
  request: (ids: Ids) => [path: string, body: object]
}

/** Whether a row is handed in late, by its table and the day on which that is done. */
const HELD_BACK: { [N in TableName]?: [day: string, is: (row: Row<N>) => boolean][] } = {
  payments: [
    // Without these the first night opens a case, with them a later one proposes to settle it.
    ['2021-10-29', (row) => row.contract === 'C1372' && row.paidOn > '2021-10-01'],
    ['2021-10-30', (row) => row.contract === 'C1927' && row.paidOn > '2021-10-01'],
  ],
  conditions: [
    // A new case, and one that turns red.
    ['2021-10-29', (row) => row.operator === 'O0003'],
    ['2021-10-30', (row) => row.operator === 'O0500' && row.condition === 'unreachable'],
  ],
  // Grades a case higher that was resolved meanwhile: it relapses.
  petitions: [['2021-10-30', (row) => row.contract === 'C0467' && row.occurredOn > '2021-09-01']],
  // A subsidy whose day has passed when it is recorded: newly late.
  subsidies: [['2021-10-29', (row) => row.key === 'S0341']],
}

/** The day before which a row cannot be recorded. */
const OWN_DAY: { [N in TableName]?: (row: Row<N>) => string } = {
  payments: (row) => row.paidOn,
  conditions: (row) => row.observedOn,
  petitions: (row) => row.occurredOn,
  screenings: (row) => row.visitedOn,
  disbursements: (row) => row.paidOn,
}

const REQUESTS: { [N in TableName]?: (row: Row<N>, ids: Ids) => [string, object] } = {
  payments: ({ key: _key, contract, ...row }, ids) => [
    `/contracts/${ids.of(contract)}/payments`,
    fieldsOf(row),
  ],
  conditions: ({ operator, ...row }, ids) => [
    `/operators/${ids.of(operator)}/conditions`,
    fieldsOf(row),
  ],
  petitions: (row, ids) => ['/petitions', namingFields(row, ids)],
  screenings: ({ contract, ...row }, ids) => [
    `/contracts/${ids.of(contract)}/screenings`,
    fieldsOf(row),
  ],
  subsidies: ({ key: _key, ...row }, ids) => ['/subsidies', namingFields(row, ids)],
  disbursements: ({ subsidy, ...row }, ids) => [
    `/subsidies/${ids.of(subsidy)}/disbursements`,
    fieldsOf(row),
  ],
}

/** Parts the county in what is there before the first night and what is handed in later. */
export function heldBack(tables: CountyTables): { loaded: CountyTables; later: HandedIn[] } {
  const later: HandedIn[] = []
  const rest = (Object.keys(tables) as TableName[]).map((table) => [
    table,
    remaining(table, tables, later),
  ])
  return { loaded: Object.fromEntries(rest) as CountyTables, later }
}

function remaining<N extends TableName>(
  table: N,
  tables: CountyTables,
  later: HandedIn[],
): Row<N>[] {
  const requestOf = REQUESTS[table] as ((row: Row<N>, ids: Ids) => [string, object]) | undefined
  return (tables[table] as Row<N>[]).filter((row) => {
    const on = handedInOn(table, row)
    if (on === undefined || !requestOf) return true
    later.push({ on, request: (ids) => requestOf(row, ids) })
    return false
  })
}

function handedInOn<N extends TableName>(table: N, row: Row<N>): string | undefined {
  const held = (HELD_BACK[table] as [string, (row: Row<N>) => boolean][] | undefined) ?? []
  const [day] = held.find(([, is]) => is(row)) ?? []
  const own = (OWN_DAY[table] as ((row: Row<N>) => string) | undefined)?.(row)
  return day ?? (own !== undefined && own > LOADED_ON ? own : undefined)
}
