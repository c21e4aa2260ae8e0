import { and, asc, eq, gt, type Placeholder, type SQL, sql } from 'drizzle-orm'
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Reader, Writer } from '../platform/database/database.ts'
import { insertRows } from '../platform/database/insert-rows.ts'
import { prepared } from '../platform/database/prepared.ts'
import type { FactRow, FactTableName } from './fact-kind.ts'

/** A `knownAt` after everything that is recorded. */
export const ALL_KNOWN = '9999-12-31T23:59:59.999Z'

interface Versions {
  id: SQLiteColumn
  version: SQLiteColumn
  recordedAt: SQLiteColumn
}

/** The version of each fact that was the last recorded by `knownAt`, withdrawn or not. */
export function lastKnown(table: SQLiteTable & Versions, knownAt: string | Placeholder): SQL {
  const id = sql.identifier(table.id.name)
  return sql`${table.recordedAt} <= ${knownAt} and not exists (select 1 from ${table} v
    where v.${id} = ${table.id} and v.version > ${table.version} and v.recorded_at <= ${knownAt})`
}

/** The facts that count at `knownAt`: the last known versions that do not withdraw. */
export function standingFacts(
  table: SQLiteTable & Versions & { withdrawn: SQLiteColumn },
  knownAt: string | Placeholder,
): SQL {
  return sql`${lastKnown(table, knownAt)} and ${eq(table.withdrawn, false)}`
}

const versionIn = (name: FactTableName) =>
  prepared((db) => {
    const table = db.tables[name]
    const known = lastKnown(table, sql.placeholder('knownAt'))
    return db
      .select()
      .from(table)
      .where(and(eq(table.id, sql.placeholder('id')), known))
  })
const versions = new Map<FactTableName, ReturnType<typeof versionIn>>()

/** The last version of one fact known at `knownAt`, withdrawn or not. */
export async function findVersion<N extends FactTableName>(
  db: Reader,
  name: N,
  id: string,
  knownAt = ALL_KNOWN,
): Promise<FactRow<N> | undefined> {
  const find = versions.get(name) ?? versionIn(name)
  versions.set(name, find)
  const [row] = await find(db, { id, knownAt })
  return row as FactRow<N> | undefined
}

/** One fact that counts at `knownAt`; undefined when it is not there or was withdrawn. */
export async function findFact<N extends FactTableName>(
  db: Reader,
  name: N,
  id: string,
  knownAt = ALL_KNOWN,
): Promise<FactRow<N> | undefined> {
  const row = await findVersion(db, name, id, knownAt)
  return row?.withdrawn ? undefined : row
}

/** Facts that count now, in the order of recording, at most `limit`, after `afterId`. */
export async function pageOfFacts<N extends FactTableName>(
  db: Reader,
  name: N,
  conditions: (SQL | undefined)[],
  afterId: string,
  limit: number,
): Promise<FactRow<N>[]> {
  const table = db.tables[name]
  const rows = await db
    .select()
    .from(table)
    .where(and(gt(table.id, afterId), standingFacts(table, ALL_KNOWN), ...conditions))
    .orderBy(asc(table.id))
    .limit(limit)
  return rows as FactRow<N>[]
}

/** Appends one version of a fact. */
export async function insertVersion<N extends FactTableName>(
  tx: Writer,
  name: N,
  row: FactRow<N>,
): Promise<void> {
  await insertRows(tx, name, [row])
}
