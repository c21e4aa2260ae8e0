import { addDays, addMonths, type Day, isDay } from './calendar-day.ts'
import type { Frequency } from './contract-terms.ts'
import { readCount } from './read-count.ts'
import { readDay } from './read-day.ts'
import type { Unreadable } from './reading.ts'
import { springFestivalAhead } from './spring-festival.ts'

interface DueDay {
  firstDueOn?: Day | undefined
  /** When the days named say how often. */
  frequency?: Frequency | undefined
}
/** 0: the month's last day. */
interface DayOfYear {
  month: number
  dayOfMonth: number
}

const NUMERAL = '\\d{1,2}|[一二三四五六七八九十]{1,3}'
const FULL_DAY = /\d{4}(?:年\d{1,2}月(?:\d{1,2}[日号])?|[-./]\d{1,2}[-./]\d{1,2})/u
const MONTH_DAY = new RegExp(
  `(?<![\\d每])(${NUMERAL})月(?:份)?(?!一付)(?:(${NUMERAL})[日号]?|(上旬|初)|(中旬)|底|末|下旬)?`,
  'gu',
)
/** 6、12月 without 月 after each. */
const MONTHS_IN_A_ROW = /(?<![\d月日])(\d{1,2})(?=[、,和及](?:\d{1,2}[、,和及])*\d{1,2}月)/gu
/** 11月1日至12月31日 may be paid until the last day. */
const UNTIL = /\d{1,2}月(?:\d{1,2}[日号])?[-—–~至到]+(?=\d{1,2}月)/gu
const DOTTED = /(?<![\d.])(\d{1,2})[./-](\d{1,2})(?![\d.])/u
const EACH_MONTH = new RegExp(`(?:每|逐|按)个?月(?:(${NUMERAL})[日号]|(初)|(?:底|末))`, 'u')
const EVERY_MONTH = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
const LATEST_EVE = '02-19'

/**
 * The first due day that words about days of a year mean for a term that starts on `startOn`: the
 * first such day on or after it. A month alone means its last day, several months how often.
 * 春节前 is the eve of the first festival; in years without a published day 19 February, which no
 * eve passes, so that nothing is called overdue too early.
 *
 * Units: days. Throws RangeError when `startOn` is not a day. undefined: the words name no day.
 * Source: field.md, Spring Festival; domain.md, Rent schedule; county practice (前 and 底
 * include the day named).
 * @example dueDayIn('6月、12月各付一半', '2015-01-01')
 * // { firstDueOn: '2015-06-30', frequency: 'semiannual' }
 */
export function dueDayIn(text: string, startOn: Day): DueDay | Unreadable | undefined {
  const full = FULL_DAY.exec(text)?.[0]
  if (full !== undefined) {
    const read = readDay(full, 'end')
    return read && 'value' in read ? { firstDueOn: read.value } : read
  }
  if (/春节|过年|年前|除夕/u.test(text)) return { firstDueOn: festivalEve(startOn) }
  const days = daysIn(text)
  if (days === undefined) return dayUnreadable
  if (days.length === 0)
    return /先付|先交|预付|上打租|年初/u.test(text) ? { firstDueOn: startOn } : undefined
  const frequency = frequencyOf(days)
  if (frequency === undefined) return unevenDays
  return {
    firstDueOn: firstOf(days, startOn),
    ...(frequency !== 'annual' && { frequency }),
  }
}

/** undefined: one of them is in no calendar. */
function daysIn(text: string): DayOfYear[] | undefined {
  const months = monthsOfWords(text)
  if (months) return months
  const named = [...text.replace(UNTIL, '').replace(MONTHS_IN_A_ROW, '$1月').matchAll(MONTH_DAY)]
  const days = named.map(([, month = '', day, early, middle]) => {
    const dayOfMonth = day !== undefined ? number(day) : early ? 10 : middle ? 20 : 0
    return { month: number(month), dayOfMonth }
  })
  const dotted = DOTTED.exec(text)
  if (days.length === 0 && dotted)
    days.push({ month: Number(dotted[1]), dayOfMonth: Number(dotted[2]) })
  return days.every(inCalendar) ? days : undefined
}

function monthsOfWords(text: string): DayOfYear[] | undefined {
  const monthly = EACH_MONTH.exec(text)
  if (monthly) {
    const dayOfMonth = monthly[1] ? number(monthly[1]) : monthly[2] ? 1 : 0
    return EVERY_MONTH.map((month) => ({ month, dayOfMonth }))
  }
  if (/季度?[末底]/u.test(text)) return [3, 6, 9, 12].map((month) => ({ month, dayOfMonth: 0 }))
  if (/季度?初/u.test(text)) return [1, 4, 7, 10].map((month) => ({ month, dayOfMonth: 1 }))
  return /年[底末终]|岁末/u.test(text) ? [{ month: 12, dayOfMonth: 31 }] : undefined
}

const number = (numeral: string): number => {
  const read = readCount(numeral)
  return read && 'value' in read ? read.value : Number.NaN
}

const inCalendar = ({ month, dayOfMonth }: DayOfYear) =>
  month >= 1 && month <= 12 && dayOfMonth >= 0 && isDay(dayIn(2024, month, dayOfMonth || 1))

/** The months named must lie equally far apart, round the year. */
function frequencyOf(days: readonly DayOfYear[]): Frequency | undefined {
  const frequency = ({ 1: 'annual', 2: 'semiannual', 4: 'quarterly', 12: 'monthly' } as const)[
    days.length
  ]
  const months = days.map(({ month }) => month).sort((a, b) => a - b)
  const even = months.every((month, at) => month === (months[0] ?? 0) + (at * 12) / months.length)
  return even ? frequency : undefined
}

function firstOf(days: readonly DayOfYear[], startOn: Day): Day | undefined {
  const year = Number(startOn.slice(0, 4))
  return [year, year + 1]
    .flatMap((y) => days.map(({ month, dayOfMonth }) => clamped(y, month, dayOfMonth)))
    .filter((day) => day >= startOn)
    .sort()[0]
}

function clamped(year: number, month: number, dayOfMonth: number): Day {
  const last = addDays(addMonths(dayIn(year, month, 1), 1), -1)
  const day = dayIn(year, month, dayOfMonth)
  return dayOfMonth === 0 || day > last ? last : day
}

const dayIn = (year: number, month: number, dayOfMonth: number) =>
  [
    String(year).padStart(4, '0'),
    ...[month, dayOfMonth].map((n) => String(n).padStart(2, '0')),
  ].join('-')

function festivalEve(startOn: Day): Day | undefined {
  const year = Number(startOn.slice(0, 4))
  return [year, year + 1]
    .map((y) => {
      const festival = springFestivalAhead(`${String(y).padStart(4, '0')}-01-01`)
      return festival ? addDays(festival.festivalOn, -1) : `${y}-${LATEST_EVE}`
    })
    .find((eve) => eve >= startOn)
}

const dayUnreadable = {
  code: 'day-unreadable',
  reason: '支付日期在日历上不存在,应如 每年12月31日前',
}
const unevenDays = {
  code: 'due-unreadable',
  reason: '一年中各次支付应间隔相同(半年、一季或一月),应如 按半年,首期2015-06-30',
}
