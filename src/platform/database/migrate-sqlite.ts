import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import Sqlite from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { refuseWrongFile, WrongFile } from './wrong-file.ts'

const MIGRATIONS = fileURLToPath(new URL('../../../migrations/sqlite', import.meta.url))

/**
 * Brings the file at `path` to this program's tables, on a connection of its own with foreign keys
 * off: a migration that rebuilds a table would otherwise empty its children by cascade.
 * Throws WrongFile, having written nothing, when it is not this program's to use; and when a
 * reference is broken afterwards.
 */
export function migrateSqlite(path: string): void {
  refuseWrongFile(path)
  const connection = new Sqlite(path, { timeout: 10_000 })
  try {
    connection.pragma('foreign_keys = OFF')
    isBegun(connection)
    migrate(drizzle(connection), { migrationsFolder: MIGRATIONS })
    const broken = connection.pragma('foreign_key_check') as unknown[]
    if (broken.length > 0)
      throw new WrongFile(`有引用断开 · has ${broken.length} broken references`)
  } finally {
    connection.close()
  }
}

/** Whether a county was begun in it. Throws WrongFile: another program's, or a newer version's. */
export function isBegun(connection: Sqlite.Database): boolean {
  const { first, last, tables } = appliedTo(connection)
  const { entries } = JSON.parse(readFileSync(`${MIGRATIONS}/meta/_journal.json`, 'utf8')) as {
    entries: { when: number }[]
  }
  if (first === null && tables === 0) return false
  if (first !== entries[0]?.when)
    throw new WrongFile('是其他程序的数据库 · holds the tables of another program')
  if ((last ?? 0) > Math.max(...entries.map(({ when }) => when)))
    throw new WrongFile(
      '由更新的版本写成,请先升级程序 · was written by a newer version: upgrade first',
    )
  return true
}

interface Applied {
  first: number | null
  last: number | null
  tables: number
}
function appliedTo(connection: Sqlite.Database): Applied {
  try {
    const names = connection
      .prepare("select name from sqlite_master where name not like 'sqlite\\_%' escape '\\'")
      .pluck()
      .all()
    const tables = names.filter((name) => name !== '__drizzle_migrations').length
    if (tables === names.length) return { first: null, last: null, tables }
    const applied = connection.prepare(
      'select min(created_at) as first, max(created_at) as last from __drizzle_migrations',
    )
    return { ...(applied.get() as Omit<Applied, 'tables'>), tables }
  } catch (error) {
    if ((error as { code?: string }).code === 'SQLITE_NOTADB')
      throw new WrongFile('不是 SQLite 数据库 · is no SQLite database')
    throw error
  }
}
