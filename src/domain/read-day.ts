import { addDays, addMonths, type Day, isDay } from './calendar-day.ts'
import { inFigures } from './chinese-numerals.ts'
import { type DaySpan, daySpan } from './day-span.ts'
import { cellError, lineOf, readText, withoutYuan } from './read-text.ts'
import type { Reading, SourceCell, Unreadable } from './reading.ts'

type At = 'start' | 'end' | 'day'

const LENGTH_MAX = 60
const ISO = /^(?:19|20|21)\d\d-\d\d-\d\d$/
/** Figures and their separators alone: there are no words to take away. */
const PLAIN = /^[\d./-]*\d$/
const TIME = /(?<=\d|日|号)(?:T| *)\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/
const UTC_TIME = /^(\d{4}-\d\d-\d\d)T(\d\d):\d\d(?::\d\d(?:\.\d+)?)?Z$/
/** Midnight in Shanghai is 16 o'clock in UTC. */
const UTC_HOUR_OF_NEXT_DAY = 16
const WEEKDAY = /\(?(?:星期|周|礼拜)[一二三四五六日天]\)?$/
/** A letter or a ring that somebody typed for 〇. */
const LOOSE_ZERO = /[oO0](?=[一二三四五六七八九〇零])|(?<=[一二三四五六七八九〇零])[oO0]/g
const BEFORE = /^(?:自|从|于|截至|截止|至|到)/
const AFTER = /(?:起始?|开始|止|为止)$/
const ABOUT_BEFORE = /^(?:大约|约|大概)/
const ABOUT_AFTER = /(?:左右|前后|以前|之前|前|\(约\))$/
const BETWEEN = /至|到|[-—–~]+/g

const NO_END = /^(?:长期|永久|永久性|无固定期限|不定期)(?:有效|流转)?$/
const SECOND_ROUND =
  /^(?:至|到)?(?:第?[二2]轮(?:土地)?(?:承包期?)?|(?:土地)?承包期?)(?:到期|期满|届满)(?:为?止|日)?$/
const TERM = /^(?:期限|流转期限?|租期|共)?:?(\d{1,2})年(?:期|整)?$/
const LEASE_YEARS_MAX = 20

const DAY_MIN = '1900-01-01'
const DAY_MAX = '2199-12-31'
const outOfRange: Unreadable = {
  code: 'out-of-range',
  reason: '日期应在 1900 年至 2199 年之间',
}
const unreadable: Unreadable = { code: 'day-unreadable', reason: '应为日期,如 2015-01-01' }

/**
 * A day, as the start or the end of something that lasts, or as the day of an event. What is less
 * than a day (2015年1月, 2014年春) is its first day as a start or an event, so that an event never
 * comes to lie ahead, and its last day as an end; both as a guess. A year alone dates no event. An
 * end without a day (长期, 承包期满) is 20 years from `startOn`, less a day: a lease beyond 20 years
 * does not hold. Of a range (2015.1.1-2034.12.31) a start takes the first day, an end the last.
 *
 * Units: days from 1900 to 2199. Throws RangeError when `startOn` is not a day.
 * Source: Civil Code 705; field.md, Dirt that real files carry; day-span.ts (seasons, serials).
 * @example readDay('2015年1月', 'end') // { value: '2015-01-31', readAs: '2015-01-31' }
 * @example readDay('长期', 'end', '2015-01-01')?.value // '2034-12-31'
 */
export function readDay(cell: SourceCell, at: At, startOn?: Day): Reading<Day> {
  if (typeof cell === 'string' && ISO.test(cell) && isDay(cell)) return { value: cell }
  if (typeof cell === 'boolean') return unreadable
  const written = typeof cell === 'number' ? lineOf(cell) : readText(cell)
  if (written === undefined) return undefined
  const line = withoutYuan(written)
  const error = cellError(line)
  if (error) return error
  if (line.length > LENGTH_MAX) return unreadable
  // a sheet keeps 2015.10 as 2015.1
  if (typeof cell === 'number' && /^\d{4}\.1$/.test(line))
    return { code: 'day-ambiguous', reason: '分不清是 1 月还是 10 月,应写成如 2015-01-01' }
  const read = withoutDay(line, at, startOn) ?? readWritten(line, at, startOn) ?? unreadable
  return 'value' in read && (read.value < DAY_MIN || read.value > DAY_MAX) ? outOfRange : read
}

