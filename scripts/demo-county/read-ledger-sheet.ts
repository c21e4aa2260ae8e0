import type { ImportLedger, ReadRow } from '../../src/imports/import-row.ts'
import type { FileReader } from '../../src/imports/import-rows-in-thread.ts'
import { readRows } from '../../src/imports/read-rows.ts'
import type { RawSheet } from '../../src/platform/spreadsheet/raw-sheet.ts'
import { readSheets } from '../../src/platform/spreadsheet/read-sheets.ts'

/** The tab of each ledger in the county's own workbooks. */
export const LEDGER_TABS = {
  regions: '区划',
  'grain-prices': '粮价',
  operators: '业主',
  contracts: '流转台账',
  payments: '收款台账',
  subsidies: '补助兑付台账',
} satisfies Partial<Record<ImportLedger, string>>

const ROWS_PER_BATCH = 200

/**
 * Reads the rows of one ledger out of a workbook that has several; the county trusts its own files,
 * and is ready sooner than with each of them gone through four times.
 */
export const readLedgerSheet: FileReader = async function* (file) {
  const { content, fileName, ledger, rowsMax, today } = file
  const tab = LEDGER_TABS[ledger as keyof typeof LEDGER_TABS]
  const sheets = onlyTab(readSheets(content, fileName, { rowsMax }), tab)
  let batch: ReadRow[] = []
  for await (const row of readRows(sheets, ledger, { today, fileName })) {
    if (batch.push(row) < ROWS_PER_BATCH) continue
    yield batch
    batch = []
  }
  yield batch
}

async function* onlyTab(sheets: AsyncIterable<RawSheet>, tab: string): AsyncGenerator<RawSheet> {
  for await (const sheet of sheets) if (sheet.name === tab) yield sheet
}
