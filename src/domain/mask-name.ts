const FARM_ENDING =
  /(家庭农场|生态农场|农场|养殖场|种植场|种植园|采摘园|果园|茶园|林场|渔场|牧场)(有限公司|有限责任公司)?([((]个体工商户[))])?$/u

/**
 * The name of an operator as mail may carry it: those that are a person's are masked, whatever the
 * number of characters in between; a family farm keeps the generic end of its name. Others stay.
 *
 * Source: domain.md, Alerts; field.md, Masks (PIPL 51, de-identification).
 * @example mailName('individual', '张三丰') // '张*丰'
 * @example mailName('family_farm', '李四海家庭农场') // '李*海家庭农场'
 */
export function mailName(kind: string, name: string): string {
  if (kind === 'individual') return masked(name)
  if (kind !== 'family_farm') return name
  const farm = withoutSpaces(name)
  const ending = FARM_ENDING.exec(farm)?.[0] ?? ''
  return masked(farm.slice(0, farm.length - ending.length)) + ending
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
