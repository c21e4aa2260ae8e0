import { type Cell as ReadCell, readXlsx } from 'hucre/xlsx'
import { describe, expect, it } from 'vitest'
import type { Column, Row } from '../../src/platform/spreadsheet/sheet-rows.ts'
import {
  type Sheet,
  type Workbook,
  writeWorkbook,
} from '../../src/platform/spreadsheet/write-workbook.ts'
import { unzipped } from '../../src/platform/spreadsheet/zip-file.ts'

const COLUMNS: Column[] = [
  { heading: '合同编号', kind: 'text', width: 14 },
  { heading: '面积(亩)', kind: 'mu', total: true },
  { heading: '欠租金额(元)', kind: 'yuan', total: true },
  { heading: '户数', kind: 'count', total: true },
  { heading: '应付日', kind: 'day' },
  { heading: '依据', kind: 'prose', width: 20 },
]
const ROW: Row = { cells: ['2020-0001', 32_050, 123_456, 12, '2021-12-31', '欠租'] }
const SHEET: Sheet = {
  name: '欠租台账',
  title: '示范县欠租台账',
  about: '填报单位:示范县 · 填报时间:2022-03-01 · 单位:亩、元',
  columns: COLUMNS,
  rows: [ROW],
}
const BOOK: Workbook = { title: '欠租台账', day: '2022-03-01', sheets: [SHEET], notes: ['截至'] }

async function bytesOf(book: Workbook): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of writeWorkbook(book)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

async function read(sheet: Partial<Sheet> = {}, book: Partial<Workbook> = {}) {
  const bytes = await bytesOf({ ...BOOK, sheets: [{ ...SHEET, ...sheet }], ...book })
  return readXlsx(bytes, { readStyles: true })
}

/** The one cell of a sheet of one column. */
async function cellOf(kind: Column['kind'], cell: string | number | null): Promise<ReadCell> {
  const { sheets } = await read({ columns: [{ heading: '列', kind }], rows: [{ cells: [cell] }] })
  return sheets[0]?.cells?.get('3,0') ?? { value: null, type: 'empty' }
}

