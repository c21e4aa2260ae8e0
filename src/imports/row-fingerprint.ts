import { and, eq, inArray, ne, sql } from 'drizzle-orm'
import { hashOf } from '../facts/idempotent.ts'
import type { Reader } from '../platform/database/database.ts'
import { prepared } from '../platform/database/prepared.ts'
import type { ImportLedger } from './import-row.ts'

/** Of what a row says, after reading; `ordinal` tells rows apart that may rightly be equal. */
export const rowFingerprint = (ledger: ImportLedger, record: object, ordinal = 0): string =>
  hashOf([ledger, record, ordinal])

const othersOf = prepared((db) => {
  const { imports, importRows: t } = db.tables
  return db
    .select({ status: t.status, state: imports.state })
    .from(t)
    .innerJoin(imports, eq(imports.id, t.importId))
    .where(
      and(
        eq(t.fingerprint, sql.placeholder('fingerprint')),
        inArray(t.status, ['kept', 'unchanged']),
        ne(t.importId, sql.placeholder('importId')),
        eq(imports.dryRun, false),
      ),
    )
})

/**
 * Whether another import that stands has had the very same row. One that found everything recorded
 * already does not count when the import that had recorded it was taken back.
 */
export async function wasImported(
  db: Reader,
  importId: string,
  fingerprint: string,
): Promise<boolean> {
  const rows = await othersOf(db, { fingerprint, importId })
  const standing = rows.filter(({ state }) => state !== 'taken_back')
  if (standing.some(({ status }) => status === 'kept')) return true
  return standing.length > 0 && rows.every(({ status }) => status === 'unchanged')
}
