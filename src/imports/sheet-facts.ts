import { readDay } from '../domain/read-day.ts'
import { lineOf } from '../domain/read-text.ts'
import type { Reading } from '../domain/reading.ts'
import { unitWords } from './unit-words.ts'

/** Something that stands outside the table: where, and in which words. */
export interface Aside {
  column: '标题' | '工作表名' | '文件名'
  words: string
}

/** What the titles of a sheet, its name and the name of the file say about all of its rows. */
export interface SheetFacts {
  today: string
  fileName: string
  /** The heading of this service's own sheets, by field. */
  standardHeadings: ReadonlyMap<string, string>
  /** For columns whose heading names no unit. */
  units: readonly string[]
  /** The day that the figures speak for, as a title or the name of the file writes it. */
  asOf?: { column: '填报时间' | '文件名'; words: string; reading: Reading<string> }
  township?: string
  village?: Aside
  landUse?: Aside
  /** The title itself, the longest of them. */
  title?: string
}

/** Not the 单位 of 填报单位. */
const UNITS = new RegExp(
  '(?:(?:金额|资金|面积|货币)单位|(?<!填报|填表|制表|编制|报送|上报|主管|责任|建设|监督)单位|' +
    '金额|资金|面积|租金)[:( 为是]*(?<units>[^。)]{1,60})',
  'gu',
)
const UNITS_APART = /[、,;:·() ]+/
const UNIT_WORD =
  '[十百千万亿]*元(?:整|[/每].+)?|[十百千万亿]*亩|平方公里|平方米|平米|公顷|k?m2|hm2|ha|' +
  '(?:公斤|市?斤|千克|kg|吨)(?:/亩)?'
/** 金额万元, 面积亩; a label may be left out, a name (制表 李元) is none. */
const LABELLED = new RegExp(
  `^(?:(?:其中|金额|资金|货币|款额?|租金|欠租|补助|价格|单价|总?面积|数量|重量|流转)*)(${UNIT_WORD})$`,
  'iu',
)
const OTHER_UNIT =
  /^(?:金额|资金|货币|租金|面积|价格|单价|户数?|人数?|人次|个|份数?|年|月|天|%|次|宗|块)*$/u
const AS_OF = new RegExp(
  '(?:填报|填表|制表|统计|截止|截至|数据|上报|报送|编制)(?:时间|日期|日|到|至)?:?' +
    '((?:\\d{2}|[〇零一二三四五六七八九十]{2})[^\\s(),;:]{2,16})',
  'u',
)
/** A file that is named for a day. */
const DATED = /(?<!\d)20\d\d[-.年]\d{1,2}[-.月]\d{1,2}(?!\d)/u
const LAND_USE =
  /晚熟柑[桔橘]|柑[桔橘]|蚕桑|桑园|稻渔综合种养|稻[虾鱼渔蛙]|(?:现代)?农业园区?|园区/u

const PLACE_WORDS_MAX = 100
const NAMES_APART = /\d+年?度?|[^\p{Script=Han}]+/u
const ABOVE = /^\p{Script=Han}{1,7}?(?:省|市|州|县|区)/u
const TOWNSHIP = /^\p{Script=Han}{1,6}?(?:镇|乡(?![村镇])|街道)/u
const VILLAGE = /^\p{Script=Han}{1,8}?(?:村(?:村(?![民委]))?|社区)/u
const NO_PLACE =
  /(?:农村|乡村|行政村|自然村|乡镇|城乡|示范村|中心村|新村)$|^(?:各|本|全|该|每|所)个?(?:县|乡|镇|村|社)/u
/** A tab that is called 白果 is most likely a village. */
const BARE_NAME = /^\p{Script=Han}{2,4}$/u
const NO_NAME =
  /[表账册簿组户年月田土台]|汇总|明细|流转|合同|收款|付款|补助|兑付|业主|租|区划|名单|登记|价|统计|情况|总|数据|信息|清单|承包/u

/** The township and the village that a title, the name of a tab or of a file names. */
export function placesIn(text: string): { township?: string; village?: string } {
  const found: { township?: string; village?: string } = {}
  for (const words of lineOf(text).slice(0, PLACE_WORDS_MAX).split(NAMES_APART)) {
    // The longest is what stands after the most of the regions above.
    const rests = [words]
    for (let above = ABOVE.exec(words); above; above = ABOVE.exec(rests[0] ?? ''))
      rests.unshift((rests[0] ?? '').slice(above[0].length))
    for (const rest of rests) {
      const township = named(TOWNSHIP, rest)
      const village = named(VILLAGE, rest.slice(township?.length ?? 0))
      if (!township && !village) continue
      found.township ??= township
      found.village ??= village
      break
    }
  }
  return found
}

function named(pattern: RegExp, text: string): string | undefined {
  const [name] = pattern.exec(text) ?? []
  return name === undefined || NO_PLACE.test(name) ? undefined : name
}

/** The facts of a sheet, from the rows above its headings, its name and the name of the file. */
export function sheetFacts(
  titles: readonly string[],
  sheetName: string,
  given: Pick<SheetFacts, 'today' | 'fileName' | 'standardHeadings'>,
): SheetFacts {
  const file = given.fileName.replace(/\.\w{1,5}$/, '')
  const asides: Aside[] = [
    ...(sheetName === file ? [] : [{ column: '工作表名' as const, words: sheetName }]),
    ...titles.map((words) => ({ column: '标题' as const, words })),
    { column: '文件名', words: file },
  ]
  const facts: SheetFacts = { ...given, units: unitsIn(titles), ...dayIn(titles) }
  const dated = DATED.exec(file)?.[0]
  if (dated !== undefined) {
    const reading = readDay(dated, 'end')
    facts.asOf ??= { column: '文件名', words: dated, reading }
  }
  const title = [...titles].sort((a, b) => b.length - a.length)[0]
  if (title !== undefined) facts.title = title
  for (const aside of asides) {
    const { township, village } = placesIn(aside.words)
    if (township !== undefined) facts.township ??= township
    if (village !== undefined) facts.village ??= { column: aside.column, words: village }
    const landUse = LAND_USE.exec(aside.words)?.[0]
    if (landUse !== undefined) facts.landUse ??= { column: aside.column, words: landUse }
  }
  const tab = lineOf(sheetName)
  if (!facts.village && sheetName !== file && BARE_NAME.test(tab) && !NO_NAME.test(tab))
    facts.village = { column: '工作表名', words: tab }
  return facts
}

/** The units that titles name, up to the first word that is none. */
function unitsIn(titles: readonly string[]): string[] {
  const found = new Set<string>()
  for (const title of titles)
    for (const { groups } of lineOf(title).matchAll(UNITS))
      for (const words of (groups?.['units'] ?? '').split(UNITS_APART)) {
        const unit = LABELLED.exec(words)?.[1]
        if (unit === undefined && !OTHER_UNIT.test(words)) break
        for (const word of unitWords(unit ?? '')) found.add(word)
      }
  return [...found]
}

function dayIn(titles: readonly string[]): Pick<SheetFacts, 'asOf'> {
  for (const title of titles) {
    const close = title.replace(/(?<=[\d年月日::]) +(?=[\d年月日])| +(?=[::])/g, '')
    const words = AS_OF.exec(close)?.[1]
    if (words !== undefined)
      return { asOf: { column: '填报时间', words, reading: readDay(words, 'end') } }
  }
  return {}
}
