import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { type Actor, audit } from '../access/audit-trail.ts'
import type { Caller } from '../access/caller.ts'
import type { Deps } from '../deps.ts'
import { Refusal } from '../errors.ts'
import { businessDay } from '../platform/business-day.ts'
import type { Database, Writer } from '../platform/database/database.ts'
import type { ImportCounts } from '../platform/database/tables-of-imports.ts'
import type { ImportLedger, ReadRow } from './import-row.ts'
import type { FileReader } from './import-rows-in-thread.ts'
import {
  appendRows,
  dropImport,
  insertImport,
  type KeptRow,
  NOTHING_COUNTED,
  noteCounts,
} from './import-store.ts'
import { type ImportRun, newRun } from './record-row.ts'
import { type NumberedRow, recordTogether, rowsTogether } from './record-together.ts'

export interface ImportLimits {
  bytesMax: number
  rowsMax: number
}

/** What an import is run with. */
export type ImportDeps = Deps & { readFile: FileReader; importLimits: ImportLimits }

export interface ImportWish {
  ledger: ImportLedger
  fileName: string
  content: Uint8Array
  dryRun: boolean
  /** Headings of the file that have names of their own: to standard headings or fields. */
  columns?: Readonly<Record<string, string>>
  /** Where the request for it came from. */
  from?: Omit<Actor, 'caller'>
}

const WAITING_MAX = 5
/** A transaction takes in rows for so long; requests are answered between two of them. */
const TRANSACTION_MS = 80
const ROWS_PER_TRANSACTION = 200
const OPERATORS_PER_TRANSACTION = 10

const turns = new WeakMap<Database, { last: Promise<unknown>; waiting: number }>()

/**
 * Takes a spreadsheet in and answers the id of the import: rows that can be read are recorded, a
 * few at a time, all others are reported. A dry run does the same and undoes it. `finish` joins the
 * transaction that ends the import. Imports of one process go `inTurn`.
 * Refuses: file-too-large, what `readFile` refuses: nothing is kept then.
 */
export async function runImport(
  deps: ImportDeps,
  caller: Caller,
  wish: ImportWish,
  finish: (tx: Writer, importId: string) => Promise<void> = async () => undefined,
): Promise<string> {
  if (wish.content.length > deps.importLimits.bytesMax) throw tooLarge(deps.importLimits)
  const { db, clock, importLimits, readFile } = deps
  const today = businessDay(clock.now(), clock.timeZone)
  const batches = readFile({ ...wish, today, rowsMax: importLimits.rowsMax })
  const rows = await beginning(batches)
  const actor = { caller, ...wish.from }
  const takeInGroups = wish.dryRun ? tryOut : record
  const importId = await db.transaction(async (tx) => {
    const id = tx.newId()
    const { ledger, fileName, content, dryRun } = wish
    const fileHash = createHash('sha256').update(content).digest('hex')
    await insertImport(tx, caller, { id, ledger, fileName, content, dryRun, fileHash })
    const detail = { ledger, dryRun, fileHash }
    await audit(tx, actor, { action: 'begin-import', ...imported(id), detail })
    return id
  })
  const run = await newRun(db.read, caller, importId, deps.place.code)
  const groups = rowsTogether(run, wish.ledger, rows)
  const counts = { ...NOTHING_COUNTED }
  try {
    await takeInGroups(deps, run, wish.ledger, groups, counts)
  } catch (error) {
    if (error instanceof Refusal && counts.kept + counts.unchanged === 0)
      await db.transaction(async (tx) => {
        await dropImport(tx, importId)
        const detail = { code: error.code }
        await audit(tx, actor, { action: 'break-off-import', ...imported(importId), detail })
      })
    throw error
  }
  await db.transaction(async (tx) => {
    await noteCounts(tx, importId, counts, 'done')
    await audit(tx, actor, { action: 'end-import', ...imported(importId), detail: { counts } })
    await finish(tx, importId)
  })
  return importId
}

const imported = (subjectId: string) => ({ subject: 'imports', subjectId })

/** Does `work` when no other import is under way. Refuses: import-busy. */
export function inTurn<T>(db: Database, work: () => Promise<T>): Promise<T> {
  const turn = turns.get(db) ?? { last: Promise.resolve(), waiting: 0 }
  turns.set(db, turn)
  if (turn.waiting >= WAITING_MAX) throw busy
  turn.waiting += 1
  const run = turn.last.then(work)
  turn.last = run.catch(() => undefined)
  return run.finally(() => {
    turn.waiting -= 1
  })
}

