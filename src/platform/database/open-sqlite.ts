import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { commitTogether, type Turns } from './commit-together.ts'
import type { Clock, Database, Reader, Writer } from './database.ts'
import { KeyRing } from './key-ring.ts'
import { sqliteKit } from './kit-sqlite.ts'
import { stampTransaction } from './ledger-clock.ts'
import { migrateSqlite } from './migrate-sqlite.ts'
import { sealAtStart } from './seal-at-start.ts'
import { defineTables } from './tables.ts'

/** How long another process (the command line beside the server) waits for the write lock. */
const BUSY_TIMEOUT_MS = 10_000

/** The keys of the database file at `path`: those of `DATA_KEY`, and of the file beside it. */
export const keysFor = (path: string, dataKey?: string) => new KeyRing(`${path}.key`, dataKey)

type Work<T> = (tx: Writer) => Promise<T>

/** A county's database file, open in the thread that answers requests. */
export interface SqliteDatabase extends Database {
  /**
   * Runs `work` while nothing is being written here, and writes nothing until it ends: so that
   * another thread can write without this one being held up by SQLite's lock.
   */
  standBack(work: () => Promise<void>): Promise<void>
  /** One number: how many transactions were asked for here so far. */
  asked: Int32Array<SharedArrayBuffer>
}

/**
 * Opens a county's database file, migrating it first: one connection writes, another only reads.
 * Throws WrongKey: what it holds is sealed by keys that are not there, or not to be used.
 */
export function openSqlite(path: string, clock: Clock, keys = keysFor(path)): SqliteDatabase {
  mkdirSync(dirname(path), { recursive: true })
  removeLeftCopies(path)
  migrateSqlite(path)
  return { ...connect(path, clock, keys, seal), copy: () => copyOf(path, clock, keys) }
}

const seal = (writer: Sqlite.Database, keys: KeyRing) => sealAtStart(writer, keys)

/** In a thread beside the one of `openSqlite`: writes only while that one stands back. */
export function openBeside(
  path: string,
  clock: Clock,
  keys: KeyRing,
  turns: Turns,
): Omit<Database, 'copy'> {
  return connect(path, clock, keys, () => {}, turns)
}

/**
 * drizzle's own `db.transaction(async …)` is unusable on better-sqlite3 (it is synchronous: the
 * statements run after COMMIT), so transactions are queued and bracketed by hand. The separate
 * reader keeps a request from seeing, or being rolled back with, another request's transaction.
 */
function connect(
  path: string,
  clock: Clock,
  keys: KeyRing,
  begin: (writer: Sqlite.Database, keys: KeyRing) => void,
  turns?: Turns,
): Omit<SqliteDatabase, 'copy'> {
  const tables = defineTables(sqliteKit(keys))
  const writer = withCache(new Sqlite(path, { timeout: BUSY_TIMEOUT_MS }))
  writer.pragma('journal_mode = WAL')
  writer.pragma('synchronous = FULL')
  writer.pragma('foreign_keys = ON')
  // 32 MB: what is written again and again meanwhile goes into the database file once.
  writer.pragma('wal_autocheckpoint = 8000')
  try {
    begin(writer, keys)
  } catch (error) {
    writer.close()
    throw error
  }
  // What undoes a statement is kept in memory: written to a file, it took the first night two of
  // nineteen seconds. Not before the migrations, whose indexes are sorted in files.
  writer.pragma('temp_store = MEMORY')
  // While the keys are changed, whoever holds the write lock seals by the new one.
  const queue = commitTogether(writer, () => keys.refresh(), turns)
  const { isAwaited } = queue
  const handle = Object.assign(drizzle(rememberStatements(writer)), { tables, keys, isAwaited })
  const reader = withCache(new Sqlite(path, { readonly: true }))
  const open = new AsyncLocalStorage<true>()
  let underWay = 0
  const execute = (statement: string) => writer.prepare(statement).run()

  function queued<T>(work: Work<T>, recordsFacts: boolean): Promise<T> {
    if (open.getStore()) throw new Error('transaction inside a transaction')
    underWay += 1
    const stamped = () =>
      open.run(true, async () => {
        const tx = Object.create(handle) as Writer
        return work(await stampTransaction(tx, clock, execute, recordsFacts))
      })
    return queue.run(stamped).finally(() => {
      underWay -= 1
      // As long as Node tracks who is inside, each promise of every request costs more.
      if (underWay === 0) open.disable()
    })
  }

  return {
    read: Object.assign(drizzle(rememberStatements(reader)), { tables, keys }) as unknown as Reader,
    transaction: (work) => queued(work, true),
    note: (work) => queued(work, false),
    standBack: (work) => queue.standBack(work),
    asked: queue.asked,
    async close() {
      await queue.end()
      reader.close()
      writer.close()
    },
  }
}

