import { createHash } from 'node:crypto'
import { type Actor, audit } from '../access/audit-trail.ts'
import type { Caller } from '../access/caller.ts'
import type { Deps } from '../deps.ts'
import { Refusal } from '../errors.ts'
import { businessDay } from '../platform/business-day.ts'
import type { Database, Writer } from '../platform/database/database.ts'
import type { Logger } from '../platform/log/logger.ts'
import { makeGoodCutOff, underWay } from './cut-off-imports.ts'
import type { ImportLedger, ReadRow } from './import-row.ts'
import type { FileReader } from './import-rows-in-thread.ts'
import {
  dropImport,
  insertImport,
  NOTHING_COUNTED,
  noteCounts,
  noteCutOff,
} from './import-store.ts'
import { newRun } from './record-row.ts'
import { rowsTogether } from './record-together.ts'
import { takeInRows, tryOutRows } from './take-in-rows.ts'

export interface ImportLimits {
  bytesMax: number
  rowsMax: number
}

/** What an import is run with. */
export interface ImportDeps extends Deps {
  readFile: FileReader
  importLimits: ImportLimits
  log: Pick<Logger, 'error'>
}

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
/** It is tried again after the next import, and by the night. */
const BEHIND = 'risks are behind an import that was cut off'

const turns = new WeakMap<Database, { last: Promise<unknown>; waiting: number }>()

/**
 * Takes a spreadsheet in and answers the id of the import: rows that can be read are recorded, a
 * few at a time, all others are reported. A dry run does the same in a copy. `finish` joins the
 * transaction that ends the import. Imports of one process go `inTurn`. What this one or another
 * has left that was cut off is made good after it.
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
  try {
    if (!wish.dryRun) return await takeIn(deps, db, caller, wish, rows, finish)
    // What is only tried is recorded in a copy: others go on recording meanwhile.
    const copy = await db.copy()
    return await takeIn(deps, copy, caller, wish, rows, finish).finally(copy.close)
  } finally {
    await batches.return(undefined)
    await makeGoodCutOff(deps).catch((err: unknown) => deps.log.error({ err }, BEHIND))
  }
}

/** Takes rows into the county, or into a copy of it; what became of them is kept in the county. */
async function takeIn(
  deps: ImportDeps,
  into: Database,
  caller: Caller,
  wish: ImportWish,
  rows: AsyncGenerator<ReadRow[]>,
  finish: (tx: Writer, importId: string) => Promise<void>,
): Promise<string> {
  const { db } = deps
  const actor = { caller, ...wish.from }
  const importId = await begin(db, caller, wish)
  const counts = { ...NOTHING_COUNTED }
  try {
    const run = await newRun(into.read, caller, importId, deps.place.code)
    const groups = rowsTogether(into.read, run, wish.ledger, rows)
    if (wish.dryRun) await tryOutRows(deps, into, run, wish.ledger, groups, counts)
    else await takeInRows(deps, run, wish.ledger, groups, counts)
    await db.transaction(async (tx) => {
      await noteCounts(tx, importId, counts, 'done')
      await audit(tx, actor, { action: 'end-import', ...imported(importId), detail: { counts } })
      await finish(tx, importId)
    })
    return importId
  } catch (error) {
    await db.transaction(async (tx) => {
      const isRefused = error instanceof Refusal
      if (isRefused && (wish.dryRun || counts.kept + counts.unchanged === 0))
        await dropImport(tx, importId)
      else if (!(await noteCutOff(tx, importId))) return
      const detail = { code: isRefused ? error.code : 'failed' }
      await audit(tx, actor, { action: 'break-off-import', ...imported(importId), detail })
    })
    throw error
  } finally {
    underWay.delete(importId)
  }
}

/** Begins the record of an import. */
const begin = (db: Database, caller: Caller, wish: ImportWish): Promise<string> =>
  db.transaction(async (tx) => {
    const id = tx.newId()
    underWay.add(id)
    const { ledger, fileName, content, dryRun, from } = wish
    const fileHash = createHash('sha256').update(content).digest('hex')
    await insertImport(tx, caller, { id, ledger, fileName, content, dryRun, fileHash })
    const detail = { ledger, dryRun, fileHash }
    await audit(tx, { caller, ...from }, { action: 'begin-import', ...imported(id), detail })
    return id
  })

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

const tooLarge = ({ bytesMax }: ImportLimits) => {
  const most = `${Math.floor(bytesMax / 1024 / 1024)} MB`
  const words = { zh: `文件超过 ${most},请拆分后分别导入`, en: `the file is larger than ${most}` }
  return new Refusal('too-large', 'file-too-large', words, 'file')
}
const busy = new Refusal('too-many', 'import-busy', {
  zh: '正在等候的导入过多,请稍后再试',
  en: 'too many imports are waiting; try again later',
})
