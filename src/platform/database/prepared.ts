import type { Reader } from './database.ts'

/** By the names of their placeholders; those of a list are their places. */
type Values = Record<string, unknown>
interface Query<Rows> {
  prepare(): { execute(values: Values): PromiseLike<Rows> }
}

/**
 * A query whose values are placeholders, built once a connection: for queries of which one import
 * runs hundreds of thousands. Building each takes drizzle longer than running it.
 */
export function prepared<Rows, Db extends Reader = Reader>(build: (db: Db) => Query<Rows>) {
  const ofSessions = new WeakMap<object, ReturnType<Query<Rows>['prepare']>>()
  return (db: Db, values: Record<string, unknown> | readonly unknown[]): Promise<Rows> => {
    // Every handle of drizzle has it, a transaction's too; its type is not public.
    const { session } = db as unknown as { session: object }
    const query = ofSessions.get(session) ?? build(db).prepare()
    ofSessions.set(session, query)
    return Promise.resolve(query.execute(values as Values))
  }
}
