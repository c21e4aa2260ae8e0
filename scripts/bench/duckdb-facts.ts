import {
  BIGINT,
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBType,
  type DuckDBValue,
  VARCHAR,
} from '@duckdb/node-api'
import Sqlite from 'better-sqlite3'
import type { AtTime } from '../../src/facts/fact-kind.ts'
import type { Owed } from './service-facts.ts'

const ROWS_PER_CHUNK = 2048

/** The columns that the question needs, with the type in which DuckDB works best on them. */
const TABLES: Record<string, [column: string, type: string][]> = {
  instalments: [
    ['contract_id', 'uuid'],
    ['no', 'integer'],
    ['due_on', 'date'],
    ['amount_fen', 'bigint'],
    ['recorded_at', 'timestamp'],
    ['superseded_at', 'timestamp'],
  ],
  payments: [
    ['id', 'uuid'],
    ['contract_id', 'uuid'],
    ['amount_fen', 'bigint'],
    ['paid_on', 'date'],
    ['designated_due_on', 'date'],
    ['recorded_at', 'timestamp'],
  ],
  payment_reversals: [
    ['payment_id', 'uuid'],
    ['recorded_at', 'timestamp'],
  ],
}

const QUERY = `
  with paid as (
    select contract_id, sum(amount_fen) as paid_fen, count(designated_due_on) as designated
    from payments p
    where paid_on <= $asOf::date and recorded_at <= $knownAt::timestamp
      and not exists (select 1 from payment_reversals r
        where r.payment_id = p.id and r.recorded_at <= $knownAt::timestamp)
    group by contract_id
  ), due as (
    select contract_id, due_on, amount_fen,
      sum(amount_fen) over (partition by contract_id order by due_on, no) as due_fen
    from instalments
    where due_on < $asOf::date and recorded_at <= $knownAt::timestamp
      and (superseded_at is null or superseded_at > $knownAt::timestamp)
  ), unpaid as (
    select contract_id, due_on,
      least(amount_fen, greatest(0, due_fen - coalesce(paid_fen, 0))) as unpaid_fen
    from due left join paid using (contract_id)
    where coalesce(designated, 0) = 0
  )
  select contract_id::varchar, sum(unpaid_fen)::double, (min(due_on) filter (unpaid_fen > 0))::varchar
  from unpaid group by contract_id`

export interface DuckDbFacts {
  /** Asks the question; the answer lies in DuckDB's memory. */
  ask(at: AtTime): Promise<{ read(): Promise<Map<string, Owed>> }>
  close(): void
}

/** The instalments and payments of the county at `path` in a DuckDB in memory. */
export async function openDuckDb(path: string): Promise<DuckDbFacts> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  for (const [table, columns] of Object.entries(TABLES))
    await load(connection, path, table, columns)
  return {
    async ask({ asOf, knownAt }) {
      const result = await connection.run(QUERY, { asOf, knownAt: knownAt.replace('Z', '') })
      return {
        async read() {
          const [ids = [], arrears = [], oldest = []] = await result.getColumns()
          return new Map(
            ids.map((id, at) => [
              id as string,
              {
                arrearsFen: arrears[at] as number,
                oldestUnpaidDueOn: oldest[at] as string | null,
              },
            ]),
          )
        },
      }
    },
    close() {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

async function load(
  duckDb: DuckDBConnection,
  path: string,
  table: string,
  columns: [column: string, type: string][],
): Promise<void> {
  const isBig = columns.map(([, type]) => type === 'bigint' || type === 'integer')
  const types: DuckDBType[] = isBig.map((big) => (big ? BIGINT : VARCHAR))
  const staged = columns.map(([name], at) => `${name} ${isBig[at] ? 'bigint' : 'varchar'}`)
  await duckDb.run(`create temp table staged (${staged.join()})`)
  const appender = await duckDb.createAppender('staged')
  const sqlite = new Sqlite(path, { readonly: true })
  const select = `select ${columns.map(([name]) => name).join()} from ${table}`
  let rows: DuckDBValue[][] = []
  const append = () => {
    const chunk = DuckDBDataChunk.create(types)
    chunk.setRows(rows)
    appender.appendDataChunk(chunk)
    rows = []
  }
  for (const row of sqlite.prepare(select).raw().iterate() as Iterable<DuckDBValue[]>) {
    rows.push(row.map((value, at) => (isBig[at] ? BigInt(value as number) : value)))
    if (rows.length === ROWS_PER_CHUNK) append()
  }
  if (rows.length > 0) append()
  appender.closeSync()
  sqlite.close()
  const casts = columns.map(([name, type]) => `${name}::${type} as ${name}`)
  await duckDb.run(`create table ${table} as select ${casts.join()} from staged`)
  await duckDb.run('drop table staged')
}
