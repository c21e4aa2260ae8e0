import { roundHalfUp } from './fen.ts'
import { columnUnits, readQuantity } from './read-quantity.ts'
import { readText } from './read-text.ts'
import type { Reading, SourceCell } from './reading.ts'

const VALUE_MAX = 1_000_000
const NUMBER = '数,最多两位小数,如 5 或 0.05'
/** In hundredths of the column's unit. */
const UNITS = {
  number: columnUnits({ '': [100, 1], '%': [100, 1] }, [''], NUMBER),
  percent: columnUnits(
    { '': [100, 1], '%': [100, 1], '‰': [10, 1], '‱': [1, 1] },
    ['', '%'],
    '百分数,如 5%',
  ),
  per_10k: columnUnits(
    { '': [100, 1], '‱': [100, 1], '‰': [1000, 1], '%': [10_000, 1] },
    ['', '‱'],
    '万分数,如 5‱ 或 万分之五',
  ),
  jin: columnUnits(
    {
      ...{ '': [100, 1], 斤: [100, 1], 市斤: [100, 1], 两: [10, 1] },
      ...{ 公斤: [200, 1], 千克: [200, 1], kg: [200, 1], 吨: [200_000, 1] },
    },
    ['', '斤', '市斤', '两'],
    '重量(斤),如 400',
  ),
} as const
const SIGNS = { 百: '%', 千: '‰', 万: '‱' } as const
const PARTS_OF = /^(?:每日|每天|按日|日)?([百千万])分之(.+)$/

/**
 * A number with at most two decimals. `unit` is what the column counts in: percent, parts of ten
 * thousand (违约金), jin (1 公斤 is 2 斤). Without it a number alone is read, and one with % as it
 * stands, as a guess.
 *
 * Units: those of `unit`, 0 to 1,000,000, rounded half up as a guess. Throws nothing.
 * Source: domain.md, Contract (two decimals); product.md, What would embarrass us 5 (斤, 公斤).
 * @example readTwoDecimals('5%', 'percent') // { value: 5 }
 * @example readTwoDecimals('万分之五', 'per_10k') // { value: 5 }
 * @example readTwoDecimals('0.5‰', 'per_10k') // { value: 5, readAs: '5‱' }
 */
export function readTwoDecimals(
  cell: SourceCell,
  unit: 'number' | 'percent' | 'per_10k' | 'jin' = 'number',
): Reading<number> {
  const read = readQuantity(withSign(cell), UNITS[unit])
  if (read === undefined || 'code' in read) return read
  const hundredths = roundHalfUp(read.numerator, read.denominator)
  if (hundredths > BigInt(VALUE_MAX * 100))
    return { code: 'out-of-range', reason: '数值应在 0 至 100 万之间' }
  const value = Number(hundredths) / 100
  const rounded = read.numerator % read.denominator !== 0n
  return read.guessed || rounded ? { value, readAs: `${value}${SHOWN[unit]}` } : { value }
}

const SHOWN = { number: '', percent: '%', per_10k: '‱', jin: ' 斤' } as const

/** 万分之五 is 五‱. */
function withSign(cell: SourceCell): SourceCell {
  if (typeof cell !== 'string') return cell
  const match = PARTS_OF.exec(readText(cell) ?? '')
  if (!match) return cell
  const [, whole = '', part] = match
  return `${part}${SIGNS[whole as keyof typeof SIGNS]}`
}
