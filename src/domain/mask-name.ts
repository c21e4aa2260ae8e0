const FARM_ENDING =
  /(家庭农场|生态农场|农场|养殖场|种植场|种植园|采摘园|果园|茶园|林场|渔场|牧场)(有限公司|有限责任公司)?([(\uff08]个体工商户[)\uff09])?$/u

/**
 * The name of an operator as mail may carry it: those that are a person's are masked, whatever the
 * number of characters in between; a family farm keeps the generic end of its name, and what
 * stands in brackets behind a name stays unless it may be a person's too. Others stay.
 *
 * Source: domain.md, Alerts; field.md, Masks (PIPL 51, de-identification).
 * @example mailName('individual', '张三丰') // '张*丰'
 * @example mailName('family_farm', '李四海家庭农场') // '李*海家庭农场'
 * @example mailName('individual', '张三(红旗果园)') // '张*(红旗果园)'
 */
export function mailName(kind: string, name: string): string {
  if (kind !== 'individual' && kind !== 'family_farm') return mailText(name)
  const plain = withoutSpaces(name)
  const ending = kind === 'family_farm' ? (FARM_ENDING.exec(plain)?.[0] ?? '') : ''
  if (ending !== '') return masked(plain.slice(0, plain.length - ending.length)) + ending
  const [, before, open, inside = '', close] = BRACKETS_BEHIND.exec(plain) ?? []
  if (before === undefined) return masked(plain)
  return mailName(kind, before) + open + insideOf(before, inside) + close
}

/** What stands behind the name `before`, masked like it unless it reads as no person's. */
function insideOf(before: string, inside: string): string {
  if (!/\p{L}/u.test(inside)) return mailText(inside)
  if (inside.endsWith('家庭农场')) return mailName('family_farm', inside)
  const isOwn = inside.includes(before.replace(FARM_ENDING, ''))
  return isOwn || !PLACE_OR_BUSINESS.test(inside) ? masked(inside) : inside
}

const BRACKETS_BEHIND = /^([^(\uff08]+)([(\uff08])([^()\uff08\uff09]*)([)\uff09])$/u
/** By its end, and no list of names: 红旗果园, 青溪村, 老店, 个体工商户. */
const PLACE_OR_BUSINESS = /^\p{Script=Han}+(?:[园场店厂部社司村组镇乡县]|(?:工商|养殖|种植|大)户)$/u

const GAP = '[\\s.·/‐-―-]?'
const CALLING_CODE = `(?:[(\\uff08][+\\uff0b]?86[)\\uff09]|(?:[+\\uff0b]|00)?86)${GAP}`
const MOBILE_DIGITS = `(1[3-9]\\d)(${GAP})\\d{4}\\2(\\d{4})(?!\\d)`
const MOBILE = new RegExp(`(?<!\\d)(?:${CALLING_CODE})?${MOBILE_DIGITS}`, 'g')
const DAY_OF_YEAR = '(?:0[1-9]|1[0-2])[0-3]\\d'
const ID_18 = `\\d{6}(?:19|20)\\d{2}${DAY_OF_YEAR}\\d{3}[\\dXx]`
const ID_15 = `\\d{8}${DAY_OF_YEAR}\\d{3}`
const ID_NUMBER = new RegExp(`(?<!\\d)(?:${ID_18}|${ID_15})(?!\\d)`, 'g')
const CARD = /(?<!\d)(?:62\d{14,17}|[45]\d{15})(?!\d)/g

/** Part of every number that is masked: most texts have none, and are done with. */
const MAY_HOLD_NUMBER = /\d{4}[\s.·/‐-―-]?\d{4}|[０-９]/

/**
 * What somebody wrote into a name or a number, as mail may carry it: mobile, ID and bank card
 * numbers in it are masked, whoever's they are.
 *
 * Source: field.md, Masks: 138****1234, ID first 3 and last 4, card last 4; domain.md, Alerts: no
 * phone, no ID.
 * @example mailText('青溪果业13812341234') // '青溪果业138****1234'
 */
export function mailText(text: string): string {
  if (!MAY_HOLD_NUMBER.test(text)) return text
  return halfWidth(text)
    .replace(MOBILE, '$1****$3')
    .replace(ID_NUMBER, (id) => `${id.slice(0, 3)}${'*'.repeat(id.length - 7)}${id.slice(-4)}`)
    .replace(CARD, (card) => (isCard(card) ? '*'.repeat(card.length - 4) + card.slice(-4) : card))
}

/**
 * A telephone number without the code of the country before a mobile number.
 *
 * Source: field.md, Codes.
 * @example withoutCallingCode('+86 139 1234 5678') // '139 1234 5678'
 */
export const withoutCallingCode = (phone: string): string => phone.replace(CODE_OF_MOBILE, '')

const CODE_OF_MOBILE = new RegExp(`(?<!\\d)${CALLING_CODE}(?=1[3-9](?:${GAP}\\d){9}(?!\\d))`, 'g')

/**
 * Whether the ID number of a person stands in a code, whatever is written between its digits.
 *
 * Source: field.md, Codes (GB 11643; 15-digit ones exist).
 * @example holdsIdNumber('510902 19700101 1234') // true
 */
export const holdsIdNumber = (code: string): boolean => ID_ANYWHERE.test(withoutGaps(code))

const ID_ANYWHERE = new RegExp(ID_NUMBER.source)

/**
 * A code without what is written between its characters.
 *
 * Source: field.md, Dirt that real files carry.
 * @example withoutGaps('510902-19700101-1234') // '510902197001011234'
 */
export const withoutGaps = (code: string): string => halfWidth(code).replace(/[\s.·/‐-―-]/g, '')

/**
 * Full-width digits as plain ones, the rest as it is written.
 *
 * @example halfWidth('１３８ 组') // '138 组'
 */
export const halfWidth = (text: string): string =>
  text.replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - FULL_WIDTH))
const FULL_WIDTH = 0xfee0

/** The check digit of bank cards (ISO/IEC 7812): other numbers may be as long. */
function isCard(card: string): boolean {
  const digits = [...card].reverse().map(Number)
  const sum = digits.reduce((total, digit, at) => {
    const doubled = at % 2 === 1 ? digit * 2 : digit
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return sum % 10 === 0
}

/** 张三 → 张*, 张三丰 → 张*丰: spaces go first, or 张 三 would be shown whole. */
function masked(name: string): string {
  const [first, ...others] = withoutSpaces(name)
  if (first === undefined) return ''
  if (others.length === 0) return '*'
  return others.length === 1 ? `${first}*` : `${first}*${others.at(-1)}`
}

/** Signs without a width of their own count as spaces: they would stand for a character. */
const withoutSpaces = (name: string) => name.replace(/[\s\p{Cf}\p{M}]/gu, '')
