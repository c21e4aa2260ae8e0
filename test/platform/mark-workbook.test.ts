import { openXlsx, readXlsx, type WriteSheet, writeXlsx } from 'hucre/xlsx'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { markWorkbook } from '../../src/platform/spreadsheet/mark-workbook.ts'
import type { RowMark } from '../../src/platform/spreadsheet/row-mark.ts'
import { unpacked, zipDirectory } from '../../src/platform/spreadsheet/zip-directory.ts'
import {
  bytesOf,
  readAll,
  rowsOf,
  sheetXml,
  workbookTexts,
  zipOf,
} from '../support/hand-made-workbook.ts'

const mark = (row: number, result: string, ...problems: RowMark['problems']): RowMark => ({
  sheet: '台账',
  row,
  result,
  problems,
})
const MARKS = [
  mark(2, '导入结果'),
  mark(3, '已录入'),
  mark(
    4,
    '未录入',
    { column: '面积(亩)', cell: 1, text: '“约三十”不是面积 <&>' },
    { column: '', text: '缺少业主' },
  ),
]
const RESULT = '未录入; 面积(亩): “约三十”不是面积 <&>; 缺少业主'

const marked = (file: Uint8Array, marks: Iterable<RowMark> = MARKS) =>
  bytesOf(markWorkbook(file, marks))

const LEDGER: WriteSheet = {
  name: '台账',
  columns: [{ width: 14 }, { width: 20 }],
  rows: [
    ['白果村土地流转台账', null],
    ['合同编号', '面积(亩)'],
    ['2015-1', 30],
    ['2015-2', '约三十'],
    ['合计', 30],
  ],
  merges: [{ startRow: 0, startCol: 0, endRow: 0, endCol: 1 }],
  freezePane: { rows: 2 },
  dataValidations: [{ type: 'list', values: ['甲', '乙'], range: 'A3:A9' }],
}
const OTHER: WriteSheet = { name: '其他', rows: [['不动', 1]] }

const part = async (file: Uint8Array, path: string) => {
  const bytes = Buffer.from(file)
  const entry = zipDirectory(bytes, 1e9).find((one) => one.path === path)
  return entry && (await bytesOf(unpacked(bytes, entry))).toString()
}

