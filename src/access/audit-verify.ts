import { asc, gt, sql } from 'drizzle-orm'
import type { Reader } from '../platform/database/database.ts'
import { auditHead, pagesOfEntries } from './audit-store.ts'
import { type AuditRow, hashOfEntry, NO_HASH } from './audit-trail.ts'

/** What is wrong with the chain, and where. */
export interface AuditFault {
  no: number
  /** `head`: what is noted of the last entry is gone or another. */
  kind: 'changed' | 'removed' | 'inserted' | 'head'
}

export interface AuditCheck {
  entries: number
  firstAt: string | undefined
  lastAt: string | undefined
  /** The hash of the last entry, to be noted outside; undefined before the first. */
  head: string | undefined
  faults: AuditFault[]
  /** Whether a head that was noted earlier is still in the chain; true when none is asked for. */
  hasNoted: boolean
}

const FAULTS_MAX = 20

/** Walks the whole chain, a page at a time, and finds whatever was changed in it since. */
export async function verifyAudit(db: Reader, notedHead?: string): Promise<AuditCheck> {
  const head = await auditHead(db)
  const faults: AuditFault[] = []
  let first: AuditRow | undefined
  let last: AuditRow | undefined
  let entries = 0
  let hasNoted = notedHead === undefined
  for await (const page of pagesOfEntries(db, {}, head?.entries ?? 0))
    for (const row of page) {
      first ??= row
      entries += 1
      hasNoted ||= row.hash === notedHead
      add(faults, faultsBetween(last, row))
      last = row
    }
  add(faults, await faultsAtEnd(db, last, head))
  return {
    entries,
    firstAt: first?.at,
    lastAt: last?.at,
    head: last?.hash,
    faults,
    hasNoted,
  }
}

/** What was done to an entry shows in the one after it too: it is said once. */
function add(faults: AuditFault[], more: readonly AuditFault[]): void {
  for (const fault of more) {
    const isKnown = faults.some(({ no, kind }) => no === fault.no && kind !== 'removed')
    if (!isKnown && faults.length < FAULTS_MAX) faults.push(fault)
  }
}

function faultsBetween(before: AuditRow | undefined, row: AuditRow): AuditFault[] {
  const { hash, ...said } = row
  const expected = (before?.no ?? 0) + 1
  const changed: AuditFault[] = hashOfEntry(said) === hash ? [] : [{ no: row.no, kind: 'changed' }]
  if (row.no < expected) return [{ no: row.no, kind: 'inserted' }]
  if (row.no > expected) return [{ no: expected, kind: 'removed' }, ...changed]
  if (changed.length > 0 || row.previousHash === (before?.hash ?? NO_HASH)) return changed
  // What the next one holds of an entry is what that was: both are whole, the first is another.
  return [{ no: before?.no ?? row.no, kind: 'changed' }]
}

async function faultsAtEnd(
  db: Reader,
  last: AuditRow | undefined,
  head: Awaited<ReturnType<typeof auditHead>>,
): Promise<AuditFault[]> {
  const no = last?.no ?? 0
  if (head && no < head.entries) return [{ no: no + 1, kind: 'removed' }]
  if (head && last?.hash !== head.hash) return [{ no, kind: 'head' }]
  const { auditEntries: t, auditHead: h } = db.tables
  // In one statement: entries come with their head while this one looks.
  const headNow = sql`coalesce((select max(${h.entries}) from ${h}), 0)`
  const [beyond] = await db
    .select({ no: t.no })
    .from(t)
    .where(gt(t.no, headNow))
    .orderBy(asc(t.no))
    .limit(1)
  if (!beyond) return []
  return [head ? { no: beyond.no, kind: 'inserted' } : { no: beyond.no, kind: 'head' }]
}

const FAULT_WORDS: Record<AuditFault['kind'], string> = {
  changed: '被改动 · was changed',
  removed: '被删除 · was removed',
  inserted: '是插入的 · was inserted',
  head: '不是留存的链头 · is not the head that was kept',
}

/** Says what became of a check; answers whether all is well. */
export function printAuditCheck(check: AuditCheck, print: (line: string) => void): boolean {
  const { entries, firstAt, lastAt, head, faults, hasNoted } = check
  print(`共 ${entries} 条 · entries${entries > 0 ? ` from ${firstAt} to ${lastAt}` : ''}`)
  for (const { no, kind } of faults) print(`第 ${no} 条${FAULT_WORDS[kind]}`)
  if (!hasNoted)
    print(
      '记下的链头不在其中:链被截断或重做 · the noted head is not in the chain: cut off or made anew',
    )
  const isWhole = faults.length === 0 && hasNoted
  if (isWhole && head !== undefined)
    print(`链完整,请把链头记在别处 · the chain is whole; note its head elsewhere:\n${head}`)
  return isWhole
}