describe('a workbook', () => {
  it('has a title, what it is about, headings, rows, sums, a signature line', async () => {
    const rows: Row[] = [ROW, { cells: ['2020-0002', 1, 1, 1, null, null] }]
    const signature = '填表人:        审核人:        联系电话:'
    const { sheets } = await read({ rows, signature })
    const none = [null, null, null, null, null]
    expect(sheets[0]?.rows).toEqual([
      [SHEET.title, ...none],
      [SHEET.about, ...none],
      COLUMNS.map(({ heading }) => heading),
      ['2020-0001', 320.5, 1234.56, 12, new Date('2021-12-31T00:00:00Z'), '欠租'],
      ['2020-0002', 0.01, 0.01, 1, null, null],
      ['合计', 320.51, 1234.57, 13, null, null],
      [...none, null],
      [signature, ...none],
    ])
  })

  it('leaves a sum empty of what no row knows, and is 0 without rows', async () => {
    const { sheets } = await read({ rows: [{ cells: ['2020-0003', 100, 0, null, null, null] }] })
    expect(sheets[0]?.rows[4]).toEqual(['合计', 1, 0, null, null, null])
    const empty = await read({ rows: [] })
    expect(empty.sheets[0]?.rows[3]).toEqual(['合计', 0, 0, 0, null, null])
  })

  it('is laid out for reading and for A4', async () => {
    const { sheets, properties } = await read()
    expect(sheets[0]).toMatchObject({
      name: '欠租台账',
      freezePane: { rows: 3 },
      merges: [
        { startRow: 0, startCol: 0, endRow: 0, endCol: 5 },
        { startRow: 1, startCol: 0, endRow: 1, endCol: 5 },
      ],
      pageSetup: {
        paperSize: 'a4',
        orientation: 'landscape',
        fitToPage: true,
        fitToWidth: 1,
        fitToHeight: 0,
        printTitlesRow: '$1:$3',
      },
    })
    const widths = sheets[0]?.columns?.map(({ width }) => width)
    expect(widths).toEqual([14, 11, 15, 7, 9, 20])
    const day = new Date('2022-03-01T00:00:00Z')
    expect(properties).toMatchObject({ title: '欠租台账', created: day, modified: day })
  })

  it('ends with a sheet of notes', async () => {
    const { sheets } = await read({}, { notes: ['截至 2022-03-01', '=合计'] })
    expect(sheets.map(({ name }) => name)).toEqual(['欠租台账', '说明'])
    expect(sheets[1]?.rows).toEqual([['截至 2022-03-01'], ['=合计']])
  })

  it('may have several sheets, one without rows', async () => {
    const sheets = [SHEET, { ...SHEET, name: '二', rows: [] }]
    const read = await readXlsx(await bytesOf({ ...BOOK, sheets }))
    expect(read.sheets.map(({ name, rows }) => [name, rows.length])).toEqual([
      ['欠租台账', 5],
      ['二', 4],
      ['说明', 1],
    ])
    expect(read.sheets[1]?.rows[3]).toEqual(['合计', 0, 0, 0, null, null])
  })

  it('colours a row by its level', async () => {
    const levels = ['red', 'orange', 'yellow', 'blue', 'none', undefined] as const
    const rows = levels.map((level) => ({ ...ROW, ...(level && { level }) }))
    const { sheets } = await read({ rows })
    const fillOf = (row: number, column: number) => {
      const fill = sheets[0]?.cells?.get(`${row},${column}`)?.style?.fill
      return fill?.type === 'pattern' ? fill.fgColor?.rgb : undefined
    }
    const fills = levels.map((_, at) => fillOf(3 + at, 0))
    expect(new Set(fills.slice(0, 4)).size).toBe(4)
    expect(fills.slice(0, 4)).not.toContain(undefined)
    expect(fills.slice(4)).toEqual([undefined, undefined])
    expect(levels.map((_, at) => fillOf(3 + at, 5))).toEqual(fills)
  })

  it('gives wrapped text the height that Chinese takes, two half widths a character', async () => {
    const short = { cells: [null, null, null, null, null, '欠租'] }
    const long = { cells: [null, null, null, null, null, '欠'.repeat(40)] }
    const { sheets } = await read({ rows: [short, long] })
    const heights = [3, 4].map((row) => sheets[0]?.rowDefs?.get(row)?.height ?? 0)
    expect(heights).toEqual([18, 18 + 5 * 13])
    expect(sheets[0]?.cells?.get('4,5')?.style?.alignment?.wrapText).toBe(true)
  })
})

describe('a cell', () => {
  it.each([
    ['a code of digits', '519901101201'],
    ['leading zeros', '0012'],
    ['a formula', '=HYPERLINK("http://x")'],
    ['a plus', '+8613800001234'],
    ['a minus', '-1'],
    ['an at', '@SUM(A1)'],
    ['marks of XML', '<b>&amp;"张"</b>'],
    ['what Excel reads as a letter', '_x0041_ _X0041_'],
    ['lines', '一\n二'],
    ['spaces around', ' 张 '],
    ['a character beyond the first plane', '𠮷'],
  ])('keeps %s as text', async (_, text) => {
    for (const kind of ['text', 'prose', 'count', 'yuan', 'day'] as const) {
      const cell = await cellOf(kind, text)
      expect(cell).toMatchObject({ value: text, type: 'string' })
      expect(cell.formula).toBeUndefined()
    }
  })

  it('is formatted as text, so that it stays text when it is edited', async () => {
    expect((await cellOf('text', '519901101201')).style?.numFmt).toBe('@')
  })

  it('drops what XML cannot hold and ends where a cell must', async () => {
    expect((await cellOf('text', '张\u0000\u0007三\ud800\uffff')).value).toBe('张三')
    expect((await cellOf('prose', '字'.repeat(40_000))).value).toBe('字'.repeat(32_767))
  })

  it.each([
    ['yuan', 0, '0.00', '#,##0.00'],
    ['yuan', 1, '0.01', '#,##0.00'],
    ['yuan', 105, '1.05', '#,##0.00'],
    ['yuan', -7, '-0.07', '#,##0.00'],
    ['yuan', 9_007_199_254_740_991, '90071992547409.91', '#,##0.00'],
    ['mu', 32_050, '320.50', '#,##0.00'],
    ['count', 1234, '1234', '#,##0'],
    ['day', '2021-12-31', '44561', 'yyyy-mm-dd'],
    ['day', '1900-03-01', '61', 'yyyy-mm-dd'],
  ] as const)('%s %s is the number %s', async (kind, value, number, format) => {
    const columns = [{ heading: '列', kind }]
    const bytes = await bytesOf({
      ...BOOK,
      sheets: [{ ...SHEET, columns, rows: [{ cells: [value] }] }],
    })
    const xml = unzipped(bytes).find(({ path }) => path.endsWith('sheet1.xml'))?.content
    expect(String(xml)).toContain(`<v>${number}</v>`)
    expect((await cellOf(kind, value)).style?.numFmt).toBe(format)
  })

  it('shows a day before spreadsheets count right as text', async () => {
    expect((await cellOf('day', '1899-12-31')).value).toBe('1899-12-31')
  })

  it.each([0.5, Number.NaN, 2 ** 53])('refuses %s as a number', async (number) => {
    await expect(cellOf('yuan', number)).rejects.toThrow('not a whole number')
  })

  it('refuses a sum that is not exact any more', async () => {
    const rows = [9_007_199_254_740_991, 2].map((fen) => ({ cells: ['一', 1, fen, 1, null, null] }))
    await expect(read({ rows })).rejects.toThrow('not a whole number')
  })
})

