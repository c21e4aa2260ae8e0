import { setImmediate } from 'node:timers/promises'
import { type CellStyle, type CellValue, type WriteSheet, writeXlsx } from 'hucre/xlsx'
import type { Day } from '../../domain/calendar-day.ts'
import { LEVELS } from '../../domain/levels.ts'
import { ColumnSums } from './column-sums.ts'
import { columnsOnFirstPage, pageSetup } from './page-setup.ts'
import {
  type Cell,
  type Column,
  type ColumnKind,
  columnWidth,
  type Row,
  rowHeight,
  rowXml,
} from './sheet-rows.ts'
import { unzipped, zipFile } from './zip-file.ts'

export interface Sheet {
  name: string
  title: string
  /** The line under the title: 填报单位 · 填报时间 · 单位. */
  about: string
  columns: readonly Column[]
  /** So many first columns stay in view, and come again on each of several pages side by side. */
  keptColumns?: number
  rows: Iterable<Row> | AsyncIterable<Row>
  /** What is summed apart at the end, each in a row of 合计; absent: all in one. */
  sums?: readonly string[]
  /** The line under the rows: 填表人 · 审核人 · 联系电话. */
  signature?: string
}

export interface Workbook {
  title: string
  /** Dates the document and the entries of its zip. */
  day: Day
  sheets: readonly Sheet[]
  /** The lines of the last sheet, 说明. */
  notes: readonly string[]
}

const TITLE_ROWS = 3
const ROWS_MAX = 1_048_576
const ROWS_PER_TURN = 250
const CHARACTERS_PER_CHUNK = 65_536
const NOTES_WIDTH = 125
const SUM = '合计'

/** What a row's cells look like: a level's colour, none, or the bold row of the sums. */
const LOOKS = [...LEVELS, 'total'] as const
type Look = (typeof LOOKS)[number]

const FILLS: Readonly<Partial<Record<Look, string>>> = {
  red: 'FFF8CFCB',
  orange: 'FFFBE0C4',
  yellow: 'FFFFF5C2',
  blue: 'FFD9E8F6',
  total: 'FFEDEDED',
}
const FORMATS: Readonly<Record<ColumnKind, string | undefined>> = {
  text: '@',
  // A cell formatted as text shows #### for more than 255 characters in some versions of Excel.
  prose: undefined,
  count: '#,##0',
  mu: '#,##0.00',
  yuan: '#,##0.00',
  percent: '0.00',
  day: 'yyyy-mm-dd',
}
const ALIGNMENTS: Readonly<Record<ColumnKind, CellStyle['alignment']>> = {
  text: { vertical: 'center', horizontal: 'left', indent: 1, wrapText: true },
  prose: { vertical: 'center', horizontal: 'left', indent: 1, wrapText: true },
  count: { vertical: 'center', horizontal: 'center' },
  mu: { vertical: 'center' },
  yuan: { vertical: 'center' },
  percent: { vertical: 'center' },
  day: { vertical: 'center', horizontal: 'center' },
}
const FONT = { name: '宋体', size: 10 }
const THIN = { style: 'thin', color: { rgb: 'FF808080' } } as const
const BORDER = { top: THIN, right: THIN, bottom: THIN, left: THIN }

/**
 * A workbook as the bytes of its file, in pieces, while its rows come: memory does not grow with
 * them, and the same workbook has the same bytes. The library lays out a frame with one sample row
 * a look, as its own stream knows neither titles nor printing; rows take the samples' place.
 */
export async function* writeWorkbook(book: Workbook): AsyncGenerator<Uint8Array, void> {
  const instant = new Date(`${book.day}T00:00:00Z`)
  const frame = await writeXlsx({
    sheets: [...book.sheets.map(sheetFrame), notesSheet(book.notes)],
    properties: { title: book.title, created: instant, modified: instant },
    defaultFont: FONT,
  })
  const sheets = new Map<string, Sheet>(
    book.sheets.map((sheet, at) => [`xl/worksheets/sheet${at + 1}.xml`, sheet]),
  )
  const parts = unzipped(Buffer.from(frame)).map(({ path, content }) => {
    const sheet = sheets.get(path)
    return { path, content: sheet ? withRows(content.toString(), sheet) : [content] }
  })
  yield* zipFile(parts, book.day)
}

