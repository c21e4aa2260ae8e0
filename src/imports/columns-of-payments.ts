import { readCode } from '../domain/read-code.ts'
import { readDay } from '../domain/read-day.ts'
import { type LedgerColumns, words } from './ledger-column.ts'
import {
  AREA_COLUMN,
  CONTRACT_NO_COLUMN,
  OPERATOR_NAMES,
  PLACE_COLUMNS,
  readContractNamed,
  readMoney,
  readWords,
  START_COLUMN,
  USCC_COLUMN,
} from './place-and-party.ts'
import { stated } from './row-cells.ts'

/** 收款台账: rent that was paid. */
export const paymentColumns: LedgerColumns<'payments'> = {
  sheetNames: /收款|付款|支付|缴费|缴租|收租|交租|收据/,
  columns: [
    CONTRACT_NO_COLUMN,
    { field: 'operatorName', headings: OPERATOR_NAMES },
    USCC_COLUMN,
    ...PLACE_COLUMNS,
    START_COLUMN,
    { ...AREA_COLUMN, merged: undefined },
    {
      field: 'paidOn',
      headings: words(`
        收款日期 付款日期 支付日期 缴款日期 交款日期 缴纳日期 到账日期 收款时间 付款时间 支付时间 缴费时间 交租时间
        缴租时间 入账时间 日期 收租时间 实际付款时间 实际支付时间 收到时间 兑付时间 时间
      `),
    },
    {
      field: 'amountFen',
      headings: words(`
        金额 收款金额 付款金额 支付金额 已付租金 实付租金 实收金额 实付金额 缴纳金额 缴款金额 交款金额 到账金额
        实收租金 租金金额 已付金额 租金 已收租金 收取租金 支付租金 付款额 收款额 本次付款
      `),
      merged: 'refuse',
    },
    {
      field: 'receiptNo',
      headings: words(`
        收据号 票据号 收据编号 票据编号 收据号码 票据号码 凭证号 凭证编号 流水号 交易流水号 发票号 单据号 收款凭证号
        银行流水号
      `),
    },
    {
      field: 'designatedDueOn',
      headings: words('指定期次 所属期 指定应付日 所属期次 应付日 应付日期 对应期次'),
    },
    {
      field: 'method',
      headings: words('方式 付款方式 支付方式 收款方式 缴款方式 支付渠道 付款渠道 结算方式'),
    },
    { field: 'note', headings: words('备注 摘要 说明 用途 款项说明') },
  ],
  needed: [['amountFen'], ['paidOn'], ['contractNo', 'operatorName', 'uscc']],
  unused: words(
    '法人 联系电话 产业 经手人 收款人 出纳 合同止 租金标准 应付租金 未付租金 欠租金额 收款方 出租方',
  ),
  read(row) {
    const named = readContractNamed(row)
    row.need('contractNo', named.contractNo ?? named.operatorName ?? named.uscc, 'operatorName')
    return stated({
      ...named,
      amountFen: row.need('amountFen', readMoney(row, 'amountFen')),
      paidOn: row.need(
        'paidOn',
        row.read('paidOn', (cell) => readDay(cell, 'day')),
      ),
      receiptNo: row.read('receiptNo', readCode),
      designatedDueOn: row.read('designatedDueOn', (cell) => readDay(cell, 'end')),
      method: row.read('method', readWords),
      note: row.read('note', readWords),
    })
  },
}
