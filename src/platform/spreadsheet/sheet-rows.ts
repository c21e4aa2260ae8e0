import { type Day, daysBetween, isDay } from '../../domain/calendar-day.ts'
import type { Level } from '../../domain/levels.ts'
import { encodedCell } from './xml-text.ts'

/**
 * What the cells of a column hold: text in one line or more, long text, whole numbers, hundredths
 * of a mu shown as mu, fen shown as yuan, hundredths of a percent shown as percent, days.
 */
export type ColumnKind = 'text' | 'prose' | 'count' | 'mu' | 'yuan' | 'percent' | 'day'

export interface Column {
  heading: string
  kind: ColumnKind
  /** In half-width characters, of which a Chinese one takes two; absent: as its heading needs. */
  width?: number
  /** Whether 合计 adds it up. */
  total?: boolean
}

/** Numbers for count and, as hundredths, mu, yuan and percent, else text; null leaves it empty. */
export type Cell = string | number | null

export interface Row {
  cells: readonly Cell[]
  /** Colours the row. */
  level?: Level
  /** Looks like the row of the sums, which it then is not added to. */
  isSum?: boolean
  /** Which of the sums of a sheet it is added to, where there are several. */
  sum?: string
}

const TEXT_MAX = 32_767
/** Spreadsheets count days from here, right from 1900-03-01 on: they take 1900 for a leap year. */
const DAY_ZERO = '1899-12-30'
const FIRST_RIGHT_DAY = '1900-03-01'

/** A row of a sheet: `styles` has the index of each cell's style. */
export function rowXml(
  no: number,
  columns: readonly Column[],
  cells: readonly Cell[],
  styles: readonly number[],
): string {
  const xml = columns.map(({ kind }, at) => {
    const attributes = `r="${columnLetters(at)}${no}" s="${styles[at] ?? 0}"`
    return cellXml(attributes, kind, cells[at] ?? null)
  })
  const height = rowHeight(columns, cells)
  return `<row r="${no}" ht="${height}" customHeight="1">${xml.join('')}</row>`
}

function cellXml(attributes: string, kind: ColumnKind, cell: Cell): string {
  if (cell === null || cell === '') return `<c ${attributes}/>`
  if (typeof cell === 'string') {
    if (kind === 'day' && isDay(cell) && cell >= FIRST_RIGHT_DAY)
      return numberXml(attributes, String(serialOf(cell)))
    const text = `<t xml:space="preserve">${encodedCell(cellText(cell))}</t>`
    return `<c ${attributes} t="inlineStr"><is>${text}</is></c>`
  }
  return numberXml(attributes, numberText(kind, cell))
}

/** A number of a column in digits, as it is counted. */
export function numberText(kind: ColumnKind, cell: number): string {
  if (!Number.isSafeInteger(cell)) throw new RangeError(`not a whole number for a cell: ${cell}`)
  return HUNDREDTHS.has(kind) ? hundredth(cell) : String(cell)
}

const HUNDREDTHS: ReadonlySet<ColumnKind> = new Set(['mu', 'yuan', 'percent'])

const numberXml = (attributes: string, number: string) => `<c ${attributes}><v>${number}</v></c>`

const serialOf = (day: Day) => daysBetween(DAY_ZERO, day)

/** Written out digit by digit: no division, no rounding. */
function hundredth(hundredths: number): string {
  const digits = String(Math.abs(hundredths)).padStart(3, '0')
  return `${hundredths < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** What a cell can hold of a text. */
export function cellText(text: string): string {
  return text.slice(0, TEXT_MAX).replace(/[^\P{Cc}\t\n]|\p{Cs}|\p{NChar}/gu, '')
}

/** A for 0, AA for 26. */
export function columnLetters(at: number): string {
  const letter = String.fromCharCode(65 + (at % 26))
  return at < 26 ? letter : columnLetters(Math.floor(at / 26) - 1) + letter
}

/** In half-width characters. */
export function columnWidth({ width, heading }: Column): number {
  return width ?? halfWidths(heading) + PADDING
}

/** In points. Given, because not every program finds the height of wrapped text by itself. */
export function rowHeight(columns: readonly Column[], cells: readonly Cell[]): number {
  let lines = 1
  for (const [at, column] of columns.entries()) {
    const cell = cells[at]
    if (typeof cell === 'string') lines = Math.max(lines, linesOf(cell, columnWidth(column)))
  }
  return Math.min(lines * LINE_POINTS + 5, HEIGHT_MAX)
}

const LINE_POINTS = 13
const HEIGHT_MAX = 409
/** What indent and margins take off a column. */
const PADDING = 3
/** Lines end early where a number or a sign must not be torn off. */
const FILLED_PERCENT = 88

function linesOf(text: string, width: number): number {
  const room = width - PADDING
  return text.split('\n').reduce((lines, line) => {
    const taken = halfWidths(line)
    return lines + (taken <= room ? 1 : Math.ceil((taken * 100) / (room * FILLED_PERCENT)))
  }, 0)
}

/** Chinese and full-width signs take two. */
function halfWidths(text: string): number {
  let widths = 0
  for (let at = 0; at < text.length; at++) widths += text.charCodeAt(at) < 0x1100 ? 1 : 2
  return widths
}
