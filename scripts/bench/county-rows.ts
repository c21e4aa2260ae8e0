import Sqlite from 'better-sqlite3'

const TABLES = [
  'operators',
  'contracts',
  'instalments',
  'payments',
  'payment_reversals',
  'subsidies',
  'operator_conditions',
  'petitions',
] as const
export type CountyRows = Record<(typeof TABLES)[number], number>

/** How many rows of each kind of fact the county at `path` has. */
export function countRows(path: string): CountyRows {
  const connection = new Sqlite(path, { readonly: true })
  const rows = TABLES.map((table) => [
    table,
    connection.prepare(`select count(*) from ${table}`).pluck().get(),
  ])
  connection.close()
  return Object.fromEntries(rows) as CountyRows
}