/** An end that names no day, or a length of years. */
function withoutDay(line: string, at: At, startOn: Day | undefined): Reading<Day> {
  if (at !== 'end') return undefined
  const text = line.replaceAll(' ', '')
  const open = NO_END.test(text) || SECOND_ROUND.test(text)
  const years = open ? LEASE_YEARS_MAX : Number(TERM.exec(inFigures(text).text)?.[1] ?? 0)
  if (years === 0) return undefined
  if (startOn === undefined)
    return { code: 'term-without-start', reason: '没有写明止日,须先有起日才能推定' }
  const value = addDays(addMonths(startOn, 12 * years), -1)
  const why = open ? `未写明止日,按最长 ${LEASE_YEARS_MAX} 年计` : `按 ${years} 年计`
  return { value, readAs: `${value}(${why})` }
}

function readWritten(line: string, at: At, startOn: Day | undefined): Reading<Day> {
  const utc = UTC_TIME.exec(line)
  if (utc?.[1] && isDay(utc[1])) {
    const value = Number(utc[2]) < UTC_HOUR_OF_NEXT_DAY ? utc[1] : addDays(utc[1], 1)
    return { value, readAs: value }
  }
  const { text, about } = withoutWords(line)
  const span = daySpan(text)
  if (!span) return readRange(text, at, startOn)
  return 'code' in span ? span : dayIn(span, at, about)
}

function dayIn(span: DaySpan, at: At, about: boolean): Reading<Day> {
  if (at === 'day' && span.wholeYear)
    return { code: 'day-unreadable', reason: '只写了年份;应写明月日,如 2015-01-01' }
  const value = at === 'end' ? span.to : span.from
  return span.guessed || about ? { value, readAs: value } : { value }
}

/** 2015.1.1-2034.12.31, 2015年1月1日至长期: both ends in one cell. */
function readRange(text: string, at: At, startOn: Day | undefined): Reading<Day> {
  if (at === 'day') return undefined
  for (const match of text.matchAll(BETWEEN)) {
    const first = withoutWords(text.slice(0, match.index))
    const span = daySpan(first.text)
    if (!span || 'code' in span) continue
    const start = dayIn(span, 'start', first.about)
    const from = start && 'value' in start ? start.value : startOn
    const end = readEnd(text.slice(match.index + match[0].length), from)
    if (end) return at === 'start' ? start : end
  }
  return undefined
}

function readEnd(text: string, startOn: Day | undefined): Reading<Day> {
  const open = withoutDay(text, 'end', startOn)
  if (open) return open
  const last = withoutWords(text)
  const span = daySpan(last.text)
  return span && !('code' in span) ? dayIn(span, 'end', last.about) : undefined
}

/** Figures without spaces, time of day and the words around them; whether they say "about". */
function withoutWords(line: string): { text: string; about: boolean } {
  if (PLAIN.test(line)) return { text: line, about: false }
  const plain = inFigures(
    line
      .replace(WEEKDAY, '')
      .replace(TIME, '')
      .replace(/(?<!\d) | (?!\d)/g, '')
      .replace(LOOSE_ZERO, '〇')
      .replace('元月', '1月'),
  ).text.replace(/[.。,;]+$/, '')
  const about = ABOUT_BEFORE.test(plain) || ABOUT_AFTER.test(plain)
  const text = plain.replace(ABOUT_BEFORE, '').replace(ABOUT_AFTER, '')
  return { text: text.replace(BEFORE, '').replace(AFTER, ''), about }
}
