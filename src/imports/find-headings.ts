import { lineOf } from '../domain/read-text.ts'
import type { MergedCells, RawRow } from '../platform/spreadsheet/raw-sheet.ts'
import { headingParts, spanOf, textAt } from './heading-parts.ts'
import {
  areUnits,
  type HeadingWords,
  headingShown,
  headingWords,
  isUnitAlone,
  unitAlone,
} from './heading-words.ts'
import type { LedgerColumn, LedgerColumns } from './ledger-column.ts'
import type { ColumnPlan, PlannedColumn } from './row-cells.ts'
import { isOfYears, yearColumns } from './year-columns.ts'

/** The headings of a sheet: one row or two. */
export interface Headings {
  rows: readonly RawRow[]
  plan: ColumnPlan
  /** Every heading as it stands, by column. */
  shown: ReadonlyMap<number, string>
  /** Why a column is not read, by column. */
  notUsed: ReadonlyMap<number, string>
  /** Columns of the ledger that nothing is read from. */
  known: ReadonlySet<number>
  /** Cells that are no loss although nothing is read from them, by column. */
  untold: ReadonlyMap<number, RegExp>
  /** How many columns a mapping names. */
  mapped: number
}

/** What a heading may stand for, the better the lower. */
interface Meaning {
  field: string
  rank: number
}

/** The headings of a ledger, as they are looked up; `mapping` names headings of this file. */
export interface HeadingIndex {
  ledger: Pick<LedgerColumns, 'columns' | 'needed' | 'own' | 'byYear'>
  meanings: ReadonlyMap<string, readonly Meaning[]>
  unused: ReadonlySet<string>
  untold: ReadonlySet<string>
  mapping: ReadonlyMap<string, string>
}

export const HEADING_ROWS_FROM_TOP = 20
const HEADING_ROWS_MAX = 2
const ROW_NUMBER = '序号'
const ANYTHING = /^/

export function headingIndex(
  { columns, needed, unused, untold = [], own, byYear }: Omit<LedgerColumns, 'sheetNames' | 'read'>,
  mapping: ReadonlyMap<string, string>,
): HeadingIndex {
  const meanings = new Map<string, Meaning[]>()
  for (const { field, headings } of columns)
    for (const [rank, heading] of headings.entries()) {
      const key = standardKey(heading)
      meanings.set(key, [...(meanings.get(key) ?? []), { field, rank }])
    }
  const shown = new Map(
    [...mapping].map(([heading, field]) => [headingShown(heading.split('／')), field]),
  )
  return {
    ledger: { columns, needed, ...(own && { own }), ...(byYear && { byYear }) },
    meanings,
    unused: new Set([...unused, ...untold, ROW_NUMBER].map(standardKey)),
    untold: new Set([...untold, ROW_NUMBER].map(standardKey)),
    mapping: shown,
  }
}

const standardKey = (heading: string) => headingWords([heading]).keys[0] ?? ''

/** The row or the two rows near the top that name the most columns, with all that are needed. */
export function findHeadings(
  rows: readonly RawRow[],
  merges: readonly MergedCells[],
  index: HeadingIndex,
): Headings | undefined {
  let best: { headings: Headings; score: number; at: number } | undefined
  const top = rows.slice(0, HEADING_ROWS_FROM_TOP)
  for (const [at, row] of top.entries()) {
    const next = top[at + 1]
    const isGroups = next?.row === row.row + 1 && textsOf(row).filter(isNoTitle).length > 1
    for (const candidate of isGroups ? [[row], [row, next]] : [[row]]) {
      const headings = headingsIn(candidate, merges, index)
      const units = candidate[1] ? textsOf(candidate[1]).filter(isUnitAlone).length : 0
      // Where a row alone says as much as two, the other is a title or data.
      const found =
        headings.plan.size + headings.mapped + knownIn(headings) + byYearIn(headings, index)
      const score = found + units / 2 - candidate.length / 4
      // Headings again, as each printed page has them, may fit in one row what took two above.
      const again = best && best.at < at ? HEADING_ROWS_MAX / 4 : 0
      if (score > (best?.score ?? 0) + again && isComplete(headings.plan, index))
        best = { headings, score, at }
    }
  }
  return best && withUnitsBelow(best.headings, top)
}

/** One heading that lies over several columns is one. */
const knownIn = ({ known, shown }: Headings) =>
  new Set([...known].map((column) => shown.get(column))).size

/** A column for each year tells more than one heading that lies over all of them. */
const byYearIn = ({ plan }: Headings, { ledger: { byYear } }: HeadingIndex) =>
  byYear !== undefined && [...plan.keys()].some(isOfYears(byYear)) ? 1 : 0

/** A row of nothing but units under the headings: what it says of their columns. */
function withUnitsBelow(headings: Headings, top: readonly RawRow[]): Headings {
  const last = headings.rows.at(-1)?.row ?? 0
  const below = top.find(({ row }) => row === last + 1)
  if (!below || !areUnits(below.cells)) return headings
  const plan = new Map<string, PlannedColumn>()
  for (const [field, column] of headings.plan)
    plan.set(field, { ...column, ...unitAlone(textAt(below, column.index)) })
  return { ...headings, rows: [...headings.rows, below], plan }
}

