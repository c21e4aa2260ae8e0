import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { afterEach, expect, it } from 'vitest'
import { migrateSqlite } from '../../src/platform/database/migrate-sqlite.ts'
import { openSqlite } from '../../src/platform/database/open-sqlite.ts'
import * as postgres from '../../src/platform/database/schema-postgres.ts'
import * as sqlite from '../../src/platform/database/schema-sqlite.ts'
import { openPostgres } from '../support/open-postgres.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})
function migratedFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'migrations-'))
  folders.push(folder)
  const file = join(folder, 'county.db')
  migrateSqlite(file)
  return file
}
/** Works on a file as a person with a database tool would. */
function change<T>(file: string, work: (db: Sqlite.Database) => T): T {
  const connection = new Sqlite(file)
  try {
    return work(connection)
  } finally {
    connection.close()
  }
}
const clock = { now: () => new Date('2025-03-03T01:00:00Z'), timeZone: 'Asia/Shanghai' }

const tableNames = (file: string) =>
  change(file, (db) =>
    db
      .prepare(
        `select name from sqlite_master where type = 'table'
         and name not like '\\_\\_%' escape '\\' and name not like 'sqlite%'`,
      )
      .pluck()
      .all(),
  )

it('make every table of the program, and no other', async () => {
  const declared = Object.values(sqlite).map(
    (table) => (table as unknown as Record<symbol, string>)[Symbol.for('drizzle:Name')],
  )
  expect(tableNames(migratedFile()).sort()).toEqual(declared.sort())
  expect(Object.keys(postgres).sort()).toEqual(Object.keys(sqlite).sort())
})

it('make tables that every column of the program can be read from, on both databases', async () => {
  const db = openSqlite(migratedFile(), clock)
  for (const table of Object.values(db.read.tables))
    expect(await db.read.select().from(table).limit(1)).toEqual([])
  await db.close()
  const other = await openPostgres(clock)
  for (const table of Object.values(other.read.tables))
    expect(await other.read.select().from(table).limit(1)).toEqual([])
  await other.close()
})

it('change nothing the second time', () => {
  const file = migratedFile()
  const schema = () =>
    change(file, (db) => db.prepare('select * from sqlite_master order by name').all())
  const before = schema()
  migrateSqlite(file)
  expect(schema()).toEqual(before)
})

it('keep the schedules of a file of an older version', () => {
  const older = mkdtempSync(join(tmpdir(), 'migrations-'))
  folders.push(older)
  cpSync('migrations/sqlite', older, { recursive: true })
  const journal = join(older, 'meta', '_journal.json')
  const { entries, ...rest } = JSON.parse(readFileSync(journal, 'utf8'))
  writeFileSync(journal, JSON.stringify({ ...rest, entries: entries.slice(0, 10) }))
  const file = join(older, 'county.db')
  const instalments = () =>
    change(file, (db) => db.prepare('select * from instalments order by no').all())
  change(file, (db) => {
    migrate(drizzle(db), { migrationsFolder: older })
    db.exec(`insert into instalments values
      ('c', '2024-01-01T00:00:00.000Z', null, 2, 2025, '2025-01-01', '2025-12-31', '2025-12-31', 7, 1),
      ('c', '2024-01-01T00:00:00.000Z', '2024-02-01T00:00:00.000Z', 1, 2024, '2024-01-01',
       '2024-12-31', '2024-12-31', 0, 0)`)
  })
  const before = instalments()
  expect(before).toHaveLength(2)
  migrateSqlite(file)
  expect(instalments()).toEqual(before)
})

it('refuse a database that a newer program has migrated, and leave it alone', () => {
  const file = migratedFile()
  const last = change(file, (db) =>
    db.prepare('select max(created_at) from __drizzle_migrations').pluck().get(),
  ) as number
  const add = (at: number) =>
    change(file, (db) =>
      db.prepare('insert into __drizzle_migrations (hash, created_at) values (?, ?)').run('x', at),
    )
  add(last)
  expect(() => migrateSqlite(file)).not.toThrow()
  add(last + 1)
  change(file, (db) => db.exec('create table of_the_future (id text)'))
  expect(() => openSqlite(file, clock)).toThrow(/newer version/)
  expect(tableNames(file)).toContain('of_the_future')
})

it('refuse a database with broken references', () => {
  const file = migratedFile()
  change(file, (db) => {
    db.pragma('foreign_keys = OFF')
    db.exec(`insert into payment_reversals (id, payment_id, reason, recorded_at, recorded_by)
      values ('r', 'nobody', 'x', '2025-03-03T00:00:00.000Z', 'x')`)
  })
  expect(() => migrateSqlite(file)).toThrow(/1 broken reference/)
})

it('leave a running service with its references held', async () => {
  const db = openSqlite(migratedFile(), clock)
  const orphan = db.transaction(async (tx) => {
    const { paymentReversals } = tx.tables
    const recorded = { recordedAt: tx.recordedAt, recordedBy: 'x' }
    await tx
      .insert(paymentReversals)
      .values({ id: 'r', paymentId: 'nobody', reason: 'x', ...recorded })
  })
  await expect(orphan).rejects.toThrow()
  await db.close()
})

it('refuse a file that is no database', () => {
  const folder = mkdtempSync(join(tmpdir(), 'migrations-'))
  folders.push(folder)
  const file = join(folder, 'county.db')
  change(file, (db) => db.exec('create table t (x)'))
  expect(() => migrateSqlite(folder)).toThrow()
})
