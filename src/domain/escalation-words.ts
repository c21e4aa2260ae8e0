import type { Rent } from './contract-terms.ts'
import { readCount } from './read-count.ts'
import { readTwoDecimals } from './read-percent.ts'
import { cellError, readText } from './read-text.ts'
import type { Reading, SourceCell } from './reading.ts'

type Escalation = NonNullable<Rent['escalation']>

const LENGTH_MAX = 100
const YEARS_MAX = 100
const PERCENT_MAX = 1000

/** As `escalationWords` writes it. For patterns. */
export const ESCALATION_PATTERN = '每(\\d+)?年递增(\\d+(?:\\.\\d{1,2})?)%'
const EXACT = new RegExp(`^${ESCALATION_PATTERN}$`)

const NUMERAL = '(?:\\d+|[一二两三四五六七八九十]+)'
const RISE = '(?:递增|增加|增长|上浮|上涨|上调|提高|调增|涨|增)(?:幅度?|率)?为?'
const LOOSE = new RegExp(
  `^(?:租金|价格|标准|从)?(每|逐|按)?(${NUMERAL})?个?年度?(?:一调|调整?一次|一次|租金)?,?(.{0,20}?)${RISE}` +
    '(\\d+(?:\\.\\d+)?)(?:%|个百分点)$',
  'u',
)

/**
 * An escalation in words; nothing for a rent that does not rise.
 *
 * Units: whole years, percent.
 * Source: form GF-2021-2606 (change every N years); domain.md, Contract.
 * Example: escalationWords({ everyYears: 3, percent: 5 }) is '每3年递增5%'.
 */
export function escalationWords(escalation: Rent['escalation']): string {
  if (escalation === undefined) return ''
  const { everyYears, percent } = escalation
  return `每${everyYears === 1 ? '' : everyYears}年递增${percent}%`
}

/**
 * The escalation that a cell agrees. Words that say the rent does not rise are nothing; a rise by
 * an amount of money cannot be kept as a percent and is refused.
 *
 * Units: whole years from 1 to 100, percent from 0 to 1000 with at most two decimals.
 * Source: form GF-2021-2606; domain.md, Rent schedule (each rise counts on the last).
 * @example readEscalation('逐年递增3%') // { value: { everyYears: 1, percent: 3 } }
 */
export function readEscalation(cell: SourceCell): Reading<Escalation> {
  const text = readText(cell)
    ?.replace(/[\s。;,]+$/u, '')
    .replaceAll(' ', '')
  if (text === undefined || NONE.test(text)) return undefined
  const error = cellError(text)
  if (error) return error
  const exact = EXACT.exec(text)
  if (exact) return escalation(exact[1] ?? '1', exact[2] ?? '', false)
  if (text.length > LENGTH_MAX) return unreadable
  const inDigits = text.replace(/百分之([一二两三四五六七八九十\d.]+)/u, (_, n) => `${digits(n)}%`)
  const [, each, years, between, percent] = LOOSE.exec(inDigits) ?? []
  if (percent === undefined || (each === undefined && years === undefined)) return unreadable
  // 3年递增5% without 每, or what it rises on: the meaning is likely, not written.
  return escalation(years ?? '1', percent, each === undefined || between !== '')
}

function escalation(years: string, percentText: string, guessed: boolean): Reading<Escalation> {
  const everyYears = digits(years)
  const percent = readTwoDecimals(percentText)
  if (everyYears === undefined || !percent || !('value' in percent)) return unreadable
  if (everyYears < 1 || everyYears > YEARS_MAX || percent.value > PERCENT_MAX) return outOfRange
  const value = { everyYears, percent: percent.value }
  return guessed || percent.readAs !== undefined
    ? { value, readAs: escalationWords(value) }
    : { value }
}

function digits(numeral: string): number | undefined {
  const read = readCount(numeral === '两' ? '二' : numeral)
  return read && 'value' in read ? read.value : undefined
}

const NONE =
  /^(?:0%?|否|(?:租金)?(?:不|没有|未约定)(?:递增|增长|上浮|调整|变)?|(?:租金)?固定(?:不变)?)$/u

const unreadable = {
  code: 'escalation-unreadable',
  reason: '应写明每几年递增百分之几,如 每3年递增5%',
}
const outOfRange = {
  code: 'out-of-range',
  reason: `递增的年数应在 1 至 ${YEARS_MAX} 之间,比例不超过 ${PERCENT_MAX}%`,
}
