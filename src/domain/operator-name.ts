import { lineOf } from './read-text.ts'

/** A remark at the end of a name; people's names are too short to lose one. */
const REMARK = /(?<=.{4})\([^()]*\)$/
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/[\s()[\]〔〕【】「」“”"'‘’《》·•.。,、;:_-]/g, ''],
  [/橘/g, '桔'],
  [/有限责任公司/g, '有限公司'],
  [/(?:农民|农业)?专业合作社|农民合作社|农业合作社/g, '合作社'],
  [/家庭农庄/g, '家庭农场'],
  [/^(\p{Script=Han}{2,3})[省市县区](?!场)(?=.{4})/u, '$1'],
  [/^(\p{Script=Han}{2,6})[市县区](?!场)(?=.{4})/u, '$1'],
]

/**
 * A name for comparison only: equal for two spellings that are probably one operator. Brackets,
 * spaces and punctuation, legal forms in other words, 柑橘 for 柑桔, 省 市 县 after a place at the
 * beginning and a remark at the end make no difference; a place itself does.
 *
 * Units: text. Throws nothing.
 * Source: field.md, Dirt that real files carry (one operator under three names); product.md, What
 * would embarrass us 5 (柑桔).
 * @example normalisedOperatorName('青溪柑橘农民专业合作社') // '青溪柑桔合作社'
 * @example normalisedOperatorName('青溪 柑桔专业合作社(李某)') // '青溪柑桔合作社'
 */
export function normalisedOperatorName(name: string): string {
  let normalised = lineOf(name).toUpperCase().replace(REMARK, '')
  for (const [pattern, word] of WORDS) normalised = normalised.replace(pattern, word)
  return normalised
}
