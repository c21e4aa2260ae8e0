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

describe('a township beside the number of a contract that lies in another', () => {
  beforeEach(() => county.contract(operatorId))
  const ledgers: [string, string[], WrittenCell[]][] = [
    ['payments', ['付款日期', '金额'], ['2021-01-05', 6000]],
    ['arrears', ['欠租年度', '欠租金额'], [2023, 6000]],
  ]
  const rowOf = async (ledger: string, place: Record<string, string>, title: string[] = []) => {
    const [, headings, cells] = ledgers.find(([name]) => name === ledger) ??
      ledgers[0] ?? ['', [], []]
    const sheet = [
      title,
      ['合同编号', ...Object.keys(place), ...headings],
      ['2020-0001', ...Object.values(place), ...cells],
    ]
    return (await takeIn(ledger, sheet)).rows.at(-1)
  }
  const ofPlace = ({ guessed }: { guessed: { column: string }[] }) =>
    guessed.filter(({ column }) => column === '乡镇' || column === '村')

  describe.each(ledgers.map(([ledger]) => ledger))('in %s', (ledger) => {
    it('is told where the operator is named', async () => {
      const 乡镇 = '麻柳塘镇'
      for (const village of [[], [['村', '青溪村']]]) {
        const row = await rowOf(ledger, {
          乡镇,
          ...Object.fromEntries(village),
          业主: '青溪合作社',
        })
        expect(row.status).not.toBe('reported')
        expect(ofPlace(row)).toEqual([
          { column: '乡镇', value: '麻柳塘镇', readAs: expect.stringContaining('登记在另一乡镇') },
        ])
      }
    })

    it('is reported where it is not', async () => {
      const row = await rowOf(ledger, { 乡镇: '麻柳塘镇', 村: '青溪村' })
      expect(row).toMatchObject({ status: 'reported', problems: [{ code: 'contract-differs' }] })
    })

    it('says nothing where they agree', async () => {
      const row = await rowOf(ledger, { 乡镇: '青溪镇', 村: '青溪村' })
      expect(row.status).toBe('kept')
      expect(ofPlace(row)).toEqual([])
    })

    it('is told where nobody has registered it, or a title says so', async () => {
      expect(ofPlace(await rowOf(ledger, { 乡镇: '石桥镇' }))).toEqual([
        { column: '乡镇', value: '石桥镇', readAs: '区划中没有该乡镇,按合同编号读作青溪镇' },
      ])
      expect(ofPlace(await rowOf(ledger, { 村: '青溪村' }, ['麻柳塘镇台账']))).toEqual([
        { column: '乡镇', value: '麻柳塘镇', readAs: '按合同编号读作青溪镇' },
      ])
    })
  })

  it('tells two contracts of one number apart', async () => {
    await county.put('/regions/519901102201', { name: '青溪村' })
    const other = await county.contract(operatorId, {
      villageCode: '519901102201',
      startOn: '2021-01-01',
    })
    const row = await rowOf('payments', { 乡镇: '麻柳塘镇', 村: '青溪村' })
    expect(row).toMatchObject({ status: 'kept', record: { contractId: other.id } })
  })
})
