import {
  halfWidth,
  holdsIdNumber,
  mailName,
  mailText,
  withoutCallingCode,
  withoutGaps,
} from './mask-name.ts'

/**
 * A person's name as ledgers print it.
 *
 * Source: field.md, Masks (PIPL 51, de-identification).
 * @example maskPerson('张三丰') // '张*丰'
 */
export function maskPerson(name: string): string {
  return mailName('individual', name)
}

/**
 * Phone numbers as ledgers print them: the last four digits of each stay, of long ones the first
 * three too; the country's code goes.
 *
 * Source: field.md, Masks (PIPL 51, de-identification).
 * @example maskPhone('13812341234') // '138****1234'
 */
export function maskPhone(phone: string): string {
  return withoutCallingCode(halfWidth(phone)).replace(/\d[\d\s().·/‐-―-]{5,}\d/g, (number) => {
    const digits = number.replace(/\D/g, '')
    const first = digits.length < 11 ? '' : digits.slice(0, 3)
    return first + '*'.repeat(digits.length - 4 - first.length) + digits.slice(-4)
  })
}

/**
 * A household that leases out land as ledgers print it; what follows a person's name (等35户) stays,
 * and so does a name that is a place's: a group by its number, 青龙村3组. A short name that only ends
 * like a group's (李大组) may be a person's.
 *
 * Source: field.md, Masks; product.md, Promises 4.
 * @example maskHousehold('张三等35户') // '张*等35户'
 */
export function maskHousehold(name: string): string {
  const [, person = name, others = ''] = /^(.+?)((?:等|\d).*)$/su.exec(name) ?? []
  return PLACE.test(person) ? mailText(name) : maskPerson(person) + mailText(others)
}

const PLACE = /村$|公司$|^\d+$|[\d一二三四五六七八九十](?:小|村民)?[组社队]$|^.{4,}[组社队]$/su

/**
 * The number of a contract as ledgers print it: masked only where it is a person's mobile or ID
 * number as a whole, for numbers of contracts may look like either in part.
 *
 * Source: field.md, Masks (PIPL 51, de-identification).
 * @example maskContractNo('13812341234') // '138****1234'
 */
export function maskContractNo(contractNo: string): string {
  return NUMBER_ALONE.test(contractNo) ? mailText(contractNo) : contractNo
}

const NUMBER_ALONE = /^\s*(?:(?:\+|00)?(?:86)?1[3-9]\d{9}|\d{14,17}[\dXx])\s*$/

/**
 * A code where a social credit code belongs, as it is shown: an ID number that stands in its place
 * is masked.
 *
 * Source: field.md, Masks (PIPL 51, de-identification).
 * @example maskCode('510902197001011234') // '510***********1234'
 */
export const maskCode = (code: string): string =>
  holdsIdNumber(code) ? mailText(withoutGaps(code)) : code

/**
 * Whether a text holds a number that was masked, as `mailText` leaves it: it is no data, what was
 * masked is known elsewhere.
 *
 * Source: field.md, Masks.
 * @example hasMaskedNumber('资金未到位,联系 138****1234') // true
 */
export function hasMaskedNumber(text: string): boolean {
  return MASKED.test(text)
}

const MASKED =
  /(?<![\d*])(?:(?:86)?1[3-9]\d\*{4}\d{4}|\d{3}\*{8}(?:\*{3})?\d{3}[\dXx]|\*{12,15}\d{4})(?![\d*])/