function sheetFrame({ name, title, about, columns, keptColumns = 0 }: Sheet): WriteSheet {
  const cells = new Map<string, { value: CellValue; style: CellStyle }>()
  const put = (row: number, column: number, value: CellValue, style: CellStyle) =>
    cells.set(`${row},${column}`, { value, style })
  put(0, 0, title, { font: { ...FONT, size: 16, bold: true }, alignment: MIDDLE })
  put(1, 0, about, { font: FONT, alignment: { vertical: 'center' } })
  for (const [at, { heading, kind }] of columns.entries()) {
    const header: CellStyle = { font: { ...FONT, bold: true }, border: BORDER, alignment: HEADER }
    put(2, at, heading, { ...header, fill: solid('FFE4E4E4') })
    for (const [row, look] of LOOKS.entries())
      put(TITLE_ROWS + row, at, null, cellStyle(kind, look))
  }
  const across = (row: number) => ({
    startRow: row,
    endRow: row,
    startCol: 0,
    endCol: columnsOnFirstPage(columns, keptColumns) - 1,
  })
  return {
    name,
    columns: columns.map((column) => ({ width: columnWidth(column) })),
    rows: Array.from({ length: TITLE_ROWS + LOOKS.length }, () => columns.map(() => null)),
    cells,
    merges: columns.length > 1 ? [across(0), across(1)] : [],
    rowDefs: new Map([
      [0, { height: 30 }],
      [1, { height: 18 }],
      [2, { height: headingHeight(columns) }],
    ]),
    freezePane: { rows: TITLE_ROWS, ...(keptColumns > 0 && { columns: keptColumns }) },
    pageSetup: pageSetup(columns, TITLE_ROWS, keptColumns),
    headerFooter: { oddFooter: '&C第 &P 页 共 &N 页' },
  }
}

function headingHeight(columns: readonly Column[]): number {
  const headings = columns.map(({ heading }) => heading)
  return rowHeight(columns, headings) + 4
}

const MIDDLE = { horizontal: 'center', vertical: 'center' } as const
const HEADER = { ...MIDDLE, wrapText: true } as const
const solid = (rgb: string) => ({ type: 'pattern', pattern: 'solid', fgColor: { rgb } }) as const

function cellStyle(kind: ColumnKind, look: Look): CellStyle {
  const fill = FILLS[look]
  const numFmt = FORMATS[kind]
  return {
    font: { ...FONT, bold: look === 'total' },
    border: BORDER,
    alignment: ALIGNMENTS[kind],
    ...(numFmt !== undefined && { numFmt }),
    ...(fill !== undefined && { fill: solid(fill) }),
  }
}

function notesSheet(notes: readonly string[]): WriteSheet {
  const style: CellStyle = {
    font: FONT,
    numFmt: '@',
    alignment: { wrapText: true, vertical: 'top' },
  }
  const column: Column = { heading: '', kind: 'prose', width: NOTES_WIDTH }
  return {
    name: '说明',
    columns: [{ width: NOTES_WIDTH }],
    rowDefs: new Map(notes.map((line, row) => [row, { height: rowHeight([column], [line]) }])),
    rows: notes.map((line) => [line]),
    cells: new Map(notes.map((value, row) => [`${row},0`, { value, style }])),
    pageSetup: pageSetup([column]),
  }
}

async function* withRows(frame: string, sheet: Sheet): AsyncGenerator<Buffer> {
  const { before, stylesOf, after } = openFrame(frame)
  const { columns } = sheet
  const labels = sheet.sums ?? [SUM]
  const sumsOf = new Map(labels.map((label) => [label, new ColumnSums(columns)]))
  const line = (no: number, cells: readonly Cell[], look: Look) => {
    if (no > ROWS_MAX) throw new RangeError(`more rows than a sheet has: ${no}`)
    return rowXml(no, columns, cells, stylesOf(look))
  }
  let no = TITLE_ROWS
  let text = before
  for await (const { cells, level = 'none', isSum = false, sum = SUM } of sheet.rows) {
    no += 1
    text += line(no, cells, isSum ? 'total' : level)
    if (!isSum) sumsOf.get(sum)?.add(cells)
    if (text.length > CHARACTERS_PER_CHUNK) {
      yield Buffer.from(text)
      text = ''
    }
    // Others are answered in between, however fast rows come.
    if (no % ROWS_PER_TURN === 0) await setImmediate()
  }
  if (columns.some(({ total }) => total)) {
    for (const [label, sums] of sumsOf) {
      no += 1
      const labels = label === SUM ? [SUM] : [SUM, label]
      text += line(no, [...labels, ...sums.cells().slice(labels.length)], 'total')
    }
  }
  if (sheet.signature !== undefined) {
    const signature: Column = { heading: '', kind: 'text', width: NOTES_WIDTH }
    text += rowXml(no + 2, [signature], [sheet.signature], [0])
  }
  yield Buffer.from(text + after)
}

/** What stands before and after the rows, and the style of each cell of a look. */
function openFrame(frame: string) {
  const [head, tail, ...none] = frame.split(`<row r="${TITLE_ROWS + 1}"`)
  const [samples, after] = tail?.split('</sheetData>') ?? []
  if (head === undefined || samples === undefined || after === undefined || none.length > 0)
    throw new Error('the frame of a sheet is not laid out as expected')
  const styles = samples
    .split('<row ')
    .map((row) => [...row.matchAll(/<c [^>]*\bs="(\d+)"/g)].map(([, index]) => Number(index)))
  return {
    // The range of the frame, which is not that of the rows.
    before: head.replace(/<dimension [^>]*>/, ''),
    stylesOf: (look: Look) => styles[LOOKS.indexOf(look)] ?? [],
    after: `</sheetData>${after}`,
  }
}
