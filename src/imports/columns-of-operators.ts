import { readOperatorKind } from '../domain/code-words.ts'
import { readPhone } from '../domain/read-code.ts'
import { lineOf, readText } from '../domain/read-text.ts'
import { type LedgerColumn, type LedgerColumns, words } from './ledger-column.ts'
import { OPERATOR_NAMES, readParty, readUnmasked, USCC_COLUMN } from './place-and-party.ts'
import { type RowCells, stated } from './row-cells.ts'

/** Who speaks for the operator, what it is. */
export const OPERATOR_COLUMNS: readonly LedgerColumn[] = [
  USCC_COLUMN,
  {
    field: 'kind',
    headings: words(`
        业主类型 类型 主体类型 业主类别 经营主体类型 承租方类型 承租方性质 性质 单位性质 主体性质 经营主体性质
        业主性质 受让方类型 类别 流入方类型
      `),
  },
  {
    field: 'representative',
    headings: words(`
        法人 法定代表人 法人代表 负责人 法人姓名 法人代表人 法定代表人姓名 联系人 业主负责人 代表人 经营者姓名
        法定代表人(负责人)
      `),
  },
  {
    field: 'phone',
    headings: words('联系电话 电话 手机 手机号 电话号码 联系方式 手机号码 业主电话'),
  },
]

/** Whoever leases speaks for himself. */
const SELF = /^(?:同?业主(?:本人)?|(?:经营者|负责人)?本人|自己)$/u

export function readOperatorDetails(row: RowCells) {
  const isSelf = SELF.test(lineOf(row.cell('representative')))
  if (isSelf) row.guess('representative', '即业主本人,未另登记')
  return {
    representative: isSelf ? undefined : row.read('representative', readUnmasked),
    phone: row.read('phone', (cell) => {
      return typeof cell === 'string' && cell.includes('*') ? undefined : readPhone(cell)
    }),
  }
}

/** 业主名册: who leases. */
export const operatorColumns: LedgerColumns<'operators'> = {
  sheetNames: /业主|经营主体|大户|名册|名录/,
  columns: [
    {
      field: 'operatorName',
      headings: [...words('业主名称 名称 姓名 单位名称'), ...OPERATOR_NAMES],
    },
    ...OPERATOR_COLUMNS,
    // Only here: in other ledgers it may as well be that of a farmer.
    { field: 'idNumber', headings: words('身份证号 身份证号码 身份证 公民身份号码 证件号码') },
  ],
  needed: [['operatorName'], ['kind', 'uscc', 'idNumber', 'representative', 'phone']],
  unused: words('编号 乡镇 村 村组 地址 住址 产业 备注'),
  sources: { name: ['operatorName'], uscc: ['idNumber'] },
  read(row) {
    const { operatorName: name, uscc } = readParty(row)
    row.need('operatorName', name)
    return stated({ name, kind: kindOf(row, name), uscc, ...readOperatorDetails(row) })
  },
}

/** By its word, else by the name: told as a guess from whichever says least. */
function kindOf(row: RowCells, name = '') {
  const kind = readKind(row, name)
  if (kind !== undefined || row.hasFailed('kind') || name === '') return kind
  const reading = readOperatorKind(null, name)
  if (!reading || !('value' in reading)) return undefined
  row.guess('operatorName', reading.readAs ?? '')
  return reading.value
}

/** By its word; one that names no kind is told, and read by the name of the operator. */
export const readKind = (row: RowCells, name = '') =>
  row.read('kind', (cell) =>
    readText(cell) === undefined ? undefined : readOperatorKind(cell, name),
  )
