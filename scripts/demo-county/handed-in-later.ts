import type { CountyTables, Row, TableName } from './county-tables.ts'

/** Everything else is recorded on this day, the one before the first night of the demo. */
export const LOADED_ON = '2021-10-28'

/** Rows of a table that a township hands in between the nights, with the day on which it does. */
export type LaterTables = { [N in TableName]?: { on: string; row: Row<N> }[] }

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

/** Parts the county in what is there before the first night and what is handed in later. */
export function heldBack(tables: CountyTables): { loaded: CountyTables; later: LaterTables } {
  const loaded = {} as Record<TableName, object[]>
  const later = {} as Record<TableName, object[]>
  for (const table of Object.keys(tables) as TableName[]) {
    const rows = tables[table].map((row) => ({
      on: handedInOn(table, row as Row<typeof table>),
      row,
    }))
    loaded[table] = rows.filter(({ on }) => on === undefined).map(({ row }) => row)
    const held = rows.filter(({ on }) => on !== undefined)
    if (held.length > 0) later[table] = held
  }
  return { loaded: loaded as CountyTables, later: later as LaterTables }
}

function handedInOn<N extends TableName>(table: N, row: Row<N>): string | undefined {
  const held = (HELD_BACK[table] as [string, (row: Row<N>) => boolean][] | undefined) ?? []
  const [day] = held.find(([, is]) => is(row)) ?? []
  const own = (OWN_DAY[table] as ((row: Row<N>) => string) | undefined)?.(row)
  return day ?? (own !== undefined && own > LOADED_ON ? own : undefined)
}
