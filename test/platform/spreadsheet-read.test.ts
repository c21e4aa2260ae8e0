import { writeXlsx } from 'hucre/xlsx'
import { describe, expect, it } from 'vitest'
import type { RawCell } from '../../src/platform/spreadsheet/raw-sheet.ts'
import { readSheets } from '../../src/platform/spreadsheet/read-sheets.ts'
import { writeWorkbook } from '../../src/platform/spreadsheet/write-workbook.ts'
import {
  bytesOf,
  readAll,
  rowsOf,
  sheetXml,
  stylesXml,
  workbookTexts,
  zipOf,
} from '../support/hand-made-workbook.ts'

/** The first cell of a sheet whose only row has this XML in it. */
async function cellOf(cell: string, others?: Record<string, string>): Promise<RawCell | undefined> {
  const file = await zipOf(workbookTexts(`<row r="1">${cell}<c r="B1"><v>1</v></c></row>`, others))
  return (await rowsOf(file))[0]?.cells[0]
}

const numberAs = (format: string | number, value: number | string) =>
  cellOf(`<c r="A1" s="1"><v>${value}</v></c>`, { 'xl/styles.xml': stylesXml([format]) })

const shared = (items: string) => ({ 'xl/sharedStrings.xml': `<sst>${items}</sst>` })

describe('a cell is read as it is shown', () => {
  it.each<[string, string, RawCell]>([
    ['a shared text', '<c r="A1" t="s"><v>0</v></c>', '共享'],
    ['a text in place', '<c r="A1" t="inlineStr"><is><t>白果村</t></is></c>', '白果村'],
    [
      'rich text in place, runs joined',
      '<c r="A1" t="inlineStr"><is><r><rPr><b/></rPr><t>500斤</t></r><r><t xml:space="preserve"> 黄谷</t></r></is></c>',
      '500斤 黄谷',
    ],
    ['a number', '<c r="A1"><v>320.5</v></c>', 320.5],
    [
      'a number as the double has it',
      '<c r="A1" t="n"><v>0.30000000000000004</v></c>',
      0.30000000000000004,
    ],
    ['a long number', '<c r="A1"><v>5.11123197001011E+17</v></c>', 511123197001011000],
    ['a number in a text cell', '<c r="A1" t="str"><v>0123</v></c>', '0123'],
    ['yes', '<c r="A1" t="b"><v>1</v></c>', true],
    ['no', '<c r="A1" t="b"><v>0</v></c>', false],
    ['a formula by its last value', '<c r="A1"><f>B1*600</f><v>19200</v></c>', 19200],
    ['a text formula', '<c r="A1" t="str"><f>B1&amp;"村"</f><v>1村</v></c>', '1村'],
    ['a formula that gave nothing', '<c r="A1" t="str"><f>IF(B1=1,"",1)</f><v></v></c>', null],
    ['a formula never computed', '<c r="A1"><f>B1*600</f></c>', '=B1*600'],
    ['an error', '<c r="A1" t="e"><f>C1</f><v>#REF!</v></c>', '#REF!'],
    ['an ISO day', '<c r="A1" t="d"><v>2015-01-01T00:00:00</v></c>', '2015-01-01'],
    ['only spaces', '<c r="A1" t="inlineStr"><is><t xml:space="preserve">  </t></is></c>', null],
    [
      'entities',
      '<c r="A1" t="str"><v>甲&amp;乙 &lt;1&gt; &#x4E2D;&#22269;</v></c>',
      '甲&乙 <1> 中国',
    ],
    ['a literal section', '<c r="A1" t="str"><v><![CDATA[甲&乙<1>]]></v></c>', '甲&乙<1>'],
    ['a line break', '<c r="A1" t="str"><v>一_x000D_\n二_x000A_三</v></c>', '一\n二\n三'],
    ['signs no database takes', '<c r="A1" t="str"><v>一_x0000__xD800_二</v></c>', '一\ufffd二'],
    ['a greater-than sign in an attribute', '<c r="A1" t="str" x="a>b"><v>甲</v></c>', '甲'],
    ['single quotes', "<c r = 'A1' t='str'><v>甲</v></c>", '甲'],
  ])('%s', async (_, cell, expected) => {
    expect(await cellOf(cell)).toBe(expected)
  })

  it.each<[string, string]>([
    ['<si><t>张三</t></si>', '张三'],
    ['<si><r><t>张</t></r><r><rPr><b/></rPr><t>三</t></r></si>', '张三'],
    [
      '<si><t>張三</t><rPh sb="0" eb="1"><t>チョウサン</t></rPh><phoneticPr fontId="1"/></si>',
      '張三',
    ],
    ['<x:si xmlns:x="urn:x"><x:t>张三</x:t></x:si>', '张三'],
  ])('a shared text without the readings beside it: %s', async (item, expected) => {
    expect(await cellOf('<c r="A1" t="s"><v>0</v></c>', shared(item))).toBe(expected)
  })
})

