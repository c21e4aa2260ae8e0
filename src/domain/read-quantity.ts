import { inFigures } from './chinese-numerals.ts'
import { cellError, readText } from './read-text.ts'
import type { SourceCell, Unreadable } from './reading.ts'

/** What a unit is worth in the smallest one, as a fraction of whole numbers. */
type Worth = readonly [numerator: bigint, denominator: bigint]

/** The units that a column may carry; '' is a number alone. */
export interface ColumnUnits {
  worth: ReadonlyMap<string, Worth>
  /** Units that need no assumption in this column. */
  home: ReadonlySet<string>
  /** What the cell should be, with an example: '金额(元),如 12,000.00'. */
  expected: string
}

/** An exact fraction of the smallest unit; `guessed` when something had to be assumed. */
export interface Quantity {
  numerator: bigint
  denominator: bigint
  guessed: boolean
}

const LENGTH_MAX = 60
/** Below it a number of a sheet is what a sum of doubles leaves over, not data. */
const NOISE_BELOW = 0.000_001
const SIGNIFICANT_DIGITS = 15

/** Figures alone, as most cells are. */
const PLAIN = /^\d{1,12}(?:\.\d{1,3})?$/
const BEFORE = /^(?:共计?|合计|总计|计|人民币|rmb|cny|¥)+/i
const ABOUT_BEFORE = /^(?:大约|大概|约计|约|将近|接近|近|估计|估算|预计|暂估)/
const ABOUT_BETWEEN = /(?<=\d[十百千万亿]*)[余多来](?!\d)/
const ABOUT_AFTER = /(?:左右|上下|许|\((?:大约|约|估计|估算|暂估|预估|估|暂定)\))$/
const NEGATIVE = /^(?:-|负)[¥\d.]|^\(¥?[\d,.]+\)$/
const RANGE = /\d[^\d.]{0,3}[-~—–至到][^\d.]{0,3}\d/
const THOUSANDS = /(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])/g
/** A number and its unit; the 2 of m2 is no number. */
const PART = /(\d+(?:\.\d*)?|\.\d+)((?:m2|[^\d.])*)/iy
const LARGE: Readonly<Record<string, bigint>> = {
  十: 10n,
  百: 100n,
  千: 1000n,
  万: 10_000n,
  亿: 100_000_000n,
}

/**
 * A number with its unit, exactly: full-width or Chinese figures, thousands separators, words for
 * "about", several units in a row (3亩5分). A number of a sheet counts with 15 digits, as shown.
 *
 * Units: a fraction of the smallest unit of `units`, 0 or more. Throws nothing.
 * Source: field.md, Dirt that real files carry; product.md, What would embarrass us 5.
 * @example readQuantity('约30亩', muUnits) // { numerator: 3000n, denominator: 1n, guessed: true }
 */
export function readQuantity(
  cell: SourceCell,
  units: ColumnUnits,
): Quantity | Unreadable | undefined {
  if (typeof cell === 'boolean') return unreadable(units)
  if (typeof cell === 'number') return readNumber(cell, units)
  const line = readText(cell)
  if (line === undefined) return undefined
  if (PLAIN.test(line)) return inSmallest(decimal(line), '', units) ?? unreadable(units)
  const error = cellError(line)
  if (error) return error
  if (line.length > LENGTH_MAX) return unreadable(units)
  const { text, guessed } = withoutWords(line)
  if (NEGATIVE.test(text)) return negative
  if (RANGE.test(text))
    return { code: 'number-range', reason: `是一个范围;应为一个数:${units.expected}` }
  return sumOfParts(text, guessed, units)
}

function readNumber(n: number, units: ColumnUnits): Quantity | Unreadable {
  if (!Number.isFinite(n)) return unreadable(units)
  if (Math.abs(n) < NOISE_BELOW) return { numerator: 0n, denominator: 1n, guessed: false }
  if (n < 0) return negative
  const [numerator, denominator] = fractionOf(n)
  return inSmallest({ numerator, denominator }, '', units) ?? unreadable(units)
}

/** Without the words around the figures; whether they say that it is only about so much. */
function withoutWords(line: string): { text: string; guessed: boolean } {
  const figures = inFigures(line.replace(/(?<!\d) | (?!\d)/g, ''))
  const plain = figures.text.replace(BEFORE, '').replace(/[。;,、]+$/, '')
  const text = plain
    .replace(ABOUT_BEFORE, '')
    .replace(ABOUT_AFTER, '')
    .replace(ABOUT_BETWEEN, '')
    .replace(BEFORE, '')
    .replace(THOUSANDS, (grouped) => grouped.replaceAll(',', ''))
  const wasGuess = ABOUT_BEFORE.test(plain) || ABOUT_AFTER.test(plain) || ABOUT_BETWEEN.test(plain)
  return { text, guessed: figures.colloquial || wasGuess }
}

