interface SqliteQuery {
  _: { selectedFields: Record<string, unknown> }
  values(): PromiseLike<unknown[][]>
}

/**
 * The rows of a select whose fields are texts and whole numbers: SQLite has them as they are, and
 * drizzle's way from column to field takes longer than reading. Flags, JSON, sealed values and sums
 * (a text in PostgreSQL) must be cast in the query, or read the usual way.
 */
export async function plainRows<Row extends object>(query: PromiseLike<Row[]>): Promise<Row[]> {
  if (!('values' in query)) return query
  const select = query as unknown as SqliteQuery
  const names = Object.keys(select._.selectedFields)
  const lists = await select.values()
  return lists.map((list) => {
    const row: Record<string, unknown> = {}
    for (let at = 0; at < names.length; at++) row[names[at] as string] = list[at]
    return row as Row
  })
}
