import { readAmendments, readEnd } from '../domain/amendment-words.ts'
import { readYesNo } from '../domain/code-words.ts'
import { LAND_USE_NAMES } from '../domain/land-use-names.ts'
import { readLandUse } from '../domain/land-use-words.ts'
import { readCount } from '../domain/read-count.ts'
import { readDay } from '../domain/read-day.ts'
import { readTwoDecimals } from '../domain/read-percent.ts'
import { OPERATOR_COLUMNS, readKind, readOperatorDetails } from './columns-of-operators.ts'
import { type LedgerColumns, words } from './ledger-column.ts'
import {
  AREA_COLUMN,
  CONTRACT_NO_COLUMN,
  OPERATOR_NAMES,
  PLACE_COLUMNS,
  readContractNo,
  readMoney,
  readParty,
  readPlace,
  START_COLUMN,
} from './place-and-party.ts'
import { DAY_UNITS, PENALTY_UNITS, readInUnit, withUnit, YEAR_UNITS } from './read-in-unit.ts'
import { LESSOR_COLUMNS, readLessorOf } from './read-lessor-columns.ts'
import { CLAUSE_COLUMNS, readClause } from './read-rent-clause.ts'
import { type RowCells, stated } from './row-cells.ts'

/** 流转台账: leases with their clauses. */
export const contractColumns: LedgerColumns<'contracts'> = {
  sheetNames: /流转|合同|租赁台账/,
  columns: [
    CONTRACT_NO_COLUMN,
    { field: 'operatorName', headings: OPERATOR_NAMES },
    ...OPERATOR_COLUMNS,
    ...LESSOR_COLUMNS,
    ...PLACE_COLUMNS,
    AREA_COLUMN,
    ...CLAUSE_COLUMNS,
    START_COLUMN,
    {
      field: 'endOn',
      headings: words(`
        止 合同止 终止时间 结束时间 到期时间 截止时间 到期 到期日 终止日 期限止 期限终止 期限结束 期限截止 期限到期
        期限终止时间 期限结束时间 时间止 时间终止 时间结束 年限止 期止 合同期止 流转期止 止期 期满时间 起止时间止
        合同终止 流转到期 失效时间 至 期间止 起止年限止 起止日期止 期限到期时间 期限截止时间 结束 截止
      `),
    },
    {
      field: 'term',
      headings: words(`
        期限 流转期限 起止时间 起止日期 流转起止时间 合同起止时间 起止年限 流转时间 租赁期 租期 合同期 流转期
        合同时间 期限起止 期限(起止) 起止年月 合同起止 流转起止 期限起止时间 租赁时间 期间
      `),
    },
    { field: 'termYears', headings: words('年限 流转年限 租赁年限 合同年限 年数') },
    {
      field: 'signedOn',
      headings: words('签订日期 签订时间 签约日期 签约时间 合同签订时间'),
    },
    {
      field: 'riskDepositFen',
      headings: words('保证金 风险保障金 风险保证金 押金 履约保证金 风险金 保证金金额'),
      merged: 'first',
    },
    { field: 'insured', headings: words('履约保险 履约保证保险 是否投保 保险') },
    {
      field: 'penaltyPer10kPerDay',
      headings: words('违约金(‱/日) 违约金 违约金比例 日违约金'),
    },
    { field: 'toleranceDays', headings: words('宽限期(天) 宽限期 宽限天数') },
    { field: 'amendments', headings: words('变更 变更情况 合同变更 变更记录') },
    { field: 'end', headings: words('终止 终止情况 提前终止 解除') },
  ],
  needed: [
    ['operatorName', 'uscc'],
    ['startOn', 'term'],
    ['areaMu', 'paddyMu', 'dryMu', 'rent'],
  ],
  unused: words(`
        地块 地块名称 地块编码 四至 备案 备案号 备案情况 备注 应付租金 已付租金 欠租年度 欠租面积 欠租金额
        全额/部分 欠租原因 业主现状 信访情况 研判等级 应付未付补助 化解措施 责任单位 包案领导 责任人 完成时限 进展
        是否化解 编号 身份证号 身份证号码
      `),
  untold: ['村组'],
  own: {
    end: words('户数 人数 签订日期 违约金(‱/日) 宽限期(天) 履约保险 变更 终止'),
    writes: { 备注: /^(?:未到起租日|已到期|已于 \d{4}-\d{2}-\d{2} 终止)$/ },
  },
  sources: { rent: ['rent', 'yearRent', 'due', 'areaMu', 'paddyMu', 'dryMu'] },
  read(row) {
    const party = readParty(row)
    row.need('operatorName', party.operatorName ?? party.uscc, 'uscc')
    const { startOn, endOn } = readTerm(row)
    return stated({
      contractNo: row.read('contractNo', readContractNo),
      ...party,
      ...readOperatorDetails(row),
      operatorKind: readKind(row, party.operatorName),
      ...readPlace(row),
      lessor: readLessorOf(row),
      landUse: readLandUseOf(row),
      startOn,
      endOn,
      signedOn: row.read('signedOn', (cell) => readDay(cell, 'day')),
      rent: readClause(row, startOn),
      riskDepositFen: readMoney(row, 'riskDepositFen'),
      insured: row.read('insured', readYesNo),
      penaltyPer10kPerDay: readInUnit(row, 'penaltyPer10kPerDay', PENALTY_UNITS, (cell, unit) =>
        readTwoDecimals(unit === '‱' ? cell : withUnit(cell, unit), 'per_10k'),
      ),
      toleranceDays: readInUnit(row, 'toleranceDays', DAY_UNITS, readCount),
      amendments: row.read('amendments', readAmendments),
      end: row.read('end', readEnd),
    })
  },
}

/** Start and end, which may stand in one cell; a number of years is counted from the start. */
function readTerm(row: RowCells) {
  const startOn = row.need(
    'startOn',
    row.read('startOn', (cell) => readDay(cell, 'start')) ??
      (row.cell('startOn') === null
        ? row.read('term', (cell) => readDay(cell, 'start'))
        : undefined),
    'term',
  )
  if (startOn === undefined) {
    row.read('endOn', (cell) => readDay(cell, 'end', '2000-01-01'))
    return {}
  }
  const years = (cell: unknown) => readDay(`${String(cell).replace(/年$/, '')}年`, 'end', startOn)
  const endOn = row.need(
    'endOn',
    row.read('endOn', (cell) => readDay(cell, 'end', startOn)) ??
      row.read('term', (cell) => readDay(cell, 'end', startOn)) ??
      readInUnit(row, 'termYears', YEAR_UNITS, years),
    'term',
    'termYears',
  )
  if (endOn === undefined || endOn >= startOn) return { startOn, endOn }
  row.problem('endOn', 'end-before-start', `止(${endOn})早于起(${startOn})`)
  return { startOn }
}

/** By its cell, else by what a title or the name of the tab says that is grown. */
function readLandUseOf(row: RowCells) {
  const read = row.read('landUse', readLandUse)
  if (read !== undefined || row.hasFailed('landUse')) return read
  const aside = row.sheet.landUse
  const reading = aside && readLandUse(aside.words)
  if (!reading || !('value' in reading)) return row.need('landUse', undefined)
  row.guessFrom(aside.column, aside.words, `用途:${LAND_USE_NAMES[reading.value]}`)
  return reading.value
}
