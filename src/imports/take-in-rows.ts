import { setImmediate } from 'node:timers/promises'
import type { Deps } from '../deps.ts'
import type { Database, Writer } from '../platform/database/database.ts'
import { insertRows } from '../platform/database/insert-rows.ts'
import type { ImportCounts } from '../platform/database/tables-of-imports.ts'
import type { ImportLedger } from './import-row.ts'
import { type KeptRow, noteCounts } from './import-store.ts'
import type { ImportRun } from './record-row.ts'
import { type NumberedRow, recordNext } from './record-together.ts'
import { noteTouched, refreshTouched, TRANSACTION_MS } from './touched-operators.ts'

const GROUPS_PER_BUNCH = 100

type Groups = AsyncGenerator<NumberedRow[]>

/**
 * Takes rows into the county with the facts that they tell of, in transactions of a moment, and
 * brings the risks of their operators up to them; `makeGoodCutOff` does where this fails before.
 */
export async function takeInRows(
  deps: Deps,
  run: ImportRun,
  ledger: ImportLedger,
  groups: Groups,
  counts: ImportCounts,
): Promise<void> {
  await recordAll(deps.db, run, ledger, groups, async (tx, rows) => {
    await keepRows(tx, run, rows, counts)
    await noteTouched(tx, run.importId)
  })
  await refreshTouched(deps, run.importId)
}

/** Keeps what became of rows in a copy of the county, without the facts, which go with it. */
export async function tryOutRows(
  { db }: Deps,
  copy: Database,
  run: ImportRun,
  ledger: ImportLedger,
  groups: Groups,
  counts: ImportCounts,
): Promise<void> {
  await recordAll(copy, run, ledger, groups, async (_tx, rows) => {
    const tried = rows.map((row) => ({ ...row, facts: [] }))
    await db.transaction((tx) => keepRows(tx, run, tried, counts))
  })
}

/** Records rows, a transaction for as many as a moment allows; `keep` says what became of them. */
async function recordAll(
  db: Database,
  run: ImportRun,
  ledger: ImportLedger,
  groups: Groups,
  keep: (tx: Writer, rows: KeptRow[]) => Promise<void>,
): Promise<void> {
  for await (const bunch of bunches(groups))
    for (let at = 0; at < bunch.length; await setImmediate())
      await db.transactionOfMany(async (tx) => {
        const until = performance.now() + TRANSACTION_MS
        const { done, rows } = await recordNext(tx, run, ledger, bunch.slice(at), until)
        at += done
        await keep(tx, rows)
      })
}

async function keepRows(
  tx: Writer,
  { importId }: ImportRun,
  rows: readonly KeptRow[],
  counts: ImportCounts,
): Promise<void> {
  await insertRows(tx, 'importRows', rows)
  count(counts, rows)
  await noteCounts(tx, importId, counts, 'running')
}

/** Waits for rows before a transaction, not in it: then nobody waits for the file. */
async function* bunches(groups: Groups): AsyncGenerator<NumberedRow[][]> {
  let bunch: NumberedRow[][] = []
  for await (const group of groups) {
    bunch.push(group)
    if (bunch.length < GROUPS_PER_BUNCH) continue
    yield bunch
    bunch = []
  }
  yield bunch
}

function count(counts: ImportCounts, rows: readonly KeptRow[]): void {
  for (const { status } of rows) {
    counts[status] += 1
    if (status !== 'skipped') counts.read += 1
  }
}
