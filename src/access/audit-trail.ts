import { createHash } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { canonicalJson } from '../platform/canonical-json.ts'
import type { Writer } from '../platform/database/database.ts'
import { insertRows } from '../platform/database/insert-rows.ts'
import { prepared } from '../platform/database/prepared.ts'
import type { Tables } from '../platform/database/tables.ts'
import type { AuditAction } from './audit-words.ts'
import type { Caller } from './caller.ts'

export type AuditRow = Tables['auditEntries']['$inferSelect']

/** Who does something, and from where. */
export interface Actor {
  /** Undefined when nobody has logged in. */
  caller: Caller | undefined
  address?: string | undefined
  requestId?: string | undefined
}

export interface AuditEntry {
  action: AuditAction
  /** What it was done to: the path of its lists, as 'contracts'. */
  subject: string
  subjectId?: string | undefined
  /** Ids, names of fields, counts, codes, the reason of a reveal; nothing about people. */
  detail?: Readonly<Record<string, Detail | undefined>>
}
type Detail = string | number | boolean | null | readonly string[] | Readonly<Counts>
type Counts = Record<string, number>

/** What stands for the hash of an entry before the first. */
export const NO_HASH = '0'.repeat(64)
const NOBODY = { id: 'nobody', label: '未登录', role: 'none', regionCode: undefined }

/**
 * Says in the transaction of what is done who does it. Entries are appended only, each with a hash
 * over itself and the hash of the one before.
 */
export async function audit(tx: Writer, actor: Actor, entry: AuditEntry): Promise<void> {
  const [head] = await headOf(tx, {})
  const { action, subject, subjectId = null, detail = {} } = entry
  const { id, label, role, regionCode = null } = actor.caller ?? NOBODY
  const row = {
    no: (head?.entries ?? 0) + 1,
    at: tx.recordedAt,
    actorId: id,
    actor: label,
    role,
    regionCode,
    address: actor.address ?? null,
    requestId: actor.requestId ?? null,
    action,
    subject,
    subjectId,
    detail,
    previousHash: head?.hash ?? NO_HASH,
  }
  const hash = hashOfEntry(row)
  await insertRows(tx, 'auditEntries', [{ ...row, hash }])
  await moveHead(tx, { entries: row.no, hash })
}

/** The hash of an entry, over all else that it says. */
export function hashOfEntry(entry: Omit<AuditRow, 'hash'>): string {
  return createHash('sha256').update(canonicalJson(entry)).digest('hex')
}

const headOf = prepared((db) => db.select().from(db.tables.auditHead))

const moveHead = prepared<unknown, Writer>((tx) => {
  const { auditHead } = tx.tables
  return tx
    .insert(auditHead)
    .values({ id: 'last', entries: sql.placeholder('entries'), hash: sql.placeholder('hash') })
    .onConflictDoUpdate({
      target: auditHead.id,
      set: { entries: sql`excluded.entries`, hash: sql`excluded.hash` },
    })
})