/** The files of copies that are open in this process. */
const copies = new Set<string>()

async function copyOf(path: string, clock: Clock, keys: KeyRing): Promise<Database> {
  const file = `${path}.copy-${process.pid}-${randomUUID()}`
  copies.add(file)
  const remove = () => {
    for (const suffix of SUFFIXES) rmSync(file + suffix, { force: true })
    copies.delete(file)
  }
  try {
    await backUpSqlite(path, file)
    const copy = openSqlite(file, clock, keys)
    return { ...copy, close: () => copy.close().finally(remove) }
  } catch (error) {
    remove()
    throw error
  }
}

const SUFFIXES = ['', '-wal', '-shm', '-journal']

/** Removes copies that a process has left which has ended before it could do so. */
function removeLeftCopies(path: string): void {
  const begin = `${basename(path)}.copy-`
  for (const name of readdirSync(dirname(path))) {
    if (!name.startsWith(begin)) continue
    const file = join(dirname(path), name)
    const pid = Number.parseInt(name.slice(begin.length), 10)
    const isOpen =
      pid === process.pid ? [...copies].some((one) => file.startsWith(one)) : isAlive(pid)
    if (!isOpen) rmSync(file, { force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM'
  }
}

export interface Snapshot {
  read: Reader
  /** Reads on from the file as it is now: only for what asks for facts known at an instant. */
  renew: () => void
  close: () => void
}

/** A read-only snapshot of the file at `path`, for computations in another thread. */
export function openSnapshot(path: string): Snapshot {
  const connection = withCache(new Sqlite(path, { readonly: true }))
  connection.exec('BEGIN')
  const keys = keysFor(path)
  const tables = defineTables(sqliteKit(keys))
  const read = Object.assign(drizzle(rememberStatements(connection)), { tables, keys })
  const renew = () => {
    connection.exec('COMMIT')
    fileWhatWaits(path)
    connection.exec('BEGIN')
  }
  const close = () => {
    connection.close()
    fileWhatWaits(path)
  }
  return { read: read as unknown as Reader, renew, close }
}

/**
 * A snapshot keeps what is written meanwhile out of the database file. It goes there now and from
 * this thread, not with the next COMMIT of the one that answers.
 */
function fileWhatWaits(path: string): void {
  const connection = new Sqlite(path)
  try {
    connection.pragma('wal_checkpoint(PASSIVE)')
  } catch {
    // On a full disk, say: nothing is lost, SQLite tries it again with the next COMMIT.
  } finally {
    connection.close()
  }
}

/** Copies the file at `path`, while it is in use or not, to a new file that stands by itself. */
export async function backUpSqlite(path: string, to: string): Promise<void> {
  const connection = new Sqlite(path, { readonly: true, timeout: BUSY_TIMEOUT_MS })
  try {
    // Of one moment: otherwise it would begin anew whenever somebody records something.
    connection.exec('BEGIN')
    connection.prepare('select 1 from sqlite_master').get()
    await connection.backup(to)
  } finally {
    connection.close()
  }
}

/** Contracts lie in the order of their ids, which are asked for in other orders. */
function withCache(connection: Sqlite.Database): Sqlite.Database {
  connection.pragma(`cache_size = -${CACHE_KIB}`)
  return connection
}
/** Of pages of the file: filled as they are asked for. SQLite's own measure is a quarter. */
const CACHE_KIB = 8000

const STATEMENTS_MAX = 500
/** Longer ones insert many rows at once: each number of rows is another text, and large. */
const TEXT_MAX = 4000

/** Drizzle prepares a statement each time it runs; preparing costs more than most of ours take. */
function rememberStatements(connection: Sqlite.Database): Sqlite.Database {
  const statements = new Map<string, Sqlite.Statement>()
  const prepare = connection.prepare.bind(connection)
  const remembered = (text: string) => {
    const known = statements.get(text)
    if (known) return known
    const statement = prepare(text)
    if (text.length > TEXT_MAX) return statement
    if (statements.size >= STATEMENTS_MAX) statements.clear()
    statements.set(text, statement)
    return statement
  }
  return Object.assign(connection, { prepare: remembered as typeof connection.prepare })
}
