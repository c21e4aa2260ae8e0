import { roundHalfUp } from './fen.ts'
import { muOfHundredths } from './mu.ts'
import { columnUnits, readQuantity } from './read-quantity.ts'
import type { Reading, SourceCell } from './reading.ts'

const MU_MAX = 1_000_000
const MU = ['亩', '市亩', '亩地', '亩整', '分', '分地', '厘', '厘地']
const SQUARE_METRE = ['m2', '平方米', '平方', '平米', '平']
const HECTARE = ['公顷', 'ha', 'hm2']
/** In hundredths of a mu: 1 mu is 2000/3 ㎡, 1/15 hectare, 10 分, 100 厘. */
const MU_WORTH = [100, 1] as const
const SQUARE_METRE_WORTH = [3, 20] as const
const HECTARE_WORTH = [1500, 1] as const
const WORTHS: Readonly<Record<string, readonly [number, number]>> = {
  ...Object.fromEntries(SQUARE_METRE.map((unit) => [unit, SQUARE_METRE_WORTH])),
  ...Object.fromEntries(HECTARE.map((unit) => [unit, HECTARE_WORTH])),
  ...Object.fromEntries(MU.map((unit) => [unit, MU_WORTH])),
  分: [10, 1],
  分地: [10, 1],
  厘: [1, 1],
  厘地: [1, 1],
}
const UNITS = {
  mu: columnUnits({ ...WORTHS, '': MU_WORTH }, ['', ...MU], '面积(亩),如 320.50'),
  square_metre: columnUnits(
    { ...WORTHS, '': SQUARE_METRE_WORTH },
    ['', ...SQUARE_METRE],
    '面积(㎡),如 2000',
  ),
  hectare: columnUnits({ ...WORTHS, '': HECTARE_WORTH }, ['', ...HECTARE], '面积(公顷),如 1.5'),
}

/**
 * An area in mu with two decimals, half up. `unit` is what the heading says; a cell that names
 * another one is converted as a guess, and so is what had to be rounded.
 *
 * Units: mu out, 0 to 1,000,000; 1 mu = 2000/3 ㎡, 1 hectare = 15 mu, 分 and 厘 are 1/10 and
 * 1/100 mu. Throws nothing.
 * Source: field.md, Dirt that real files carry; State Council order on units of measure (1984).
 * @example readArea('3亩5分') // { value: 3.5 }
 * @example readArea('2000㎡') // { value: 3, readAs: '3 亩' }
 */
export function readArea(
  cell: SourceCell,
  unit: 'mu' | 'square_metre' | 'hectare' = 'mu',
): Reading<number> {
  const read = readQuantity(cell, UNITS[unit])
  if (read === undefined || 'code' in read) return read
  const hundredths = roundHalfUp(read.numerator, read.denominator)
  if (hundredths > BigInt(MU_MAX * 100))
    return { code: 'out-of-range', reason: '面积应在 0 至 100 万亩之间' }
  const value = muOfHundredths(Number(hundredths))
  const rounded = read.numerator % read.denominator !== 0n
  return read.guessed || rounded ? { value, readAs: `${value} 亩` } : { value }
}
