import { type Placeholder, sql } from 'drizzle-orm'
import type { Reader, Writer } from './database.ts'
import type { SqliteQuery } from './values-in-order.ts'

/** By the names of their placeholders. */
type Values = Record<string, unknown>
interface Query<Rows> {
  prepare(): { execute(values: Values): PromiseLike<Rows> }
}
export type Select<Row> = Query<Row[]>

/** What is built for a connection the first time that it is asked for there. */
export function ofSession<Built, Db extends Reader = Reader>(build: (db: Db) => Built) {
  const ofSessions = new WeakMap<object, Built>()
  return (db: Db): Built => {
    // Every handle of drizzle has it, a transaction's too; its type is not public.
    const { session } = db as unknown as { session: object }
    const built = ofSessions.get(session) ?? build(db)
    ofSessions.set(session, built)
    return built
  }
}

/**
 * A query whose values are placeholders, built once a connection: for those of every request, or of
 * which one import runs hundreds of thousands. Building each takes drizzle longer than running it.
 */
export function prepared<Rows, Db extends Reader = Reader>(build: (db: Db) => Query<Rows>) {
  const query = ofSession((db: Db) => build(db).prepare())
  return (db: Db, values: Values): Promise<Rows> => Promise.resolve(query(db).execute(values))
}

/** An insert of many rows whose values are those of its places in order (`placesFor`). */
export function preparedInsert(build: (tx: Writer) => Query<unknown>) {
  const insert = ofSession((tx: Writer) => {
    const query = build(tx).prepare()
    if (!('stmt' in query)) return (values: readonly unknown[]) => query.execute(values as never)
    const { stmt } = query as unknown as SqliteQuery
    return (values: readonly unknown[]) => stmt.run(values)
  })
  return async (tx: Writer, values: readonly unknown[]): Promise<void> => {
    await insert(tx)(values)
  }
}

const LENGTHS = [1, 5, 20, 50, 200, 1000]

type Ask<Row> = (db: Reader, values: Values) => Promise<Row[]>

/**
 * The same of a query that names ids, all that are given: built for some lengths of its list, where
 * the last id stands in the places that are left.
 */
export function preparedFor<Row>(
  build: (db: Reader, ids: Placeholder[]) => Query<Row[]>,
  once: (build: (db: Reader) => Query<Row[]>) => Ask<Row> = prepared,
) {
  const ofLengths = LENGTHS.map((length) => {
    const places = Array.from({ length }, (_, at) => sql.placeholder(`id${at}`))
    return { length, query: once((db) => build(db, places)) }
  })
  return async (db: Reader, ids: readonly string[], values: Values): Promise<Row[]> => {
    const rows: Row[] = []
    for (let at = 0; at < ids.length; ) {
      const left = ids.length - at
      const fits = ofLengths.find(({ length }) => length >= left) ?? ofLengths.at(-1)
      if (!fits) break
      const named: Values = { ...values }
      for (let n = 0; n < fits.length; n++) named[`id${n}`] = ids[Math.min(at + n, ids.length - 1)]
      rows.push(...(await fits.query(db, named)))
      at += fits.length
    }
    return rows
  }
}
