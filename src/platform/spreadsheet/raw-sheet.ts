/**
 * A cell as the file has it: text, a number, true or false, nothing. A number that the file shows
 * as a date comes as text 'YYYY-MM-DD'; a formula comes as the value that was cached for it.
 */
export type RawCell = string | number | boolean | null

export interface RawRow {
  /** Its number in the sheet, from 1. */
  row: number
  cells: readonly RawCell[]
}

/** Cells that are shown as one; rows from 1, columns from 0, all inclusive. */
export interface MergedCells {
  firstRow: number
  lastRow: number
  firstColumn: number
  lastColumn: number
}

export interface RawSheet {
  /** What the tab says; the file's name without ending for csv. */
  name: string
  /** Whether the file hides its tab. */
  isHidden?: boolean
  /** Numbers of rows that it does not show, by hand or by a filter, although they have values. */
  hiddenRows?: readonly number[]
  merges: readonly MergedCells[]
  /** To be read once, in order; rows without any value are left out. */
  rows: AsyncIterable<RawRow>
}