function sumOfParts(text: string, about: boolean, units: ColumnUnits): Quantity | Unreadable {
  let sum: Quantity | undefined
  let unitBefore: Worth | undefined
  PART.lastIndex = 0
  while (PART.lastIndex < text.length) {
    const match = PART.exec(text)
    if (!match) return unreadable(units)
    const [, figures = '', unit = ''] = match
    const part = inSmallest(decimal(figures), unit.toLowerCase(), units)
    if (!part || (sum && (unit === '' || !isLess(part.one, unitBefore)))) return unreadable(units)
    sum = sum ? added(sum, part) : part
    unitBefore = part.one
  }
  if (!sum) return unreadable(units)
  return { ...sum, guessed: sum.guessed || about }
}

/** A number of units as smallest ones; a unit may carry a scale (千元), which is an assumption. */
function inSmallest(
  { numerator, denominator }: Pick<Quantity, 'numerator' | 'denominator'>,
  unit: string,
  { worth, home }: ColumnUnits,
): (Quantity & { one: Worth }) | undefined {
  const known = worth.get(unit)
  const large = known ? 1n : LARGE[unit.charAt(0)]
  const one = known ?? worth.get(unit.slice(1))
  if (!one || large === undefined) return undefined
  return {
    numerator: numerator * one[0] * large,
    denominator: denominator * one[1],
    guessed: !(known && home.has(unit)),
    one: [one[0] * large, one[1]],
  }
}

const isLess = (one: Worth, other: Worth | undefined) =>
  other !== undefined && one[0] * other[1] < other[0] * one[1]

function added(a: Quantity, b: Quantity): Quantity {
  return {
    numerator: a.numerator * b.denominator + b.numerator * a.denominator,
    denominator: a.denominator * b.denominator,
    guessed: a.guessed || b.guessed,
  }
}

/** A decimal text, exactly; beyond 15 digits it is a double that somebody's program printed. */
function decimal(figures: string): Pick<Quantity, 'numerator' | 'denominator'> {
  const [whole = '', decimals = ''] = figures.split('.')
  if (decimals !== '' && `${whole}${decimals}`.replace(/^0+/, '').length > SIGNIFICANT_DIGITS) {
    const [numerator, denominator] = fractionOf(Number(figures))
    return { numerator, denominator }
  }
  return {
    numerator: BigInt(`${whole}${decimals}`),
    denominator: 10n ** BigInt(decimals.length),
  }
}

/** What a sheet shows of a number of 0 or more, as a fraction. */
function fractionOf(n: number): Worth {
  if (Number.isSafeInteger(n)) return [BigInt(n), 1n]
  if (n >= 10 ** SIGNIFICANT_DIGITS) return [BigInt(Math.round(n)), 1n]
  if (n < NOISE_BELOW) return [0n, 1n]
  const [whole = '', decimals = ''] = n.toPrecision(SIGNIFICANT_DIGITS).split('.')
  const digits = decimals.replace(/0+$/, '')
  return [BigInt(`${whole}${digits}`), 10n ** BigInt(digits.length)]
}

const negative: Unreadable = { code: 'number-negative', reason: '是负数;应为 0 或以上的数' }

const unreadable = ({ expected }: ColumnUnits): Unreadable => ({
  code: 'number-unreadable',
  reason: `应为${expected}`,
})

/**
 * A table of units for `readQuantity`, from `unit: [numerator, denominator]`.
 *
 * Units: the smallest unit of the column is worth 1. Throws nothing.
 * Source: design decision (exact fractions, no doubles).
 * @example columnUnits({ '': [100, 1], 元: [100, 1] }, ['', '元'], '金额(元),如 12,000.00')
 */
export function columnUnits(
  worth: Readonly<Record<string, readonly [numerator: number, denominator: number]>>,
  home: readonly string[],
  expected: string,
): ColumnUnits {
  const entries = Object.entries(worth).map(([unit, [numerator, denominator]]): [string, Worth] => [
    unit,
    [BigInt(numerator), BigInt(denominator)],
  ])
  return { worth: new Map(entries), home: new Set(home), expected }
}