describe('a workbook that was read comes back', () => {
  it('with a column of results right of the table, in the marked rows only', async () => {
    const file = await marked(await writeXlsx({ sheets: [LEDGER, OTHER] }))
    const [ledger, other] = await readAll(file)
    expect(ledger?.rows.map(({ cells }) => cells)).toEqual([
      ['白果村土地流转台账'],
      ['合同编号', '面积(亩)', '导入结果'],
      ['2015-1', 30, '已录入'],
      ['2015-2', '约三十', RESULT],
      ['合计', 30],
    ])
    expect(other?.rows).toEqual([{ row: 1, cells: ['不动', 1] }])
  })

  it('with comments at the cells that could not be read', async () => {
    const { sheets } = await readXlsx(await marked(await writeXlsx({ sheets: [LEDGER, OTHER] })))
    const cells = [...(sheets[0]?.cells ?? [])].filter(([, { comment }]) => comment)
    expect(cells.map(([at, { comment }]) => [at, comment?.text, comment?.author])).toEqual([
      ['3,1', '“约三十”不是面积 <&>', '导入'],
    ])
  })

  it('with its widths, merges, panes, validations and styles', async () => {
    const bold = { font: { bold: true, color: { rgb: 'FFFF0000' } } }
    const cells = new Map([['2,1', { value: 30, style: { ...bold, numFmt: '0.00"亩"' } }]])
    const before = await writeXlsx({ sheets: [{ ...LEDGER, cells }, OTHER] })
    const after = await marked(before)
    const [was, is] = await Promise.all([before, after].map((file) => openXlsx(file)))
    const { merges, freezePane, dataValidations, columns } = is?.sheets[0] ?? {}
    expect({ merges, freezePane, dataValidations }).toEqual({
      merges: was?.sheets[0]?.merges,
      freezePane: was?.sheets[0]?.freezePane,
      dataValidations: was?.sheets[0]?.dataValidations,
    })
    expect(columns?.map(({ width }) => width)).toEqual([14, 20, 40])
    const short = await marked(before, MARKS.slice(0, 2))
    expect(await part(short, 'xl/styles.xml')).toBe(await part(before, 'xl/styles.xml'))
    expect(await part(after, 'xl/worksheets/sheet2.xml')).toBe(
      await part(before, 'xl/worksheets/sheet2.xml'),
    )
    expect(is?.sheets[0]?.cells?.get('2,1')).toEqual(was?.sheets[0]?.cells?.get('2,1'))
  })

  it('with the whole of a long result to be seen, from its first line on', async () => {
    const alignment = { horizontal: 'center', vertical: 'center' } as const
    const middle = { alignment, font: { bold: true } }
    const cells = new Map([['3,1', { value: '约三十', style: middle }]])
    const rowDefs = new Map([2, 3].map((row) => [row, { height: 20 }]))
    const before = await writeXlsx({ sheets: [{ ...LEDGER, cells, rowDefs }] })
    const after = await marked(before)
    const sheet = (await part(after, 'xl/worksheets/sheet1.xml')) ?? ''
    const heights = [...sheet.matchAll(/<row r="([34])"[^>]* ht="(\d+)"/g)].map(([, ...at]) => at)
    expect(heights).toEqual([
      ['3', '20'],
      ['4', '31'],
    ])
    const { sheets } = await readXlsx(after, { readStyles: true })
    const result = sheets[0]?.cells?.get('3,2')
    expect(result).toMatchObject({ value: RESULT })
    expect(result?.style).toMatchObject({
      alignment: { horizontal: 'left', vertical: 'top', wrapText: true },
      font: { bold: true },
    })
    expect(sheets[0]?.cells?.get('3,1')?.style?.alignment).toMatchObject(alignment)
  })

  it('with the comments that it had, each cell with one', async () => {
    const comment = (text: string) => ({ comment: { author: '张科长', text } })
    const cells = new Map([
      ['2,0', { value: '2015-1', ...comment('请核对') }],
      ['3,1', { value: '约三十', ...comment('多少?') }],
    ])
    const problems = [{ column: '合同编号', cell: 0, text: '重号' }]
    const marks = [...MARKS, mark(5, '未录入', ...problems)]
    const before = await writeXlsx({ sheets: [{ ...LEDGER, cells }] })
    const { sheets } = await readXlsx(await marked(before, marks))
    const found = [...(sheets[0]?.cells ?? [])].flatMap(([at, { comment }]) =>
      comment ? [[at, comment.author, comment.text]] : [],
    )
    expect(found.sort()).toEqual([
      ['2,0', '张科长', '请核对'],
      ['3,1', '张科长', '多少?'],
      ['4,0', '导入', '重号'],
    ])
  })

  it('marked again, with one more column', async () => {
    const file = await marked(await marked(await writeXlsx({ sheets: [LEDGER] })))
    const rows = await rowsOf(file)
    expect(rows[3]?.cells).toEqual(['2015-2', '约三十', RESULT, RESULT])
  })

  it('the same bytes for the same marks', async () => {
    const file = await writeXlsx({ sheets: [LEDGER] })
    expect((await marked(file)).equals(await marked(file))).toBe(true)
  })

  it.each<[string, string, string]>([
    [
      'without places for rows and cells',
      '<row><c><v>1</v></c></row><row><c><v>2</v></c></row>',
      'B2',
    ],
    [
      'with formatted cells to the right',
      '<row r="2" spans="1:9"><c r="A2"><v>2</v></c><c r="B2" s="0"/><c r="I2" s="0"/></row>',
      'B2',
    ],
    ['with an empty row marked', '<row r="2" ht="30"/>', 'A2'],
    [
      'with a value far right in another row',
      '<row r="1"><c r="XFD1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>',
      'B2',
    ],
    [
      'with a formula never computed at the end',
      '<row r="2"><c r="A2"><v>2</v></c><c r="B2"><f>A2</f></c></row>',
      'C2',
    ],
  ])('%s', async (_, sheetData, cell) => {
    const file = await marked(await zipOf(workbookTexts(sheetData)), [mark(2, '已录入')])
    const written = (await part(file, 'xl/worksheets/sheet1.xml')) ?? ''
    expect([...written.matchAll(/r="(\w+)"[^>]* t="inlineStr"/g)].map(([, at]) => at)).toEqual([
      cell,
    ])
    expect(written.match(new RegExp(`r="${cell}"`, 'g'))).toHaveLength(1)
    expect((await rowsOf(file)).find(({ row }) => row === 2)?.cells.at(-1)).toBe('已录入')
  })

  it('with no more than comments where no column is left', async () => {
    const sheetData = '<row r="2"><c r="A2"><v>1</v></c><c r="XFD2"><v>2</v></c></row>'
    const problem = { column: '面积', cell: 0, text: '不是面积' }
    const file = await marked(await zipOf(workbookTexts(sheetData)), [mark(2, '未录入', problem)])
    expect((await rowsOf(file))[0]?.cells).toHaveLength(16_384)
    const { sheets } = await readXlsx(file)
    expect(sheets[0]?.cells?.get('1,0')?.comment?.text).toBe('不是面积')
  })

  it('with prefixed names, a print setup behind the rows and widths over all columns', async () => {
    const text = sheetXml(
      '<row r="2"><c r="A2"><v>1</v></c></row>',
      '<pageMargins left="1"/><drawing r:id="rId9"/><tableParts count="0"/>',
    )
      .replace('<sheetData>', '<cols><col min="1" max="16384" width="9"/></cols><sheetData>')
      .replaceAll(/<(\/?)(?=\w)/g, '<$1x:')
      .replace('xmlns=', 'xmlns:x=')
    const problem = { column: '面积', cell: 0, text: '不是面积' }
    const zip = await zipOf(workbookTexts('', { 'xl/worksheets/sheet1.xml': text }))
    const file = await marked(zip, [mark(2, '未录入', problem)])
    const written = (await part(file, 'xl/worksheets/sheet1.xml')) ?? ''
    expect(written).toContain('<x:c r="B2" t="inlineStr"><x:is><x:t xml:space="preserve">')
    expect(written.match(/<x:col /g)).toHaveLength(1)
    expect(written).toMatch(/<x:drawing [^>]*\/><x:legacyDrawing [^>]*\/><x:tableParts/)
    expect((await rowsOf(file))[0]?.cells).toEqual([1, '未录入; 面积: 不是面积'])
  })

  it('with text that looks like a formula or an escape as text', async () => {
    const text = '=1+1 _x0041_ \u0007'
    const file = await marked(await zipOf(workbookTexts('<row r="2"/>')), [mark(2, text)])
    expect((await rowsOf(file))[0]?.cells).toEqual(['=1+1 _x0041_ '])
  })
})

