import { and, asc, desc, eq, gt, inArray, lt, type SQL } from 'drizzle-orm'
import type { Caller } from '../access/caller.ts'
import { Refusal } from '../errors.ts'
import type { Reader, Writer } from '../platform/database/database.ts'
import type { Tables } from '../platform/database/tables.ts'
import type { ImportCounts } from '../platform/database/tables-of-imports.ts'
import { THIS_PROCESS } from '../platform/process-at-work.ts'
import type { ImportLedger } from './import-row.ts'

export type ImportRow = Tables['imports']['$inferSelect']
export type KeptRow = Tables['importRows']['$inferSelect']
export type RowStatus = KeptRow['status']

export const NOTHING_COUNTED: ImportCounts = {
  read: 0,
  kept: 0,
  unchanged: 0,
  reported: 0,
  skipped: 0,
}

export interface NewImport {
  id: string
  ledger: ImportLedger
  fileName: string
  fileHash: string
  dryRun: boolean
  content: Uint8Array
}

/** Begins the record of an import, with the file as it was sent. */
export async function insertImport(tx: Writer, caller: Caller, wish: NewImport): Promise<void> {
  const { content, ...row } = wish
  const { imports, importFiles } = tx.tables
  const { label: recordedBy, regionCode = null } = caller
  const recorded = { regionCode, recordedAt: tx.recordedAt, recordedBy }
  await tx
    .insert(imports)
    .values({ ...row, ...recorded, state: 'running', runBy: THIS_PROCESS, counts: NOTHING_COUNTED })
  await tx.insert(importFiles).values({ importId: row.id, content })
}

/**
 * Notes how far an import has come.
 * Refuses: import-taken-back, when that was done while it was still running.
 */
export async function noteCounts(
  tx: Writer,
  id: string,
  counts: ImportCounts,
  state: 'running' | 'done',
): Promise<void> {
  const { imports } = tx.tables
  const finishedAt = state === 'done' ? tx.recordedAt : null
  const running = await tx
    .update(imports)
    .set({ counts, state, finishedAt })
    // One that was taken for cut off, from a machine that cannot see this process, goes on.
    .where(and(eq(imports.id, id), inArray(imports.state, ['running', 'cut_off'])))
    .returning({ id: imports.id })
  if (running.length === 0) throw takenBack
}

/** Notes that an import ended before its rows; false when it was not running. */
export async function noteCutOff(tx: Writer, id: string): Promise<boolean> {
  const { imports } = tx.tables
  const running = await tx
    .update(imports)
    .set({ state: 'cut_off' })
    .where(and(eq(imports.id, id), eq(imports.state, 'running')))
    .returning({ id: imports.id })
  return running.length > 0
}

const takenBack = new Refusal('conflict', 'import-taken-back', {
  zh: '这次导入在进行中已被撤回',
  en: 'this import was taken back while it was running',
})

/** Removes the record of an import of which nothing was kept: its file turned out to be refused. */
export async function dropImport(tx: Writer, id: string): Promise<void> {
  const { imports, importFiles, importRows } = tx.tables
  await tx.delete(importRows).where(eq(importRows.importId, id))
  await tx.delete(importFiles).where(eq(importFiles.importId, id))
  await tx.delete(imports).where(eq(imports.id, id))
}

const DRY_RUN_DAYS = 30
const FILE_DAYS = 730
const DAY_MS = 86_400_000

const daysBefore = ({ recordedAt }: Writer, days: number) =>
  new Date(Date.parse(recordedAt) - days * DAY_MS).toISOString()

/** Forgets the files of imports after two years: their hash and what they recorded stay. */
export async function forgetOldFiles(tx: Writer): Promise<void> {
  const { imports: t, importFiles: f } = tx.tables
  const old = tx
    .select({ id: t.id })
    .from(t)
    .where(lt(t.recordedAt, daysBefore(tx, FILE_DAYS)))
  await tx.delete(f).where(inArray(f.importId, old))
}

/** Forgets dry runs and their files after a month: they have recorded nothing. */
export async function forgetDryRuns(tx: Writer): Promise<void> {
  const { imports: t } = tx.tables
  const oldest = daysBefore(tx, DRY_RUN_DAYS)
  const old = await tx
    .select({ id: t.id })
    .from(t)
    .where(and(eq(t.dryRun, true), lt(t.recordedAt, oldest)))
  for (const { id } of old) await dropImport(tx, id)
}

/** Refuses: not-found. */
export async function getImport(db: Reader, id: string): Promise<ImportRow> {
  const { imports } = db.tables
  const [row] = await db.select().from(imports).where(eq(imports.id, id))
  if (row) return row
  throw new Refusal('not-found', 'not-found', { zh: '没有这次导入', en: 'no such import' })
}

/** The latest first. */
export function pageOfImports(
  db: Reader,
  bounds: SQL | undefined,
  ledger: string | undefined,
  beforeId: string | undefined,
  limit: number,
): Promise<ImportRow[]> {
  const { imports: t } = db.tables
  const wanted = and(
    bounds,
    ledger === undefined ? undefined : eq(t.ledger, ledger),
    beforeId === undefined ? undefined : lt(t.id, beforeId),
  )
  return Promise.resolve(db.select().from(t).where(wanted).orderBy(desc(t.id)).limit(limit))
}

/** The rows of an import in the order of the file. */
export function pageOfRows(
  db: Reader,
  importId: string,
  { status, after, limit }: { status?: RowStatus | undefined; after: number; limit: number },
): Promise<KeptRow[]> {
  const { importRows: t } = db.tables
  const wanted = and(
    eq(t.importId, importId),
    gt(t.no, after),
    status === undefined ? undefined : eq(t.status, status),
  )
  return Promise.resolve(db.select().from(t).where(wanted).orderBy(asc(t.no)).limit(limit))
}

export async function contentOf(db: Reader, importId: string): Promise<Uint8Array> {
  const { importFiles: t } = db.tables
  const [file] = await db.select().from(t).where(eq(t.importId, importId))
  if (file) return file.content
  throw new Refusal('not-found', 'file-not-kept', {
    zh: '该次导入的文件已不再保存',
    en: 'the file of this import is no longer kept',
  })
}
