import { and, asc, eq, gt, inArray, lte, type SQL, sql } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { Reader } from '../platform/database/database.ts'
import { plainRows } from '../platform/database/plain-rows.ts'
import type { Select } from '../platform/database/prepared.ts'

type Condition = (operatorId: SQLiteColumn) => SQL | undefined

/** A set of operators, as a condition on a column that names one. */
export interface OperatorScope extends Condition {
  /** The same with places for its values, for queries that are built once. */
  places?: { condition: Condition; values: Record<string, string> }
}

const one: Condition = (operatorId) => eq(operatorId, sql.placeholder('operatorId'))
const stretch: Condition = (operatorId) =>
  and(gt(operatorId, sql.placeholder('after')), lte(operatorId, sql.placeholder('last')))

export function theseOperators(ids: Iterable<string>): OperatorScope {
  const list = [...ids]
  const scope: OperatorScope = (operatorId) => inArray(operatorId, list)
  const [operatorId] = list
  if (list.length !== 1 || operatorId === undefined) return scope
  return Object.assign(scope, { places: { condition: one, values: { operatorId } } })
}

function operatorsBetween(after: string, last: string): OperatorScope {
  const scope: Condition = (operatorId) => and(gt(operatorId, after), lte(operatorId, last))
  return Object.assign(scope, { places: { condition: stretch, values: { after, last } } })
}

/** Whoever has a contract, a subsidy or anything else. */
export const allOperators = operatorsBetween('', '\u{10ffff}')

/**
 * All operators with contracts, some at a time and in the order of their ids, so that memory does
 * not grow with the county and no query lists ids. A page ends with the operator that its last
 * contract belongs to, so it has some more than `contractsPerPage`.
 */
export async function* operatorPages(
  db: Reader,
  contractsPerPage: number,
): AsyncGenerator<OperatorScope> {
  let after = ''
  for (;;) {
    const page = await operatorsAfter(db, { after, contractsPerPage })
    const last = page.at(-1)?.id
    if (last === undefined) return
    yield operatorsBetween(after, last)
    after = last
  }
}

const operatorsAfter = plainRows((db) => {
  const { contracts } = db.tables
  return db
    .select({ id: contracts.operatorId })
    .from(contracts)
    .where(gt(contracts.operatorId, sql.placeholder('after')))
    .orderBy(asc(contracts.operatorId))
    .limit(sql.placeholder('contractsPerPage'))
})

/** The plain rows of a query about some operators, built once for each form of scope. */
export function rowsIn<Row extends object>(build: (db: Reader, scope: Condition) => Select<Row>) {
  const queries = new Map<Condition, ReturnType<typeof plainRows<Row>>>()
  return (db: Reader, scope: OperatorScope, values: Record<string, unknown>): Promise<Row[]> => {
    const { places } = scope
    if (!places) return plainRows((reader) => build(reader, scope))(db, values)
    const { condition } = places
    const query = queries.get(condition) ?? plainRows((reader) => build(reader, condition))
    queries.set(condition, query)
    return query(db, { ...values, ...places.values })
  }
}
