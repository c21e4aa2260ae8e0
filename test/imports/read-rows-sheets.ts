import type { ImportLedger, ReadRow } from '../../src/imports/import-row.ts'
import { readRows } from '../../src/imports/read-rows.ts'
import type { MergedCells, RawCell, RawSheet } from '../../src/platform/spreadsheet/raw-sheet.ts'

export type Cells = readonly RawCell[]

/** A sheet as it lies in a file: empty rows count, and are left out. */
export function sheet(
  name: string,
  rows: readonly Cells[],
  merges: readonly MergedCells[] = [],
): RawSheet {
  return { name, merges, rows: numbered(rows) }
}

async function* numbered(rows: readonly Cells[]) {
  for (const [at, cells] of rows.entries())
    if (cells.some((cell) => cell !== null && cell !== '')) yield { row: at + 1, cells }
}

async function* each(sheets: readonly RawSheet[]) {
  yield* sheets
}

interface Options {
  fileName?: string
  today?: string
  columns?: Record<string, string>
}

/** Every row of the sheets, as the ledger reads it. */
export async function rowsOf<L extends ImportLedger>(
  ledger: L,
  sheets: readonly RawSheet[],
  options: Options = {},
): Promise<ReadRow<L>[]> {
  const given = { fileName: '台账.xlsx', today: '2021-10-31', ...options }
  const rows: ReadRow<L>[] = []
  for await (const row of readRows(each(sheets), ledger, given)) rows.push(row)
  return rows
}

/** The rows of one sheet that are data. */
export async function dataOf<L extends ImportLedger>(
  ledger: L,
  rows: readonly Cells[],
  merges: readonly MergedCells[] = [],
  options: Options & { sheetName?: string } = {},
): Promise<ReadRow<L>[]> {
  const read = await rowsOf(ledger, [sheet(options.sheetName ?? 'Sheet1', rows, merges)], options)
  return read.filter(({ status }) => status !== 'skipped')
}

/** Merged cells as a spreadsheet names them: 'A1:C2'. */
export function merged(range: string): MergedCells {
  const [, from = '', first, to = '', last] = /^([A-Z]+)(\d+):([A-Z]+)(\d+)$/.exec(range) ?? []
  return {
    firstRow: Number(first),
    lastRow: Number(last),
    firstColumn: columnOf(from),
    lastColumn: columnOf(to),
  }
}

const columnOf = (letters: string) =>
  [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1

export const guessesOf = ({ guessed }: ReadRow) =>
  guessed.map(({ column, value, readAs }) => [column, value, readAs])
export const problemsOf = ({ problems }: ReadRow) =>
  problems.map(({ column, value, code }) => [column, value, code])
