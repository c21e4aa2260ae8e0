import { readYears } from '../domain/read-years.ts'
import { headingWords } from './heading-words.ts'

const OWED = /欠|未[付缴]/
const NO_RENT = /面积|亩|户|人数|原因|补[助贴]/
/** Words around a year that tell nothing more: 2021年未付金额 is 2021年. */
const AROUND_YEAR = /尚?未[付缴]|尚欠|(?:金额|情况)$/g
/** 2020年以前, 以前年度, 往年欠租: what is before the first year that has a column. */
const EARLIER =
  /^(?:\d{4}年?度?[及含]?)?(?:以前|之前|前|往年)(?:各?年度?|年份)?(?:陈?欠[租款]?|拖欠)*$/u
const YEARS_ALONE = /^[\d年度—–~至到-]+$/
const WHOLE = /^(?:合计|小计|总计|共计)$/

/** Instead of years those up to one: 2020年及以前 beside 2021年. */
export type OfYears = { rentYears: number[] } | { upToYear: number }
interface YearColumn {
  field: string
  column: number
}

/** `arrearsFen.2021`: of a year, or of several that are counted together; `arrearsFen.-2020`. */
export const yearField = (field: string, of: OfYears) =>
  `${field}.${'upToYear' in of ? -of.upToYear : of.rentYears.join('、')}`
export const isOfYears = (field: string) => (other: string) => other.startsWith(`${field}.`)

export function ofYearsIn(yearField: string): OfYears {
  const years = yearField
    .slice(yearField.indexOf('.') + 1)
    .split('、')
    .map(Number)
  const [year = 0] = years
  return year < 0 ? { upToYear: -year } : { rentYears: years }
}

/**
 * The columns of a table that has one for each year: 2021年 and 2022年 under 欠租金额, or 尚欠 under
 * 2021年, their sum, and one for all earlier years. What was due or paid in a year is none of them.
 */
export function yearColumns(
  parts: ReadonlyMap<number, readonly string[]>,
  field: string,
): YearColumn[] {
  const found: YearColumn[] = []
  const sums: YearColumn[] = []
  const earlier: number[] = []
  let first = Number.POSITIVE_INFINITY
  for (const [column, texts] of parts) {
    const [own = '', group = ''] = texts.toReversed()
    if (NO_RENT.test(group + own)) continue
    const isOfGroup = group === '' || OWED.test(group)
    if (WHOLE.test(own) && isOfGroup) sums.push({ field, column })
    if (EARLIER.test(keyOf(own).replace(AROUND_YEAR, '')) && isOfGroup) earlier.push(column)
    const ownYears = yearsIn(own)
    const rentYears = ownYears ?? yearsIn(group)
    const saysOwed = OWED.test(ownYears ? group + own : own)
    const isAlone = group === '' && YEARS_ALONE.test(keyOf(own))
    if (!rentYears || !(saysOwed || isAlone)) continue
    first = Math.min(first, ...rentYears)
    found.push({ field: yearField(field, { rentYears }), column })
  }
  if (found.length === 0) return []
  const upTo = yearField(field, { upToYear: first - 1 })
  return [...earlier.map((column) => ({ field: upTo, column })), ...found, ...sums]
}

const keyOf = (heading: string) => headingWords([heading]).keys[0] ?? ''

function yearsIn(heading: string): number[] | undefined {
  const reading = readYears(keyOf(heading).replace(AROUND_YEAR, ''))
  return reading && 'value' in reading && reading.readAs === undefined ? reading.value : undefined
}
