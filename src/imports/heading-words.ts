import { lineOf } from '../domain/read-text.ts'
import type { RawCell } from '../platform/spreadsheet/raw-sheet.ts'

/** What a heading may be looked up as, the most telling first, and the unit that it names. */
export interface HeadingWords {
  keys: readonly string[]
  unit?: string
  /** Of the heading above, for the columns that it is meant for. */
  groupUnit?: string
}

/** 柑源县…台账 may stand in a cell of its own; no heading is that long. */
const HEADING_MAX = 40
const BRACKETS = /[([【{〔]([^()[\]【】{}〔〕]*)[)\]】}〕]/g
const UNIT = new RegExp(
  '^(?![\\d/·.、]+$)(?:单位:?|计量单位:?)?(?:人民币|[十百千万亿]|元|角|分|厘|亩|m2|km2|平方|平?米|公里|公顷|顷|ha|' +
    'hm2|公斤|千克|kg|市?斤|担|吨|户|人|个|名|年|季|半|月|天|日|次|%|‰|‱|张|口|宗|块|[/·.、或和,每\\d]|' +
    '黄谷|稻谷|大米|玉米|小麦)+$',
  'i',
)
/** Words that can only be about a unit, known or not. */
const NAMES_UNIT = /元|亩|顷|(?<![玉大小糯稻白])米|公里|km2|m2/i
const UNIT_ALONE = /[:,/]((?:[十百千万亿]*[元亩]|公顷|m2|平方米|平方公里)(?:\/.+)?)$/i
const OUTER_UNIT = /^(?:[十百千万亿]*[元亩]|k?m2|平方米|平方公里|公顷|ha|公?斤|kg)(?:\/.+)?$/i
/** (按万元填写), (以元/亩计) */
const SAID_UNIT = /^[请填写以按用]+(.+?)(?:为单位|单位|填写|填报|计算|填|计)*$/
/** Of a row of units, those that nothing is converted by. */
const COUNTED = /^[(]?(?:单位|年度?|年月日|月|日|天|户|人|个|份|%|‱(?:\/日)?)[)]?$/
const NOTE = /^(?:必填|选填|盖章|公章|签章|签字|如|例|含|注|按|填|请|格式|以).*|.*格式$|^yyyy.*$/i
const WHOLE = /^(?:合计|小计|总计|共计|总数|数量)$/
/** Words before a heading that tell nothing which the ledger does not. */
const OF_THE_LEASE = new RegExp(
  '^(?:土地|农村|农用地|本次|其中:?)?(?:合同|承包|租赁|租用|出租|经营权|流转|流入|流出|土地)*(?:约定)?' +
    '(?=起|止|开始|到期|终止时间|结束|截止|面积|期限|年限|期间|用途|单价|价格|租金)',
)

/**
 * What a heading is looked up as: full-width signs, spaces, numbering, and the words that are told
 * apart nowhere do not count.
 */
function headingKey(text: string): string {
  return lineOf(text)
    .replace(/[\s*★☆_"“”]/g, '')
    .replace(/^[(（]?\d{1,2}[)）.、]/, '')
    .replace(/台帐/g, '台账')
    .replace(/橘/g, '桔')
    .replace(/日期|年月日/g, '时间')
    .replace(OF_THE_LEASE, '')
    .replace(/[:：]$/, '')
}

/** A heading over one row, or the heading of a group and the one below it. */
export function headingWords(parts: readonly string[]): HeadingWords {
  const [own, group] = parts.map(takenApart).reverse()
  if (!own) return { keys: [] }
  const { unit } = own
  const groupUnit = group?.unit
  const joined = group && `${group.outer.replace(/情况$|信息$/, '')}${own.outer}`
  const keys = [
    ...(joined ? [headingKey(joined)] : []),
    ...(own.inner ? [headingKey(own.outer + own.inner)] : []),
    headingKey(own.outer),
    ...(own.inner ? [headingKey(own.inner)] : []),
    ...(group && (own.outer === '' || WHOLE.test(own.outer)) ? [headingKey(group.outer)] : []),
  ]
  return {
    keys: keys.filter((key) => key !== ''),
    ...(unit !== undefined && { unit }),
    ...(groupUnit !== undefined && { groupUnit }),
  }
}

function takenApart(text: string): { outer: string; inner?: string; unit?: string } {
  const line = lineOf(text).replaceAll(' ', '')
  if (line.length > HEADING_MAX) return { outer: '' }
  let unit: string | undefined
  let inner: string | undefined
  const withoutBrackets = line.replace(BRACKETS, (_all, words: string) => {
    const said = SAID_UNIT.exec(words)?.[1] ?? words
    const isUnit = UNIT.test(said) || (NAMES_UNIT.test(words) && !NOTE.test(words))
    if (isUnit) unit ??= said.replace(/^(?:计量)?单位:?/, '')
    else if (/^\d*$/.test(words)) return ''
    else if (words !== '' && !NOTE.test(words)) inner ??= words
    return ''
  })
  if (OUTER_UNIT.test(withoutBrackets)) return { outer: '', unit: unit ?? withoutBrackets }
  const outer = withoutBrackets.replace(UNIT_ALONE, (_all, words: string) => {
    unit ??= words
    return ''
  })
  return { outer, ...(inner !== undefined && { inner }), ...(unit !== undefined && { unit }) }
}

/** 万元, (㎡): a unit and no word beside it. */
export function isUnitAlone(text: string): boolean {
  const { keys, unit } = headingWords([text])
  return keys.length === 0 && unit !== undefined
}

export function unitAlone(text: string): Pick<HeadingWords, 'unit'> {
  const { unit } = headingWords([text])
  return unit === undefined ? {} : { unit }
}

/** Whether cells hold nothing but units, one of money, area or weight among them. */
export function areUnits(cells: readonly RawCell[]): boolean {
  const texts = cells.map(lineOf).filter((text) => text !== '')
  return texts.some(isUnitAlone) && texts.every((text) => isUnitAlone(text) || COUNTED.test(text))
}

/** A heading as the report shows it. */
export function headingShown(parts: readonly string[]): string {
  return parts.map((part) => lineOf(part).replaceAll(' ', '')).join('／')
}
