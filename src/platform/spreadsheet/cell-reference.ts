import { fileRefusal } from './file-refusal.ts'
import type { MergedCells } from './raw-sheet.ts'

const ROWS_OF_A_SHEET = 1_048_576
export const COLUMNS_OF_A_SHEET = 16_384
const RANGE = /^\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?$/

/** The column of a reference like `AB12`, from 0. */
export function columnOf(reference: string): number {
  let column = 0
  let at = 0
  for (; at < reference.length; at++) {
    const letter = reference.charCodeAt(at) - 64
    if (letter < 1 || letter > 26) break
    column = column * 26 + letter
  }
  if (at === 0 || column > COLUMNS_OF_A_SHEET) throw fileRefusal('file-broken')
  return column - 1
}

/** The number of a row that follows `last`: it may name itself, but never go back. */
export function rowAfter(last: number, own: string | undefined): number {
  const row = own === undefined ? last + 1 : Number(own)
  if (!Number.isInteger(row) || row <= last || row > ROWS_OF_A_SHEET)
    throw fileRefusal('file-broken')
  return row
}

export function mergedCells(range: string): MergedCells {
  const [, column, row, lastColumn = column, lastRow = row] = RANGE.exec(range) ?? []
  if (column === undefined || lastColumn === undefined) throw fileRefusal('file-broken')
  return {
    firstRow: Number(row),
    lastRow: Number(lastRow),
    firstColumn: columnOf(column),
    lastColumn: columnOf(lastColumn),
  }
}
