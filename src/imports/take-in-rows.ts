import { AsyncResource } from 'node:async_hooks'
import { setImmediate } from 'node:timers/promises'
import type { Deps } from '../deps.ts'
import type { Database, Writer } from '../platform/database/database.ts'
import { inTurns } from '../platform/database/in-turns.ts'
import { insertRows } from '../platform/database/insert-rows.ts'
import type { ImportCounts } from '../platform/database/tables-of-imports.ts'
import type { ImportLedger } from './import-row.ts'
import { type KeptRow, noteCounts } from './import-store.ts'
import type { ImportRun } from './record-row.ts'
import { type NumberedRow, recordNext } from './record-together.ts'
import { noteTouched, refreshTouched } from './touched-operators.ts'

type Groups = AsyncGenerator<NumberedRow[][], void>

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

/**
 * Records rows, a few at a time; `keep` says what became of them. They are waited for before a
 * transaction, not in it: then nobody waits for the file.
 */
async function recordAll(
  db: Database,
  run: ImportRun,
  ledger: ImportLedger,
  groups: Groups,
  keep: (tx: Writer, rows: KeptRow[]) => Promise<void>,
): Promise<void> {
  const upcoming = upcomingOf(groups)
  for (let left = await upcoming.take(); left; left = await upcoming.take())
    await inTurns(db, async (tx, until) => {
      const { done, rows } = await recordNext(tx, run, ledger, left ?? [], until)
      left = left?.slice(done) ?? []
      await keep(tx, rows)
      if (left.length === 0 && (await upcoming.isThere())) left = (await upcoming.take()) ?? []
      return left.length > 0
    })
}

/** Batches, each asked for once: a transaction takes one that is there, and waits for none. */
function upcomingOf(batches: Groups) {
  // Whatever is done to get at them is not done within the transaction that asks.
  const ask = AsyncResource.bind(() => batches.next())
  let next: ReturnType<typeof ask> | undefined
  return {
    async take(): Promise<NumberedRow[][] | undefined> {
      next ??= ask()
      const { value } = await next
      next = undefined
      return value ?? undefined
    },
    /** What it fails with is for `take` to say, outside of the transaction. */
    isThere(): Promise<boolean> {
      next ??= ask()
      const there = next.then(
        () => true,
        () => false,
      )
      return Promise.race([there, setImmediate(false)])
    },
  }
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

function count(counts: ImportCounts, rows: readonly KeptRow[]): void {
  for (const { status } of rows) {
    counts[status] += 1
    if (status !== 'skipped') counts.read += 1
  }
}
