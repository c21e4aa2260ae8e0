import { setImmediate } from 'node:timers/promises'
import { and, eq, inArray, ne } from 'drizzle-orm'
import type { Reader } from '../platform/database/database.ts'
import type { KeptRow } from './import-store.ts'

/** A row of an import that has recorded something. */
type RecordingRow = Pick<KeptRow, 'importId' | 'no' | 'facts'>

/**
 * The rows of imports that stand which have recorded some payments or reversals, by the id of
 * these. Nothing leads from a payment to its row: all that may have one are read.
 */
export async function rowsThatRecorded(
  db: Reader,
  ids: ReadonlySet<string>,
): Promise<Map<string, RecordingRow>> {
  const found = new Map<string, RecordingRow>()
  if (ids.size === 0) return found
  const { imports: i, importRows: t } = db.tables
  const standing = await db
    .select({ id: i.id })
    .from(i)
    .where(
      and(
        inArray(i.ledger, ['payments', 'arrears']),
        eq(i.dryRun, false),
        ne(i.state, 'taken_back'),
      ),
    )
  for (const { id: importId } of standing) {
    const rows = await db
      .select({ importId: t.importId, no: t.no, facts: t.facts })
      .from(t)
      .where(and(eq(t.importId, importId), eq(t.status, 'kept')))
    for (const row of rows) for (const { id } of row.facts) if (ids.has(id)) found.set(id, row)
    await setImmediate()
  }
  return found
}
