import { and, asc, gt, inArray, lte, type SQL } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { Reader } from '../platform/database/database.ts'
import { plainRows } from '../platform/database/plain-rows.ts'

/** A set of operators, as a condition on a column that names one. */
export type OperatorScope = (operatorId: SQLiteColumn) => SQL | undefined

export const theseOperators =
  (ids: Iterable<string>): OperatorScope =>
  (operatorId) =>
    inArray(operatorId, [...ids])

/**
 * All operators with contracts, some at a time and in the order of their ids, so that memory does
 * not grow with the county and no query lists ids. A page ends with the operator that its last
 * contract belongs to, so it has some more than `contractsPerPage`.
 */
export async function* operatorPages(
  db: Reader,
  contractsPerPage: number,
): AsyncGenerator<OperatorScope> {
  const { contracts } = db.tables
  let after = ''
  for (;;) {
    const page = await plainRows(
      db
        .select({ id: contracts.operatorId })
        .from(contracts)
        .where(gt(contracts.operatorId, after))
        .orderBy(asc(contracts.operatorId))
        .limit(contractsPerPage),
    )
    const last = page.at(-1)?.id
    if (last === undefined) return
    const from = after
    yield (operatorId) => and(gt(operatorId, from), lte(operatorId, last))
    after = last
  }
}
