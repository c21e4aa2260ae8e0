import { Refusal } from '../errors.ts'
import type { ImportProblem } from '../platform/database/tables-of-imports.ts'
import type { RawRow, RawSheet } from '../platform/spreadsheet/raw-sheet.ts'
import { findHeadings, HEADING_ROWS_FROM_TOP, headingIndex, textsOf } from './find-headings.ts'
import type { ImportLedger, ReadRow } from './import-row.ts'
import { LEDGER_COLUMNS, mappedFields } from './ledger-columns.ts'
import {
  allRows,
  type LedgerReading,
  type ReadOptions,
  readTable,
  skippedRow,
} from './read-table.ts'

/** Of the rows under the headings, how many are looked at for columns that hold something. */
const ROWS_AHEAD = 200
const NOT_FOR_DATA = /^(?:填[表报写]|使用|导入)?说明$|^填写须知$/
const HEADINGS_SHOWN_MAX = 20

/**
 * The rows of a file as records of a ledger, in order: read, reported with why, or skipped as no
 * data. Sheets without the headings of the ledger are skipped with one problem each; those named
 * for another ledger as one row.
 * Refuses: headings-not-found, when no sheet has them; mapping-unknown-field.
 */
export async function* readRows<L extends ImportLedger>(
  sheets: AsyncIterable<RawSheet>,
  name: L,
  options: ReadOptions,
): AsyncGenerator<ReadRow<L>> {
  const ledger = LEDGER_COLUMNS[name]
  const index = headingIndex(ledger, mappedFields(name, options.columns ?? {}))
  const standardHeadings = new Map(
    ledger.columns.map(({ field, headings: [standard = field] }) => [field, standard]),
  )
  const reading = { ledger, index, options, standardHeadings }
  let taken = 0
  let found: string[] = []
  // Held back until a sheet is recognised: a file without any is refused as a whole.
  const skipped: ReadRow<L>[] = []
  for await (const sheet of sheets) {
    if (sheet.isHidden) {
      skipped.push(skippedAsOne(sheet.name, HIDDEN))
      continue
    }
    const rows = sheet.rows[Symbol.asyncIterator]()
    const ahead = await nextRows(rows, ROWS_AHEAD)
    const forAnother = isForAnother(sheet.name, reading)
    const headings =
      NOT_FOR_DATA.test(sheet.name) || (forAnother && taken > 0)
        ? undefined
        : findHeadings(ahead, sheet.merges, index)
    if (headings) {
      taken += 1
      yield* skipped.splice(0)
      yield* readTable(sheet, { headings, ahead, rows }, reading)
      continue
    }
    const texts = NOT_FOR_DATA.test(sheet.name) ? [] : likelyHeadings(ahead)
    if (texts.length > found.length) found = texts
    if (forAnother) {
      skipped.push(skippedAsOne(sheet.name, forAnotherLedger(reading)))
      continue
    }
    for await (const row of skippedSheet(sheet.name, ahead, rows, reading)) {
      if (taken > 0) yield row
      else skipped.push(row)
    }
  }
  if (taken === 0) throw notFound(reading, found)
  yield* skipped
}

/** A tab that is named for another ledger is left to it, once one of this ledger was there. */
function isForAnother<L extends ImportLedger>(
  sheetName: string,
  { ledger }: LedgerReading<L>,
): boolean {
  if (ledger.sheetNames.test(sheetName)) return false
  return Object.values(LEDGER_COLUMNS).some((other) => other.sheetNames.test(sheetName))
}

/** What nobody sees in the file is told, not taken in. */
const HIDDEN = { code: 'sheet-hidden', reason: '隐藏的工作表未导入;需要导入的,请先取消隐藏' }
const forAnotherLedger = <L extends ImportLedger>(reading: LedgerReading<L>) => ({
  code: 'sheet-of-another-ledger',
  reason: `工作表按名称属于另一种台账,整张未导入;应在此导入的,请改名并写明表头(${neededWords(reading)})`,
})

const skippedAsOne = <L extends ImportLedger>(
  sheet: string,
  why: Pick<ImportProblem, 'code' | 'reason'>,
): ReadRow<L> => skippedRow(sheet, 1, [{ column: '', value: sheet, ...why }])

async function nextRows(rows: AsyncIterator<RawRow>, count: number): Promise<RawRow[]> {
  const taken: RawRow[] = []
  while (taken.length < count) {
    const next = await rows.next()
    if (next.done) return taken
    taken.push(next.value)
  }
  return taken
}

/** All texts of the row that looks most like headings, for the refusal. */
function likelyHeadings(rows: readonly RawRow[]): string[] {
  const texts = rows.slice(0, HEADING_ROWS_FROM_TOP).map(textsOf)
  const [most = []] = texts.sort((a, b) => b.length - a.length)
  return most
}

async function* skippedSheet<L extends ImportLedger>(
  sheet: string,
  ahead: readonly RawRow[],
  rows: AsyncIterator<RawRow>,
  reading: LedgerReading<L>,
): AsyncGenerator<ReadRow<L>> {
  const reason = `工作表中没有所需的表头(${neededWords(reading)}),整张工作表未导入`
  let problems: ImportProblem[] = NOT_FOR_DATA.test(sheet)
    ? []
    : [{ column: '', value: sheet, code: 'headings-not-found', reason }]
  for await (const { row } of allRows(ahead, rows, (row) => row)) {
    yield skippedRow(sheet, row, problems)
    problems = []
  }
}

const neededWords = <L extends ImportLedger>({ ledger, standardHeadings }: LedgerReading<L>) =>
  ledger.needed
    .map((group) => group.map((field) => standardHeadings.get(field) ?? field).join('或'))
    .join('、')

function notFound<L extends ImportLedger>(
  reading: LedgerReading<L>,
  found: readonly string[],
): Refusal {
  const needed = neededWords(reading)
  const shown = found.slice(0, HEADINGS_SHOWN_MAX).map((text) => text.slice(0, 30))
  const there = shown.length === 0 ? '' : `;文件中只找到:${shown.join('、')}`
  return new Refusal(
    'rule-broken',
    'headings-not-found',
    {
      zh: `没有找到所需的表头:${needed}${there}。请核对所选台账,或给出栏目对照`,
      en: `the headings that are needed were not found: ${needed}; found: ${shown.join(', ')}`,
    },
    'file',
  )
}
