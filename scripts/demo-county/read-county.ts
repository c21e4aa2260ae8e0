import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { COLUMNS, type CountyTables, fileOf, TABLES, type TableName } from './county-tables.ts'

/** The tables of the fixture in `folder`. */
export function readCounty(folder: string): CountyTables {
  return countyOf((table) => readFileSync(join(folder, fileOf(table)), 'utf8'))
}

/** The tables out of their texts. Throws when the columns are not those of `COLUMNS`. */
export function countyOf(textOf: (table: TableName) => string): CountyTables {
  const tables = TABLES.map((table) => [table, rowsOf(table, textOf(table))] as const)
  return Object.fromEntries(tables) as unknown as CountyTables
}

function rowsOf(table: TableName, text: string): Record<string, string>[] {
  const [header = [], ...lines] = parse(text) as string[][]
  if (header.join() !== COLUMNS[table].join())
    throw new Error(`${fileOf(table)} has the columns ${header.join()}`)
  return lines.map((cells) => Object.fromEntries(header.map((name, at) => [name, cells[at] ?? ''])))
}

/** Rows under the key that they name, in the order of the file. */
export function rowsBy<R>(rows: readonly R[], keyOf: (row: R) => string): Map<string, R[]> {
  const lists = new Map<string, R[]>()
  for (const row of rows) {
    const list = lists.get(keyOf(row))
    if (list) list.push(row)
    else lists.set(keyOf(row), [row])
  }
  return lists
}
