import { and, asc, desc, eq, gt, gte, lt, lte, type SQL } from 'drizzle-orm'
import type { Reader } from '../platform/database/database.ts'
import type { AuditRow } from './audit-trail.ts'

/** Which entries are asked for; instants, `until` not included. */
export interface AuditFilter {
  from?: string | undefined
  until?: string | undefined
  actorId?: string | undefined
  action?: string | undefined
  subject?: string | undefined
  subjectId?: string | undefined
}

const ENTRIES_PER_PAGE = 500

/** How many entries there are, and the hash of the last; undefined before the first. */
export async function auditHead(db: Reader) {
  const [head] = await db.select().from(db.tables.auditHead)
  return head
}

/** The newest first, at most `limit`, before the entry `beforeNo`. */
export function pageOfEntries(
  db: Reader,
  filter: AuditFilter,
  beforeNo: number | undefined,
  limit: number,
): Promise<AuditRow[]> {
  const { auditEntries: t } = db.tables
  const before = beforeNo === undefined ? undefined : lt(t.no, beforeNo)
  const wanted = and(before, wantedBy(db, filter))
  return Promise.resolve(db.select().from(t).where(wanted).orderBy(desc(t.no)).limit(limit))
}

/** All entries up to `lastNo`, the oldest first, some at a time. */
export async function* pagesOfEntries(
  db: Reader,
  filter: AuditFilter,
  lastNo: number,
): AsyncGenerator<AuditRow[]> {
  const { auditEntries: t } = db.tables
  for (let after: number | undefined; ; ) {
    const begun = after === undefined ? undefined : gt(t.no, after)
    const wanted = and(lte(t.no, lastNo), begun, wantedBy(db, filter))
    const rows = await db.select().from(t).where(wanted).orderBy(asc(t.no)).limit(ENTRIES_PER_PAGE)
    if (rows.length > 0) yield rows
    if (rows.length < ENTRIES_PER_PAGE) return
    after = rows.at(-1)?.no
  }
}

function wantedBy(db: Reader, filter: AuditFilter): SQL | undefined {
  const { auditEntries: t } = db.tables
  const { from, until } = filter
  const named = (['actorId', 'action', 'subject', 'subjectId'] as const).map((name) =>
    filter[name] === undefined ? undefined : eq(t[name], filter[name]),
  )
  return and(
    from === undefined ? undefined : gte(t.at, from),
    until === undefined ? undefined : lt(t.at, until),
    ...named,
  )
}
