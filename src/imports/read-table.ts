import { lineOf } from '../domain/read-text.ts'
import type { Guess, ImportProblem } from '../platform/database/tables-of-imports.ts'
import type { RawRow, RawSheet } from '../platform/spreadsheet/raw-sheet.ts'
import { dittoFiller } from './ditto-cells.ts'
import type { HeadingIndex, Headings } from './find-headings.ts'
import type { ImportLedger, ReadHeading, ReadRow } from './import-row.ts'
import type { LedgerColumns } from './ledger-column.ts'
import { type ColumnPlan, RowCells } from './row-cells.ts'
import { type FilledRow, mergedFiller, type RowKind, rowKinds, titleText } from './row-layout.ts'
import { placesIn, type SheetFacts, sheetFacts } from './sheet-facts.ts'

export interface ReadOptions {
  today: string
  fileName: string
  /** Headings of the file, to standard headings or fields. */
  columns?: Readonly<Record<string, string>>
}

/** What a sheet is read by. */
export interface LedgerReading<L extends ImportLedger> {
  ledger: LedgerColumns<L>
  index: HeadingIndex
  options: ReadOptions
  standardHeadings: ReadonlyMap<string, string>
}

/** The first rows, which were read ahead, and all others, each as `then` makes it. */
export async function* allRows<T>(
  first: readonly T[],
  rows: AsyncIterator<RawRow>,
  then: (row: RawRow) => T,
): AsyncGenerator<T> {
  yield* first
  for (let next = await rows.next(); !next.done; next = await rows.next()) yield then(next.value)
}

export const skippedRow = <L extends ImportLedger>(
  sheet: string,
  row: number,
  problems: ImportProblem[] = [],
): ReadRow<L> => ({ sheet, row, status: 'skipped', guessed: [], problems })

interface Table {
  headings: Headings
  ahead: readonly RawRow[]
  rows: AsyncIterator<RawRow>
}

/** The rows of a sheet whose headings were found: `ahead` are its first rows, `rows` the others. */
export async function* readTable<L extends ImportLedger>(
  { name: sheet, merges, hiddenRows = [] }: RawSheet,
  { headings, ahead, rows }: Table,
  { ledger, options, standardHeadings }: LedgerReading<L>,
): AsyncGenerator<ReadRow<L>> {
  const [firstHeading] = headings.rows
  const above = ahead.filter(({ row }) => row < (firstHeading?.row ?? 0))
  const titles = above.map(({ cells }) => titleText(cells))
  const given = { today: options.today, fileName: options.fileName, standardHeadings }
  let facts = sheetFacts(titles, sheet, given)
  const columns = columnsOf(headings, ledger)
  const last = headings.rows.at(-1)?.row ?? 0
  const classify = classifier(headings, titles, merges)
  const first = ahead.filter(({ row }) => row > last).map(classify)
  const unused = notUsed(headings, first)
  const read = { ...headings, plan: spreadPlan(headings, first) }
  const readData = dataReader(read, ledger)
  const late = lateColumns(headings, unused.keys())
  const notShown = rowsHidden(hiddenRows.filter((row) => row > last))
  for (const { row } of ahead.filter(({ row }) => row <= last)) {
    const problems = row === firstHeading?.row ? [...notShown, ...unused.values()] : []
    const skipped = skippedRow<L>(sheet, row, problems)
    yield row === last ? { ...skipped, headings: readHeadings(headings) } : skipped
  }
  for await (const { row, kind } of allRows(first, rows, classify)) {
    if (kind === 'data') {
      const data = readData(row, facts)
      data.guessed.push(...late(row))
      yield { ...data, sheet, row: row.row, columns }
      continue
    }
    if (typeof kind === 'object' && 'total' in kind) {
      yield skippedRow(sheet, row.row, [takenAsTotal(row, kind.total, headings)])
      continue
    }
    if (kind !== 'skipped') facts = underSection(facts, kind.section)
    yield skippedRow(sheet, row.row)
  }
}

const HIDDEN_ROWS_NAMED = 10

/** What nobody sees in the file, and is taken in: told once. */
function rowsHidden(rows: readonly number[]): ImportProblem[] {
  if (rows.length === 0) return []
  const named = rows.slice(0, HIDDEN_ROWS_NAMED).join('、')
  const value = rows.length > HIDDEN_ROWS_NAMED ? `第 ${named} 行等` : `第 ${named} 行`
  const reason =
    `有 ${rows.length} 行被隐藏或筛选掉(${value}),与其他行一样处理;` +
    '不应导入的,请从文件中删除,并撤回已录入的'
  return [{ column: '', value, code: 'rows-hidden', reason }]
}

