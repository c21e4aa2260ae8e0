import { lineOf } from '../domain/read-text.ts'
import type { MergedCells, RawCell, RawRow } from '../platform/spreadsheet/raw-sheet.ts'
import type { Headings } from './find-headings.ts'
import type { MergedHere } from './row-cells.ts'

/** A row with the cells that it shares with the rows above. */
export interface FilledRow extends RawRow {
  /** Without what was filled in. */
  written: readonly RawCell[]
  merged?: MergedHere
}

export type RowKind =
  | 'data'
  | 'skipped'
  | { section: string }
  /** A sum by its words, although something names it: the column of those words. */
  | { total: number }

/** 合计 as such, with a place, a page or a section before it; a name may end so (王合计). */
const TOTAL = new RegExp(
  '^[([]?(?:[一二三四五六七八九十\\d]{1,3}[)、.]|.{0,24}(?:省|市|州|县|区|镇|乡|街道|村|社区|居|组|社|队|页|表|月|' +
    '季度|年|年度|次|批|类|项|户|园|公司|农场)|以上|上述|其中|各项|累计|本期)?:?' +
    '(?:合计|小计|总计|累计|共计|总合计)(?:数|\\(.*)?[)\\]]?:?$',
  'u',
)
/** 35户 beside 合计 names nobody. */
const COUNT = /^\d+(?:\.\d+)?(?:[个户家人宗份笔块].*)?$/u
const TOTAL_WITHIN_CELLS = 3
const FOOT = new RegExp(
  '^(?:注|备注|说明|附注|填[表报]说明|备查)(?:\\d|[:、.]|$)|' +
    '^[\\p{Script=Han}()、/]{0,12}[人员位者长导话间期字章管核表纳计任府称址](?:\\((?:签字|签章|盖章|公章)\\))?:|' +
    '^(?:填[表报]人|制表人?|审核人?|复核人?|经办人|负责人|单位负责人|分管领导|日期)$',
  'u',
)
const SECTION_NUMBER = /^[(]?[一二三四五六七八九十]{1,3}[)、.]/u
const PROSE_MIN = 16
const COLUMN_NUMBERS = /^(?:\d{1,2}|[甲乙丙丁戊己庚辛])$/u
const COLUMN_NUMBERS_MIN = 3
const NUMBER = /^\d+(?:\.\d+)?$/

/** Fills cells that are merged down into the rows below; rows come in order. */
export function mergedFiller(merges: readonly MergedCells[]): (row: RawRow) => FilledRow {
  const waiting = merges
    .filter(({ firstRow, lastRow }) => lastRow > firstRow)
    .sort((a, b) => b.firstRow - a.firstRow)
  let open: (MergedCells & { value: RawCell })[] = []
  return ({ row, cells }) => {
    open = open.filter(({ lastRow }) => lastRow >= row)
    let next = waiting.at(-1)
    while (next && next.firstRow <= row) {
      waiting.pop()
      if (next.lastRow >= row) {
        const value = next.firstRow === row ? (cells[next.firstColumn] ?? null) : null
        open.push({ ...next, value })
      }
      next = waiting.at(-1)
    }
    const here = open.filter(({ value }) => value !== null)
    if (here.length === 0) return { row, cells, written: cells }
    const filled = [...cells]
    const merged = new Map<number, 'first' | 'below'>()
    for (const { firstRow, firstColumn, value } of here) {
      merged.set(firstColumn, firstRow === row ? 'first' : 'below')
      while (filled.length < firstColumn) filled.push(null)
      if (firstRow < row) filled[firstColumn] = value
    }
    return { row, cells: filled, written: cells, merged }
  }
}