describe('the file', () => {
  it('has the same bytes for the same workbook, whatever the pace of its rows', async () => {
    const many = Array.from({ length: 2000 }, (_, at) => ({
      cells: [`2020-${at}`, at, at * 7, at, '2021-12-31', '欠租'.repeat(at % 30)],
    }))
    async function* slowly() {
      for (const [at, row] of many.entries()) {
        if (at % 100 === 0) await new Promise((resolve) => setTimeout(resolve, 1))
        yield row
      }
    }
    const first = await bytesOf({ ...BOOK, sheets: [{ ...SHEET, rows: many }] })
    const again = await bytesOf({ ...BOOK, sheets: [{ ...SHEET, rows: slowly() }] })
    expect(again.equals(first)).toBe(true)
    const later = await bytesOf({
      ...BOOK,
      day: '2022-03-02',
      sheets: [{ ...SHEET, rows: many }],
    })
    expect(later.equals(first)).toBe(false)
  })

  it.each([
    ['2022-03-01', [2022, 3, 1]],
    ['1979-12-31', [1980, 12, 31]],
  ])('dates its entries %s', async (day, written) => {
    const bytes = await bytesOf({ ...BOOK, day })
    const directory = bytes.readUInt32LE(bytes.length - 22 + 16)
    for (const at of [0, directory + 2]) {
      const date = bytes.readUInt16LE(at + 12)
      expect([1980 + (date >> 9), (date >> 5) & 15, date & 31]).toEqual(written)
      expect(bytes.readUInt16LE(at + 10)).toBe(0)
    }
  })

  it('is written while its rows come, and lets go of them when nobody reads on', async () => {
    let [given, closed] = [0, false]
    function* endless() {
      try {
        for (;;) {
          given += 1
          yield { cells: [`2020-${given}`, given, (given * 7919) % 1_000_003, 1, null, null] }
        }
      } finally {
        closed = true
      }
    }
    let bytes = 0
    for await (const chunk of writeWorkbook({ ...BOOK, sheets: [{ ...SHEET, rows: endless() }] })) {
      bytes += chunk.length
      if (bytes > 200_000) break
    }
    expect(given).toBeGreaterThan(1000)
    expect(given).toBeLessThan(200_000)
    await expect.poll(() => closed).toBe(true)
  })

  it('lets others be answered every few hundred rows', async () => {
    let turns = 0
    let ended = false
    const turn = () => {
      turns += 1
      if (!ended) setImmediate(turn)
    }
    setImmediate(turn)
    const rowsInTurn = new Map<number, number>()
    function* quickly() {
      for (let at = 0; at < 5000; at++) {
        rowsInTurn.set(turns, (rowsInTurn.get(turns) ?? 0) + 1)
        yield { cells: ['一'] }
      }
    }
    await read({ columns: [{ heading: '列', kind: 'text' }], rows: quickly() })
    ended = true
    expect(Math.max(...rowsInTurn.values())).toBeLessThanOrEqual(300)
  })

  it('fails with what its rows fail with', async () => {
    function* failing() {
      for (let at = 0; at < 5000; at++) yield ROW
      throw new Error('the database is gone')
    }
    await expect(read({ rows: failing() })).rejects.toThrow('the database is gone')
  })
})