describe('a CSV file comes back', () => {
  const TEXT = '台账\r\n合同编号,面积(亩)\r\n"2015-1",30\r\n2015-2,"约\n三十"\r\n合计\r\n'
  const EXPECTED =
    '台账\r\n合同编号,面积(亩),导入结果\r\n"2015-1",30,已录入\r\n' +
    `2015-2,"约\n三十",${RESULT}\r\n合计\r\n`

  it.each<[string, (text: string) => Buffer]>([
    ['UTF-8', (text) => Buffer.from(text)],
    ['UTF-8 with a mark', (text) => Buffer.from(`\ufeff${text}`)],
    ['GB18030', (text) => iconv.encode(text, 'gb18030')],
    ['UTF-8 with line feeds', (text) => Buffer.from(text.replaceAll('\r\n', '\n'))],
    ['UTF-8 with tabs', (text) => Buffer.from(text.replaceAll(',', '\t'))],
  ])('with one more field, in %s as it was', async (_, encoded) => {
    const file = await marked(encoded(TEXT))
    expect(file.toString('hex')).toBe(encoded(EXPECTED).toString('hex'))
  })

  it('with short records filled up, and fields that no program computes or breaks', async () => {
    const file = await marked(Buffer.from('a,b,c\n1\n2,3\n'), [
      mark(1, '导入结果'),
      mark(2, '=1,"1"'),
      mark(3, '-1'),
    ])
    expect(file.toString()).toBe('a,b,c,导入结果\n1,,,"\'=1,""1"""\n2,3,,\'-1\n')
  })
})
