import type { SummaryFigures } from '../domain/county-summary.ts'
import { hundredths } from '../domain/hundredths.ts'
import { LAND_USE_NAMES } from '../domain/land-use-names.ts'
import { hundredthsOfMu } from '../domain/mu.ts'
import { ARREARS_CLASS_NOTE, yearsOwedWords } from '../domain/years-owed-words.ts'
import type { Column, Row } from '../platform/spreadsheet/sheet-rows.ts'
import { countySummaryView } from '../risk/county-summary-view.ts'
import type { Ledger, LedgerSource, LedgerWish } from './ledger.ts'

const COLUMNS: readonly Column[] = [
  { heading: '分组', kind: 'text', width: 14 },
  { heading: '项目', kind: 'text', width: 17 },
  { heading: '合同数(份)', kind: 'count', width: 11 },
  { heading: '流转面积(亩)', kind: 'mu', width: 14 },
  { heading: '欠租合同(份)', kind: 'count', width: 14 },
  { heading: '问题面积(亩)', kind: 'mu', width: 14 },
  { heading: '全额欠租面积(亩)', kind: 'mu', width: 14 },
  { heading: '部分欠租面积(亩)', kind: 'mu', width: 14 },
  { heading: '问题面积占比(%)', kind: 'percent', width: 11 },
  { heading: '欠租金额(元)', kind: 'yuan', width: 17 },
  { heading: '涉及户数(户次)', kind: 'count', width: 15 },
  { heading: '可覆盖补助(元)', kind: 'yuan', width: 16 },
  { heading: '已到期或终止的欠租合同(份)', kind: 'count', width: 17 },
  { heading: '其面积(亩)', kind: 'mu', width: 13 },
  { heading: '其欠租金额(元)', kind: 'yuan', width: 16 },
  { heading: '缺粮价合同(份)', kind: 'count', width: 11 },
]

/** 汇总表: the county report's table by land use, by township (in one, by village), by years owed. */
export function summaryLedger(source: LedgerSource, wish: LedgerWish): Ledger {
  return {
    columns: COLUMNS,
    keptColumns: 0,
    rows: summaryRows(source, wish),
    notes: [
      '面积、份数、占比只计数据日期在合同期内的合同,每份合同以全部面积计一次;' +
        '已到期或终止的欠租合同另列于后,其欠租金额不在欠租金额内',
      `${ARREARS_CLASS_NOTE};问题面积为两者之和;占比四舍五入,保留两位小数`,
      '合计不由各行相加:按全部合同重新计算;三个分组各为同一批合同的一种分法,不得相加',
      '涉及户数为欠租合同的户数之和,涉及多份合同的农户按户次计,未登记户数的村集体按 0 户计',
      '可覆盖补助:逾期未兑付的认定补助可覆盖欠租的部分,每笔补助在一行内只计一次,' +
        '同一笔补助可见于多行;可覆盖补助含已到期或终止合同的欠租;只作对照,不抵扣租金',
      '欠租年数为各租金年度欠租折合的满年数',
    ],
  }
}

type View = Awaited<ReturnType<typeof countySummaryView>>

async function* summaryRows({ db, county }: LedgerSource, wish: LedgerWish): AsyncGenerator<Row> {
  const { region, asOf, knownAt, stored } = wish
  const viewBy = (by: 'landUse' | 'township' | 'village') =>
    countySummaryView(db, county, { region, by }, { asOf, knownAt }, stored)
  const byLandUse = await viewBy('landUse')
  const useName = (key: string) => LAND_USE_NAMES[key as keyof typeof LAND_USE_NAMES]
  yield* sectionRows('按产业', byLandUse, ({ key }) => useName(key))
  const inTownship = region !== undefined && region.length > 6
  const byPlace = await viewBy(inTownship ? 'village' : 'township')
  yield* sectionRows(inTownship ? '按村' : '按乡镇', byPlace, ({ key, name }) => name ?? key)
  yield* yearsRows(byLandUse)
}

function* sectionRows(
  section: string,
  { groups, ...total }: View,
  nameOf: (group: View['groups'][number]) => string,
): Generator<Row> {
  for (const group of groups) yield { cells: [section, nameOf(group), ...figureCells(group)] }
  yield { isSum: true, cells: [section, '合计', ...figureCells(total)] }
}

function figureCells(figures: SummaryFigures) {
  const { endedInArrears: ended } = figures
  return [
    figures.contracts,
    hundredthsOfMu(figures.areaMu),
    inArrears(figures),
    hundredthsOfMu(figures.problemAreaMu),
    hundredthsOfMu(figures.yearsAreaMu),
    hundredthsOfMu(figures.partialAreaMu),
    hundredths(figures.problemSharePercent),
    figures.arrearsFen,
    figures.households,
    figures.coverageFen,
    ended.contracts,
    hundredthsOfMu(ended.areaMu),
    ended.arrearsFen,
    figures.unpricedContracts,
  ]
}

const inArrears = ({ byUnpaidYears }: SummaryFigures) =>
  byUnpaidYears.reduce((sum, { contracts }) => sum + contracts, 0)

function* yearsRows(total: View): Generator<Row> {
  const section = '按欠租年数'
  for (const { years, areaMu, contracts } of total.byUnpaidYears) {
    const area = hundredthsOfMu(areaMu)
    const byClass = years === 0 ? [null, area] : [area, null]
    yield { cells: [section, yearsOwedWords(years), null, null, contracts, area, ...byClass] }
  }
  const areas = [total.problemAreaMu, total.yearsAreaMu, total.partialAreaMu].map(hundredthsOfMu)
  yield { isSum: true, cells: [section, '合计', null, null, inArrears(total), ...areas] }
}
