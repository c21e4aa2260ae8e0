import { mailName } from './mask-name.ts'

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
 * three too.
 *
 * Source: field.md, Masks (PIPL 51, de-identification).
 * @example maskPhone('13812341234') // '138****1234'
 */
export function maskPhone(phone: string): string {
  return phone.replace(/\d[\d -]{5,}\d/g, (number) => {
    const digits = number.replace(/\D/g, '')
    const first = digits.length < 11 ? '' : digits.slice(0, 3)
    return first + '*'.repeat(digits.length - 4 - first.length) + digits.slice(-4)
  })
}

/**
 * A household that leases out land as ledgers print it; what follows a person's name (等35户) stays,
 * and so does a name that is a place's.
 *
 * Source: field.md, Masks; product.md, Promises 4.
 * @example maskHousehold('张三等35户') // '张*等35户'
 */
export function maskHousehold(name: string): string {
  const [, person = name, others = ''] = /^(.+?)((?:等|\d).*)$/su.exec(name) ?? []
  return PLACE.test(person) ? name : maskPerson(person) + others
}

const PLACE = /[组村社队]$|公司$|^\d+$/u