function takenAsTotal({ cells }: FilledRow, at: number, { shown }: Headings): ImportProblem {
  const value = String(cells[at] ?? '').slice(0, 200)
  const column = shown.get(at) ?? `第 ${at + 1} 列`
  const reason = '按合计行处理,未导入;如为业务数据,请写明合同编号,或业主和村,并改写此处'
  return { column, value, code: 'row-taken-as-total', reason }
}

interface Classified {
  row: FilledRow
  kind: RowKind
}

function classifier(
  headings: Headings,
  titles: readonly string[],
  merges: RawSheet['merges'],
): (raw: RawRow) => Classified {
  const fill = mergedFiller(merges)
  const kindOf = rowKinds(headings, titles, merges)
  return (raw) => {
    const row = fill(raw)
    return { row, kind: kindOf(row) }
  }
}

/** Reads rows in their order: a cell may stand for the one above it. */
function dataReader<L extends ImportLedger>({ plan }: Headings, ledger: LedgerColumns<L>) {
  const above = dittoFiller(plan)
  return (filled: FilledRow, facts: SheetFacts) => {
    const { merged } = filled
    const { cells, dittos } = above.fill(filled)
    const row = new RowCells(facts, plan, cells, merged, dittos)
    const record = ledger.read(row)
    const { guessed, problems, written } = row
    above.keep({ cells, merged, problems })
    const status = problems.length === 0 ? ('read' as const) : ('reported' as const)
    return { status, record, written, guessed, problems }
  }
}

/** The columns of figures whose one heading lies over several that hold something. */
function spreadPlan({ plan }: Headings, rows: readonly Classified[]): ColumnPlan {
  const holds = (column: number) =>
    rows.some(({ row, kind }) => kind === 'data' && lineOf(row.written[column] ?? null) !== '')
  return new Map(
    [...plan].map(([field, column]) => [
      field,
      { ...column, isSpread: column.span?.some(holds) ?? false },
    ]),
  )
}

/** 一、白果村 above its rows. */
function underSection(facts: SheetFacts, section: string): SheetFacts {
  const { township = facts.township, village } = placesIn(section)
  if (village === undefined) return facts
  const under: SheetFacts = { ...facts, village: { column: '标题', words: village } }
  return township === undefined ? under : { ...under, township }
}

const readHeadings = ({ plan }: Headings): ReadHeading[] =>
  [...plan].map(([field, { heading, index }]) => ({ column: heading, cell: index, field }))

/** The heading that each field of a record was read from. */
function columnsOf<L extends ImportLedger>(
  { plan }: Headings,
  { sources = {} }: LedgerColumns<L>,
): Record<string, string> {
  const columns: Record<string, string> = {}
  for (const [field, { heading }] of plan) columns[field] = heading
  for (const [field, fields] of Object.entries(sources)) {
    const source = [field, ...fields].find((one) => plan.has(one))
    const heading = source === undefined ? undefined : plan.get(source)?.heading
    if (heading !== undefined) columns[field] = heading
  }
  return columns
}

/** Columns that hold something and are not read. */
function notUsed(
  headings: Headings,
  rows: readonly Classified[],
): ReadonlyMap<number, ImportProblem> {
  const { shown, untold, plan } = headings
  const read = new Set([...plan.values()].map(({ index }) => index))
  const problems = new Map<number, ImportProblem>()
  for (const { row, kind } of rows) {
    if (kind !== 'data') continue
    for (const [column, cell] of row.written.entries()) {
      if (cell === null || cell === '' || read.has(column)) continue
      if (problems.has(column) || untold.get(column)?.test(lineOf(cell))) continue
      const reason = headings.notUsed.get(column) ?? '该列没有表头,未使用'
      const heading = shown.get(column) ?? `第 ${column + 1} 列`
      problems.set(column, { column: heading, value: '', code: 'column-not-used', reason })
    }
  }
  return new Map([...problems].sort(([a], [b]) => a - b))
}

/** Cells of columns that turn out to hold something only further down: told once for each. */
function lateColumns({ plan, untold, shown }: Headings, told: Iterable<number>) {
  const seen = new Set([...[...plan.values()].map(({ index }) => index), ...told])
  return ({ written }: FilledRow): Guess[] => {
    const late: Guess[] = []
    for (const [column, cell] of written.entries()) {
      if (cell === null || cell === '' || seen.has(column)) continue
      if (untold.get(column)?.test(lineOf(cell))) continue
      seen.add(column)
      const heading = shown.get(column) ?? `第 ${column + 1} 列`
      late.push({ column: heading, value: String(cell).slice(0, 200), readAs: '该列未使用' })
    }
    return late
  }
}
