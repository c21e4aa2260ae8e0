const WORDS_KEPT_MAX = 200
/** Of the headings of late: every row asks for those of its columns. */
const kept = new Map<string, readonly string[]>()

/** The units of a heading, each in one way of writing it. */
export function unitWords(unit: string): readonly string[] {
  const before = kept.get(unit)
  if (before) return before
  if (kept.size >= WORDS_KEPT_MAX) kept.clear()
  const words = wordsIn(unit)
  kept.set(unit, words)
  return words
}

function wordsIn(unit: string): string[] {
  const parts = unit.replace(/元[、.]?角[、.]?分/g, '元').split(/[、,;或和及]/)
  return [...new Set(parts.map(unitWord).filter((word) => word !== ''))]
}

const unitWord = (text: string): string =>
  text
    .toLowerCase()
    .replace(/^(?:计量)?(?:单位|金额|面积)[:为]?|人民币:?|\s/g, '')
    .replace(/(?<=.)[·.](?=.)/g, '/')
    .replace(/^[每按]?[日天](.+)$/, '$1/日')
    .replace(/[/]?每|\/(?:1|一)(?=[亩年])/g, '/')
    .replace(/(?<=\/)(亩)(?=年)|(?<=\/)(年)(?=亩)/g, '$1$2/')
