import { hasMaskedNumber } from '../domain/mask-personal.ts'
import { readArea } from '../domain/read-area.ts'
import { readCode } from '../domain/read-code.ts'
import { readDay } from '../domain/read-day.ts'
import { readFen } from '../domain/read-money.ts'
import { cellError, lineOf, readText } from '../domain/read-text.ts'
import type { Reading, SourceCell } from '../domain/reading.ts'
import { type LedgerColumn, words } from './ledger-column.ts'
import { AREA_UNITS, MONEY_UNITS, readInUnit, withUnit } from './read-in-unit.ts'
import type { RowCells } from './row-cells.ts'

/** Columns that most ledgers have: where, who, which contract. */
export const PLACE_COLUMNS: readonly LedgerColumn[] = [
  {
    field: 'township',
    headings: words(
      '乡镇 乡(镇) 镇 乡镇名称 乡镇街道 乡镇(街道) 乡(镇、街道) 镇街 镇乡 镇(街道) 所属乡镇 所在乡镇 街道',
    ),
  },
  {
    field: 'villageName',
    isPlace: true,
    headings: words(`
        村 村组 行政村 村名 村名称 村(社区) 村社区 村(居) 村社 村别 所在村 所属村 流转村 涉及村 村组名称
        村、组 村(组) 村组(社区) 行政村名称 村委会 村民委员会 土地坐落 坐落 地点 所在地 流转地点
      `),
  },
  {
    field: 'villageCode',
    headings: words('村代码 村编码 行政村代码 村级代码 村区划代码 区划代码 行政区划代码'),
  },
]
export const OPERATOR_NAMES = words(`
        业主 承租方 业主名称 承租方名称 承租人 受让方 受让方名称 流入方 乙方 流入方名称 转入方 转入方名称 经营主体
        经营主体名称 经营业主 经营者 租赁方 承租业主 流转业主 流转大户 受让人 承租单位 承租方(乙方) 乙方名称
        业主姓名 主体名称 企业名称 公司名称 种植业主 业主(承租方) 付款方 缴款人 交款人 付款人 付款单位 缴款单位
        承包方 承包人
      `)
export const USCC_COLUMN: LedgerColumn = {
  field: 'uscc',
  headings: words(`
        统一社会信用代码 社会信用代码 信用代码 统一信用代码 统一代码 机构代码 营业执照号 营业执照号码
        统一社会信用代码证号 业主统一社会信用代码 统一社会信用代码/身份证号 统一社会信用代码/身份证号码
        社会信用代码/身份证号 信用代码/身份证号 身份证号/统一社会信用代码 统一社会信用代码或身份证号
      `),
}
export const CONTRACT_NO_COLUMN: LedgerColumn = {
  field: 'contractNo',
  headings: words('合同编号 合同号 合同编码 合同号码 流转合同编号 协议编号 合同备案号'),
}
export const START_COLUMN: LedgerColumn = {
  field: 'startOn',
  headings: words(`
        起 合同起 起始时间 开始时间 起始 开始 起租时间 起始日 起止时间起 期限起 期限起始 期限开始 期限起始时间
        期限开始时间 时间起 流转时间起 流转时间开始 流转时间起始 年限起 期起 合同期起 流转期起 生效时间 自 时间起始
        时间开始 期间起 起租日 起算时间 起止年限起 起止日期起
      `),
}
export const AREA_COLUMN: LedgerColumn = {
  field: 'areaMu',
  headings: words(`
        面积 流转面积 合同面积 实测面积 总面积 流转总面积 面积小计 面积合计 亩数 流转亩数 实际面积 签约面积 计租面积
        土地总面积 规模 流转规模
      `),
  merged: 'refuse',
}

export const readWords = (cell: SourceCell): Reading<string> => {
  const value = readText(cell)
  if (value === undefined) return undefined
  return cellError(value) ?? { value }
}

/** Words of which those that were masked on the way out are no data. */
export const readUnmasked = (cell: SourceCell): Reading<string> =>
  typeof cell === 'string' && cell.includes('*') ? undefined : readWords(cell)

/** What was masked in it on the way out is no data, and neither is the text without it. */
const unlessMasked = (reading: Reading<string>): Reading<string> =>
  reading && 'value' in reading && hasMaskedNumber(reading.value) ? undefined : reading
export const readFreeWords = (cell: SourceCell) => unlessMasked(readWords(cell))
export const readContractNo = (cell: SourceCell) => unlessMasked(readContractCode(cell))

