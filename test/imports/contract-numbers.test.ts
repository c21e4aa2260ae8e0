import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sendFile } from '../support/import-file.ts'
import { type WrittenCell, workbookOf } from '../support/sheets-of-a-workbook.ts'
import { OTHER_VILLAGE, openTestCounty, type TestCounty, VILLAGE } from '../support/test-county.ts'

let county: TestCounty
let operatorId: string
beforeEach(async () => {
  county = await openTestCounty('2025-03-03')
  await county.put('/regions/519901101', { name: '青溪镇' })
  await county.put('/regions/519901102', { name: '麻柳塘镇' })
  await county.put(`/regions/${VILLAGE}`, { name: '青溪村' })
  await county.put(`/regions/${OTHER_VILLAGE}`, { name: '白果村' })
  operatorId = (await county.operator()).id
})
afterEach(() => county.close())

async function takeIn(ledger: string, rows: WrittenCell[][], formats: string[] = []) {
  const content = await workbookOf([{ name: 'Sheet1', rows }], formats)
  const { status, body } = await sendFile(county, ledger, content, { fileName: '台账.xlsx' })
  expect(status, JSON.stringify(body)).toBe(201)
  return body
}
const PAID = ['合同编号', '付款日期', '金额(元)']

describe('a cell with the numbers of two contracts', () => {
  it.each([
    '2020-0001\n2020-0002',
    '2020-0001、2020-0002',
    '2020-0001；2020-0002',
    '2020-0001，2020-0002',
    '2020-0001、02',
  ])('is reported: %j', async (numbers) => {
    await county.contract(operatorId)
    const { rows } = await takeIn('payments', [PAID, [numbers, '2021-01-05', 6000]])
    expect(rows[1]).toMatchObject({
      status: 'reported',
      problems: [{ column: '合同编号', value: numbers, code: 'several-contracts' }],
    })
    const headings = ['合同编号', '业主', '村', '出租方', '用途', '面积', '起', '止']
    const contract = [
      numbers,
      '青溪合作社',
      '青溪村',
      '张三',
      '蚕桑',
      3,
      '2020-01-01',
      '2029-12-31',
    ]
    const { counts } = await takeIn('contracts', [headings, contract])
    expect(counts).toMatchObject({ kept: 0, reported: 1 })
  })

  it.each(['2020-0001\n', '编号:\n2020-0001', '青溪、白果2020-0001'])(
    'is not one with one: %j',
    async (number) => {
      const contractNo = number.replace(/\s+/g, ' ').trim()
      await county.contract(operatorId, { contractNo })
      const { counts } = await takeIn('payments', [PAID, [number, '2021-01-05', 6000]])
      expect(counts).toMatchObject({ kept: 1 })
    },
  )
})

describe('a number that a cell shows with a zero at its end', () => {
  it.each(['0.00', '0.00_ '])('is read as it is shown: %s', async (format) => {
    await county.contract(operatorId, { contractNo: '2015.1' })
    const tenth = await county.contract(operatorId, { contractNo: '2015.10' })
    const cells = [{ number: 2015.1, look: 1 }, '2021-01-05', { number: 2015.1, look: 1 }]
    const { rows } = await takeIn('payments', [PAID, cells], [format])
    expect(rows[1]).toMatchObject({
      status: 'kept',
      record: { contractId: tenth.id, contractNo: '2015.10', amountFen: 201_510 },
      guessed: [],
    })
  })

  it('is read as it is stored where it shows none', async () => {
    const first = await county.contract(operatorId, { contractNo: '2015.1' })
    const { rows } = await takeIn('payments', [PAID, [2015.1, '2021-01-05', 6000]])
    expect(rows[1]).toMatchObject({ record: { contractId: first.id } })
    expect(rows[1].guessed).toMatchObject([{ column: '合同编号', value: '2015.1' }])
  })
})
