import { amendmentWords, endWords } from '../../src/domain/amendment-words.ts'
import { daysBetween } from '../../src/domain/calendar-day.ts'
import type { LandUse } from '../../src/domain/contract-terms.ts'
import { dueWords } from '../../src/domain/due-words.ts'
import { escalationWords } from '../../src/domain/escalation-words.ts'
import { LAND_USE_NAMES } from '../../src/domain/land-use-names.ts'
import { rentWords } from '../../src/domain/rent-words.ts'
import { amendedRentOf, rentOf } from './county-bodies.ts'
import type { Row } from './county-tables.ts'
import type { DrawnCounty } from './drawn-county.ts'
import type { TableColumn } from './table-sheet.ts'

type Cell = string | number | null
/** A column of a ledger and what it says of a row. */
export type LedgerColumn<R> = TableColumn & { cell: (row: R) => Cell }

const KINDS: Record<string, string> = {
  company: '公司',
  cooperative: '合作社',
  family_farm: '家庭农场',
  individual: '个人',
}
const LESSORS: Record<string, string> = { village_collective: '村集体', household: '农户' }
const SOURCES: Record<string, string> = {
  central: '中央',
  province: '省级',
  city: '市级',
  county: '县级',
}
const STANDINGS: Record<string, string> = { recognised: '认定应付', claimed: '业主主张' }
const DAY_ZERO = '1899-12-30'

type Said<R> = (row: R) => string | number | undefined

const text = <R>(heading: string, width: number, of: Said<R>): LedgerColumn<R> => {
  return { heading, width, cell: (row) => of(row) || null }
}
const number = <R>(heading: string, width: number, of: Said<R>): LedgerColumn<R> => {
  const cell = (row: R) => numberOf(of(row))
  return { heading, width, format: '0', cell }
}
const area = <R>(heading: string, of: Said<R>): LedgerColumn<R> => {
  const cell = (row: R) => numberOf(of(row))
  return { heading, width: 10, format: '0.00', cell }
}
const yuan = <R>(heading: string, of: Said<R>): LedgerColumn<R> => {
  const cell = (row: R) => {
    const fen = numberOf(of(row))
    return fen === null ? null : fen / 100
  }
  return { heading, width: 13, format: '#,##0.00', cell }
}
const day = <R>(heading: string, of: Said<R>): LedgerColumn<R> => {
  const cell = (row: R) => {
    const said = of(row)
    return said ? daysBetween(DAY_ZERO, String(said)) : null
  }
  return { heading, width: 12, format: 'yyyy-mm-dd', cell }
}
const numberOf = (said: string | number | undefined) =>
  said === undefined || said === '' ? null : Number(said)

export const OPERATOR_COLUMNS: LedgerColumn<Row<'operators'>>[] = [
  text('业主名称', 40, ({ name }) => name),
  text('业主类型', 10, ({ kind }) => KINDS[kind]),
  text('统一社会信用代码', 22, ({ uscc }) => uscc),
  text('法定代表人', 12, ({ representative }) => representative),
  text('联系电话', 14, ({ phone }) => phone),
]

