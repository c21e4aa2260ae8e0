/** A value as JSON text that is the same whatever the order of its keys. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sortedKeys(value)) ?? ''
}

function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortedKeys(inner)]))
}
