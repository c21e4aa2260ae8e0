import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { FACT_COLUMNS, type FactFile } from './county-tables.ts'

export type FactRow = Record<string, string>

/** The rows of a file of facts in `folder`; none without the file. Throws on other columns than its own. */
export function readFacts(folder: string, name: FactFile, alsoFirst: string[] = []): FactRow[] {
  const file = join(folder, `${name}.csv`)
  if (!existsSync(file)) return []
  const [header = [], ...lines] = parse(readFileSync(file, 'utf8')) as string[][]
  if (header.join() !== [...alsoFirst, ...FACT_COLUMNS[name]].join())
    throw new Error(`${file} has the columns ${header.join()}`)
  return lines.map((cells) => Object.fromEntries(header.map((name, at) => [name, cells[at] ?? ''])))
}
