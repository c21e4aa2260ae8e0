import { Refusal } from '../errors.ts'
import { readSheets } from '../platform/spreadsheet/read-sheets.ts'
import type { ImportLedger, ReadRow } from './import-row.ts'
import { readRows } from './read-rows.ts'

/** A spreadsheet that is to be read as a ledger. */
export interface FileToRead {
  ledger: ImportLedger
  fileName: string
  content: Uint8Array
  /** Headings of the file that have names of their own: to standard headings or fields. */
  columns?: Readonly<Record<string, string>>
  today: string
  rowsMax: number
}

const ROWS_PER_BATCH = 100

/**
 * The rows of a file, read and interpreted, in batches. The whole file is gone through first, so that one
 * that breaks off in the middle is refused before anything of it is recorded.
 * Refuses: what `readSheets` and `readRows` refuse.
 */
export async function* readFile(file: FileToRead): AsyncGenerator<ReadRow[]> {
  await goThrough(file)
  const { content, fileName, rowsMax, ledger, today, columns } = file
  const sheets = readSheets(content, fileName, { rowsMax })
  const options = { today, fileName, ...(columns && { columns }) }
  let batch: ReadRow[] = []
  for await (const row of readRows(sheets, ledger, options)) {
    batch.push(row)
    if (batch.length < ROWS_PER_BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

async function goThrough({ content, fileName, rowsMax }: FileToRead): Promise<void> {
  let rows = 0
  for await (const sheet of readSheets(content, fileName, { rowsMax }))
    for await (const row of sheet.rows) rows += row.row > 0 ? 1 : 0
  if (rows > 0) return
  const words = { zh: '文件中没有任何数据', en: 'there is no data in the file' }
  throw new Refusal('rule-broken', 'file-empty', words, 'file')
}