/** Resolves when no import is under way. */
export async function importsIdle(db: Database): Promise<void> {
  await turns.get(db)?.last
}

/** Waits for the first batch: a file that is refused leaves no import behind. */
async function beginning(batches: AsyncGenerator<ReadRow[]>): Promise<AsyncGenerator<ReadRow[]>> {
  const first = await batches.next()
  return (async function* () {
    if (first.done) return
    yield first.value
    yield* batches
  })()
}

type Groups = AsyncGenerator<NumberedRow[]>

async function record(
  deps: ImportDeps,
  run: ImportRun,
  ledger: ImportLedger,
  groups: Groups,
  counts: ImportCounts,
): Promise<void> {
  const touched = new Set<string>()
  try {
    for await (const bunch of bunches(groups))
      for (let at = 0; at < bunch.length; await setImmediate())
        await deps.db.transaction(async (tx) => {
          const until = performance.now() + TRANSACTION_MS
          const rows: KeptRow[] = []
          for (; at < bunch.length && performance.now() < until; at++)
            rows.push(...(await recordTogether(tx, run, ledger, bunch[at] as NumberedRow[])))
          await appendRows(tx, rows)
          count(counts, rows)
          await noteCounts(tx, run.importId, counts, 'running')
          for (const operatorId of tx.touched) touched.add(operatorId)
        })
  } finally {
    await refreshTouched(deps, [...touched])
  }
}

/** Waits for rows before a transaction, not in it: then nobody waits for the file. */
async function* bunches(groups: Groups): AsyncGenerator<NumberedRow[][]> {
  let bunch: NumberedRow[][] = []
  for await (const group of groups) {
    bunch.push(group)
    if (bunch.length < ROWS_PER_TRANSACTION) continue
    yield bunch
    bunch = []
  }
  yield bunch
}

/** Each operator once, at the end: its rows are spread over the file and assessed together. */
async function refreshTouched(
  { db, refreshRisks }: ImportDeps,
  operatorIds: readonly string[],
): Promise<void> {
  for (let at = 0; at < operatorIds.length; at += OPERATORS_PER_TRANSACTION) {
    await db.transaction(async (tx) => {
      for (const id of operatorIds.slice(at, at + OPERATORS_PER_TRANSACTION)) tx.touched.add(id)
      await refreshRisks(tx)
    })
    await setImmediate()
  }
}

class Undone extends Error {}

/** All in one transaction that is undone; rows are gathered before, outcomes kept after it. */
async function tryOut(
  { db }: ImportDeps,
  run: ImportRun,
  ledger: ImportLedger,
  groups: Groups,
  counts: ImportCounts,
): Promise<void> {
  const gathered: NumberedRow[][] = []
  for await (const group of groups) gathered.push(group)
  const rows: KeptRow[] = []
  const trial = db.transaction(async (tx) => {
    for (const group of gathered) {
      for (const row of await recordTogether(tx, run, ledger, group))
        rows.push({ ...row, facts: [] })
      if (rows.length % ROWS_PER_TRANSACTION === 0) await setImmediate()
    }
    throw new Undone()
  })
  await trial.catch((error: unknown) => {
    if (!(error instanceof Undone)) throw error
  })
  count(counts, rows)
  for (let at = 0; at < rows.length; at += ROWS_PER_TRANSACTION)
    await db.transaction((tx) => appendRows(tx, rows.slice(at, at + ROWS_PER_TRANSACTION)))
}

function count(counts: ImportCounts, rows: readonly KeptRow[]): void {
  for (const { status } of rows) {
    counts[status] += 1
    if (status !== 'skipped') counts.read += 1
  }
}

const tooLarge = ({ bytesMax }: ImportLimits) => {
  const most = `${Math.floor(bytesMax / 1024 / 1024)} MB`
  const words = { zh: `文件超过 ${most},请拆分后分别导入`, en: `the file is larger than ${most}` }
  return new Refusal('too-large', 'file-too-large', words, 'file')
}
const busy = new Refusal('too-many', 'import-busy', {
  zh: '正在等候的导入过多,请稍后再试',
  en: 'too many imports are waiting; try again later',
})