describe('a number shown as something else comes as that', () => {
  it.each<[string | number, number | string, RawCell]>([
    [14, 42_005, '2015-01-01'],
    [31, 42_005, '2015-01-01'],
    [58, 42_005, '2015-01-01'],
    [22, 42_005.75, '2015-01-01'],
    ['yyyy-mm-dd', 42_005, '2015-01-01'],
    ['yyyy"年"m"月"d"日";@', 49_309, '2034-12-31'],
    ['[$-804]yyyy"年"m"月"d"日"', 42_005, '2015-01-01'],
    ['yyyy/m/d h:mm', 42_005.999999999, '2015-01-02'],
    ['e"年"m"月"d"日"', 42_005, '2015-01-01'],
    ['m"月"d"日"', 42_005, '2015-01-01'],
    ['yyyy-mm-dd', 61, '1900-03-01'],
    ['yyyy-mm-dd', 60, 60],
    ['yyyy-mm-dd', 0, 0],
    ['yyyy-mm-dd', -1, -1],
    ['yyyy-mm-dd', 2_958_465, '9999-12-31'],
    ['yyyy-mm-dd', 20_150_101, 20_150_101],
    ['yyyy"年"m"月"', 42_005, '2015年1月'],
    [57, 42_005, '2015年1月'],
    ['yyyy"年"', 42_005, '2015年'],
    ['h:mm', 0.5, 0.5],
    [9, 0.05, '5%'],
    ['0.00%', 0.07, '7%'],
    ['0.00"万元"', 1.2, '1.2万元'],
    ['#,##0.00"元";[Red]-#,##0.00"元"', 800, '800元'],
    ['0.0\\亩', 30.5, '30.5亩'],
    ['General"元/亩"', 600, '600元/亩'],
    ['0"㎡"', 666.67, '666.67㎡'],
    ['"HT-"0000', 12, 'HT-0012'],
    ['"HT-"0000', 12_345, 'HT-12345'],
    ['"HT-"0000;[Red]"-"0', 12, 'HT-0012'],
    ['\\H\\T\\-0', 12, 'HT-12'],
    ['"川流转"0000"号"', 12, '川流转0012号'],
    ['"NO."General', 12, 'NO.12'],
    ['"HT-"0000', 1.5, 1.5],
    ['"HT-"0000', -12, -12],
    ['"¥"00', 8, 8],
    ['"约"0"亩"', 30, '30亩'],
    // Show thousands or ten thousands of what is stored: that is the amount, in yuan.
    ['0!.0,"万"', 12_000, '¥12000'],
    ['0!.0000"万"', 12_000, '¥12000'],
    ['#,##0.00,', 12_000, '¥12000'],
    ['0000\\.00\\.00', 20_150_101, 20_150_101],
    ['General', 42_005, 42_005],
    ['0.00E+00', 42_005, 42_005],
    ['#,##0.00_);[Red]\\(#,##0.00\\)', 42_005, 42_005],
    ['_ "¥"* #,##0.00_ ;_ "¥"* -#,##0.00_ ', 800, '¥800'],
    ['"¥"#,##0.00;[Red]"¥"-#,##0.00', -6300.5, '-¥6300.5'],
    ['[$¥-804]#,##0', 6300, '¥6300'],
    ['¥0.00', 1.2, '¥1.2'],
    ['"¥"0', 6300, '¥6300'],
    ['¥General', 6300, '¥6300'],
    ['[$CNY]#,##0.00', 6300, '¥6300'],
    ['[$￥-804]* #,##0.00', 6300, '¥6300'],
    ['[$¥-411]', 6300, '¥6300'],
    ['#,##0.00\\ [$元-804]', 6300, '¥6300'],
    ['"RMB "#,##0', 6300, '¥6300'],
    ['"RMB "0', 800, '¥800'],
    ['[$-804]#,##0', 6300, 6300],
    [44, 800, '¥800'],
    ['_ * #,##0.00_ ;_ * -#,##0.00_ ', 800, 800],
    ['@', 42_005, 42_005],
    [49, 42_005, 42_005],
    ['0" m"', 5, 5],
  ])('%s of %s', async (format, value, expected) => {
    expect(await numberAs(format, value)).toBe(expected)
  })

  it('counts days from 1904 where the file does', async () => {
    const { 'xl/workbook.xml': book = '' } = workbookTexts('')
    const is1904 = book.replace('<sheets>', '<workbookPr date1904="1"/><sheets>')
    const others = { 'xl/workbook.xml': is1904, 'xl/styles.xml': stylesXml(['yyyy-mm-dd']) }
    expect(await cellOf('<c r="A1" s="1"><v>40543</v></c>', others)).toBe('2015-01-01')
  })
})

