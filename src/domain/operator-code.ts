import { isDay } from './calendar-day.ts'
import { withoutGaps } from './mask-name.ts'
import { usccHolds } from './uscc.ts'

// No ID number begins with 9, as the codes of businesses do.
const ID_18 = /^[1-8]\d{5}(\d{4})(\d{2})(\d{2})\d{3}[\dX]$/
const ID_15 = /^[1-8]\d{5}(\d{2})(\d{2})(\d{2})\d{3}$/
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CHECK_CHARACTERS = '10X98765432'

/**
 * What is wrong with a code where a social credit code belongs: its check character, or that of the
 * ID number that a person has in its place. Some genuine codes fail: warn.
 *
 * Units: an ID number has 18 characters, an old one 15 digits and no check digit; each holds a day
 * of birth from 1900 on, or it is taken for a social credit code. Throws nothing. Source: GB
 * 32100-2015; GB 11643-1999 (check = (12 − Σ digit × weight mod 11) mod 11, 10 is X).
 * @example operatorCodeProblem('11010519491231002X') // undefined
 */
export function operatorCodeProblem(code: string): 'uscc-checksum' | 'id-checksum' | undefined {
  const plain = withoutGaps(code).toUpperCase()
  if (holdsBirthday(ID_15.exec(plain), '19')) return undefined
  if (!holdsBirthday(ID_18.exec(plain), '')) return usccHolds(code) ? undefined : 'uscc-checksum'
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(plain[at]), 0)
  return CHECK_CHARACTERS[sum % 11] === plain[17] ? undefined : 'id-checksum'
}

function holdsBirthday(id: RegExpExecArray | null, century: string): boolean {
  if (id === null) return false
  const [, year, month, day] = id
  const birthday = `${century}${year}-${month}-${day}`
  return isDay(birthday) && birthday >= '1900-01-01' && birthday < '2100-01-01'
}
