import { getTableColumns, type SQL, sql } from 'drizzle-orm'
import type { Writer } from './database.ts'
import { preparedInsert } from './prepared.ts'
import type { Tables } from './tables.ts'

/** As many as are left, in statements of few different lengths: each is built and kept. */
const ROWS_PER_STATEMENT = [200, 20]

/** Inserts rows; gaps are null. For what is inserted by the ten thousand: see `prepared`. */
export async function insertRows<N extends keyof Tables>(
  tx: Writer,
  name: N,
  rows: readonly Tables[N]['$inferSelect'][],
): Promise<void> {
  const columns = Object.entries(getTableColumns(tx.tables[name]))
  for (let at = 0; at < rows.length; ) {
    const left = rows.length - at
    const part = rows.slice(at, at + (ROWS_PER_STATEMENT.find((many) => many <= left) ?? left))
    const values: unknown[] = []
    for (const row of part as readonly Record<string, unknown>[])
      for (const [key, column] of columns) {
        const value = row[key] ?? null
        values.push(value === null ? null : column.mapToDriverValue(value as never))
      }
    await statementFor(name, part.length)(tx, values)
    at += part.length
  }
}

const statements = new Map<string, ReturnType<typeof insertOf>>()

function statementFor(name: keyof Tables, rows: number) {
  const key = `${name} ${rows}`
  const statement = statements.get(key) ?? insertOf(name, rows)
  statements.set(key, statement)
  return statement
}

/** `insert().values()` would hand nulls to the columns, which make 0 or 'null' of them. */
function insertOf(name: keyof Tables, rows: number) {
  return preparedInsert((tx) => {
    const table = tx.tables[name]
    const columns = Object.keys(getTableColumns(table)).length
    return tx.insert(table).select(placesFor(rows, columns) as never)
  })
}

/** The values of so many rows as places, which are numbered one after the other. */
export function placesFor(rows: number, columns: number): SQL {
  const lists = Array.from({ length: rows }, (_, row) => {
    const places = Array.from({ length: columns }, (_, at) =>
      sql.placeholder(`${row * columns + at}`),
    )
    return sql`(${sql.join(places, sql`, `)})`
  })
  return sql`values ${sql.join(lists, sql`, `)}`
}
