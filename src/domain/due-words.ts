import { type Day, isDay } from './calendar-day.ts'
import type { Frequency, Rent } from './contract-terms.ts'
import { dueDayIn } from './loose-due-day.ts'
import { cellError, readText } from './read-text.ts'
import type { Reading, SourceCell } from './reading.ts'

const LENGTH_MAX = 100
const FREQUENCY_WORDS: Readonly<Record<Frequency, string>> = {
  annual: '按年',
  semiannual: '按半年',
  quarterly: '按季',
  monthly: '按月',
  once: '一次性',
}
const FREQUENCIES = new Map(
  Object.entries(FREQUENCY_WORDS).map(([frequency, words]) => [words, frequency as Frequency]),
)

/** As `dueWords` writes it. For patterns. */
export const DUE_PATTERN =
  '(按年|按半年|按季|按月|一次性),(?:满年付|起始日付|(?:首期)?((?:19|20|21)\\d{2}-\\d{2}-\\d{2}))'
const EXACT = new RegExp(`^${DUE_PATTERN}$`)

interface Due {
  frequency: Frequency
  firstDueOn?: Day
}

/**
 * How often and from when a rent falls due. 满年付: at each full rent year, 起始日付: on the first day
 * of the term, because nothing was agreed.
 *
 * Units: days. Source: Civil Code 721; field.md, Columns (支付方式); domain.md, Rent schedule.
 * @example dueWords({ lines, frequency: 'annual', firstDueOn: '2015-12-31' })
 * // '按年,首期2015-12-31'
 */
export function dueWords({ frequency = 'annual', firstDueOn }: Omit<Rent, 'lines'>): string {
  const words = FREQUENCY_WORDS[frequency]
  if (frequency === 'once') return `${words},${firstDueOn ?? '起始日付'}`
  return `${words},${firstDueOn === undefined ? '满年付' : `首期${firstDueOn}`}`
}

/**
 * How often and from when the rent falls due, as a cell agrees it. A day of the year becomes the
 * first such day on or after `startOn`, and says which. How the money travels (转账) is no
 * frequency: rent is a year's unless something else is written.
 *
 * Units: days. Throws RangeError when `startOn` is not a day.
 * Source: Civil Code 721 (no agreed day: at each full year); field.md, Spring Festival.
 * @example readDue('每年12月31日前', '2015-03-01')
 * // { value: { frequency: 'annual', firstDueOn: '2015-12-31' }, readAs: '按年,首期2015-12-31' }
 */
export function readDue(cell: SourceCell, startOn: Day): Reading<Due> {
  const line = readText(cell)
  if (line === undefined) return undefined
  const error = cellError(line)
  if (error) return error
  const text = line.replaceAll(' ', '').replace(/[。;,]+$/u, '')
  const exact = EXACT.exec(text)
  const [, words = '', firstDueOn] = exact ?? []
  if (exact && (firstDueOn === undefined || isDay(firstDueOn)))
    return { value: due(FREQUENCIES.get(words) ?? 'annual', firstDueOn) }
  const plain = PLAIN.find(([, pattern]) => pattern.test(text))
  if (plain) return { value: { frequency: plain[0] } }
  if (typeof cell !== 'string' || text.length > LENGTH_MAX || UNKNOWN.test(text)) return unreadable
  const day = dueDayIn(text, startOn)
  if (day && 'reason' in day) return day
  const frequency = day?.frequency ?? SPOKEN.find(([, pattern]) => pattern.test(text))?.[0]
  if (frequency === undefined && day === undefined && !BY_WHAT.test(text)) return unreadable
  const value = due(frequency ?? 'annual', day?.firstDueOn)
  return { value, readAs: dueWords(value) }
}

function due(frequency: Frequency, firstDueOn: Day | undefined): Due {
  return firstDueOn === undefined ? { frequency } : { frequency, firstDueOn }
}

const PAID =
  '(?:(?:支|交|给)?付(?:款|清|租金?)?|缴纳?|交(?:纳|清|租)?|结(?:算|清)?)?(?:租金)?(?:一次)?'
const exactly = (words: string) => new RegExp(`^(?:${words})${PAID}$`, 'u')

/** Words that say a frequency and nothing else. */
const PLAIN: readonly [Frequency, RegExp][] = [
  ['annual', exactly('逐年|按年度?|每年度?|年|一年|一年一|每年一|年度')],
  [
    'semiannual',
    exactly('按?半年|每半年|逐半年|半年一|每半年一|[一每]年分?[两二]次|[一每]年[两二]'),
  ],
  ['quarterly', exactly('按?季度?|每个?季度?|逐季度?|一季度?一|每季度?一')],
  ['monthly', exactly('按月|每个?月|逐月|月|一月一|每月一')],
  ['once', exactly('一次性?')],
]

/** Words that say a frequency among others, the first that is found counts. */
const SPOKEN: readonly [Frequency, RegExp][] = [
  ['semiannual', /半年|[一每]年分?[两二2][次期付]|各付?(?:一半|50%)|分?[两二]次付/u],
  ['quarterly', /(?:按|每|逐|一)个?季|季(?:付|度|末|初|底|结)/u],
  ['monthly', /(?:按|每|逐)个?月|(?<![\d一二三四五六七八九十])月[付结]/u],
  ['annual', /每年|逐年|按年|年[付度结]|一年一|每个?年度|年[底末终初]/u],
  ['once', /一次性|一次(?:付清|交清|缴清|支付|结清)|趸交|全部付清/u],
  ['annual', /年/u],
]

/** Every so many years, or more often than a schedule can say. */
const UNKNOWN =
  /(?:[两二三四五六七八九十]|\d)个?年[一]?[付交缴支]|每(?:[两二三四五六七八九十]|\d+)年|[一每]年分?[三五六七八九3-9]次/u
const BY_WHAT =
  /转账|现金|银行|打卡|一卡通|汇款|微信|先[付交用]|后[付交用]|预付|秋收|收割|收获|[大小]春/u

const unreadable = {
  code: 'due-unreadable',
  reason: '应写明按年、半年、季、月或一次性支付,及首期日期,如 按年,首期2015-12-31',
}
