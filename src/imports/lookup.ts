/** Things with an id, to be found by any of their keys. */
export interface Lookup<T extends { id: string }> {
  get: (id: string) => T | undefined
  at: (key: string) => readonly T[]
  /** Adds a thing, or replaces the one of its id. */
  put: (thing: T) => void
  drop: (id: string) => void
}

export function lookup<T extends { id: string }>(keysOf: (thing: T) => string[]): Lookup<T> {
  const byId = new Map<string, T>()
  const byKey = new Map<string, T[]>()
  const drop = (id: string) => {
    const thing = byId.get(id)
    if (!thing) return
    for (const key of keysOf(thing))
      byKey.set(
        key,
        (byKey.get(key) ?? []).filter((one) => one.id !== id),
      )
    byId.delete(id)
  }
  return {
    get: (id) => byId.get(id),
    at: (key) => byKey.get(key) ?? [],
    put(thing) {
      drop(thing.id)
      byId.set(thing.id, thing)
      for (const key of keysOf(thing)) {
        const things = byKey.get(key)
        if (things) things.push(thing)
        else byKey.set(key, [thing])
      }
    },
    drop,
  }
}
