/** The units of a heading, each in one way of writing it. */
export function unitWords(unit: string): string[] {
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
