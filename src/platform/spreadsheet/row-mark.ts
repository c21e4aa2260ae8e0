/** What became of a row, to be written beside it. */
export interface RowMark {
  sheet: string
  /** Its number in the sheet, from 1. */
  row: number
  result: string
  problems: readonly {
    column: string
    /** The column of the cell, from 0, where the problem lies in one. */
    cell?: number
    text: string
  }[]
}

/** By row, of one sheet. */
export type MarksOfSheet = ReadonlyMap<number, RowMark>

/** The result and every problem, as one text. */
export function markText({ result, problems }: RowMark): string {
  const lines = problems.map(({ column, text }) => (column === '' ? text : `${column}: ${text}`))
  return [result, ...lines].join('; ')
}
