import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import Sqlite from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'

const MIGRATIONS = fileURLToPath(new URL('../../../migrations/sqlite', import.meta.url))

/**
 * Brings the file at `path` to this program's tables, on a connection of its own with foreign keys
 * off: a migration that rebuilds a table would otherwise empty its children by cascade.
 * Throws when the database is newer than the program, or when a reference is broken afterwards.
 */
export function migrateSqlite(path: string): void {
  const connection = new Sqlite(path, { timeout: 10_000 })
  try {
    connection.pragma('foreign_keys = OFF')
    refuseNewer(connection)
    migrate(drizzle(connection), { migrationsFolder: MIGRATIONS })
    const broken = connection.pragma('foreign_key_check') as unknown[]
    if (broken.length > 0) throw new Error(`${broken.length} broken references after migration`)
  } finally {
    connection.close()
  }
}

function refuseNewer(connection: Sqlite.Database): void {
  const known = connection
    .prepare("select 1 from sqlite_master where name = '__drizzle_migrations'")
    .get()
  if (!known) return
  const applied = connection
    .prepare('select max(created_at) as at from __drizzle_migrations')
    .get() as { at: number | null }
  const journal = JSON.parse(readFileSync(`${MIGRATIONS}/meta/_journal.json`, 'utf8')) as {
    entries: { when: number }[]
  }
  const newest = Math.max(0, ...journal.entries.map((entry) => entry.when))
  if ((applied.at ?? 0) > newest)
    throw new Error('the database was written by a newer version of this program; upgrade it first')
}
