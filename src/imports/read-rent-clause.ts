import type { Rent, RentLine } from '../domain/contract-terms.ts'
import { readDue } from '../domain/due-words.ts'
import { readEscalation } from '../domain/escalation-words.ts'
import { timesFraction } from '../domain/fen.ts'
import { hundredthsOfMu, muOfHundredths } from '../domain/mu.ts'
import { lineOf, readText } from '../domain/read-text.ts'
import type { SourceCell } from '../domain/reading.ts'
import { type RentGiven, readRent } from '../domain/rent-words.ts'
import { type LedgerColumn, words } from './ledger-column.ts'
import { readMoney, readMu, yuanAgainst } from './place-and-party.ts'
import { GRAIN_RENT_UNITS, RENT_UNITS, readInUnit, YEAR_RENT_UNITS } from './read-in-unit.ts'
import { type RowCells, stated } from './row-cells.ts'

/** What a row's rent clause is read from, beside its area. */
export const CLAUSE_COLUMNS: readonly LedgerColumn[] = [
  {
    field: 'paddyMu',
    headings: words('田 田面积 面积田 水田 面积水田 水田面积 其中田 其中水田 稻田'),
    merged: 'refuse',
  },
  {
    field: 'dryMu',
    headings: words('土 土面积 面积土 旱地 面积旱地 旱地面积 其中土 旱土 坡地 地'),
    merged: 'refuse',
  },
  {
    field: 'landUse',
    headings: words(`
        用途 产业 土地用途 流转用途 种植内容 经营项目 经营内容 种植作物 产业类型 经营业态 主导产业 种植品种 经营产业
        流转后用途 发展产业 种植产业 作物 产业类别 种养内容 经营范围 项目 业态
      `),
  },
  {
    field: 'rent',
    headings: words(`
        租金标准 租金 流转价格 每亩租金 亩租金 租金单价 单价 流转租金 价格 流转单价 每亩价格 年租金标准 租金价格
        流转费 租金标准现金 亩均租金 租价 流转费用 每亩流转费 土地租金 流转租金标准 租金(元/亩) 承包费 标准
      `),
  },
  {
    field: 'grainRent',
    headings: words('实物租金 实物 租金标准实物 黄谷 稻谷 折实物 实物标准 租金标准黄谷'),
  },
  {
    field: 'yearRent',
    headings: words('年租金 年租金总额 租金总额 租金合计 年租金合计 年总租金 年应付租金'),
    merged: 'refuse',
  },
  {
    field: 'due',
    headings: words(`
        支付方式 付款方式 租金支付方式 缴租方式 付租方式 支付周期 付款周期 结算方式 租金付款方式 缴纳方式 交租方式
        租金交付方式 给付方式 付费方式
      `),
  },
  {
    field: 'dueDay',
    headings: words(`
        付款时间 支付时间 缴纳时间 交租时间 租金支付时间 每年支付时间 付租时间 缴租时间 租金缴纳时间 约定付款时间
        付款期限 支付期限 租金支付期限 付款日
      `),
  },
  {
    field: 'escalation',
    headings: words('递增 递增情况 租金递增 递增方式 租金调整 递增标准'),
  },
]

/** The rent clause of a row; a rent that is not written is not agreed, which is no fault. */
export function readClause(row: RowCells, startOn: string | undefined): Rent | undefined {
  const areas = {
    areaMu: readMu(row, 'areaMu'),
    paddyMu: readMu(row, 'paddyMu'),
    dryMu: readMu(row, 'dryMu'),
  }
  const due = startOn === undefined ? undefined : readDueOf(row, startOn)
  const escalation = row.read('escalation', readEscalation) ?? riseBesideRent(row)
  if (AREAS.some((field) => row.hasFailed(field)) || areasDiffer(row, areas)) return undefined
  const lines = readLines(row, areas) ?? linesWithoutRent(row, areas)
  return lines && stated({ lines, escalation, ...due })
}

