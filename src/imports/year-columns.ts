import { readYears } from '../domain/read-years.ts'
import { headingWords } from './heading-words.ts'

const OWED = /欠|未[付缴]/
const NO_RENT = /面积|亩|户|人数|原因|补[助贴]/
/** Words around a year that tell nothing more: 2021年未付金额 is 2021年. */
const AROUND_YEAR = /尚?未[付缴]|尚欠|(?:金额|情况)$/g
const YEARS_ALONE = /^[\d年度—–~至到-]+$/
const WHOLE = /^(?:合计|小计|总计|共计)$/

/** `arrearsFen.2021`: the field of a column of a year, or of several that are counted together. */
export const yearField = (field: string, years: readonly number[]) => `${field}.${years.join('、')}`
export const isOfYears = (field: string) => (other: string) => other.startsWith(`${field}.`)
export const yearsOf = (yearField: string): number[] =>
  yearField
    .slice(yearField.indexOf('.') + 1)
    .split('、')
    .map(Number)

/**
 * The columns of a table that has one for each year: 2021年 and 2022年 under 欠租金额, or 尚欠 under
 * 2021年, and their sum. What was due or paid in a year is none of them.
 */
export function yearColumns(
  parts: ReadonlyMap<number, readonly string[]>,
  field: string,
): { field: string; column: number }[] {
  const found: { field: string; column: number }[] = []
  const sums: { field: string; column: number }[] = []
  for (const [column, texts] of parts) {
    const [own = '', group = ''] = texts.toReversed()
    if (NO_RENT.test(group + own)) continue
    if (WHOLE.test(own) && (group === '' || OWED.test(group))) sums.push({ field, column })
    const ownYears = yearsIn(own)
    const years = ownYears ?? yearsIn(group)
    const saysOwed = OWED.test(ownYears ? group + own : own)
    const isAlone = group === '' && YEARS_ALONE.test(keyOf(own))
    if (years && (saysOwed || isAlone)) found.push({ field: yearField(field, years), column })
  }
  return found.length === 0 ? [] : [...found, ...sums]
}

const keyOf = (heading: string) => headingWords([heading]).keys[0] ?? ''

function yearsIn(heading: string): number[] | undefined {
  const reading = readYears(keyOf(heading).replace(AROUND_YEAR, ''))
  return reading && 'value' in reading && reading.readAs === undefined ? reading.value : undefined
}
