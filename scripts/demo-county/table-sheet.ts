import type { CellStyle, WriteSheet } from 'hucre/xlsx'

export interface TableColumn {
  heading: string
  /** In half-width characters. */
  width: number
  /** What numbers look like; absent for text. */
  format?: string
}

export interface TableSheet {
  name: string
  title: string
  about: string
  columns: readonly TableColumn[]
  rows: readonly (readonly (string | number | null)[])[]
}

const THIN = { style: 'thin', color: { rgb: 'FF808080' } } as const
const BORDER = { top: THIN, right: THIN, bottom: THIN, left: THIN }
const MIDDLE = { horizontal: 'center', vertical: 'center' } as const
const TITLE: CellStyle = { font: { name: '宋体', size: 16, bold: true }, alignment: MIDDLE }
const HEAD: CellStyle = {
  font: { name: '宋体', size: 10, bold: true },
  border: BORDER,
  alignment: { ...MIDDLE, wrapText: true },
}
const CELL: CellStyle = {
  font: { name: '宋体', size: 10 },
  border: BORDER,
  alignment: { vertical: 'center', wrapText: true },
}
const TITLE_ROWS = 3
const A4_COLUMNS_MAX = 15

/** A ledger as a township keeps it: title, what it is about, one row of headings, rows. */
export function tableSheet({ name, title, about, columns, rows }: TableSheet): WriteSheet {
  const styles = columns.map(({ format }): CellStyle => ({ ...CELL, numFmt: format ?? '@' }))
  const cells: NonNullable<WriteSheet['cells']> = new Map()
  cells.set('0,0', { value: title, style: TITLE })
  cells.set('1,0', { value: about, style: { font: { name: '宋体', size: 10 } } })
  for (const [at, { heading }] of columns.entries())
    cells.set(`2,${at}`, { value: heading, style: HEAD })
  for (const [row, values] of rows.entries())
    for (const [at, style] of styles.entries())
      cells.set(`${TITLE_ROWS + row},${at}`, { value: values[at] ?? null, style })
  const across = (row: number) => ({
    startRow: row,
    endRow: row,
    startCol: 0,
    endCol: columns.length - 1,
  })
  return {
    name,
    columns: columns.map(({ width }) => ({ width })),
    rows: Array.from({ length: TITLE_ROWS + rows.length }, () => columns.map(() => null)),
    cells,
    merges: [across(0), across(1)],
    rowDefs: new Map([
      [0, { height: 30 }],
      [2, { height: 30 }],
      ...rows.map(
        (values, row) => [TITLE_ROWS + row, { height: heightOf(columns, values) }] as const,
      ),
    ]),
    freezePane: { rows: TITLE_ROWS },
    pageSetup: {
      paperSize: columns.length > A4_COLUMNS_MAX ? 'a3' : 'a4',
      orientation: 'landscape',
      fitToPage: true,
      fitToHeight: 0,
      printTitlesRow: `$1:$${TITLE_ROWS}`,
    },
  }
}

const LINE_POINTS = 13

/** In points: not every program finds the height of wrapped text by itself. */
function heightOf(columns: readonly TableColumn[], values: readonly unknown[]): number {
  const lines = columns.map(({ width }, at) => {
    const value = values[at]
    if (typeof value !== 'string') return 1
    const taken = Array.from(value).reduce((sum, sign) => sum + (sign < '\u1100' ? 1 : 2), 0)
    return Math.ceil((taken * 1.15) / width)
  })
  return Math.max(...lines, 1) * LINE_POINTS + 4
}
