import type { CellStyle, CellValue, WriteSheet } from 'hucre/xlsx'
import { daysBetween } from '../../src/domain/calendar-day.ts'

/** What a line of a sheet is, and so what it looks like. */
const LOOKS = ['title', 'about', 'head', 'row', 'sum', 'note', 'gap'] as const
type Look = (typeof LOOKS)[number]

/**
 * A sheet as somebody types it in: one line a row, its look and a colon first, cells parted by bars.
 * `123` is a number, `'123` text, `@2015-01-01` a day (`@2015-01-01 yyyy/m/d` in another format),
 * `=A1*2 -> 46` a formula and what it came to, `⏎` a line break in a cell.
 */
export interface TypedSheet {
  name: string
  /** In characters, one a column. */
  widths: readonly number[]
  typed: string
  /** Ranges that are shown as one cell, beside titles and notes, which always span the table. */
  merges?: readonly string[]
  hiddenColumns?: string
  /** What numbers of a column look like. */
  formats?: Readonly<Record<string, string>>
  hidden?: boolean
}

/** A file that a village hands in: a workbook, or lines of comma separated text. */
export type VillageBook = { file: string } & (
  | { sheets: readonly TypedSheet[] }
  | { encoding: 'utf8-bom' | 'gb18030'; lines: readonly (readonly string[])[] }
)

interface TypedCell {
  value: CellValue
  numFmt?: string
  formula?: string
}

const DAY_ZERO = '1899-12-30'
const THIN = { style: 'thin', color: { rgb: 'FF000000' } } as const
const BORDER = { top: THIN, right: THIN, bottom: THIN, left: THIN }
const STYLES: Record<Look, CellStyle> = {
  title: {
    font: { name: '方正小标宋简体', size: 18, bold: true },
    alignment: { horizontal: 'center', vertical: 'center' },
  },
  about: { font: { name: '仿宋_GB2312', size: 11 }, alignment: { vertical: 'center' } },
  head: {
    font: { name: '黑体', size: 11 },
    border: BORDER,
    alignment: { horizontal: 'center', vertical: 'center', wrapText: true },
  },
  row: {
    font: { name: '宋体', size: 11 },
    border: BORDER,
    alignment: { vertical: 'center', wrapText: true },
  },
  sum: {
    font: { name: '宋体', size: 11, bold: true },
    border: BORDER,
    alignment: { vertical: 'center' },
  },
  note: { font: { name: '仿宋_GB2312', size: 11 }, alignment: { vertical: 'center' } },
  gap: {},
}
const HEIGHTS: Record<Look, number> = {
  title: 36,
  about: 20,
  head: 32,
  row: 30,
  sum: 22,
  note: 20,
  gap: 12,
}

/** The sheet as the spreadsheet library writes it. */
export function writtenSheet(sheet: TypedSheet): WriteSheet {
  const lines = linesOf(sheet.typed)
  const width = sheet.widths.length
  const cells: NonNullable<WriteSheet['cells']> = new Map()
  for (const [row, { look, cells: typed }] of lines.entries()) {
    if (look === 'gap') continue
    for (let column = 0; column < width; column++) {
      const { value, numFmt, formula } = typed[column] ?? { value: null }
      const format = numFmt ?? sheet.formats?.[letterOf(column)]
      cells.set(`${row},${column}`, {
        value,
        style: { ...STYLES[look], ...(format && typeof value === 'number' && { numFmt: format }) },
        ...(formula && { formula, formulaResult: value }),
      })
    }
  }
  return {
    name: sheet.name,
    columns: sheet.widths.map((width, at) => ({
      width,
      hidden: sheet.hiddenColumns?.includes(letterOf(at)) ?? false,
    })),
    rows: lines.map(() => Array.from({ length: width }, () => null)),
    cells,
    merges: [...(sheet.merges ?? []).map(rangeOf), ...spanning(lines, width)],
    rowDefs: new Map(lines.map(({ look }, row) => [row, { height: HEIGHTS[look] }])),
    pageSetup: { paperSize: 'a4', orientation: 'landscape', fitToPage: true, fitToHeight: 0 },
    ...(sheet.hidden && { hidden: true }),
  }
}

interface Line {
  look: Look
  cells: TypedCell[]
}

function linesOf(typed: string): Line[] {
  return typed
    .trim()
    .split('\n')
    .map((line) => {
      const [, word = '', rest = ''] = /^\s*(\w+):(.*)$/.exec(line) ?? []
      const look = LOOKS.find((one) => one === word)
      if (look === undefined) throw new Error(`a line says not what it is: ${line}`)
      return { look, cells: rest.split('|').map((cell) => typedCell(cell.trim())) }
    })
}

function typedCell(text: string): TypedCell {
  if (text === '') return { value: null }
  if (text.startsWith("'")) return { value: text.slice(1) }
  const [, day = '', format = 'yyyy-mm-dd'] = /^@(\d{4}-\d\d-\d\d)(?: (.+))?$/.exec(text) ?? []
  if (day) return { value: daysBetween(DAY_ZERO, day), numFmt: format }
  const [, formula = '', cached = ''] = /^=(.+) -> (.+)$/.exec(text) ?? []
  if (formula) return { value: Number(cached), formula }
  if (/^-?\d+(\.\d+)?(E\+\d+)?$/.test(text)) return { value: Number(text) }
  return { value: text.replaceAll('⏎', '\n') }
}

/** Titles and notes stand across the whole table. */
const spanning = (lines: readonly Line[], width: number) =>
  lines.flatMap(({ look, cells }, row) =>
    (look === 'title' || look === 'note') && cells.length === 1
      ? [{ startRow: row, endRow: row, startCol: 0, endCol: width - 1 }]
      : [],
  )

const letterOf = (column: number) => String.fromCharCode(65 + column)

function rangeOf(range: string) {
  const [, left = '', top, right = '', bottom] = /^([A-Z])(\d+):([A-Z])(\d+)$/.exec(range) ?? []
  return {
    startRow: Number(top) - 1,
    endRow: Number(bottom) - 1,
    startCol: left.charCodeAt(0) - 65,
    endCol: right.charCodeAt(0) - 65,
  }
}
