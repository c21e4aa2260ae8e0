/**
 * Items in lists by a key, in the order given.
 *
 * Source: none, a tool of the rules. Example: groupBy([1, 2, 3], (n) => n % 2).get(1) is [1, 3].
 */
export function groupBy<Item, Key>(
  items: Iterable<Item>,
  keyOf: (item: Item) => Key,
): Map<Key, Item[]> {
  const lists = new Map<Key, Item[]>()
  for (const item of items) {
    const key = keyOf(item)
    const list = lists.get(key)
    if (list) list.push(item)
    else lists.set(key, [item])
  }
  return lists
}