/** A number that is broken over lines (2015- / 0012号) is one. */
const BROKEN = /(?<=[-—_/第字(〔[])\s*[\r\n]+|[\r\n]+\s*(?=[-—_/第号)〕\](〔])/gu
const NUMBERS_APART = /[\r\n、;；]+|[,，](?=.{4})/u
const several = {
  code: 'several-contracts',
  reason: '一格写有多个合同编号,无法确定本行是哪份合同;请每份合同一行填写',
}

/** The number of one contract. */
export function readContractCode(cell: SourceCell): Reading<string> {
  const parts = typeof cell === 'string' ? cell.replace(BROKEN, '').split(NUMBERS_APART) : []
  return parts.filter((part) => /\p{Nd}/u.test(part)).length > 1 ? several : readCode(cell)
}

/** A person's ID number stands for a code; one that was masked on the way out is no data. */
const readUscc = (cell: SourceCell): Reading<string> => {
  const reading = readCode(cell)
  return reading && 'value' in reading && reading.value.includes('*') ? undefined : reading
}

export function readParty(row: RowCells) {
  return { operatorName: row.read('operatorName', readWords), uscc: readCodeOf(row) }
}

/** The code, else the ID number that a list of operators has in a column of its own. */
function readCodeOf(row: RowCells) {
  const uscc = row.read('uscc', readUscc)
  if (uscc === undefined) return row.hasFailed('uscc') ? uscc : row.read('idNumber', readUscc)
  if (lineOf(row.cell('idNumber')) !== '') row.guess('idNumber', '已有统一社会信用代码,该列未使用')
  return uscc
}

const YUAN_ALONE = /^-?(?:人民币|rmb|cny|¥)+:?-?[\d.,]+$/i
const yuanOr = (unit: string) => ({
  code: 'unit-contradicts',
  reason:
    `单元格以元计(带 ¥ 或其格式把数缩小显示),表头或标题以${unit}计,无法确定单位;` +
    `请改为常规格式,或在数后写明 元 或 ${unit}`,
})

/** Where a cell counts in yuan by its sign and its heading in something else, nobody can tell. */
export const yuanAgainst = (cell: SourceCell, unit: string) =>
  YUAN_ALONE.test(lineOf(cell).replace(/\s/g, '')) ? yuanOr(unit) : undefined

/** A cell of money in a unit. */
export function moneyIn(cell: SourceCell, unit: string): Reading<number> {
  const against = unit.endsWith('元') && unit !== '元' && yuanAgainst(cell, unit)
  if (against) return against
  if (unit === '千元' || unit === '百元') return readFen(withUnit(cell, unit))
  return readFen(cell, unit === '万元' ? 'wan_yuan' : 'yuan')
}

/** Money in the unit of its heading, else of the sheet. */
export const readMoney = (row: RowCells, field: string, units = MONEY_UNITS): number | undefined =>
  readInUnit(row, field, units, moneyIn)

export const readMu = (row: RowCells, field: string): number | undefined =>
  readInUnit(row, field, AREA_UNITS, (cell, unit) => {
    if (unit === '平方米') return readArea(cell, 'square_metre')
    if (unit === '公顷') return readArea(cell, 'hectare')
    return readArea(unit === '' || unit === '亩' ? cell : withUnit(cell, unit))
  })

const COUNT = '第?[\\d一二三四五六七八九十]+(?:[、,和至~-]第?[\\d一二三四五六七八九十]+)*'
const GROUP = new RegExp(`${COUNT}(?:村民)?(?:小?组|社|(?:生产)?队)`, 'u')
const GROUP_ALONE = new RegExp(`^${GROUP.source}.*$`, 'u')
const GROUP_OF_VILLAGE = new RegExp(`(?<=村|社区|居)\\s?${GROUP.source}.*$`, 'u')
const IN_TOWNSHIP = /^(\p{Script=Han}{2,6}?(?:镇|乡|街道))(\p{Script=Han}+(?:村|社区).*)$/u

/**
 * Where a row lies: by its own cells, else by the heading of its section, the name of the tab, a
 * title or the name of the file. A group of the village (3组) is not kept.
 */
export function readPlace(row: RowCells) {
  const villageCode = row.read('villageCode', readCode)
  const written = row.read('villageName', readWords)?.replace(GROUP_OF_VILLAGE, '')
  const ownTownship = row.read('township', readWords)
  let villageName = written === undefined || GROUP_ALONE.test(written) ? undefined : written
  const [, above, village] = IN_TOWNSHIP.exec(villageName ?? '') ?? []
  if (village !== undefined && (ownTownship === undefined || ownTownship === above))
    villageName = village
  const { village: aside } = row.sheet
  if (!villageName && !villageCode && aside && !row.hasFailed('villageName')) {
    villageName = aside.words
    row.guessFrom(aside.column, aside.words, `村:${aside.words}`)
  }
  const township = ownTownship ?? above ?? row.sheet.township
  return { township, villageName, villageCode }
}

/** Which contract a row is about. */
export function readContractNamed(row: RowCells) {
  return {
    contractNo: row.read('contractNo', readContractNo),
    ...readPlaceOfContract(row),
    ...readParty(row),
    startOn: row.read('startOn', (cell) => readDay(cell, 'start')),
    areaMu: readMu(row, 'areaMu'),
  }
}

/** A number alone may name a contract: no village is guessed then. */
function readPlaceOfContract(row: RowCells) {
  const numbered = row.cell('contractNo') !== null
  if (!numbered || row.has('villageName') || row.has('villageCode')) return readPlace(row)
  return { township: row.read('township', readWords) }
}
