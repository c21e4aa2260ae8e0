import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sendFile } from '../support/import-file.ts'
import { type WrittenSheet, workbookOf } from '../support/sheets-of-a-workbook.ts'
import { OTHER_VILLAGE, openTestCounty, type TestCounty, VILLAGE } from '../support/test-county.ts'

let county: TestCounty
let contractId: string
beforeEach(async () => {
  county = await openTestCounty('2025-03-03')
  await county.put('/regions/519901101', { name: '青溪镇' })
  await county.put(`/regions/${VILLAGE}`, { name: '青溪村' })
  await county.put(`/regions/${OTHER_VILLAGE}`, { name: '白果村' })
  contractId = (await county.contract((await county.operator()).id)).id
})
afterEach(() => county.close())

async function takeIn(ledger: string, sheets: WrittenSheet[]) {
  const content = await workbookOf(sheets)
  const { status, body } = await sendFile(county, ledger, content, { fileName: '台账.xlsx' })
  expect(status, JSON.stringify(body)).toBe(201)
  return body
}
const paidFen = async () => (await county.read(`/contracts/${contractId}/standing`)).paidFen

describe('a payment that two sheets of a workbook have', () => {
  const PLAIN = ['合同编号', '付款日期', '金额(元)']
  const paid = ['2020-0001', '2021-01-05', 6000]
  const told = (sheet: string, column = '金额(元)', value = '6000') => ({
    column,
    value,
    readAs: `另一工作表(${sheet})有相同的行,另登记一笔,请核对`,
  })

  it('is recorded twice, and told on the second sheet', async () => {
    const sheets = [
      { name: '青溪村', rows: [PLAIN, paid, paid] },
      { name: '汇总', rows: [PLAIN, paid, paid.with(2, 5000)] },
    ]
    const { counts, rows } = await takeIn('payments', sheets)
    expect(counts).toMatchObject({ kept: 4 })
    expect(rows.map(({ guessed }: { guessed: object[] }) => guessed)).toEqual([
      ...[[], [], [], []],
      [told('青溪村')],
      [],
    ])
    expect(await paidFen()).toBe(2_300_000)
    const again = await takeIn('payments', sheets)
    expect(again.counts).toMatchObject({ kept: 0, unchanged: 4 })
    expect(again.rows[4].guessed).toEqual([])
  })

  it('is told in whatever columns each has it, and not where both have receipts', async () => {
    const summary = ['业主', '日期', '收款金额(万元)', '摘要']
    const { rows } = await takeIn('payments', [
      { name: '总表', rows: [summary, ['青溪合作社', '2021.1.5', 0.6, '一季度']] },
      {
        name: '青溪村',
        rows: [
          [...PLAIN, '收据号'],
          [...paid, '0001203'],
        ],
      },
      {
        name: '白果村',
        rows: [
          [...PLAIN, '收据号'],
          [...paid, '0001204'],
        ],
      },
    ])
    expect(rows.map(({ status }: { status: string }) => status)).toEqual([
      ...['skipped', 'kept', 'skipped', 'kept', 'skipped', 'kept'],
    ])
    expect(rows[3].guessed).toEqual([told('总表')])
    expect(rows[5].guessed).toEqual([told('总表')])
    const receipts = [
      {
        name: '青溪村',
        rows: [
          [...PLAIN, '收据号'],
          [...paid.with(2, 7000), '0001205'],
        ],
      },
      {
        name: '白果村',
        rows: [
          [...PLAIN, '收据号'],
          [...paid.with(2, 7000), '0001206'],
        ],
      },
    ]
    const numbered = await takeIn('payments', receipts)
    expect(numbered.counts).toMatchObject({ kept: 2 })
    expect(numbered.rows[3].guessed).toEqual([])
  })
})

describe('rows that a sheet hides', () => {
  const rows = [
    ['付款登记表'],
    ['合同编号', '付款日期', '金额(元)'],
    ...[1, 2, 3].map((month) => ['2020-0001', `2021-0${month}-05`, 6000]),
  ]

  it('are taken in, and told once a sheet', async () => {
    const sheets = [
      { name: '一月', rows, hidden: [1, 4, 5] },
      { name: '二月', rows: rows.slice(1), hidden: [1] },
    ]
    const reply = await takeIn('payments', sheets)
    expect(reply.counts).toMatchObject({ kept: 6 })
    expect(reply.rows.flatMap(({ problems }: { problems: object[] }) => problems)).toEqual([
      {
        column: '',
        value: '第 4、5 行',
        code: 'rows-hidden',
        reason: expect.stringContaining('有 2 行被隐藏或筛选掉(第 4、5 行)'),
      },
    ])
    expect(reply.rows[1]).toMatchObject({ row: 2, status: 'skipped' })
  })

  it('are named up to the tenth', async () => {
    const many = Array.from({ length: 12 }, (_, at) => rows[2]?.with(2, 100 + at) ?? [])
    const hidden = many.map((_, at) => at + 3)
    const reply = await takeIn('payments', [
      { name: '一月', rows: [...rows.slice(0, 2), ...many], hidden },
    ])
    expect(reply.rows[1].problems).toMatchObject([
      { value: '第 3、4、5、6、7、8、9、10、11、12 行等' },
    ])
  })
})
