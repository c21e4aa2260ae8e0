import { CONTRACT_CHECKS, checkWords } from '../domain/contract-checks.ts'
import { readYears } from '../domain/read-years.ts'
import type { SourceCell } from '../domain/reading.ts'
import type { ArrearsRecord } from './import-row.ts'
import { type LedgerColumns, words } from './ledger-column.ts'
import {
  AREA_COLUMN,
  CONTRACT_NO_COLUMN,
  OPERATOR_NAMES,
  PLACE_COLUMNS,
  readContractNamed,
  readMoney,
  START_COLUMN,
  USCC_COLUMN,
} from './place-and-party.ts'
import { type RowCells, stated } from './row-cells.ts'
import { ofYearsIn } from './year-columns.ts'

/**
 * What the service writes from contracts, payments and risks. What it writes of cases people fill
 * in as well (化解措施 … 是否化解): nobody can tell whose words they are.
 */
const COMPUTED = words(`
    产业 合同止 租金标准 应付租金(元) 已付租金(元) 欠租面积(亩) 全额/部分 涉及户数 涉及人数 应付未付补助(元)
    研判等级
  `)

const REMARKS = [
  '合同已到期',
  '合同已于 \\d{4}-\\d{2}-\\d{2} 终止',
  ...CONTRACT_CHECKS.map((check) => checkWords(check).zh),
  '本乡镇久未填报,等级为暂定',
]

/** 欠租台账: what is owed of which rent years, as an opening balance. */
export const arrearsColumns: LedgerColumns<'arrears'> = {
  sheetNames: /欠租|拖欠|欠款|欠缴/,
  columns: [
    CONTRACT_NO_COLUMN,
    { field: 'operatorName', headings: OPERATOR_NAMES },
    USCC_COLUMN,
    ...PLACE_COLUMNS,
    START_COLUMN,
    { ...AREA_COLUMN, merged: undefined },
    {
      field: 'rentYears',
      headings: words(`
        欠租年度 欠租年份 拖欠年度 拖欠年份 欠款年度 欠付年度 所欠年度 年度 欠租时间 拖欠时间 欠租期间 欠缴年度 年份
        欠租所属年度
      `),
    },
    {
      field: 'arrearsFen',
      headings: words(`
        欠租金额 欠付租金 拖欠金额 拖欠租金 尚欠租金 欠租总额 欠款金额 欠租 未付租金 欠缴租金 欠缴金额 拖欠租金金额
        欠租额 尚欠金额 未付金额 欠款 应付未付租金 累计欠租 累计欠租金额 金额
      `),
      merged: 'refuse',
    },
  ],
  byYear: 'arrearsFen',
  needed: [['arrearsFen'], ['contractNo', 'operatorName', 'uscc']],
  unused: words(`
        法人 联系电话 产业 用途 合同止 止 租金标准 应付租金 已付租金 欠租面积 全额/部分 欠租类型 涉及户数
        涉及人数 户数 人数 欠租原因 业主现状 应付未付补助 信访情况 研判等级 化解措施 责任单位 包案领导 责任人
        完成时限 进展 是否化解 备注 业主类型 出租方
      `),
  own: {
    end: words('备注 合同编号 村代码 统一社会信用代码'),
    writes: {
      ...Object.fromEntries(COMPUTED.map((heading) => [heading, /^/])),
      ...{ 法人: /\*/, 联系电话: /\*/ },
      备注: new RegExp(`^(?:(?:${REMARKS.join('|')})(?:;|$))+$`),
      欠租原因: /^摸排\(\d{4}-\d{2}-\d{2}\):/,
      业主现状: /\(\d{4}-\d{2}-\d{2} 起,据/,
      信访情况: /^近(?:一年| \d+ 天) \d+ 次信访反映,/,
    },
  },
  read(row) {
    const named = readContractNamed(row)
    row.need('contractNo', named.contractNo ?? named.operatorName ?? named.uscc, 'operatorName')
    return stated({ ...named, ...readOwed(row), asOf: asOfSheet(row) })
  },
}

/** What is owed of which years: a sum, or of each year what its column says. */
function readOwed(
  row: RowCells,
): Pick<Partial<ArrearsRecord>, 'rentYears' | 'arrearsFen' | 'byYear'> {
  const fields = row.yearFields('arrearsFen')
  const byYear = fields.flatMap((field) => {
    const arrearsFen = readMoney(row, field)
    if (arrearsFen !== undefined && arrearsFen < 0)
      row.problem(field, 'out-of-range', '欠租不能为负数')
    return arrearsFen === undefined ? [] : [{ ...ofYearsIn(field), arrearsFen }]
  })
  const rentYears = row.read('rentYears', readYearsOf)
  const statedFen = readMoney(row, 'arrearsFen')
  if (byYear.length === 0 || fields.some((field) => row.hasFailed(field)))
    return { rentYears, arrearsFen: row.need('arrearsFen', statedFen, ...fields) }
  const owed = byYear.filter((one) => one.arrearsFen !== 0)
  const arrearsFen = owed.reduce((sum, one) => sum + one.arrearsFen, 0)
  if (statedFen !== undefined && statedFen !== arrearsFen)
    row.problem('arrearsFen', 'sum-differs', `各年度之和为 ${yuan(arrearsFen)},与本格不一致`)
  if (owed.length === 0) return { arrearsFen }
  if (owed.some((one) => 'upToYear' in one)) return { arrearsFen, byYear: owed }
  const named = owed.flatMap((one) => ('rentYears' in one ? one.rentYears : []))
  const ofYears = named.sort((a, b) => a - b)
  if (rentYears && rentYears.join() !== ofYears.join())
    row.problem('rentYears', 'years-differ', '与各年度栏中有欠租的年度不一致')
  return { rentYears: ofYears, arrearsFen, byYear: owed }
}

const yuan = (amountFen: number) => `${(amountFen / 100).toFixed(2)} 元`

/** 2020—2023年合计 are those years. */
const readYearsOf = (cell: SourceCell) =>
  readYears(typeof cell === 'string' ? cell.replace(/(?<=[\d年度])\s*(?:合计|共计)$/, '') : cell)

/** The day of the title; figures of a day that has not come are those of today. */
function asOfSheet(row: RowCells): string {
  const { asOf, today } = row.sheet
  const reading = asOf?.reading
  if (!reading || !('value' in reading) || reading.value > today) {
    row.guessFrom('填报时间', asOf?.words ?? '', today)
    return today
  }
  const isTold = asOf.column === '填报时间' && reading.readAs === undefined
  if (!isTold) row.guessFrom(asOf.column, asOf.words, reading.value)
  return reading.value
}
