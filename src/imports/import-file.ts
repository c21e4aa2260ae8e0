import { Refusal } from '../errors.ts'
import type { Reader } from '../platform/database/database.ts'
import { markWorkbook } from '../platform/spreadsheet/mark-workbook.ts'
import type { RowMark } from '../platform/spreadsheet/row-mark.ts'
import type { ReadHeading } from './import-row.ts'
import { contentOf, getImport, type KeptRow, pageOfRows } from './import-store.ts'

const ROWS_PER_PAGE = 1000
const RESULTS: Readonly<Record<KeptRow['status'], string>> = {
  kept: '已录入',
  unchanged: '未变',
  reported: '有误,未录入',
  skipped: '略过',
}

/**
 * The file of an import as it was sent, with what became of each row in a column 导入结果.
 * Refuses: not-found, file-not-kept, import-unfinished.
 */
export async function* markedFile(db: Reader, id: string): AsyncGenerator<Uint8Array> {
  const { state, dryRun } = await getImport(db, id)
  if (state === 'running') throw unfinished
  yield* markWorkbook(await contentOf(db, id), marksOf(db, id, dryRun))
}

async function* marksOf(db: Reader, id: string, dryRun: boolean): AsyncGenerator<RowMark> {
  const cells = new Map<string, Map<string, number>>()
  let after = 0
  for (;;) {
    const page = await pageOfRows(db, id, { after, limit: ROWS_PER_PAGE })
    for (const row of page) {
      after = row.no
      const headings = headingsOf(row)
      if (headings) cells.set(row.sheet, headings)
      // Titles above the headings stay as they are.
      const isTitle = row.status === 'skipped' && row.problems.length === 0 && !cells.has(row.sheet)
      if (!isTitle) yield markOf(row, dryRun, cells.get(row.sheet), headings !== undefined)
    }
    if (page.length < ROWS_PER_PAGE) return
  }
}

/** The column of each heading, from 0, on a row of headings. */
function headingsOf({ status, record }: KeptRow): Map<string, number> | undefined {
  if (status !== 'skipped' || record === null) return undefined
  const { headings } = record as { headings: ReadHeading[] }
  return new Map(headings.map(({ column, cell }) => [column, cell]))
}

function markOf(
  { sheet, row, status, guessed, problems }: KeptRow,
  dryRun: boolean,
  cells: ReadonlyMap<string, number> | undefined,
  isHeading: boolean,
): RowMark {
  const result = dryRun && status === 'kept' ? '可以录入' : RESULTS[status]
  const guesses = guessed.map(({ column, value, readAs }) => `${column}“${value}”读作“${readAs}”`)
  return {
    sheet,
    row,
    result: isHeading ? '导入结果' : [result, ...guesses].join('; '),
    problems: problems.map(({ column, reason }) => {
      const cell = cells?.get(column)
      return { column, text: reason, ...(cell !== undefined && { cell }) }
    }),
  }
}

const unfinished = new Refusal('conflict', 'import-unfinished', {
  zh: '这次导入尚未完成',
  en: 'this import is not finished',
})
