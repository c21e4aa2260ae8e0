import type { MergedCells, RawRow } from '../platform/spreadsheet/raw-sheet.ts'

/** A year that stands over its column as a number. */
const YEAR = /^(?:19|20)\d\d$/

/** The heading of each column: its own, under the one of its group. */
export function headingParts(
  [upper, lower]: readonly RawRow[],
  merges: readonly MergedCells[],
): Map<number, string[]> {
  const parts = new Map<number, string[]>()
  if (!upper) return parts
  const here = merges.filter(
    ({ firstRow, lastRow }) => firstRow <= upper.row && upper.row <= lastRow,
  )
  const width = Math.max(upper.cells.length, lower?.cells.length ?? 0)
  let group = ''
  for (let column = 0; column < width; column += 1) {
    const merge = here.find((one) => one.firstColumn <= column && column <= one.lastColumn)
    const own = textAt(merge?.firstRow === upper.row ? upper : undefined, merge?.firstColumn)
    const text = textAt(upper, column) || own
    const below = textAt(lower, column)
    // A sheet without merged cells writes a group over its first column only.
    if (text !== '') group = text
    const above = text === '' && below !== '' && here.length === 0 ? group : text
    const texts = [above, below].filter((one) => one !== '')
    if (texts.length > 0) parts.set(column, texts)
  }
  return parts
}

/** The other columns that a heading lies over, where no heading below tells them apart. */
export function spanOf(
  column: number,
  [upper, lower]: readonly RawRow[],
  merges: readonly MergedCells[],
): number[] {
  const row = textAt(lower, column) === '' ? upper : lower
  const merge = merges.find(
    ({ firstRow, lastRow, firstColumn, lastColumn }) =>
      row &&
      firstRow <= row.row &&
      row.row <= lastRow &&
      firstColumn <= column &&
      column <= lastColumn,
  )
  if (!merge) return []
  const { firstColumn, lastColumn } = merge
  const columns = Array.from({ length: lastColumn - firstColumn + 1 }, (_, at) => firstColumn + at)
  return columns.filter((one) => one !== column && (row === lower || textAt(lower, one) === ''))
}

export function textAt(row: RawRow | undefined, column: number | undefined): string {
  const cell = column === undefined ? null : row?.cells[column]
  if (typeof cell === 'number' && YEAR.test(String(cell))) return String(cell)
  return typeof cell === 'string' ? cell.trim() : ''
}
