const SEED = 'demo-county-2021-10-31'

/** Draws that are the same on every machine: whole-number arithmetic and no Math.random. */
export interface Random {
  /** 0 ≤ n < 1. */
  unit(): number
  /** A whole number, both ends included. */
  between(low: number, high: number): number
  chance(percent: number): boolean
  pick<T>(items: readonly T[]): T
  weighted<T>(items: readonly T[], weightOf: (item: T) => number): T
  shuffled<T>(items: readonly T[]): T[]
}

/** A stream of its own for each topic, so that a change to one leaves the others as they were. */
export function randomOf(topic: string): Random {
  const unit = mulberry32(hash(`${SEED}/${topic}`))
  const between = (low: number, high: number) => low + Math.floor(unit() * (high - low + 1))
  return {
    unit,
    between,
    chance: (percent) => unit() * 100 < percent,
    pick: <T>(items: readonly T[]) => items[between(0, items.length - 1)] as T,
    weighted: (items, weightOf) => {
      let left = unit() * items.reduce((sum, item) => sum + weightOf(item), 0)
      const found = items.find((item) => {
        left -= weightOf(item)
        return left < 0
      })
      if (found === undefined) throw new Error(`nothing to draw from in ${topic}`)
      return found
    },
    shuffled: <T>(items: readonly T[]) => {
      const drawn = [...items]
      for (let at = drawn.length - 1; at > 0; at--) {
        const other = between(0, at)
        const [a, b] = [drawn[at] as T, drawn[other] as T]
        drawn[at] = b
        drawn[other] = a
      }
      return drawn
    },
  }
}

/** Draws one of the pairs' first by the weight that is its second. */
export function drawn<T>(random: Random, pairs: readonly (readonly [T, number])[]): T {
  return random.weighted(pairs, ([, weight]) => weight)[0]
}

/** Splits a whole total in proportion; what does not divide goes to the largest part. */
export function split(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0)
  const parts = weights.map((weight) => Math.floor((total * weight) / sum))
  const largest = weights.indexOf(Math.max(...weights))
  const rest = total - parts.reduce((a, b) => a + b, 0)
  return parts.map((part, at) => (at === largest ? part + rest : part))
}

function hash(text: string): number {
  let value = 2166136261
  for (const character of text) {
    value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 16777619)
  }
  return value >>> 0
}

function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
