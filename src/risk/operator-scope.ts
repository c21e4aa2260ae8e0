import { and, asc, gt, inArray, lte, type SQL, sql } from 'drizzle-orm'
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

const stretch: Condition = (operatorId) =>
  and(gt(operatorId, sql.placeholder('after')), lte(operatorId, sql.placeholder('last')))

const OPERATORS_PER_PAGE = 200
/** Of few lengths: the queries about each are built once. */
const lists = [1, 5, 20, 50, OPERATORS_PER_PAGE].map((length) => {
  const names = Array.from({ length }, (_, at) => `operator${at}`)
  const places = names.map((name) => sql.placeholder(name))
  const condition: Condition = (operatorId) => inArray(operatorId, places)
  return { names, condition }
})

/** The last id stands in the places that are left of the shortest list that has enough. */
export function theseOperators(ids: Iterable<string>): OperatorScope {
  const list = [...ids]
  const scope: OperatorScope = (operatorId) => inArray(operatorId, list)
  const fits = lists.find(({ names }) => names.length >= list.length)
  const last = list.at(-1)
  if (!fits || last === undefined) return scope
  const values = Object.fromEntries(fits.names.map((name, at) => [name, list[at] ?? last]))
  return Object.assign(scope, { places: { condition: fits.condition, values } })
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

/** Some operators, some at a time. */
export function* pagesOf(operatorIds: readonly string[]): Generator<OperatorScope> {
  for (let from = 0; from < operatorIds.length; from += OPERATORS_PER_PAGE)
    yield theseOperators(operatorIds.slice(from, from + OPERATORS_PER_PAGE))
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
