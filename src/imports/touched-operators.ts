import { and, asc, eq, lte, sql } from 'drizzle-orm'
import type { Deps } from '../deps.ts'
import type { Writer } from '../platform/database/database.ts'
import { inTurns } from '../platform/database/in-turns.ts'
import { placesFor } from '../platform/database/insert-rows.ts'
import { plainRows } from '../platform/database/plain-rows.ts'
import { prepared, preparedInsert } from '../platform/database/prepared.ts'

const OPERATORS_AT_ONCE = 10

/** Notes whose stored risks are behind what an import has just recorded. */
export async function noteTouched(tx: Writer, importId: string): Promise<void> {
  const values = tx.touched.operatorIds.flatMap((operatorId) => [importId, operatorId])
  while (values.length > 0) {
    const many = LENGTHS.find(({ rows }) => rows * 2 <= values.length) ?? ONE
    await many.insert(tx, values.splice(0, many.rows * 2))
  }
  tx.touched.clear()
}

const noting = (rows: number) => ({
  rows,
  insert: preparedInsert((tx) => {
    const { importOperators: t } = tx.tables
    return tx
      .insert(t)
      .select(placesFor(rows, 2) as never)
      .onConflictDoNothing()
  }),
})
const ONE = noting(1)
const LENGTHS = [noting(50), noting(10)]

/**
 * Brings the risks of the operators up to an import, each once, when it ends: its rows are spread
 * over the file and assessed together.
 */
export async function refreshTouched(
  { db, refreshRisks }: Pick<Deps, 'db' | 'refreshRisks'>,
  importId: string,
): Promise<void> {
  const page = { importId, limit: OPERATORS_AT_ONCE }
  if ((await nextTouched(db.read, page)).length === 0) return
  await inTurns(db, async (tx, until) => {
    while (performance.now() < until) {
      const next = await nextTouched(tx, page)
      const last = next.at(-1)?.operatorId
      if (last === undefined) return false
      tx.touched.clear()
      for (const { operatorId } of next) tx.touched.add(operatorId)
      await refreshRisks(tx)
      await forget(tx, { importId, last })
    }
    return true
  })
}

const nextTouched = plainRows((db) => {
  const { importOperators: t } = db.tables
  return db
    .select({ operatorId: t.operatorId })
    .from(t)
    .where(eq(t.importId, sql.placeholder('importId')))
    .orderBy(asc(t.operatorId))
    .limit(sql.placeholder('limit'))
})

const forget = prepared<unknown, Writer>((tx) => {
  const { importOperators: t } = tx.tables
  const upToLast = lte(t.operatorId, sql.placeholder('last'))
  return tx.delete(t).where(and(eq(t.importId, sql.placeholder('importId')), upToLast))
})
