import { and, eq, inArray, ne } from 'drizzle-orm'
import { rowsFor } from '../access/bounds.ts'
import type { Caller } from '../access/caller.ts'
import { groupBy } from '../domain/group-by.ts'
import { hashOf } from '../facts/idempotent.ts'
import type { Reader } from '../platform/database/database.ts'
import type { ImportLedger } from './import-row.ts'

/** Of what a row says, after reading; `ordinal` tells rows apart that may rightly be equal. */
export const rowFingerprint = (ledger: ImportLedger, record: object, ordinal = 0): string =>
  hashOf([ledger, record, ordinal])

const FINGERPRINTS_PER_QUERY = 200

/**
 * Which rows another import that stands has had too, by their fingerprints. One that found
 * everything recorded already does not count when the import that had recorded it was taken back.
 */
export const importedBefore = (
  db: Reader,
  caller: Caller,
  importId: string,
  fingerprints: readonly string[],
): Promise<Set<string>> => imported(db, caller, importId, fingerprints, isStanding)

/** Which of them imports that stand have only ever found recorded already, by whomever. */
export const foundBefore = (
  db: Reader,
  caller: Caller,
  fingerprints: readonly string[],
): Promise<Set<string>> =>
  imported(
    db,
    caller,
    '',
    fingerprints,
    (rows) => isStanding(rows) && rows.every(({ status }) => status === 'unchanged'),
  )

async function imported(
  db: Reader,
  caller: Caller,
  importId: string,
  fingerprints: readonly string[],
  isMeant: (rows: readonly { status: string; state: string }[]) => boolean,
): Promise<Set<string>> {
  const { imports, importRows: t } = db.tables
  const found = new Set<string>()
  for (let at = 0; at < fingerprints.length; at += FINGERPRINTS_PER_QUERY) {
    const some = fingerprints.slice(at, at + FINGERPRINTS_PER_QUERY)
    const rows = await db
      .select({ fingerprint: t.fingerprint, status: t.status, state: imports.state })
      .from(t)
      .innerJoin(imports, eq(imports.id, t.importId))
      .where(
        and(
          inArray(t.fingerprint, some),
          inArray(t.status, ['kept', 'unchanged']),
          ne(t.importId, importId),
          eq(imports.dryRun, false),
          // What others have handed in is nobody else's business.
          rowsFor(db, 'imports', caller),
        ),
      )
    for (const [fingerprint, same] of groupBy(rows, (row) => row.fingerprint))
      if (fingerprint !== null && isMeant(same)) found.add(fingerprint)
  }
  return found
}

function isStanding(rows: readonly { status: string; state: string }[]): boolean {
  const standing = rows.filter(({ state }) => state !== 'taken_back')
  if (standing.some(({ status }) => status === 'kept')) return true
  return standing.length > 0 && rows.every(({ status }) => status === 'unchanged')
}
