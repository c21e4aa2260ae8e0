/** Rows under the key that they name, in the order of the list. */
export function rowsBy<R>(rows: readonly R[], keyOf: (row: R) => string): Map<string, R[]> {
  const lists = new Map<string, R[]>()
  for (const row of rows) {
    const list = lists.get(keyOf(row))
    if (list) list.push(row)
    else lists.set(keyOf(row), [row])
  }
  return lists
}
