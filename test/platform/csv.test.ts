import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import type { Column, Row } from '../../src/platform/spreadsheet/sheet-rows.ts'
import { type CsvCharset, writeCsv } from '../../src/platform/spreadsheet/write-csv.ts'

const COLUMNS: Column[] = [
  { heading: '合同编号', kind: 'text' },
  { heading: '面积(亩)', kind: 'mu', total: true },
  { heading: '金额(元)', kind: 'yuan', total: true },
  { heading: '户数', kind: 'count' },
  { heading: '占比(%)', kind: 'percent' },
  { heading: '应付日', kind: 'day' },
]

async function bytesOf(
  columns: Column[],
  rows: Iterable<Row> | AsyncIterable<Row>,
  charset: CsvCharset = 'utf-8',
): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of writeCsv(columns, rows, charset)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const cellOf = async (text: string, charset: CsvCharset = 'utf-8') => {
  const bytes = await bytesOf([{ heading: '列', kind: 'text' }], [{ cells: [text] }], charset)
  const decoded = new TextDecoder(charset, { ignoreBOM: false }).decode(bytes)
  const [, row] = parse(decoded, { recordDelimiter: '\r\n' }) as string[][]
  return row?.[0]
}

describe('a csv file', () => {
  it('has a byte-order mark, headings, CRLF, numbers as they are counted, no sums', async () => {
    const rows: Row[] = [
      { cells: ['2020-0001', 32_050, 123_456, 1234, 1276, '2021-12-31'] },
      { cells: [null, null, 0, null, 0, null], isSum: true },
    ]
    expect((await bytesOf(COLUMNS, rows)).toString()).toBe(
      '\ufeff合同编号,面积(亩),金额(元),户数,占比(%),应付日\r\n' +
        '2020-0001,320.50,1234.56,1234,12.76,2021-12-31\r\n' +
        ',,0.00,,0.00,\r\n',
    )
  })

  it.each([
    ['逗号,引号"换行\n二', '逗号,引号"换行\n二'],
    [' 空格 ', ' 空格 '],
    ['𠮷', '𠮷'],
    ['\u0000张\ud800三', '张三'],
  ])('keeps %j', async (text, kept) => {
    expect(await cellOf(text)).toBe(kept)
    expect(await cellOf(text, 'gb18030')).toBe(kept)
  })

  it.each(['=1+1', '+86', '-1', '@SUM(A1)', '\t=1', ' =1', '\n=1', '＝1', '＋1', '－1', '＠1'])(
    'guards %j, which a program would compute',
    async (text) => {
      expect(await cellOf(text)).toBe(`'${text}`)
    },
  )

  it.each(['1=1', '张-三', 'a@b', '2020-0001', '—'])('leaves %j as it is', async (text) => {
    expect(await cellOf(text)).toBe(text)
  })

  it('refuses what is no whole number', async () => {
    await expect(bytesOf(COLUMNS, [{ cells: ['一', 0.5] }])).rejects.toThrow('not a whole number')
  })

  it('in GB18030 has no byte-order mark', async () => {
    const bytes = await bytesOf([{ heading: '村', kind: 'text' }], [], 'gb18030')
    expect(bytes).toEqual(Buffer.from([0xb4, 0xe5, 0x0d, 0x0a]))
  })

  it('is written while its rows come, and lets go of them when nobody reads on', async () => {
    let [given, closed] = [0, false]
    function* endless() {
      try {
        for (;;) {
          given += 1
          yield { cells: [`2020-${given}`, given] }
        }
      } finally {
        closed = true
      }
    }
    let bytes = 0
    for await (const chunk of writeCsv(COLUMNS, endless(), 'utf-8')) {
      bytes += chunk.length
      if (bytes > 200_000) break
    }
    expect(given).toBeLessThan(50_000)
    expect(closed).toBe(true)
  })
})