export const textsOf = ({ cells }: RawRow) =>
  cells.filter((cell) => typeof cell === 'string').map(lineOf)
const isNoTitle = (text: string) =>
  text !== '' && !/^(?:[填制编报].)?(?:单位|时间|日期):/.test(text)

const isComplete = (plan: ColumnPlan, { ledger }: HeadingIndex) =>
  ledger.needed.every((group) =>
    group.some((field) => plan.has(field) || [...plan.keys()].some(isOfYears(field))),
  )

function headingsIn(
  rows: readonly RawRow[],
  merges: readonly MergedCells[],
  index: HeadingIndex,
): Headings {
  const parts = headingParts(rows, merges)
  const shown = new Map([...parts].map(([column, texts]) => [column, headingShown(texts)]))
  const candidates = new Map<string, { column: number; rank: number }[]>()
  const known = new Set<number>()
  const units = new Map<number, Pick<HeadingWords, 'unit' | 'groupUnit'>>()
  for (const [column, texts] of parts) {
    const { meanings, isKnown, unit, groupUnit } = meaningsOf(texts, index)
    units.set(column, { ...(unit && { unit }), ...(groupUnit && { groupUnit }) })
    if (isKnown) known.add(column)
    for (const { field, rank } of meanings)
      candidates.set(field, [...(candidates.get(field) ?? []), { column, rank }])
  }
  const plan = new Map<string, PlannedColumn>()
  const taken = new Set<number>()
  let mapped = 0
  const take = ({ field, merged, isPlace }: Omit<LedgerColumn, 'headings'>, column: number) => {
    taken.add(column)
    known.delete(column)
    const span = spanOf(column, rows, merges)
    plan.set(field, {
      index: column,
      heading: shown.get(column) ?? '',
      ...units.get(column),
      ...(merged && { merged }),
      ...(span.length > 0 && !isPlace && { span }),
    })
  }
  for (const ledgerColumn of index.ledger.columns) {
    const isFree = ({ column }: { column: number }) => !taken.has(column)
    const free = (candidates.get(ledgerColumn.field) ?? []).filter(isFree)
    const [first] = free.sort((a, b) => a.rank - b.rank || a.column - b.column)
    if (!first) continue
    if (first.rank < 0) mapped += 1
    take(ledgerColumn, first.column)
  }
  if (index.ledger.byYear !== undefined)
    for (const { field, column } of yearColumns(parts, index.ledger.byYear))
      if (!taken.has(column) && !plan.has(field)) take({ field, merged: 'refuse' }, column)
  const notUsed = new Map<number, string>()
  for (const column of parts.keys())
    if (!taken.has(column))
      notUsed.set(column, known.has(column) ? NOT_TAKEN : reasonFor(column, candidates, plan))
  const untold = untoldCells(known, parts, shown, index)
  return { rows, plan, shown, notUsed, known, untold, mapped }
}

const NOT_TAKEN = '导入本台账不登记这一栏,该列未使用;需要的请在系统内登记'

function untoldCells(
  known: ReadonlySet<number>,
  parts: ReadonlyMap<number, readonly string[]>,
  shown: ReadonlyMap<number, string>,
  { untold, ledger }: HeadingIndex,
): Map<number, RegExp> {
  const { end = [], writes = {} } = ledger.own ?? {}
  const isOwn = end.length > 0 && [...shown.values()].slice(-end.length).join() === end.join()
  const cells = new Map<number, RegExp>()
  for (const column of known) {
    const { keys } = headingWords(parts.get(column) ?? [])
    const written = isOwn ? writes[shown.get(column) ?? ''] : undefined
    if (keys.some((key) => untold.has(key))) cells.set(column, ANYTHING)
    else if (written) cells.set(column, written)
  }
  return cells
}

function meaningsOf(texts: readonly string[], { mapping, meanings, unused }: HeadingIndex) {
  const { keys, unit, groupUnit } = headingWords(texts)
  const inFile = [headingShown(texts), headingShown(texts.slice(-1))]
  const field = inFile.map((heading) => mapping.get(heading)).find((one) => one !== undefined)
  if (field !== undefined)
    return { meanings: [{ field, rank: -1 }], isKnown: false, unit, groupUnit }
  const key = keys.find((one) => meanings.has(one) || unused.has(one)) ?? ''
  return { meanings: meanings.get(key) ?? [], isKnown: unused.has(key), unit, groupUnit }
}

function reasonFor(
  column: number,
  candidates: ReadonlyMap<string, readonly { column: number }[]>,
  plan: ColumnPlan,
): string {
  const [field] =
    [...candidates].find(([, columns]) => columns.some((one) => one.column === column)) ?? []
  const other = field === undefined ? undefined : plan.get(field)?.heading
  return other === undefined ? '不认识这个表头,该列未使用' : `与“${other}”列重复,该列未使用`
}