/** What is no data in a table: headings again, sums, notes under it, rows only numbered. */
export function rowKinds(
  headings: Headings,
  titles: readonly string[],
  merges: readonly MergedCells[],
): (row: FilledRow) => RowKind {
  const planned = new Set([...headings.plan.values()].map(({ index }) => index))
  const headed = headings.rows.map(({ cells }) => cells.map(lineOf))
  const aloft = new Set(titles)
  const wide = new Set(
    merges
      .filter(({ firstColumn, lastColumn }) => lastColumn - firstColumn >= 2)
      .map(({ firstRow }) => firstRow),
  )
  let below = false
  return ({ row, cells, written }) => {
    const columns = filledColumns(written)
    const [at = -1] = columns
    const first = textOf(written, at)
    if (first === '') return 'skipped'
    if (headed.some((texts) => texts[at] === first && isSame(texts, written, columns)))
      return 'skipped'
    if (isColumnNumbers(written, columns)) return 'skipped'
    const total = columns.slice(0, TOTAL_WITHIN_CELLS).find((at) => isTotal(textOf(written, at)))
    if (total !== undefined && !isNamed(headings, written))
      return isHalfNamed(headings, cells) ? { total } : 'skipped'
    if (FOOT.test(first.replaceAll(' ', ''))) {
      below = true
      return 'skipped'
    }
    if (columns.length <= 4 && aloft.has(titleText(written))) return 'skipped'
    if (!columns.some((column) => planned.has(column)))
      return columns.every((column) => NUMBER.test(textOf(written, column))) ? 'skipped' : 'data'
    if (columns.length > 1 || typeof written[at] !== 'string') return 'data'
    if (SECTION_NUMBER.test(first) || wide.has(row)) return { section: first }
    return below || first.length >= PROSE_MIN || first.includes('。') ? 'skipped' : 'data'
  }
}

/** A row above or between tables as one text. */
export function titleText(cells: readonly RawCell[]): string {
  return filledColumns(cells)
    .map((column) => textOf(cells, column))
    .join(' ')
}

function filledColumns(cells: readonly RawCell[]): number[] {
  const columns: number[] = []
  for (let column = 0; column < cells.length; column += 1) {
    const cell = cells[column]
    if (cell === null || cell === undefined || cell === '') continue
    if (typeof cell !== 'string' || cell.trim() !== '') columns.push(column)
  }
  return columns
}

const textOf = (cells: readonly RawCell[], column: number) => lineOf(cells[column] ?? null)

/** Whether a field has a cell of its own that names something. */
function names({ plan }: Headings, cells: readonly RawCell[], field: string): boolean {
  const text = textOf(cells, plan.get(field)?.index ?? -1)
  if (text === '' || isTotal(text)) return false
  return field === 'contractNo' ? !/[个户家人宗份笔块]$/u.test(text) : !COUNT.test(text)
}

/** By its contract number, or by who leases and where: such a row is data. */
const isNamed = (headings: Headings, cells: readonly RawCell[]) =>
  names(headings, cells, 'contractNo') ||
  (names(headings, cells, 'operatorName') &&
    (names(headings, cells, 'villageName') || hasVillageCode(headings, cells)))
const hasVillageCode = ({ plan }: Headings, cells: readonly RawCell[]) =>
  textOf(cells, plan.get('villageCode')?.index ?? -1) !== ''
const isHalfNamed = (headings: Headings, cells: readonly RawCell[]) =>
  names(headings, cells, 'contractNo') || names(headings, cells, 'operatorName')
const isTotal = (text: string) => TOTAL.test(text.replaceAll(' ', ''))

function isSame(
  headings: readonly string[],
  cells: readonly RawCell[],
  columns: readonly number[],
): boolean {
  const same = columns.filter((column) => headings[column] === textOf(cells, column)).length
  return same >= 2 && same * 3 >= columns.length * 2
}

/** 1 2 3 …, or 甲 乙 1 2 …, under the headings of a printed form. */
function isColumnNumbers(cells: readonly RawCell[], columns: readonly number[]): boolean {
  if (columns.length < COLUMN_NUMBERS_MIN) return false
  const numbers: number[] = []
  for (const column of columns) {
    const text = textOf(cells, column)
    if (!COLUMN_NUMBERS.test(text)) return false
    if (/\d/.test(text)) numbers.push(Number(text))
  }
  return numbers.every((n, at) => n === at + 1)
}
