import { lineOf } from './read-text.ts'

const COUNT = '(?:\\d+|[一二三四五六七八九十]+)'
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/\s|\([^()]*\)/g, ''],
  // 白果村3组, 白果村1、2社: groups of a village
  [
    new RegExp(`(?<=村|社区)第?${COUNT}(?:[、,和—-]${COUNT})*(?:个?村?民?小?组|社|(?:生产)?队)$`),
    '',
  ],
  [/村?(?:村民|村)委员?会$/, '村'],
  [/社区(?:居民委员会|居委会|委员会)$/, '社区'],
  [/(?<=[镇乡])(?:人民)?政府$/, ''],
  [/街道办(?:事处)?$/, '街道'],
  // the regions above it
  [/^.{2,}?省(?=.{2})/, ''],
  [/^.{2,}?市(?=.{2})/, ''],
  [/^.{2,}?(?:县|(?<![社园小])区)(?=.{2})/, ''],
  [/^.{2,}?(?:镇|乡|街道(?:办事处)?)(?=.{2})(?!社区$)/, ''],
  // 白果 for 白果村, 青溪 for 青溪镇; 乡, 街道 and 社区 of the same name are other places
  [/(?<=.{2})[村镇]$/, ''],
]

/**
 * A name of a region for comparison only, with others of its level: without the regions above it,
 * its committee, its groups, an older name in brackets, and the common endings 村 and 镇.
 *
 * Units: text. Throws nothing.
 * Source: field.md, Dirt that real files carry; Organic Law of Villagers' Committees 2 (村委会).
 * @example normalisedRegionName('青溪镇白果村村民委员会') // '白果'
 * @example normalisedRegionName('白果村(原石桥村)3组') // '白果'
 */
export function normalisedRegionName(name: string): string {
  let normalised = lineOf(name)
  for (const [pattern, word] of WORDS) normalised = normalised.replace(pattern, word)
  return normalised
}