export function contractColumns(county: DrawnCounty): LedgerColumn<Row<'contracts'>>[] {
  const { linesOf } = county
  const rent = (row: Row<'contracts'>) => rentOf(row, linesOf(row.key))
  const areaOf = (key: string, land?: string) => {
    const lines = linesOf(key).filter((line) => land === undefined || line.land === land)
    if (lines.length === 0) return undefined
    return lines.reduce((sum, { areaMu }) => sum + Math.round(Number(areaMu) * 100), 0) / 100
  }
  const amended = (row: Row<'contracts'>) =>
    county.amendmentsOf(row.key).map((amendment) => {
      const { effectiveOn, reason, endOn } = amendment
      const newRent = amendedRentOf(amendment, linesOf(row.key))
      return { effectiveOn, reason, ...(endOn && { endOn }), ...(newRent && { rent: newRent }) }
    })
  const ended = ({ key }: Row<'contracts'>) => {
    const end = county.endOf(key)
    return end && endWords(end)
  }
  return [
    text('合同编号', 12, ({ contractNo }) => contractNo),
    text('出租方', 24, ({ lessorName }) => lessorName),
    text('承租方', 26, ({ operator }) => county.operator(operator).name),
    text('村', 12, ({ villageCode }) => county.regionName(villageCode)),
    text('村代码', 14, ({ villageCode }) => villageCode),
    area('面积(亩)', ({ key }) => areaOf(key)),
    area('田', ({ key }) => areaOf(key, 'paddy')),
    area('土', ({ key }) => areaOf(key, 'dry')),
    text('用途', 12, ({ landUse }) => LAND_USE_NAMES[landUse as LandUse]),
    day('起', ({ startOn }) => startOn),
    day('止', ({ endOn }) => endOn),
    text('租金标准', 28, ({ key }) =>
      rentWords(rentOf({} as Row<'contracts'>, linesOf(key)).lines),
    ),
    text('支付方式', 16, (row) => dueWords(rent(row))),
    text('递增', 12, (row) => escalationWords(rent(row).escalation)),
    yuan('保证金(元)', ({ riskDepositFen }) => riskDepositFen),
    text('出租方类型', 10, ({ lessorKind }) => LESSORS[lessorKind]),
    number('户数', 8, ({ households }) => households),
    number('人数', 8, ({ people }) => people),
    day('签订日期', ({ signedOn }) => signedOn),
    number('违约金(‱/日)', 10, ({ penaltyPer10kPerDay }) => penaltyPer10kPerDay),
    number('宽限期(天)', 10, ({ toleranceDays }) => toleranceDays),
    text('履约保险', 10, ({ insured }) => insured && '是'),
    text('变更', 28, (row) => amendmentWords(amended(row))),
    text('终止', 20, ended),
  ]
}

export function paymentColumns(county: DrawnCounty): LedgerColumn<Row<'payments'>>[] {
  const contract = ({ contract }: Row<'payments'>) => county.contract(contract)
  const areaOf = ({ contract }: Row<'payments'>) =>
    county.linesOf(contract).reduce((sum, { areaMu }) => sum + Math.round(Number(areaMu) * 100), 0)
  return [
    text('合同编号', 12, (row) => contract(row).contractNo),
    text('业主', 40, (row) => county.operator(contract(row).operator).name),
    text('村', 12, (row) => county.regionName(contract(row).villageCode)),
    text('村代码', 14, (row) => contract(row).villageCode),
    day('合同起', (row) => contract(row).startOn),
    area('面积(亩)', (row) => areaOf(row) / 100),
    day('收款日期', ({ paidOn }) => paidOn),
    yuan('金额(元)', ({ amountFen }) => amountFen),
    text('收据号', 14, ({ receiptNo }) => receiptNo),
    day('指定期次', ({ designatedDueOn }) => designatedDueOn),
    text('方式', 12, ({ method }) => method),
    text('备注', 24, ({ note }) => note),
  ]
}

export function subsidyColumns(county: DrawnCounty): LedgerColumn<Row<'subsidies'>>[] {
  const { operator, contract, onlyDisbursementOf } = county
  return [
    text('项目名称', 30, ({ programme }) => programme),
    text('文件依据', 22, ({ documentNo }) => documentNo),
    text('资金来源', 10, ({ fundingSource }) => SOURCES[fundingSource]),
    number('年度', 8, ({ year }) => year),
    text('补助对象', 40, (row) => operator(row.operator).name),
    yuan('应补金额(元)', ({ amountFen }) => amountFen),
    yuan('已补金额(元)', ({ key }) => onlyDisbursementOf(key)?.amountFen),
    day('已补日期', ({ key }) => onlyDisbursementOf(key)?.paidOn),
    text('认定口径', 10, ({ standing }) => STANDINGS[standing]),
    day('验收', ({ acceptedOn }) => acceptedOn),
    day('应付日期', ({ payableOn }) => payableOn),
    text('所处环节', 10, ({ stage }) => stage),
    text('未兑付原因', 20, ({ reasonUnpaid }) => reasonUnpaid),
    text('责任单位', 18, ({ responsibleUnit }) => responsibleUnit),
    text('合同编号', 12, (row) => row.contract && contract(row.contract).contractNo),
  ]
}
