import { getTableColumns, type SQL, sql } from 'drizzle-orm'
import type { Writer } from './database.ts'
import { placesFor } from './insert-rows.ts'
import { preparedInsert } from './prepared.ts'
import type { Tables } from './tables.ts'

/** As many as are left, in statements of few different lengths: each is built and kept. */
const ROWS_PER_STATEMENT = [50, 10, 1]

/** Puts rows into a table: new ones, and others in the place of those with the same key. */
export function rowsPut<N extends keyof Tables>(
  name: N,
  key: readonly (keyof Tables[N]['$inferSelect'] & string)[],
  /** Only over rows of which this is true. */
  onlyOver?: SQL,
) {
  const statements = ROWS_PER_STATEMENT.map((length) => ({ length, put: statement(length) }))
  function statement(rows: number) {
    return preparedInsert((tx) => {
      const table = tx.tables[name]
      const columns = Object.entries(getTableColumns(table))
      const rest = columns.filter(([property]) => !(key as readonly string[]).includes(property))
      return tx
        .insert(table)
        .select(placesFor(rows, columns.length) as never)
        .onConflictDoUpdate({
          target: columns
            .filter(([property]) => (key as readonly string[]).includes(property))
            .map(([, column]) => column),
          set: Object.fromEntries(
            rest.map(([property, column]) => [property, sql.raw(`excluded.${column.name}`)]),
          ) as never,
          ...(onlyOver && { setWhere: onlyOver }),
        })
    })
  }

  /** `rows` are as they are stored: JSON as text. */
  return async (tx: Writer, rows: readonly object[]): Promise<void> => {
    const names = Object.keys(getTableColumns(tx.tables[name]))
    for (let from = 0; from < rows.length; ) {
      const fits = statements.find(({ length }) => length <= rows.length - from)
      if (!fits) break
      const part = rows.slice(from, from + fits.length)
      const values = part.flatMap((row) => names.map((column) => Reflect.get(row, column)))
      await fits.put(tx, values)
      from += part.length
    }
  }
}
