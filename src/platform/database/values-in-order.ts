import { is, Param, Placeholder } from 'drizzle-orm'

type Value = (values: Record<string, unknown>) => unknown

/** What a query of drizzle on SQLite has beside its type: its statement, built once. */
export interface SqliteQuery {
  stmt: {
    run(values: readonly unknown[]): unknown
    raw(): { all(values: readonly unknown[]): unknown[][] }
  }
  query: { params: unknown[] }
}

/**
 * The values of a statement in the order of its places. drizzle asks of each place what it is
 * whenever the statement runs, which takes longer than SQLite does for many rows or ids.
 */
export function valuesInOrder({ query }: SqliteQuery) {
  const places = query.params.map(placeFor)
  return (values: Record<string, unknown>): unknown[] => places.map((place) => place(values))
}

function placeFor(param: unknown): Value {
  if (is(param, Placeholder)) return named(param.name)
  if (!is(param, Param) || !is(param.value, Placeholder)) return () => param
  const { encoder } = param
  const value = named(param.value.name)
  return (values) => encoder.mapToDriverValue(value(values))
}

function named(name: string): Value {
  return (values) => {
    const value = values[name]
    if (value === undefined && !(name in values)) throw new Error(`no value for ${name}`)
    return value
  }
}
