import type { Reader } from './database.ts'
import { ofSession, type Select } from './prepared.ts'
import { type SqliteQuery, valuesInOrder } from './values-in-order.ts'

/** What SQLite's queries have beside it. */
interface SqliteSelect {
  _: { selectedFields: Record<string, unknown> }
  prepare(): SqliteQuery
}

/**
 * The rows of a select whose fields are texts and whole numbers, built once a connection like
 * `prepared`: SQLite has them as they are, and drizzle's way from column to field takes longer than
 * reading. Flags, JSON, sealed values and sums (a text in PostgreSQL) must be cast in the query, or
 * read the usual way.
 */
export function plainRows<Row extends object>(build: (db: Reader) => Select<Row>) {
  const ofSessions = ofSession((db: Reader) => plainQuery(build(db)))
  return (db: Reader, values: Record<string, unknown>): Promise<Row[]> =>
    Promise.resolve(ofSessions(db)(values))
}

function plainQuery<Row extends object>(select: Select<Row>) {
  if (!('values' in select)) {
    const query = select.prepare()
    return (values: Record<string, unknown>) => query.execute(values)
  }
  const sqlite = select as unknown as SqliteSelect
  const names = Object.keys(sqlite._.selectedFields)
  const query = sqlite.prepare()
  const inOrder = valuesInOrder(query)
  return (values: Record<string, unknown>) =>
    query.stmt
      .raw()
      .all(inOrder(values))
      .map((list) => {
        const row: Record<string, unknown> = {}
        for (let at = 0; at < names.length; at++) row[names[at] as string] = list[at]
        return row as Row
      })
}
