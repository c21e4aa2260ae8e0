import { readFundingSource, readSubsidyStanding, UNNUMBERED } from '../domain/code-words.ts'
import { hasMaskedNumber } from '../domain/mask-personal.ts'
import { readDay } from '../domain/read-day.ts'
import { lineOf, readText } from '../domain/read-text.ts'
import { readYears } from '../domain/read-years.ts'
import type { SourceCell } from '../domain/reading.ts'
import { type LedgerColumns, words } from './ledger-column.ts'
import {
  CONTRACT_NO_COLUMN,
  moneyIn,
  OPERATOR_NAMES,
  PLACE_COLUMNS,
  readContractCode,
  readFreeWords,
  readMoney,
  readParty,
  readPlace,
  readWords,
  USCC_COLUMN,
} from './place-and-party.ts'
import { MONEY_UNITS, readInUnit } from './read-in-unit.ts'
import { type RowCells, stated } from './row-cells.ts'

/** 补助资金兑付台账: what is to be paid to operators, and what of it is. */
export const subsidyColumns: LedgerColumns<'subsidies'> = {
  sheetNames: /补助|补贴|奖补|兑付/,
  columns: [
    CONTRACT_NO_COLUMN,
    { field: 'linkedContract', headings: words('关联合同 关联合同编号') },
    {
      field: 'operatorName',
      headings: [
        ...words(`
        补助对象 补助对象名称 受补助对象 实施主体 项目主体 申报主体 申报单位 补贴对象 建设主体 项目业主 受益主体
        实施单位
      `),
        ...OPERATOR_NAMES,
      ],
    },
    USCC_COLUMN,
    ...PLACE_COLUMNS,
    {
      field: 'programme',
      headings: words(
        '项目名称 补助项目 补助名称 项目 补贴项目 奖补项目 补助类型 补贴名称 补助项目名称 政策名称 资金名称 补助内容',
      ),
    },
    { field: 'year', headings: words('年度 项目年度 补助年度 年份 实施年度 资金年度') },
    {
      field: 'standing',
      headings: words('认定口径 认定情况 是否认定 口径 认定结果 认定状态'),
    },
    {
      field: 'amountFen',
      headings: words(`
        应补金额 补助金额 应付金额 应兑付金额 补助资金 应付补助 补贴金额 核定金额 应补资金 应补助金额 应拨付金额
        核定补助金额 金额 应付未付补助
      `),
      merged: 'refuse',
    },
    {
      field: 'disbursedFen',
      headings: words(
        '已补金额 已兑付金额 已拨付金额 已付金额 已补资金 已拨金额 已兑付 已拨付 已补助金额 已拨付资金 已兑现金额',
      ),
      merged: 'first',
    },
    { field: 'outstandingFen', headings: words('未补金额 未兑付金额 未拨付金额') },
    {
      field: 'disbursedOn',
      headings: words('已补日期 拨付日期 兑付日期 拨付时间 已补时间'),
    },
    { field: 'disbursement', headings: words('拨付 兑付') },
    {
      field: 'documentNo',
      headings: words('文件依据 文号 依据 文件号 文件文号 政策依据 批复文号'),
    },
    { field: 'fundingSource', headings: words('资金来源 资金级别 资金层级 资金类别 来源') },
    { field: 'acceptedOn', headings: words('受理日期 验收日期 验收时间 受理时间') },
    { field: 'acceptance', headings: words('验收 验收情况 县级验收') },
    { field: 'approval', headings: words('批复 批复情况 批复时间') },
    {
      field: 'payableOn',
      headings: words(
        '应付日期 应兑付时间 应拨付时间 应付时间 应兑付日期 应补日期 兑付期限 应拨付日期 约定兑付时间',
      ),
    },
    {
      field: 'expectedOn',
      headings: words('预计兑付时间 预计拨付时间 计划兑付时间 拟兑付时间'),
    },
    {
      field: 'stage',
      headings: words('所处环节 当前环节 环节 办理环节 兑付环节 目前环节'),
    },
    {
      field: 'reasonUnpaid',
      headings: words('未兑付原因 未拨付原因 原因 未付原因 未兑现原因'),
    },
    {
      field: 'responsibleUnit',
      headings: words('责任单位 主管单位 责任部门 牵头单位 主管部门'),
    },
  ],
  needed: [['operatorName', 'contractNo', 'linkedContract', 'uscc'], ['programme'], ['amountFen']],
  unused: words(`
        产业 补助标准 单位 核定数量 申报 公示 备注 数量 标准 计量单位 联系电话 法人 面积
      `),
  own: {
    end: words('备注 认定口径 合同编号 受理日期 已补日期'),
    writes: {
      产业: /^/,
      备注: /^(?:没有应付日期,不计逾期|逾期 \d+ 天未兑付|业主主张,未经认定,所称应付日已过 \d+ 天)$/,
    },
  },
  sources: {
    contractNo: ['linkedContract'],
    hiddenContract: ['linkedContract', 'contractNo'],
    disbursedOn: ['disbursement'],
    acceptedOn: ['acceptance'],
    payableOn: ['expectedOn'],
  },
  read(row) {
    const contract = readContract(row)
    const party = readParty(row)
    row.need(
      'operatorName',
      party.operatorName ?? party.uscc ?? contract.contractNo,
      'contractNo',
      'uscc',
    )
    const amountFen = row.need('amountFen', readMoney(row, 'amountFen'))
    const disbursedFen = readMoney(row, 'disbursedFen')
    tellOutstanding(row, amountFen, disbursedFen)
    const years = row.need('year', row.read('year', readYears))
    return stated({
      ...contract,
      ...party,
      ...placeOf(row),
      programme: row.need('programme', row.read('programme', readWords)),
      year: firstOf(row, years),
      ...standingOf(row),
      amountFen,
      documentNo: row.read('documentNo', readWords),
      fundingSource: row.read('fundingSource', readFundingSource),
      acceptedOn: row.read(row.has('acceptedOn') ? 'acceptedOn' : 'acceptance', dayOfStep),
      payableOn: payableOn(row),
      stage: row.read('stage', readFreeWords),
      reasonUnpaid: row.read('reasonUnpaid', readFreeWords),
      responsibleUnit: row.read('responsibleUnit', readFreeWords),
      disbursedFen,
      disbursedOn: row.read(row.has('disbursedOn') ? 'disbursedOn' : 'disbursement', dayOfStep),
    })
  },
}

