import { lineOf } from '../domain/read-text.ts'
import type { Reading, SourceCell } from '../domain/reading.ts'
import type { Guess, ImportProblem } from '../platform/database/tables-of-imports.ts'
import type { RawCell } from '../platform/spreadsheet/raw-sheet.ts'
import type { SheetFacts } from './sheet-facts.ts'
import { isOfYears } from './year-columns.ts'

/** A column of a sheet that a field is read from. */
export interface PlannedColumn {
  index: number
  /** The heading as it stands in the file. */
  heading: string
  unit?: string
  /** The unit of the heading over its group. */
  groupUnit?: string
  merged?: 'refuse' | 'first'
  /** Other columns under the same heading; `isSpread` when they hold something. */
  span?: readonly number[]
  isSpread?: boolean
}
export type ColumnPlan = ReadonlyMap<string, PlannedColumn>

/** Cells of a row that are merged with others of their column: at their first row, or below it. */
export type MergedHere = ReadonlyMap<number, 'first' | 'below'>

/** A cell that only says that it is as the one above (同上, 〃), and what that one says. */
export type Ditto = { mark: string } & ({ above: RawCell } | { unclear: string })

/** Before what was taken from the row above. */
export const AS_ABOVE = '同上一行:'
export const ABOVE_IS_EMPTY = `${AS_ABOVE}空`
export const DITTO_UNCLEAR = 'ditto-unclear'
const VALUE_MAX = 200

/** The cells of one row by field, what had to be guessed of them and what is wrong with them. */
export class RowCells {
  readonly guessed: Guess[] = []
  readonly problems: ImportProblem[] = []
  /** What stands in cells that were read as something else, by heading. */
  readonly written: Record<string, string> = {}
  readonly sheet: SheetFacts
  private readonly plan: ColumnPlan
  private readonly cells: readonly RawCell[]
  private readonly merged: MergedHere | undefined
  private readonly dittos: ReadonlyMap<number, Ditto> | undefined
  private readonly failed = new Set<string>()

  constructor(
    sheet: SheetFacts,
    plan: ColumnPlan,
    cells: readonly RawCell[],
    merged: MergedHere | undefined,
    dittos?: ReadonlyMap<number, Ditto>,
  ) {
    this.sheet = sheet
    this.plan = plan
    this.cells = cells
    this.merged = merged
    this.dittos = dittos
    if (dittos) for (const [field, { index }] of plan) this.tellDitto(field, dittos.get(index))
  }

  has(field: string): boolean {
    return this.plan.has(field)
  }

  /** The fields of the columns that a field has for each year. */
  yearFields(field: string): string[] {
    return [...this.plan.keys()].filter(isOfYears(field))
  }

  cell(field: string): SourceCell {
    const column = this.plan.get(field)
    return column ? (this.cells[column.index] ?? null) : null
  }

  unit(field: string): string {
    return this.plan.get(field)?.unit ?? ''
  }

  groupUnit(field: string): string {
    return this.plan.get(field)?.groupUnit ?? ''
  }

  /** The field's value; undefined without one, and when it cannot be read, which is noted. */
  read<T>(field: string, reader: (cell: SourceCell) => Reading<T>): T | undefined {
    const column = this.plan.get(field)
    const cell = column ? (this.cells[column.index] ?? null) : null
    if (column && this.isSpread(field, column)) return undefined
    if (!column || cell === null) return undefined
    if (this.merged && !this.countsHere(field, column)) return undefined
    const reading = reader(cell)
    if (reading === undefined) return undefined
    if ('code' in reading) {
      this.problem(field, reading.code, reading.reason)
      return undefined
    }
    if (reading.readAs !== undefined) this.guess(field, reading.readAs)
    const shown = this.shown(field)
    if (shown !== String(reading.value)) this.written[column.heading] = shown
    return reading.value
  }

  /** A field that the row cannot do without; `others` are columns that could have said it. */
  need<T>(field: string, value: T | undefined, ...others: string[]): T | undefined {
    const fields = [field, ...others]
    if (value !== undefined || fields.some((one) => this.failed.has(one))) return value
    const column = fields.find((one) => this.plan.has(one))
    const what = column === undefined ? '文件中没有这一列' : '单元格为空'
    this.problem(column ?? field, 'cell-missing', `${what},本行缺少必填内容`)
    return undefined
  }

  guess(field: string, readAs: string): void {
    this.guessed.push({ column: this.heading(field), value: this.shown(field), readAs })
  }

  /** A guess from what stands outside the table. */
  guessFrom(column: string, value: string, readAs: string): void {
    this.guessed.push({ column, value: value.slice(0, VALUE_MAX), readAs })
  }

  problem(field: string, code: string, reason: string): void {
    this.failed.add(field)
    this.problems.push({ column: this.heading(field), value: this.shown(field), code, reason })
  }

  /** Whether something in this column could not be read. */
  hasFailed(field: string): boolean {
    return this.failed.has(field)
  }

  private tellDitto(field: string, ditto: Ditto | undefined): void {
    if (!ditto) return
    if ('unclear' in ditto) this.problem(field, DITTO_UNCLEAR, ditto.unclear)
    else if (lineOf(ditto.above) === '') this.guess(field, ABOVE_IS_EMPTY)
    else this.guess(field, `${AS_ABOVE}${textOf(ditto.above)}`)
  }

  private heading(field: string): string {
    const column = this.plan.get(field)
    return column?.heading ?? this.sheet.standardHeadings.get(field) ?? field
  }

  /** What stands in the file, also where it was read from above. */
  private shown(field: string): string {
    const ditto = this.dittos?.get(this.plan.get(field)?.index ?? -1)
    return textOf(ditto ? ditto.mark : this.cell(field))
  }

  /** One heading over several columns of figures does not say which of them is meant. */
  private isSpread(field: string, { index, heading, span = [], isSpread }: PlannedColumn): boolean {
    const isFilled = (column: number) => lineOf(this.cells[column] ?? null) !== ''
    const others = span.filter(isFilled)
    if (others.length === 0 && !(isSpread && isFilled(index))) return false
    if (this.failed.has(field)) return true
    const reason =
      `表头“${heading}”横跨 ${span.length + 1} 列,不能确定取哪一列;` +
      '请每年(每项)一行填写,或给每列写明表头,或给出栏目对照'
    this.problem(field, 'heading-spans-columns', reason)
    return true
  }

  /** A sum over merged rows is counted once, or refused where the row stands on it. */
  private countsHere(field: string, column: PlannedColumn): boolean {
    const place = this.merged?.get(column.index)
    if (place === undefined || column.merged === undefined) return true
    if (column.merged === 'refuse') {
      const reason = '与其他行合并为一个单元格,无法分到各行,请逐行填写'
      this.problem(field, 'cell-merged', reason)
      return false
    }
    this.guess(field, place === 'first' ? '合并单元格,全部计在本行' : '合并单元格,已计在首行')
    return place === 'first'
  }
}

const textOf = (cell: SourceCell) =>
  (typeof cell === 'string' ? cell.trim() : lineOf(cell)).slice(0, VALUE_MAX)

/** A record without the fields that the row does not say. */
export function stated<T extends object>(record: T): T {
  const said: Partial<T> = {}
  for (const key in record) if (record[key] !== undefined) said[key] = record[key]
  return said as T
}
