import { columnUnits, readQuantity } from './read-quantity.ts'
import type { Reading, SourceCell } from './reading.ts'

const COUNT_MAX = 10_000_000n
const COUNTED = [
  ...['', '户', '农户', '户农户', '家', '人', '口', '口人', '名', '个', '位', '张', '次', '件'],
  ...['天', '日', '个月', '年', '期'],
]
const UNITS = columnUnits(
  Object.fromEntries(COUNTED.map((unit) => [unit, [1, 1]])),
  COUNTED,
  '整数,如 35',
)

/**
 * A number of households, people, days and the like.
 *
 * Units: whole, 0 to 10,000,000. Throws nothing.
 * Source: field.md, Dirt that real files carry.
 * @example readCount('三十五户') // { value: 35 }
 * @example readCount('约120人') // { value: 120, readAs: '120' }
 */
export function readCount(cell: SourceCell): Reading<number> {
  const read = readQuantity(cell, UNITS)
  if (read === undefined || 'code' in read) return read
  if (read.numerator % read.denominator !== 0n)
    return { code: 'number-not-whole', reason: '应为整数,如 35' }
  const count = read.numerator / read.denominator
  if (count > COUNT_MAX) return { code: 'out-of-range', reason: '数量应在 0 至 1000 万之间' }
  const value = Number(count)
  return read.guessed ? { value, readAs: String(value) } : { value }
}
