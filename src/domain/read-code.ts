import { cellError, lineOf, readText, withoutYuan } from './read-text.ts'
import type { Reading, SourceCell, Unreadable } from './reading.ts'

/** A spreadsheet keeps 15 digits of a number: of a longer one the last are gone. */
const DIGITS_KEPT = 999_999_999_999_999
const SCIENTIFIC = /^\d(?:\.\d+)?E\+?\d+$/i
/** What a sheet puts before figures so that they stay text. */
const TEXT_MARK = /^'+/
/** Region codes, ID numbers, social credit codes: spaces in them are only there for the eye. */
const SPACED_CODE = /^(?:\d{12}|\d{15}|[1-9A-Y][0-9A-Y]{17})$/i

const cut: Unreadable = {
  code: 'code-cut',
  reason: '号码被表格截断成数字(如 5.1E+17),请把该列设为文本格式后重新填写',
}
const unreadable: Unreadable = { code: 'code-unreadable', reason: '应为编号或代码,如 2015-0012' }

/**
 * A number that names something (contract, receipt, social credit code, region): text, never an
 * amount. One that a spreadsheet has cut to its first digits is not there any more.
 *
 * Units: text. Throws nothing.
 * Source: product.md, What would embarrass us 8 (5.1E+17); field.md, Codes.
 * @example readCode(519901101201) // { value: '519901101201' }
 * @example readCode('5.1E+17')?.code // 'code-cut'
 */
export function readCode(cell: SourceCell): Reading<string> {
  if (typeof cell === 'boolean') return unreadable
  if (typeof cell === 'number') return readNumber(cell)
  const written = readText(cell)?.replace(TEXT_MARK, '').trim()
  if (written === undefined || written === '') return undefined
  const line = withoutYuan(written)
  const error = cellError(line)
  if (error) return error
  if (SCIENTIFIC.test(line)) return cut
  const close = line.replaceAll(' ', '')
  return { value: SPACED_CODE.test(close) ? close : line }
}

function readNumber(n: number): Reading<string> {
  if (n > DIGITS_KEPT) return cut
  if (!(n >= 0)) return unreadable
  const value = lineOf(n)
  // 2015.10 as a number is 2015.1
  return Number.isInteger(n) ? { value } : { value, readAs: value }
}

const MOBILE = /^(?:\+?86)?(1[3-9]\d{9})$/
const LANDLINE = /^(?:\(?0\d{2,3}\)?-?)?[2-9]\d{6,7}(?:(?:-|转)\d{1,6})?$/
const BETWEEN_PHONES = /[、,;/或和]/
/** 张三 before it, (微信同号) behind it. */
const BESIDE_PHONE = /\(\D*\)?|[^\d()+ -]+/gu
const DASHES = /[‐‑–—―]/g
const PHONE_LENGTH_MAX = 40

/**
 * A telephone number. Of several the first counts, and of words beside one the number, as a guess;
 * one of an odd length is kept as it is written, as a guess: it is no reason to leave a row out.
 * No reason repeats a number.
 *
 * Units: text of at most 40 characters. Throws nothing.
 * Source: field.md, Codes, masking; product.md, What would embarrass us 1 and 8.
 * @example readPhone('138 1234 1234') // { value: '13812341234' }
 */
export function readPhone(cell: SourceCell): Reading<string> {
  const code = readCode(cell)
  if (code === undefined || 'code' in code) return code
  const [first = '', ...others] = code.value.split(BETWEEN_PHONES)
  const value = phoneOf(first)
  if (value !== undefined)
    return others.length === 0 ? { value } : { value, readAs: '取其中第一个号码' }
  const alone = phoneOf(first.replace(BESIDE_PHONE, ''))
  if (alone !== undefined) return { value: alone, readAs: '取其中的号码' }
  if (!/\d/.test(code.value) || code.value.length > PHONE_LENGTH_MAX)
    return { code: 'phone-unreadable', reason: '应为电话号码' }
  return { value: code.value, readAs: '位数不符,按原样登记' }
}

function phoneOf(written: string): string | undefined {
  const close = written.replaceAll(' ', '').replace(DASHES, '-')
  const mobile = MOBILE.exec(close.replaceAll('-', ''))?.[1]
  return mobile ?? (LANDLINE.test(close) ? close : undefined)
}
