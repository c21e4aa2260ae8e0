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

/** Migrated and empty: starting one takes a second, emptying it a tenth of that. */
const free: PGlite[] = []
let migrated: Promise<File | Blob> | undefined

/** PostgreSQL inside the test process: the same stores must work on it. */
export async function openPostgres(clock: Clock): Promise<Database> {
  const keys = new KeyRing(undefined, randomBytes(32).toString('base64'))
  migrated ??= migratedFolder()
  const client = free.pop() ?? new PGlite({ loadDataDir: await migrated })
  return databaseOf(client, clock, keys, () => putBack(client))
}

async function putBack(client: PGlite): Promise<void> {
  const query = "select tablename from pg_tables where schemaname = 'public'"
  const { rows } = await client.query<{ tablename: string }>(query)
  const tables = rows.map(({ tablename }) => `"${tablename}"`)
  await client.exec(`truncate ${tables} restart identity cascade`)
  free.push(client)
}

/** What a database asks its client, until it is closed: then it is another one's. */
function lentOut(client: PGlite) {
  let isOpen = true
  const use = (one: PGlite) => {
    if (!isOpen) throw new Error('the database is closed')
    return one
  }
  return {
    client: {
      query: async (...asked: Parameters<PGlite['query']>) => use(client).query(...asked),
      transaction: async (...work: Parameters<PGlite['transaction']>) =>
        use(client).transaction(...work),
    } as PGlite,
    end: () => {
      isOpen = false
    },
  }
}

function databaseOf(
  client: PGlite,
  clock: Clock,
  keys: KeyRing,
  putBack: () => Promise<void>,
): Database {
  const tables = defineTables(postgresKit(keys))
  const lent = lentOut(client)
  const db = drizzle({ client: lent.client })
  let last: Promise<unknown> = Promise.resolve()
  function queued<T>(work: (tx: Writer) => Promise<T>, recordsFacts: boolean): Promise<T> {
    const run = last.then(() =>
      db.transaction(async (tx) => {
        const writer = Object.assign(tx, {
          tables,
          keys,
          isAwaited: () => true,
        }) as unknown as Writer
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
      const copy = new PGlite({ loadDataDir })
      return databaseOf(copy, clock, keys, () => copy.close())
    },
    async close() {
      await last
      lent.end()
      await putBack()
    },
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
