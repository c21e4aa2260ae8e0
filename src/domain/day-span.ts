import { addDays, addMonths, type Day, isDay } from './calendar-day.ts'
import type { Unreadable } from './reading.ts'

/** The days that a written date may mean; `guessed` when the year or the day is not all written. */
export interface DaySpan {
  from: Day
  to: Day
  guessed: boolean
  /** Only a year is written. */
  wholeYear?: true
}

const YEAR_MIN = 1900
const YEAR_MAX = 2199
/** Household contracting began about 1980: no lease of this trade is older. */
const TWO_DIGIT_YEAR_MIN = 80
const SERIAL_MIN = 20_000
const SERIAL_MAX = 80_000
/** Day 0 of the 1900 date system, for days after its 29 February 1900 that never was. */
const SERIAL_ZERO = '1899-12-30'

const YEAR = '(\\d{4}|\\d{2})'
const SEPARATOR = '[-./。、,·]'
const FULL = new RegExp(`^${YEAR}(年|${SEPARATOR})(\\d{1,2})(?:月|${SEPARATOR})(\\d{1,2})[日号]?$`)
const COMPACT = /^(\d{4})(\d{2})(\d{2})$/
const COMPACT_MONTH = /^((?:19|20|21)\d{2})(0[1-9]|1[0-2])$/
const MONTH = new RegExp(`^(?:${YEAR}年|(\\d{4})${SEPARATOR})(\\d{1,2})(?:月份?)?(\\D*)$`)
const PART_OF_YEAR = /^(?:(\d{4})年?度?|(\d{2})年度?)(\D*|第?\d季度)$/
const SERIAL = /^\d{5}(?:\.\d+)?$/

/** First and last day of the parts of a month; 0 is its last day. */
const PARTS_OF_MONTH = partsOf({
  '': [1, 0],
  初: [1, 10],
  上旬: [1, 10],
  中: [11, 20],
  中旬: [11, 20],
  下旬: [21, 0],
  底: [0, 0],
  末: [0, 0],
})
/** First month of the parts of a year, and how many they have. */
const PARTS_OF_YEAR = partsOf({
  '': [1, 12],
  全年: [1, 12],
  春: [3, 3],
  夏: [6, 3],
  秋: [9, 3],
  冬: [12, 3],
  上半年: [1, 6],
  下半年: [7, 6],
  '1季度': [1, 3],
  '2季度': [4, 3],
  '3季度': [7, 3],
  '4季度': [10, 3],
  初: [1, 1],
  年初: [1, 1],
})
const YEARS_END = /^年?[底末]$/

/**
 * The days that a text may mean as a date; undefined when it is none. The text has figures, no
 * spaces and no time of day. A season is its three months from 1 March, 1 June, 1 September,
 * 1 December, as farming and weather services count them.
 *
 * Units: days. Throws nothing.
 * Source: field.md, Dirt that real files carry; ECMA-376 part 1, 18.17.4 (serial dates).
 * @example daySpan('2015.1.1') // { from: '2015-01-01', to: '2015-01-01', guessed: false }
 * @example daySpan('2014年春') // { from: '2014-03-01', to: '2014-05-31', guessed: true }
 */
export function daySpan(text: string): DaySpan | Unreadable | undefined {
  const full = FULL.exec(text)
  if (full) return fullDay(full)
  const compact = COMPACT.exec(text)
  if (compact) return oneDay(compact[1] ?? '', Number(compact[2]), Number(compact[3]))
  if (SERIAL.test(text)) return serialDay(Number(text))
  const [, compactYear, compactMonth] = COMPACT_MONTH.exec(text) ?? []
  if (compactYear) return partOfMonth(compactYear, Number(compactMonth), '')
  const month = MONTH.exec(text)
  if (month) return partOfMonth(month[1] ?? month[2] ?? '', Number(month[3]), month[4] ?? '')
  const [, year, shortYear, part = ''] = PART_OF_YEAR.exec(text) ?? []
  return year || shortYear ? partOfYear(year ?? shortYear ?? '', part) : undefined
}

function fullDay([, year = '', separator, month, day]: RegExpExecArray): DaySpan | Unreadable {
  // 10/5/15 is somebody else's order of month, day and year
  if (separator === '/' && year.length === 2 && Number(year) <= 12)
    return { code: 'day-ambiguous', reason: '分不清年月日的顺序,应写成如 2015-01-01' }
  return oneDay(year, Number(month), Number(day))
}

function oneDay(year: string, month: number, day: number): DaySpan | Unreadable {
  const on = dayOf(year, month, day)
  return typeof on === 'string' ? { from: on, to: on, guessed: year.length === 2 } : on
}

function partOfMonth(year: string, month: number, part: string): DaySpan | Unreadable | undefined {
  const days = PARTS_OF_MONTH.get(part)
  const first = dayOf(year, month, 1)
  if (!days || typeof first !== 'string') return days && (first as Unreadable)
  const last = addDays(addMonths(first, 1), -1)
  const [from, to] = days.map((day) => (day === 0 ? last : addDays(first, day - 1)))
  return { from: from ?? first, to: to ?? last, guessed: true }
}

function partOfYear(year: string, words: string): DaySpan | Unreadable | undefined {
  const first = dayOf(year, 1, 1)
  if (typeof first !== 'string') return first
  const last = addDays(addMonths(first, 12), -1)
  if (YEARS_END.test(words)) return { from: last, to: last, guessed: true }
  const part = PARTS_OF_YEAR.get(words.replace(/^第|(?<=[春夏秋冬])[季天]$/g, ''))
  if (!part) return undefined
  const from = addMonths(first, part[0] - 1)
  const to = addDays(addMonths(from, part[1]), -1)
  return { from, to, guessed: true, ...(part[1] === 12 && { wholeYear: true }) }
}

function serialDay(serial: number): DaySpan | undefined {
  if (serial < SERIAL_MIN || serial >= SERIAL_MAX + 1) return undefined
  const on = addDays(SERIAL_ZERO, Math.floor(serial))
  return { from: on, to: on, guessed: true }
}

function dayOf(yearText: string, month: number, day: number): Day | Unreadable {
  const year = fourDigitYear(yearText)
  if (year < YEAR_MIN || year > YEAR_MAX)
    return { code: 'out-of-range', reason: `日期应在 ${YEAR_MIN} 年至 ${YEAR_MAX} 年之间` }
  if (month < 1 || month > 12)
    return { code: 'day-impossible', reason: `没有 ${month} 月;应为日期,如 2015-01-01` }
  const two = (n: number) => String(n).padStart(2, '0')
  const on = `${year}-${two(month)}-${two(day)}`
  if (isDay(on)) return on
  return {
    code: 'day-impossible',
    reason: `${year} 年 ${month} 月没有 ${day} 日;应为日历上有的一天`,
  }
}

/**
 * A year of four digits, from one that may be written with two: 80 to 99 lie before 2000.
 *
 * Units: years. Throws nothing.
 * Source: design decision (household contracting began about 1980).
 * @example fourDigitYear('15') // 2015
 */
export function fourDigitYear(year: string): number {
  const n = Number(year)
  if (year.length === 4) return n
  return n >= TWO_DIGIT_YEAR_MIN ? 1900 + n : 2000 + n
}

function partsOf(words: Readonly<Record<string, readonly [number, number]>>) {
  return new Map(Object.entries(words))
}
