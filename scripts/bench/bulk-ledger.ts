import Sqlite from 'better-sqlite3'
import { getTableColumns, getTableName } from 'drizzle-orm'
import { v7 } from 'uuid'
import type { Day } from '../../src/domain/calendar-day.ts'
import type { FactRow, FactTableName } from '../../src/facts/fact-kind.ts'
import { openSqlite } from '../../src/platform/database/open-sqlite.ts'
import type { Tables } from '../../src/platform/database/tables.ts'
import { randomOf } from '../demo-county/random.ts'
import { NOW, TIME_ZONE } from './bench-county.ts'

const HOUR_MS = 3_600_000
const ROWS_PER_TRANSACTION = 100_000

/** The hours of a day at which a kind of fact is recorded, so that no two share an instant. */
const HOURS = { parties: 0, contracts: 1, payments: 4, reversals: 7, signs: 9 }
type Hour = keyof typeof HOURS
export type BulkLedger = ReturnType<typeof openBulkLedger>

/** A fresh county file that takes rows as the service stores them, many to a transaction. */
export function openBulkLedger(path: string) {
  const service = openSqlite(path, { now: () => new Date(NOW), timeZone: TIME_ZONE })
  const { tables } = service.read
  const connection = new Sqlite(path)
  for (const setting of ['synchronous = OFF', 'journal_mode = OFF', 'cache_size = -1000000'])
    connection.pragma(setting)
  connection.exec('BEGIN')
  const statements = new Map<string, (row: object) => void>()
  const lastMs = new Map<string, number>()
  const random = randomOf('bench/ids')
  const rows: Record<string, number> = {}
  let pending = 0
  let newestMs = 0

  function insert<N extends keyof Tables>(name: N, row: Tables[N]['$inferSelect']): void {
    const statement = statements.get(name) ?? statementOf(connection, tables[name])
    statements.set(name, statement)
    statement(row)
    rows[name] = (rows[name] ?? 0) + 1
    if (++pending % ROWS_PER_TRANSACTION === 0) connection.exec('COMMIT; BEGIN')
  }

  /** An instant of its own on a day, later than all before it of the same day and hour. */
  function instant(hour: Hour, day: Day): string {
    const from = Date.parse(`${day}T00:00:00Z`) + HOURS[hour] * HOUR_MS
    const ms = (lastMs.get(`${day}/${hour}`) ?? from) + 1
    lastMs.set(`${day}/${hour}`, ms)
    newestMs = Math.max(newestMs, ms)
    return new Date(ms).toISOString()
  }

  function idAt(recordedAt: string): string {
    const bytes = new Uint8Array(16)
    const words = new DataView(bytes.buffer)
    for (let at = 0; at < 16; at += 4) words.setUint32(at, random.unit() * 2 ** 32)
    return v7({ msecs: Date.parse(recordedAt), random: bytes })
  }

  return {
    tables,
    read: service.read,
    rows,
    insert,
    instant,
    idAt,
    /** Records the first version of a fact on a day. */
    fact<N extends FactTableName>(hour: Hour, day: Day, name: N, columns: object) {
      const recordedAt = instant(hour, day)
      const id = idAt(recordedAt)
      const version = { id, version: 1, withdrawn: false, changeReason: null }
      insert(name, { ...version, recordedAt, recordedBy: 'bench', ...columns } as FactRow<N>)
      return { id, recordedAt }
    },
    async close() {
      insert('ledgerClock', { id: 'last', instant: new Date(newestMs).toISOString() })
      connection.exec('COMMIT')
      connection.pragma('journal_mode = WAL')
      connection.close()
      await service.close()
    },
  }
}

function statementOf(connection: Sqlite.Database, table: Tables[keyof Tables]) {
  const columns = Object.entries(getTableColumns(table))
  const names = columns.map(([, { name }]) => `"${name}"`)
  const places = columns.map(() => '?')
  const statement = connection.prepare(
    `insert into "${getTableName(table)}" (${names.join()}) values (${places.join()})`,
  )
  return (row: object) => {
    const values = row as Record<string, unknown>
    const bound = columns.map(([key, column]) => {
      const value = values[key] ?? null
      return value === null ? null : column.mapToDriverValue(value as never)
    })
    statement.run(...bound)
  }
}
