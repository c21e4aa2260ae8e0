import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import type { RawCell } from '../../src/platform/spreadsheet/raw-sheet.ts'
import { CSV_CHARSETS, writeCsv } from '../../src/platform/spreadsheet/write-csv.ts'
import { bytesOf, readAll, rowsOf } from '../support/hand-made-workbook.ts'

const TEXT = '合同编号,业主,面积(亩)\r\n2015-0012,示范农业有限公司,320.50\r\n'
const ROWS = [
  { row: 1, cells: ['合同编号', '业主', '面积(亩)'] },
  { row: 2, cells: ['2015-0012', '示范农业有限公司', '320.50'] },
]

describe('a CSV file', () => {
  it.each<[string, Buffer]>([
    ['UTF-8', Buffer.from(TEXT)],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${TEXT}`)],
    ['GB18030', iconv.encode(TEXT, 'gb18030')],
    ['semicolons', Buffer.from(TEXT.replaceAll(',', ';'))],
    ['tabs', Buffer.from(TEXT.replaceAll(',', '\t'))],
    ['bare line feeds', Buffer.from(TEXT.replaceAll('\r\n', '\n'))],
    ['bare returns', Buffer.from(TEXT.replaceAll('\r\n', '\r'))],
    ['mixed line ends', Buffer.from(TEXT.replace('\r\n', '\n'))],
    ['no line end at the end', Buffer.from(TEXT.trimEnd())],
  ])('is read with %s', async (_, file) => {
    expect(await rowsOf(file, '台账.csv')).toEqual(ROWS)
  })

  it('is one sheet called like the file', async () => {
    const [sheet, ...others] = await readAll(Buffer.from(TEXT), 'C:\\桌面\\白果村.2022.csv')
    expect(sheet).toMatchObject({ name: '白果村.2022', isHidden: false, merges: [] })
    expect(others).toEqual([])
  })

  it.each<[string, string, { row: number; cells: RawCell[] }[]]>([
    [
      'numbers rows as a spreadsheet program does',
      '标题\n\n编号,"一\n二"\n,,\n1,2\n',
      [
        { row: 1, cells: ['标题'] },
        { row: 3, cells: ['编号', '一\n二'] },
        { row: 5, cells: ['1', '2'] },
      ],
    ],
    ['keeps quoted separators and quotes', '"a,b","c""d"\n', [{ row: 1, cells: ['a,b', 'c"d'] }]],
    ['keeps a quote inside a field', '6" 管,甲"乙\n', [{ row: 1, cells: ['6" 管', '甲"乙'] }]],
    [
      'finds tabs where titles have commas',
      '单位,元\na\tb\tc\n1\t2\t3\n',
      [
        { row: 1, cells: ['单位,元'] },
        { row: 2, cells: ['a', 'b', 'c'] },
        { row: 3, cells: ['1', '2', '3'] },
      ],
    ],
    ['leaves digits text', '0012,="0013"\n', [{ row: 1, cells: ['0012', '0013'] }]],
    [
      'takes off a guard, and nothing else',
      "'=甲,'-,'甲,-5\n",
      [{ row: 1, cells: ['=甲', '-', "'甲", '-5'] }],
    ],
    [
      'takes blank fields for empty',
      'a, ,\u3000,b,\n',
      [{ row: 1, cells: ['a', null, null, 'b'] }],
    ],
  ])('%s', async (_, text, expected) => {
    expect(await rowsOf(Buffer.from(text), 'x.csv')).toEqual(expected)
  })

  it.each(CSV_CHARSETS)('of our own exports comes back in %s', async (charset) => {
    const columns = [
      { heading: '业主', kind: 'text' },
      { heading: '面积(亩)', kind: 'mu' },
    ] as const
    const rows = [{ cells: ['=甲,"乙"\n丙', 32_050] }, { cells: ['+8613800001234', 1] }]
    const file = await bytesOf(writeCsv(columns, rows, charset))
    expect(await rowsOf(file, 'x.csv')).toEqual([
      { row: 1, cells: ['业主', '面积(亩)'] },
      { row: 2, cells: ['=甲,"乙"\n丙', '320.50'] },
      { row: 3, cells: ['+8613800001234', '0.01'] },
    ])
  })
})
