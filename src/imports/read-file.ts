import { readSheets } from '../platform/spreadsheet/read-sheets.ts'
import type { ImportLedger, ReadRow } from './import-row.ts'
import { readRows } from './read-rows.ts'
import { rowFingerprint } from './row-fingerprint.ts'

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
/** Titles, headings and totals of a file that holds as many rows as it may. */
const HEADING_ROWS = 100

/**
 * The rows of a file, read and interpreted, in batches. A file that breaks off in the middle is
 * refused before the first of them. Refuses: what `readSheets` and `readRows` refuse.
 */
export async function* readFile(file: FileToRead): AsyncGenerator<ReadRow[]> {
  const { content, fileName, rowsMax, ledger, today, columns } = file
  const sheets = readSheets(content, fileName, { rowsMax, headingRows: HEADING_ROWS })
  const options = { today, fileName, ...(columns && { columns }) }
  let batch: ReadRow[] = []
  for await (const row of readRows(sheets, ledger, options)) {
    // Here, in a thread that has the time, and not where rows are recorded.
    if (row.record) row.fingerprint = rowFingerprint(ledger, row.record)
    batch.push(row)
    if (batch.length < ROWS_PER_BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
