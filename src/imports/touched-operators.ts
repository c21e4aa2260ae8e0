import { setImmediate } from 'node:timers/promises'
import { and, asc, eq, inArray } from 'drizzle-orm'
import type { Deps } from '../deps.ts'
import type { Reader, Writer } from '../platform/database/database.ts'

/** A transaction takes so long; requests are answered between two of them. */
export const TRANSACTION_MS = 60
const OPERATORS_AT_ONCE = 10
const ROWS_PER_STATEMENT = 500

/** Notes whose stored risks are behind what an import has just recorded. */
export async function noteTouched(tx: Writer, importId: string): Promise<void> {
  const touched = [...tx.touched].map((operatorId) => ({ importId, operatorId }))
  for (let at = 0; at < touched.length; at += ROWS_PER_STATEMENT) {
    const some = touched.slice(at, at + ROWS_PER_STATEMENT)
    await tx.insert(tx.tables.importOperators).values(some).onConflictDoNothing()
  }
}

/**
 * Brings the risks of the operators up to an import, each once, when it ends: its rows are spread
 * over the file and assessed together.
 */
export async function refreshTouched(
  { db, refreshRisks }: Pick<Deps, 'db' | 'refreshRisks'>,
  importId: string,
): Promise<void> {
  for (; (await nextTouched(db.read, importId)).length > 0; await setImmediate())
    await db.transaction(async (tx) => {
      const until = performance.now() + TRANSACTION_MS
      while (performance.now() < until) {
        const next = await nextTouched(tx, importId)
        if (next.length === 0) return
        tx.touched.clear()
        for (const id of next) tx.touched.add(id)
        await refreshRisks(tx)
        const { importOperators: t } = tx.tables
        await tx.delete(t).where(and(eq(t.importId, importId), inArray(t.operatorId, next)))
      }
    })
}

async function nextTouched(db: Reader, importId: string): Promise<string[]> {
  const { importOperators: t } = db.tables
  const next = await db
    .select({ operatorId: t.operatorId })
    .from(t)
    .where(eq(t.importId, importId))
    .orderBy(asc(t.operatorId))
    .limit(OPERATORS_AT_ONCE)
  return next.map(({ operatorId }) => operatorId)
}
