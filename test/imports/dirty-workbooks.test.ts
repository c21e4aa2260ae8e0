import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sheetXml, stylesXml, workbookTexts, zipOf } from '../support/hand-made-workbook.ts'
import { sendFile } from '../support/import-file.ts'
import { OTHER_VILLAGE, openTestCounty, type TestCounty, VILLAGE } from '../support/test-county.ts'

/** A cell; of a number with a look, its position among the formats of the workbook, from 1. */
type Cell = string | number | null | { number: number; look: number }

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
function cellXml(cell: Cell, at: string): string {
  if (cell === null) return ''
  if (typeof cell === 'string')
    return `<c r="${at}" t="inlineStr"><is><t>${escaped(cell)}</t></is></c>`
  const { number, look } = typeof cell === 'number' ? { number: cell, look: 0 } : cell
  return `<c r="${at}" s="${look}"><v>${number}</v></c>`
}

/** A workbook of one sheet as a village's spreadsheet program saves it. */
function workbook(rows: readonly (readonly Cell[])[], formats: string[] = []): Promise<Buffer> {
  const data = rows.map((cells, at) => {
    const row = cells.map((cell, column) =>
      cellXml(cell, `${String.fromCharCode(65 + column)}${at + 1}`),
    )
    return `<row r="${at + 1}">${row.join('')}</row>`
  })
  const others = {
    'xl/styles.xml': stylesXml(formats),
    'xl/worksheets/sheet1.xml': sheetXml(data.join('')),
  }
  return zipOf(workbookTexts('', others))
}

let county: TestCounty
beforeEach(async () => {
  county = await openTestCounty('2025-03-03')
  await county.put('/regions/519901101', { name: '青溪镇' })
  await county.put('/regions/519901102', { name: '麻柳塘镇' })
  await county.put(`/regions/${VILLAGE}`, { name: '青溪村' })
  await county.put(`/regions/${OTHER_VILLAGE}`, { name: '白果村' })
})
afterEach(() => county.close())

async function takeIn(ledger: string, content: Uint8Array | string, fileName = '台账.xlsx') {
  const { status, body } = await sendFile(county, ledger, content, { fileName })
  expect(status, JSON.stringify(body)).toBe(201)
  return body
}

describe('cells that a copied format shows as money', () => {
  const look = (number: number): Cell => ({ number, look: 1 })
  const CONTRACT = [
    '业主',
    '出租方',
    '户数',
    '村',
    '用途',
    '面积(亩)',
    '起',
    '年限',
    '租金标准(元/亩)',
  ]

  it('are read as what their columns are', async () => {
    const cells = [
      '青溪合作社',
      '青溪村集体',
      look(35),
      '青溪村',
      '蚕桑',
      look(30.5),
      look(2015),
      look(20),
      look(600),
    ]
    const { rows } = await takeIn(
      'contracts',
      await workbook([CONTRACT, cells], ['[$CNY]#,##0.00']),
    )
    expect(rows[1]).toMatchObject({
      status: 'kept',
      record: {
        lessor: { households: 35 },
        startOn: '2015-01-01',
        endOn: '2034-12-31',
        rent: { lines: [{ areaMu: 30.5, basis: 'cash', fenPerMu: 60_000 }] },
      },
    })
  })

  it.each(['[$CNY]#,##0.00', '"RMB "#,##0', '[$¥-411]#,##0', '0!.0,"万"'])(
    'and are not taken for ten thousands of yuan: %s',
    async (format) => {
      const operator = await county.operator()
      await county.contract(operator.id)
      const sheet = [
        ['合同编号', '欠租年度', '欠租金额(万元)'],
        ['2020-0001', look(2023), look(6000)],
      ]
      const { rows } = await takeIn('arrears', await workbook(sheet, [format]))
      expect(rows[1]).toMatchObject({
        status: 'reported',
        problems: [{ code: 'unit-contradicts' }],
      })
      expect(rows[1].problems).toHaveLength(1)
    },
  )
})

describe('the arrears ledger that the service hands out', () => {
  const exported = async (): Promise<string> =>
    (await county.send('GET', '/exports/arrears.csv?asOf=2025-03-03')).body

  it('comes back with what a township has filled in told, and without a word of what it has not', async () => {
    const operator = await county.operator()
    await county.contract(operator.id)
    const written = await exported()
    const told = async (csv: string) => {
      const { rows } = await takeIn('arrears', csv, '欠租台账.csv')
      return rows[0].problems.map(({ column }: { column: string }) => column)
    }
    expect(await told(written)).toEqual([])
    const [headings = '', row = '', ...rest] = written.split('\r\n')
    const cells = row.split(',')
    for (const heading of ['化解措施', '责任人', '备注'])
      cells[headings.split(',').indexOf(heading)] = '分期偿还'
    expect(await told([headings, cells.join(','), ...rest].join('\r\n'))).toEqual([
      '化解措施',
      '责任人',
      '备注',
    ])
  })
})

describe('a village by its code, against the township beside it', () => {
  const rowsOf = async (place: string[], cells: string[], title: string[] = []) => {
    const headings = [...place, '业主', '出租方', '用途', '面积', '起', '止']
    const row = [...cells, '青溪合作社', '张三', '蚕桑', '3', '2020-01-01', '2029-12-31']
    const { rows } = await takeIn('contracts', await workbook([title, headings, row]))
    return rows.at(-1)
  }

  it.each([
    ['in the column of the village', ['乡镇', '村组'], ['麻柳塘镇', VILLAGE]],
    ['in its own', ['乡镇', '村代码'], ['麻柳塘镇', VILLAGE]],
    ['in its own, beside the name', ['乡镇', '村', '村代码'], ['麻柳塘', '青溪村', VILLAGE]],
  ])('%s, is left out', async (_where, place, cells) => {
    expect(await rowsOf(place, cells)).toMatchObject({
      status: 'reported',
      problems: [
        {
          column: '乡镇',
          value: cells[0],
          code: 'township-differs',
          reason: expect.stringContaining(`村代码 ${VILLAGE} 属于青溪镇`),
        },
      ],
    })
    expect((await county.read('/contracts')).items).toEqual([])
  })

  it.each<[string, string[], string[], string[], string[][]]>([
    ['the same', ['乡镇', '村组'], ['青溪镇', VILLAGE], [], []],
    ['no township', ['村组'], [VILLAGE], [], []],
    [
      'one that is not registered, such as was merged',
      ['乡镇', '村组'],
      ['老青溪乡', VILLAGE],
      [],
      [['乡镇', '老青溪乡', '区划中没有该乡镇,按村代码读作青溪镇']],
    ],
    [
      'another in the title',
      ['村组'],
      [VILLAGE],
      ['麻柳塘镇土地流转台账'],
      [['标题', '麻柳塘镇', '按村代码读作青溪镇']],
    ],
  ])('is taken in where there is %s', async (_what, place, cells, title, told) => {
    const row = await rowsOf(place, cells, title)
    expect(row).toMatchObject({ status: 'kept', record: { villageCode: VILLAGE } })
    const ofPlace = row.guessed.filter(({ column }: { column: string }) => column !== '业主')
    expect(
      ofPlace.map((one: Record<string, string>) => [one['column'], one['value'], one['readAs']]),
    ).toEqual(told)
  })
})
