import { addDays, daysBetween } from '../../domain/calendar-day.ts'

/**
 * What a number format makes of a number: a day, a month, a year, a time of day or plain, a
 * percentage, yuan by a sign before them, a number with the unit that the format writes after it,
 * or with so many decimals, or a code with its prefix.
 */
export type NumberLook =
  | 'plain'
  | 'day'
  | 'month'
  | 'year'
  | 'percent'
  | 'yuan'
  | { unit: string }
  | { decimals: number }
  | { prefix: string; digits: number; suffix: string }

const DAY_ZERO_1900 = '1899-12-30'
const DAY_ZERO_1904 = '1904-01-01'
/** Before it, Excel counts a 29 February 1900 that never was. */
const FIRST_RIGHT_DAY = '1900-03-01'
const LAST_DAY = '9999-12-31'
const CODE_CHARACTERS_MAX = 255
const HALF_SECOND = 0.5 / 86_400
/** Formats that files name by number only, those of a Chinese Excel among them. */
const BUILT_IN: ReadonlyMap<number, NumberLook> = new Map<number, NumberLook>([
  ...[14, 15, 16, 22, 28, 29, 30, 31, 51, 53, 54, 58].map((id) => [id, 'day'] as const),
  ...[17, 27, 36, 50, 52, 57].map((id) => [id, 'month'] as const),
  ...[9, 10].map((id) => [id, 'percent'] as const),
  ...[5, 6, 7, 8, 42, 44].map((id) => [id, 'yuan'] as const),
  [2, { decimals: 2 }],
])
const LITERAL = /"([^"]*)"|[\\!](.)/g
/** Colours, locales, conditions; the width of a sign left free; a sign repeated. */
const SILENT = /\[[^\]]*\]|_.|\*./g
/** What a format writes in front of digits without a point, and behind them. */
const CODE =
  /^((?:"[^"]*"|[\\!].|[-()/ ])+)(0+|#|general|g\/通用格式|@)((?:"[^"]*"|[\\!].|[-()/ ])*)$/iu
const CURRENCY = /rmb|cny|usd|us\$|hk|人民币|元/i
/** Before figures as amounts have them, not before those of a code; behind them; as a currency. */
const YUAN = new RegExp(
  '(?:[¥￥]|rmb|cny|人民币)[^;]*(?:#|0\\.0|(?<!0)0(?!0)|general|通用格式)|' +
    '[#0][^;]*(?:[¥￥]|rmb|cny)|\\[\\$[^\\]]*(?:[¥￥元]|rmb|cny|人民币)',
  'i',
)
const POINT_WRITTEN = /[0#](?:[\\!]\.|"\.")0000/
const DECIMALS = /^0\.(0+)$/
const UNIT = /^[\p{Script=Han}㎡²/]{1,8}$/u

/** The look of a format by its number and, where the file writes one, its code. */
export function numberLook(id: number, code?: string): NumberLook {
  if (code === undefined || code.length > CODE_CHARACTERS_MAX) return BUILT_IN.get(id) ?? 'plain'
  // What is said of positive numbers.
  const shown = code.replace(LITERAL, '').replace(SILENT, '').split(';', 1)[0] ?? ''
  const coded = codeLook(code)
  if (coded) return coded
  if (/general|通用格式|@/i.test(shown)) return unitLook(code, shown)
  const letters = shown.replace(/am\/pm|a\/p|上午\/下午/gi, '').toLowerCase()
  const isTime = /[hs]/.test(letters)
  const hasYear = /y|e(?![+-])/.test(letters)
  if (/d|aaa/.test(letters)) return 'day'
  if (hasYear) return isTime ? 'day' : letters.includes('m') ? 'month' : 'year'
  if (isTime) return 'plain'
  if (letters.includes('m')) return 'day'
  return shown.includes('%') ? 'percent' : unitLook(code, shown)
}

/** HT-0012 for 12: a prefix with Latin letters, or with any before digits filled up with zeros. */
function codeLook(code: string): NumberLook | undefined {
  const first = code.replace(SILENT, '').split(';', 1)[0] ?? ''
  const [, before = '', digits = '', after = ''] = CODE.exec(first) ?? []
  const prefix = literally(before)
  const isFilled = /^00/.test(digits)
  if (!(isFilled ? /\p{L}/u : /[a-z]/i).test(prefix) || CURRENCY.test(prefix)) return undefined
  return { prefix, digits: isFilled ? digits.length : 0, suffix: literally(after) }
}

const literally = (text: string) =>
  text.replace(LITERAL, (_, quoted, escaped) => quoted ?? escaped).trim()

/**
 * What is stored is yuan where its format shows thousands of it, by a comma after the digits, or
 * ten thousands, by a point of its own (6.3 for 63000).
 */
function unitLook(code: string, shown: string): NumberLook {
  if (/[0#?],+(?![0#?])/.test(shown) || POINT_WRITTEN.test(code)) return 'yuan'
  const first = code.replace(SILENT, '').split(';', 1)[0] ?? ''
  const tail =
    /(?:[0#?]|general|通用格式)((?:"[^"]*"|[\\!].|[^0#?.,"\\!])*)$/i.exec(first)?.[1] ?? ''
  const unit = literally(tail)
  if (UNIT.test(unit)) return { unit }
  const decimals = DECIMALS.exec(shown.trim())?.[1]?.length
  if (decimals !== undefined && !YUAN.test(code)) return { decimals }
  return YUAN.test(code.split(';', 1)[0] ?? '') ? 'yuan' : 'plain'
}

/** A number as its cell shows it, as far as that changes what it says. */
export function shownNumber(value: number, look: NumberLook, is1904: boolean): number | string {
  if (look === 'plain') return value
  if (look === 'percent') return `${rounded(value * 100)}%`
  if (look === 'yuan') return `${value < 0 ? '-' : ''}¥${rounded(Math.abs(value))}`
  if (typeof look === 'object' && 'prefix' in look) return shownCode(value, look) ?? value
  if (typeof look === 'object' && 'decimals' in look) return shownOfYear(value, look.decimals)
  if (typeof look === 'object') return `${rounded(value)}${look.unit}`
  return shownDate(value, look, is1904) ?? value
}

const shownCode = (value: number, look: { prefix: string; digits: number; suffix: string }) =>
  Number.isSafeInteger(value) && value >= 0
    ? `${look.prefix}${String(value).padStart(look.digits, '0')}${look.suffix}`
    : undefined

/**
 * 2015.10, the tenth contract or month of a year, is stored as 2015.1: where such a number shows
 * zeros at its end they say something; in an amount they do not.
 */
function shownOfYear(value: number, decimals: number): number | string {
  if (!(value >= 1900 && value < 2100) || Number.isInteger(value)) return value
  const shown = value.toFixed(decimals)
  return Number(shown) === value && shown.endsWith('0') ? shown : value
}

/** As far as a spreadsheet shows digits. */
const rounded = (value: number) => Number(value.toPrecision(15))

function shownDate(
  serial: number,
  look: 'day' | 'month' | 'year',
  is1904: boolean,
): string | undefined {
  const zero = is1904 ? DAY_ZERO_1904 : DAY_ZERO_1900
  const days = Math.floor(serial + HALF_SECOND)
  if (days > daysBetween(zero, LAST_DAY) || days < daysBetween(zero, FIRST_RIGHT_DAY))
    return undefined
  const day = addDays(zero, days)
  const [year, month] = day.split('-').map(Number)
  if (look === 'year') return `${year}年`
  return look === 'month' ? `${year}年${month}月` : day
}