/** 400元/亩,每3年递增5%: an escalation in the cell of the rent, where it has no cell of its own. */
const RISE_BESIDE = /^(.*[^,;、(])[,;、(]([^,;、()]*\d+(?:\.\d+)?%)\)?$/u

function besideRent(row: RowCells, cell: SourceCell): { rent: SourceCell; rise?: string } {
  const [, rent, rise] = RISE_BESIDE.exec(lineOf(cell)) ?? []
  const isAlone = readText(row.cell('escalation')) === undefined
  return isAlone && rent !== undefined && rise !== undefined ? { rent, rise } : { rent: cell }
}

function riseBesideRent(row: RowCells): Rent['escalation'] {
  const { rise } = besideRent(row, row.cell('rent'))
  return rise === undefined ? undefined : row.read('rent', () => readEscalation(rise))
}

const NAMES_AREAS = /\d亩/
const AREAS = ['areaMu', 'paddyMu', 'dryMu'] as const

function areasDiffer(row: RowCells, { areaMu, paddyMu, dryMu }: RentGiven): boolean {
  if (areaMu === undefined || paddyMu === undefined || dryMu === undefined) return false
  // A rent that names its areas is held against the whole by its reader.
  if (NAMES_AREAS.test(lineOf(row.cell('rent')))) return false
  const apart = hundredthsOfMu(paddyMu) + hundredthsOfMu(dryMu)
  if (Math.abs(apart - hundredthsOfMu(areaMu)) <= 1) return false
  const reason = `面积 ${areaMu} 亩与田、土合计 ${muOfHundredths(apart)} 亩不一致`
  row.problem('areaMu', 'areas-differ', reason)
  return true
}

function readLines(row: RowCells, areas: RentGiven): RentLine[] | undefined {
  const field = readText(row.cell('rent')) === undefined ? 'grainRent' : 'rent'
  const hasArea = AREAS.some((one) => areas[one] !== undefined)
  // Without any area only words that carry their own can be placed.
  if (!hasArea && !NAMES_AREAS.test(lineOf(row.cell(field)))) return undefined
  const units = field === 'rent' ? RENT_UNITS : GRAIN_RENT_UNITS
  const lines = readInUnit(row, field, units, (whole, unit, isOfColumn) => {
    const { rent: cell } = besideRent(row, whole)
    return isOfColumn || unit !== '万元'
      ? readRate(cell, unit, areas)
      : readRateUnderTitle(cell, areas)
  })
  if (lines !== undefined || row.hasFailed(field)) return lines
  return readText(row.cell('yearRent')) === undefined ? undefined : linesOfYearRent(row, areas)
}

const WAN_YUAN_MAX = 5
const IS_NUMBER = /^[\d.,]+$/

function readRate(cell: SourceCell, unit: string, areas: RentGiven) {
  const inKind = unit.endsWith('/亩') && !unit.includes('元')
  const against = inKind && yuanAgainst(cell, unit)
  if (against) return against
  const isGrain = inKind && IS_NUMBER.test(lineOf(cell))
  if (isGrain) return readRent(`${lineOf(cell)}${unit}`, areas)
  return readRent(cell, { ...areas, unit: unit.startsWith('万元') ? 'wan_yuan' : 'yuan' })
}

/** 600 is never 600 万元 a mu, whatever the title counts in. */
function readRateUnderTitle(cell: SourceCell, areas: RentGiven) {
  const line = lineOf(cell)
  if (!IS_NUMBER.test(line) || Number(line) <= WAN_YUAN_MAX) return readRate(cell, '万元', areas)
  const reading = readRate(cell, '元', areas)
  return reading && 'value' in reading ? { ...reading, readAs: `${line}元/亩` } : reading
}

/** A year's rent for the whole area, where it comes out even for each mu. */
function linesOfYearRent(row: RowCells, areas: RentGiven): RentLine[] | undefined {
  const yearFen = readMoney(row, 'yearRent', YEAR_RENT_UNITS)
  const lines = landsOf(areas)
  if (yearFen === undefined || !lines) return undefined
  const hundredths = lines.reduce((sum, { areaMu }) => sum + hundredthsOfMu(areaMu), 0)
  const fenPerMu = hundredths === 0 ? 0 : timesFraction(yearFen, 100, hundredths)
  const again = lines.reduce(
    (sum, { areaMu }) => sum + timesFraction(hundredthsOfMu(areaMu), fenPerMu, 100),
    0,
  )
  if (again !== yearFen) {
    const reason = '年租金总额按面积折算不到每亩整分,请填写每亩租金标准'
    row.problem('yearRent', 'rent-not-per-mu', reason)
    return undefined
  }
  row.guess('yearRent', `${(fenPerMu / 100).toFixed(2)}元/亩`)
  return lines.map((line) => ({ ...line, basis: 'cash', fenPerMu }))
}

function linesWithoutRent(row: RowCells, areas: RentGiven): RentLine[] | undefined {
  if (['rent', 'grainRent', 'yearRent'].some((field) => row.hasFailed(field))) return undefined
  const lines = landsOf(areas)
  row.need('areaMu', lines, 'paddyMu', 'dryMu')
  return lines
}

function landsOf({ areaMu, paddyMu = 0, dryMu = 0 }: RentGiven): RentLine[] | undefined {
  const lands: RentLine[] = [
    ...(paddyMu > 0 ? [{ land: 'paddy' as const, areaMu: paddyMu }] : []),
    ...(dryMu > 0 ? [{ land: 'dry' as const, areaMu: dryMu }] : []),
  ]
  const apart = hundredthsOfMu(paddyMu) + hundredthsOfMu(dryMu)
  const isWhole = areaMu === undefined || apart === hundredthsOfMu(areaMu)
  if (lands.length > 0 && isWhole) return lands
  return areaMu === undefined ? undefined : [{ areaMu }]
}

/** How often and from when: from one column or from two, 按年 beside 12月31日前. */
function readDueOf(row: RowCells, startOn: string) {
  const often = readText(row.cell('due'))
  const when = readText(row.cell('dueDay'))
  if (when === undefined) return row.read('due', (cell) => readDue(cell, startOn))
  const words = often === undefined ? when : `${often},${when}`
  return row.read('dueDay', () => readDue(words, startOn))
}