describe('rows', () => {
  it('keep their numbers; those without a value are left out', async () => {
    const file = await zipOf(
      workbookTexts(
        '<row r="2"><c r="A2"><v>1</v></c></row><row r="3" ht="20"/><row r="4"><c r="A4" s="0"/></row>' +
          '<row r="9"><c r="C9"><v>2</v></c><c r="D9" s="0"/></row>',
      ),
    )
    expect(await rowsOf(file)).toEqual([
      { row: 2, cells: [1] },
      { row: 9, cells: [null, null, 2] },
    ])
  })

  it('and cells that do not say where they are follow each other', async () => {
    const file = await zipOf(
      workbookTexts(
        '<row><c><v>1</v></c><c><v>2</v></c></row><row><c r="B2"><v>3</v></c><c><v>4</v></c></row>',
      ),
    )
    expect(await rowsOf(file)).toEqual([
      { row: 1, cells: [1, 2] },
      { row: 2, cells: [null, 3, 4] },
    ])
  })

  it('reach to the last corner of a sheet', async () => {
    const file = await zipOf(
      workbookTexts(
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>',
      ),
    )
    const rows = await rowsOf(file)
    expect(rows.map(({ row, cells }) => [row, cells.length])).toEqual([
      [1, 1],
      [1_048_576, 16_384],
    ])
    expect(rows[1]?.cells.at(-1)).toBe(2)
  })

  it('come after the merged cells, which stand behind them in the file', async () => {
    const after =
      '<mergeCells count="2"><mergeCell ref="A1:C1"/><mergeCell ref="B2:B4"/></mergeCells>'
    const sheet = sheetXml('<row r="1"><c r="A1"><v>1</v></c></row>', after)
    const file = await zipOf(workbookTexts('', { 'xl/worksheets/sheet1.xml': sheet }))
    const { value: first } = await readSheets(file, 'x.xlsx', { rowsMax: 10 }).next()
    expect(first?.merges).toEqual([
      { firstRow: 1, lastRow: 1, firstColumn: 0, lastColumn: 2 },
      { firstRow: 2, lastRow: 4, firstColumn: 1, lastColumn: 1 },
    ])
  })

  it('of anchored drawings are none', async () => {
    const after = '<controls><control><from><col>1</col><row>0</row></from></control></controls>'
    const sheet = sheetXml('<row r="7"><c r="A7"><v>1</v></c></row>', after)
    const file = await zipOf(workbookTexts('', { 'xl/worksheets/sheet1.xml': sheet }))
    expect(await rowsOf(file)).toEqual([{ row: 7, cells: [1] }])
  })
})

describe('sheets', () => {
  const sheets = [
    { name: '青溪村', rows: [['a', 1]] },
    { name: '旧表', rows: [['b']], hidden: true },
    { name: '白果村', rows: [['c']] },
    { name: '字典', rows: [['d']], veryHidden: true },
    { name: '空表', rows: [] },
  ]

  it('come in the order of their tabs, hidden ones as such', async () => {
    const read = await readAll(await writeXlsx({ sheets }))
    expect(read.map(({ name, isHidden, rows }) => [name, isHidden, rows.length])).toEqual([
      ['青溪村', false, 1],
      ['旧表', true, 1],
      ['白果村', false, 1],
      ['字典', true, 1],
      ['空表', false, 0],
    ])
  })

  it('of our own exports come back to the cent', async () => {
    const file = await bytesOf(
      writeWorkbook({
        title: '台账',
        day: '2022-03-01',
        notes: ['截至 2022-03-01'],
        sheets: [
          {
            name: '流转台账',
            title: '示范县流转台账',
            about: '单位:亩、元',
            columns: [
              { heading: '合同编号', kind: 'text' },
              { heading: '面积(亩)', kind: 'mu', total: true },
              { heading: '金额(元)', kind: 'yuan' },
              { heading: '起', kind: 'day' },
            ],
            rows: [{ cells: ['2015-0012', 32_050, 123_456, '2015-01-01'] }],
          },
        ],
      }),
    )
    const [ledger, notes] = await readAll(file)
    expect(ledger).toEqual({
      name: '流转台账',
      isHidden: false,
      hiddenRows: [],
      merges: [
        { firstRow: 1, lastRow: 1, firstColumn: 0, lastColumn: 3 },
        { firstRow: 2, lastRow: 2, firstColumn: 0, lastColumn: 3 },
      ],
      rows: [
        { row: 1, cells: ['示范县流转台账'] },
        { row: 2, cells: ['单位:亩、元'] },
        { row: 3, cells: ['合同编号', '面积(亩)', '金额(元)', '起'] },
        { row: 4, cells: ['2015-0012', 320.5, 1234.56, '2015-01-01'] },
        { row: 5, cells: ['合计', 320.5] },
      ],
    })
    expect(notes?.rows).toEqual([{ row: 1, cells: ['截至 2022-03-01'] }])
  })
})
