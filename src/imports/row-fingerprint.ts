import { and, eq, inArray, ne } from 'drizzle-orm'
import { hashOf } from '../facts/idempotent.ts'
import type { Reader } from '../platform/database/database.ts'
import type { ImportLedger } from './import-row.ts'

/** Of what a row says, after reading; `ordinal` tells rows apart that may rightly be equal. */
export const rowFingerprint = (ledger: ImportLedger, record: object, ordinal = 0): string =>
  hashOf([ledger, record, ordinal])

/**
 * Whether another import that stands has had the very same row. One that found everything recorded
 * already does not count when the import that had recorded it was taken back.
 */
export async function wasImported(
  db: Reader,
  importId: string,
  fingerprint: string,
): Promise<boolean> {
  const { imports, importRows } = db.tables
  const rows = await db
    .select({ status: importRows.status, state: imports.state })
    .from(importRows)
    .innerJoin(imports, eq(imports.id, importRows.importId))
    .where(
      and(
        eq(importRows.fingerprint, fingerprint),
        inArray(importRows.status, ['kept', 'unchanged']),
        ne(importRows.importId, importId),
        eq(imports.dryRun, false),
      ),
    )
  const standing = rows.filter(({ state }) => state !== 'taken_back')
  if (standing.some(({ status }) => status === 'kept')) return true
  return standing.length > 0 && rows.every(({ status }) => status === 'unchanged')
}
