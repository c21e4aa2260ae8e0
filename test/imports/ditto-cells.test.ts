import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readAll } from '../support/hand-made-workbook.ts'
import { sendFile } from '../support/import-file.ts'
import { type WrittenCell, workbookOf } from '../support/sheets-of-a-workbook.ts'
import { OTHER_VILLAGE, openTestCounty, type TestCounty, VILLAGE } from '../support/test-county.ts'

const HEADINGS = [
  '序号',
  '业主',
  '法人',
  '村',
  '出租方',
  '用途',
  '面积(亩)',
  '起',
  '止',
  '租金标准',
]
const FIRST: (string | number | null)[] = [
  1,
  '青溪合作社',
  '张三丰',
  '青溪村',
  '村集体',
  '蚕桑',
  30.5,
  '2020.1.1',
  '2029.12.31',
  600,
]

let county: TestCounty
beforeEach(async () => {
  county = await openTestCounty('2025-03-03')
  await county.put('/regions/519901101', { name: '青溪镇' })
  await county.put(`/regions/${VILLAGE}`, { name: '青溪村' })
  await county.put(`/regions/${OTHER_VILLAGE}`, { name: '白果村' })
})
afterEach(() => county.close())

async function takeIn(ledger: string, ...sheets: WrittenCell[][][]) {
  const content = await workbookOf(sheets.map((rows, at) => ({ name: `表${at + 1}`, rows })))
  const { status, body } = await sendFile(county, ledger, content, { fileName: '台账.xlsx' })
  expect(status, JSON.stringify(body)).toBe(201)
  return body
}
const operators = async () =>
  (await county.read('/operators')).items.map(({ name }: { name: string }) => name)

describe('cells that say that they are as above', () => {
  it.each([
    '同上',
    ' 同 上 ',
    '"同上"',
    '同上。',
    '同前',
    '〃',
    '〞',
    '″',
    '"',
    '”',
    "''",
    '〃 〃',
  ])('are read as the row above: %s', async (mark) => {
    const second = [2, mark, mark, mark, mark, mark, 12, mark, mark, mark]
    const { counts, rows } = await takeIn('contracts', [HEADINGS, FIRST, second])
    expect(counts).toMatchObject({ kept: 2, reported: 0 })
    expect(await operators()).toEqual(['青溪合作社'])
    const { record, guessed } = rows[2]
    expect(record).toMatchObject({
      operatorName: '青溪合作社',
      villageCode: VILLAGE,
      startOn: '2020-01-01',
      endOn: '2029-12-31',
      rent: { lines: [{ areaMu: 12, fenPerMu: 60_000 }] },
    })
    const value = mark.trim()
    expect(guessed).toContainEqual({ column: '业主', value, readAs: '同上一行:青溪合作社' })
    expect(guessed).toContainEqual({ column: '法人', value, readAs: '同上一行:张*丰' })
    expect(guessed).toContainEqual({ column: '起', value, readAs: '同上一行:2020.1.1' })
  })

  it('are as the last row of data on their sheet, which may say so itself', async () => {
    const ditto = (no: number, area: WrittenCell): WrittenCell[] => [
      no,
      '同上',
      '',
      '〃',
      '〃',
      '〃',
      area,
      '〃',
      '〃',
      '〃',
    ]
    const sum = ['合计', null, null, null, null, null, 42.5]
    const third = ditto(3, 9)
    const sheet = [HEADINGS, FIRST, ditto(2, 12), sum, HEADINGS, third]
    const { counts } = await takeIn('contracts', sheet)
    expect(counts).toMatchObject({ kept: 3, reported: 0 })
    const again = await takeIn('contracts', [HEADINGS, FIRST, FIRST.with(6, 12), FIRST.with(6, 9)])
    expect(again.counts).toMatchObject({ kept: 0, unchanged: 3 })
  })

  it('are reported where nothing stands above them that could be read', async () => {
    const above = [
      1,
      '青溪合作社',
      null,
      '青溪村',
      '村集体',
      '蚕桑',
      '很多',
      '2020.1.1',
      '2029.12.31',
      600,
    ]
    const second = [
      2,
      '青溪合作社',
      '〃',
      '青溪村',
      '村集体',
      '蚕桑',
      '〃',
      '2021.1.1',
      '2029.12.31',
      600,
    ]
    const first = [1, '同上', null, '青溪村', '村集体', '蚕桑', 3, '2020.1.1', '2029.12.31', 600]
    const { counts, rows } = await takeIn(
      'contracts',
      [HEADINGS, above, second, second],
      [HEADINGS, first],
    )
    expect(counts).toMatchObject({ kept: 0, reported: 4 })
    const problems = (at: number) =>
      rows[at].problems.map(({ column, value, code, reason }: Record<string, string>) => [
        column,
        value,
        code,
        reason,
      ])
    const of = (column: string, value: string, reason: string) => [
      column,
      value,
      'ditto-unclear',
      `${reason},请填写实际内容`,
    ]
    const unread = '上一行的这一格未能读取'
    expect(problems(2)).toEqual([of('面积(亩)', '〃', unread)])
    expect(problems(3)).toEqual([of('面积(亩)', '〃', unread)])
    expect(problems(5)).toEqual([of('业主', '同上', '上方没有数据行,不知指什么')])
    expect(await operators()).toEqual([])
  })

  it('say nothing below an empty cell, and where something must be said are missing', async () => {
    const none = FIRST.with(2, null)
    const rows = [HEADINGS, none, FIRST.with(2, '〃'), none.with(6, null), FIRST.with(6, '〃')]
    const taken = await takeIn('contracts', rows)
    expect(taken.counts).toMatchObject({ kept: 1, unchanged: 1, reported: 2 })
    expect(taken.rows[2].guessed).toContainEqual({
      column: '法人',
      value: '〃',
      readAs: '同上一行:空',
    })
    expect(taken.rows[4].problems).toMatchObject([{ column: '面积(亩)', value: '〃' }])
  })

  it.each(['同左', '同下', '同第3行', '同上3组'])(
    'and those of other cells are reported: %s',
    async (mark) => {
      const { rows } = await takeIn('contracts', [HEADINGS, FIRST, FIRST.with(1, mark)])
      expect(rows[2]).toMatchObject({
        status: 'reported',
        problems: [{ column: '业主', value: mark, code: 'ditto-unclear' }],
      })
    },
  )

  it('count a payment as often as they stand, and stand as guesses in the file', async () => {
    const contract = await county.contract((await county.operator()).id)
    const sheet = [
      ['合同编号', '付款日期', '金额(元)'],
      ['2020-0001', '2021-01-05', 6000],
      ['同上', '〃', '〃'],
    ]
    const { id, counts } = await takeIn('payments', sheet)
    expect(counts).toMatchObject({ kept: 2 })
    expect(await county.read(`/contracts/${contract.id}/standing`)).toMatchObject({
      paidFen: 1_200_000,
    })
    expect((await takeIn('payments', sheet)).counts).toMatchObject({ kept: 0, unchanged: 2 })
    const { bytes } = await county.send('GET', `/imports/${id}/file`)
    const [marked] = await readAll(bytes)
    expect(marked?.rows[2]?.cells[3]).toBe(
      '已录入; 合同编号“同上”读作“同上一行:2020-0001”; 付款日期“〃”读作“同上一行:2021-01-05”; ' +
        '金额(元)“〃”读作“同上一行:6000”',
    )
  })
})
