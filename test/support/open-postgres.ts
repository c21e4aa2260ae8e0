import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import { drizzle } from 'drizzle-orm/pglite'
import { migrate } from 'drizzle-orm/pglite/migrator'
import type { Clock, Database, Reader, Writer } from '../../src/platform/database/database.ts'
import { KeyRing } from '../../src/platform/database/key-ring.ts'
import { postgresKit } from '../../src/platform/database/kit-postgres.ts'
import { stampTransaction } from '../../src/platform/database/ledger-clock.ts'
import { defineTables } from '../../src/platform/database/tables.ts'

let migrated: Promise<File | Blob> | undefined

/** PostgreSQL inside the test process: the same stores must work on it. */
export async function openPostgres(clock: Clock): Promise<Database> {
  const keys = new KeyRing(undefined, randomBytes(32).toString('base64'))
  migrated ??= migratedFolder()
  return databaseOf(new PGlite({ loadDataDir: await migrated }), clock, keys)
}

function databaseOf(client: PGlite, clock: Clock, keys: KeyRing): Database {
  const tables = defineTables(postgresKit(keys))
  const db = drizzle(client)
  let last: Promise<unknown> = Promise.resolve()
  function queued<T>(work: (tx: Writer) => Promise<T>, recordsFacts: boolean): Promise<T> {
    const run = last.then(() =>
      db.transaction(async (tx) => {
        const writer = Object.assign(tx, { tables, keys }) as unknown as Writer
        const execute = (statement: string) => tx.execute(statement)
        return work(await stampTransaction(writer, clock, execute, recordsFacts))
      }),
    )
    last = run.catch(() => undefined)
    return run
  }
  return {
    read: Object.assign(db, { tables, keys }) as unknown as Reader,
    transaction: (work) => queued(work, true),
    note: (work) => queued(work, false),
    copy: async () => {
      const loadDataDir = await client.dumpDataDir('none')
      return databaseOf(new PGlite({ loadDataDir }), clock, keys)
    },
    close: () => client.close(),
  }
}

/** Making a cluster and migrating it takes five times as long as starting on a copy of one. */
async function migratedFolder(): Promise<File | Blob> {
  const client = new PGlite()
  await migrate(drizzle(client), {
    migrationsFolder: fileURLToPath(new URL('../../migrations/postgres', import.meta.url)),
  })
  const folder = await client.dumpDataDir('none')
  await client.close()
  return folder
}