/** The contract that it is linked to, which may have no number, or one that was masked. */
function readContract(row: RowCells) {
  const written =
    row.read('contractNo', readContractCode) ?? row.read('linkedContract', readContractCode)
  return written === UNNUMBERED || hasMaskedNumber(written ?? '')
    ? { hiddenContract: written }
    : { contractNo: written }
}

/** What is still open is counted, not recorded: where the row says otherwise, that is told. */
function tellOutstanding(row: RowCells, amountFen: number | undefined, paidFen = 0): void {
  if (amountFen === undefined) return
  const openFen = Math.max(0, amountFen - paidFen)
  readInUnit(row, 'outstandingFen', MONEY_UNITS, (cell, unit) => {
    const said = moneyIn(cell, unit)
    if (said === undefined || ('value' in said && said.value === openFen)) return undefined
    const shown = (openFen / 100).toFixed(2)
    return { value: openFen, readAs: `与应补减已补(${shown} 元)不符,该列未使用,请核对应补、已补` }
  })
}

/** A subsidy is of one year: of several the first, as a guess. */
function firstOf(row: RowCells, [first, ...others]: readonly number[] = []) {
  if (others.length > 0) row.guess('year', `${first}(写有多个年度,按首个年度登记)`)
  return first
}

/** A step of the way may be ticked off (已验收) where others write its day. */
const dayOfStep = (cell: SourceCell) =>
  /\d{4}/.test(lineOf(cell)) ? readDay(cell, 'day') : undefined

/** A subsidy need not say where its land lies: only its own cells say so. */
function placeOf(row: RowCells) {
  return row.has('villageName') || row.has('villageCode') ? readPlace(row) : {}
}

/** Recognised, or only claimed; where the row does not say, what on paper speaks for the former. */
function standingOf(row: RowCells) {
  const standing = row.read('standing', readSubsidyStanding)
  if (standing !== undefined || row.hasFailed('standing')) return { standing }
  const field = ['approval', 'acceptance', 'documentNo'].find((one) => saysSo(row, one))
  return field === undefined ? {} : { proof: { field, value: lineOf(row.cell(field)) } }
}

const saysSo = (row: RowCells, field: string) => {
  const text = lineOf(row.cell(field))
  return text !== '' && !/^(?:无|未|否|不|待|没有|\/|-|—)/.test(text)
}

/** 待定, 视资金情况: no day, and none was promised. */
const HOPED_FOR = /^(?!#)[^\d〇零一二三四五六七八九十]{2,}$/u

/**
 * When it is due; the day on which somebody hopes to pay it only where nothing else is said. The
 * ledger of this service, which carries 认定口径, says there when it is due.
 */
function payableOn(row: RowCells) {
  const due = row.read('payableOn', (cell) => readDay(cell, 'end'))
  if (due !== undefined || row.hasFailed('payableOn')) return due
  if (HOPED_FOR.test(readText(row.cell('expectedOn')) ?? '')) {
    row.guess('expectedOn', '不是日期,未登记')
    return undefined
  }
  const guesses = row.guessed.length
  const expected = row.read('expectedOn', (cell) => readDay(cell, 'end'))
  if (expected !== undefined && row.guessed.length === guesses && !row.has('standing'))
    row.guess('expectedOn', `应付日期 ${expected}`)
  return expected
}
