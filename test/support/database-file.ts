import { type SQL, sql } from 'drizzle-orm'
import type { Database } from '../../src/platform/database/database.ts'

/** The path of the file that a county's database on SQLite is. */
export async function databaseFileOf({ read }: Pick<Database, 'read'>): Promise<string> {
  const { all } = read as unknown as { all: (query: SQL) => Promise<{ file: string }[]> }
  const [main] = await all.call(read, sql`pragma database_list`)
  return main?.file ?? ''
}
