import { roundHalfUp } from './fen.ts'
import { columnUnits, readQuantity } from './read-quantity.ts'
import type { Reading, SourceCell } from './reading.ts'

/** A thousand million yuan, as everywhere in the service. */
const FEN_MAX = 100_000_000_000n

type Worths = Record<string, readonly [number, number]>
const YUAN: Worths = Object.fromEntries(
  ['元', '圆', '块', '块钱', '元整', '元正', '圆整', '圆正', 'rmb'].map((unit) => [unit, [100, 1]]),
)
const WAN: Worths = Object.fromEntries(
  ['万', '万元', '万圆', '万块', '万元整', '萬元'].map((unit) => [unit, [1_000_000, 1]]),
)
const SMALL: Worths = {
  角: [10, 1],
  角整: [10, 1],
  角正: [10, 1],
  毛: [10, 1],
  分: [1, 1],
}
const UNITS = {
  yuan: columnUnits(
    { '': [100, 1], ...YUAN, ...WAN, ...SMALL },
    ['', ...Object.keys(YUAN), ...Object.keys(SMALL)],
    '金额(元),如 12,000.00',
  ),
  wan_yuan: columnUnits(
    { '': [1_000_000, 1], ...YUAN, ...WAN, ...SMALL },
    ['', ...Object.keys(WAN)],
    '金额(万元),如 1.2',
  ),
}

/**
 * An amount of money. `unit` is what the heading says; a cell that names the other one is read by
 * its own word, as a guess, and so is what had to be rounded half up to the fen.
 *
 * Units: fen out, 0 to 100,000,000,000. Throws nothing.
 * Source: field.md, Dirt that real files carry; product.md, What would embarrass us 5 (元, 万元).
 * @example readFen('1，234.50') // { value: 123450 }
 * @example readFen('1.2万元') // { value: 1200000, readAs: '12,000.00 元' }
 */
export function readFen(cell: SourceCell, unit: 'yuan' | 'wan_yuan' = 'yuan'): Reading<number> {
  const read = readQuantity(unit === 'wan_yuan' ? withUnit(cell) : cell, UNITS[unit])
  if (read === undefined || 'code' in read) return read
  const fen = roundHalfUp(read.numerator, read.denominator)
  if (fen > FEN_MAX) return { code: 'out-of-range', reason: '金额应在 0 至 10 亿元之间' }
  const value = Number(fen)
  const rounded = read.numerator % read.denominator !== 0n
  return read.guessed || rounded ? { value, readAs: `${yuan(value)} 元` } : { value }
}

/** 三万 in a column of 万元 is 30,000 yuan, not 30,000 of its units. */
function withUnit(cell: SourceCell): SourceCell {
  if (typeof cell !== 'string') return cell
  return /[千仟万萬亿]/.test(cell) && !/[元圆块]/.test(cell) ? `${cell}元` : cell
}

/** 123450 fen are '1,234.50'. */
function yuan(fen: number): string {
  const cents = fen % 100
  const whole = String((fen - cents) / 100).replace(/\B(?=(?:\d{3})+$)/g, ',')
  return `${whole}.${String(cents).padStart(2, '0')}`
}
