import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import { drizzle } from 'drizzle-orm/pglite'
import { migrate } from 'drizzle-orm/pglite/migrator'
import type { Clock, Database, Reader, Writer } from '../../src/platform/database/database.ts'
import { postgresKit } from '../../src/platform/database/kit-postgres.ts'
import { stampTransaction } from '../../src/platform/database/ledger-clock.ts'
import { defineTables } from '../../src/platform/database/tables.ts'

/** PostgreSQL inside the test process: the same stores must work on it. */
export async function openPostgres(clock: Clock): Promise<Database> {
  const tables = defineTables(postgresKit)
  const client = new PGlite()
  const db = drizzle(client)
  await migrate(db, {
    migrationsFolder: fileURLToPath(new URL('../../migrations/postgres', import.meta.url)),
  })
  let last: Promise<unknown> = Promise.resolve()
  return {
    read: Object.assign(db, { tables }) as unknown as Reader,
    transaction(work) {
      const run = last.then(() =>
        db.transaction(async (tx) =>
          work(
            await stampTransaction(
              Object.assign(tx, { tables }) as unknown as Writer,
              clock,
              (statement) => tx.execute(statement),
            ),
          ),
        ),
      )
      last = run.catch(() => undefined)
      return run
    },
    close: () => client.close(),
  }
}
