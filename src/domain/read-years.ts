import { inFigures } from './chinese-numerals.ts'
import { fourDigitYear } from './day-span.ts'
import { cellError, readText, withoutYuan } from './read-text.ts'
import type { Reading, SourceCell, Unreadable } from './reading.ts'

const LENGTH_MAX = 200
const YEAR_MIN = 1980
const YEAR_MAX = 2199

/** 2020、2021两年: a count of what stands before it. */
const COUNTED = /(?<=[\d年度])(?:共|等)?([两二三四五六七八九十]+)个?年度?$/
const AROUND = /(?:的|全部|全年|拖欠|欠|租金|欠租|欠款)+$|^(?:欠|拖欠|欠租)/g
const BETWEEN_ITEMS = /[、,;/和及与 ]+/
const ITEM = /^(\d{4}|\d{2})(年度?)?(?:(?:-|—|–|~|至|到)+(\d{4}|\d{2})(年度?)?)?([上下]半年)?$/
const DAY_OF_SHEET = /^(\d{4})-\d\d-\d\d$/

const unreadable: Unreadable = { code: 'years-unreadable', reason: '应为年度,如 2019—2021 或 2023' }

/**
 * Calendar years in order, each once. Two digits, half years and dates stand for their year as a
 * guess.
 *
 * Units: years from 1980 to 2199. Throws nothing.
 * Source: field.md, Columns (欠租年度) and Dirt that real files carry.
 * @example readYears('2019—2021、2023') // { value: [2019, 2020, 2021, 2023] }
 * @example readYears('19-21年') // { value: [2019, 2020, 2021], readAs: '2019—2021' }
 */
export function readYears(cell: SourceCell): Reading<number[]> {
  if (typeof cell === 'boolean') return unreadable
  const line = readText(cell)
  if (line === undefined) return undefined
  const error = cellError(line)
  if (error) return error
  if (line.length > LENGTH_MAX) return unreadable
  const shown = DAY_OF_SHEET.exec(line)?.[1]
  return listed(shown ?? withoutYuan(line), shown !== undefined)
}

function listed(line: string, fromDay: boolean): Reading<number[]> {
  const count = COUNTED.exec(line)?.[1]
  const text = inFigures(line.replace(COUNTED, '').replace(AROUND, '')).text
  const years = new Set<number>()
  // a number of two digits is a year only where the text says so
  let guessed = fromDay
  const saysYear = /年|\d{4}/.test(text)
  for (const item of text.replace(/ *([-—–~至到]) */g, '$1').split(BETWEEN_ITEMS)) {
    const [, first, , last = first, , half] = ITEM.exec(item) ?? []
    if (first === undefined || last === undefined) return unreadable
    if (first.length === 2 || last.length === 2) {
      if (!saysYear) return unreadable
      guessed = true
    }
    guessed ||= half !== undefined
    const [from, to] = [fourDigitYear(first), fourDigitYear(last)]
    if (from < YEAR_MIN || to > YEAR_MAX)
      return { code: 'out-of-range', reason: `年度应在 ${YEAR_MIN} 至 ${YEAR_MAX} 之间` }
    if (from > to) return unreadable
    for (let year = from; year <= to; year++) years.add(year)
  }
  const value = [...years].sort((a, b) => a - b)
  if (count && value.length !== Number(inFigures(count).text))
    return { code: 'years-unreadable', reason: '写明的年度与年数不符,应为如 2019—2021' }
  return guessed ? { value, readAs: yearWords(value) } : { value }
}

/** 2019, 2020, 2021, 2023 are 2019—2021、2023. */
function yearWords(years: readonly number[]): string {
  const runs: number[][] = []
  for (const year of years) {
    const run = runs.at(-1)
    if (run?.at(-1) === year - 1) run.push(year)
    else runs.push([year])
  }
  return runs.map((run) => (run.length === 1 ? `${run[0]}` : `${run[0]}—${run.at(-1)}`)).join('、')
}
