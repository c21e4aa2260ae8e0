import type { Caller } from '../../src/access/caller.ts'
import type { ImportLedger, ImportRecords } from '../../src/imports/import-row.ts'
import { insertImport, type KeptRow, noteCounts } from '../../src/imports/import-store.ts'
import { newRun } from '../../src/imports/record-row.ts'
import { recordNext } from '../../src/imports/record-together.ts'
import { takeBackImport } from '../../src/imports/take-back-import.ts'
import { insertRows } from '../../src/platform/database/insert-rows.ts'
import type { TestCounty } from './test-county.ts'

const CLERK: Caller = { id: 'clerk', label: '乡镇经办', role: 'admin', regionCode: undefined }

export interface ImportedRows {
  importId: string
  rows: KeptRow[]
  /** One word a row: its status, or the codes of its problems. */
  said: string[]
}

/**
 * Records rows as if they had been read from a file: each field from a column of its own name.
 * `meanwhile` is what others do after each row.
 */
export async function importRecords<L extends ImportLedger>(
  county: TestCounty,
  ledger: L,
  records: readonly ImportRecords[L][],
  meanwhile: (row: KeptRow) => Promise<unknown> = async () => undefined,
): Promise<ImportedRows> {
  const { db, place, refreshRisks } = county
  const importId = await db.transaction(async (tx) => {
    const id = tx.newId()
    const file = { fileName: '台账.xlsx', fileHash: 'x', dryRun: false, content: new Uint8Array() }
    await insertImport(tx, CLERK, { id, ledger, ...file })
    return id
  })
  const run = await newRun(db.read, CLERK, importId, place.code)
  const rows: KeptRow[] = []
  for (const [at, record] of records.entries()) {
    await db.transaction(async (tx) => {
      const columns = Object.fromEntries(Object.keys(record).map((field) => [field, field]))
      const read = {
        sheet: '白果村',
        row: at + 2,
        status: 'read' as const,
        guessed: [],
        problems: [],
      }
      const groups = [[{ no: at + 1, read: { ...read, record, columns } }]]
      const { rows: kept } = await recordNext(tx, run, ledger, groups, 0)
      await insertRows(tx, 'importRows', kept)
      await refreshRisks(tx)
      rows.push(...kept)
    })
    await meanwhile(rows.at(-1) as KeptRow)
  }
  const counts = { read: rows.length, kept: 0, unchanged: 0, reported: 0, skipped: 0 }
  await db.transaction((tx) => noteCounts(tx, importId, counts, 'done'))
  const said = rows.map(({ status, problems }) =>
    status === 'reported' ? problems.map(({ code }) => code).join() : status,
  )
  return { importId, rows, said }
}

export function takeBack({ db, refreshRisks }: TestCounty, importId: string): Promise<void> {
  return db.transaction(async (tx) => {
    await takeBackImport(tx, CLERK, importId, '导错了文件')
    await refreshRisks(tx)
  })
}
