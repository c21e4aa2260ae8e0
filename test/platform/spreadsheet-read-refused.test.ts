import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Refusal } from '../../src/errors.ts'
import { zipFile } from '../../src/platform/spreadsheet/zip-file.ts'
import { forgedZip, type Lies, withEntryCount, zip64 } from '../support/forged-zip.ts'
import {
  bytesOf,
  readAll,
  sheetXml,
  stylesXml,
  workbookTexts,
  zipOf,
} from '../support/hand-made-workbook.ts'

const REFUSED = resolve(import.meta.dirname, '../../fixtures/refused')
const SHEET = 'xl/worksheets/sheet1.xml'
const ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'

async function refusalOf(file: Uint8Array, fileName = 'x.xlsx', rowsMax = 100): Promise<Refusal> {
  try {
    await readAll(file, fileName, rowsMax)
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
  throw new Error('the file was not refused')
}

describe('a file that cannot be read is refused in one sentence', () => {
  const files: [string, string, string, RegExp][] = [
    ['archive.xlsx', 'wrong-type', 'file-type', /压缩包.*\.xlsx.*\.csv/],
    ['blank.csv', 'rule-broken', 'file-empty', /没有任何数据/],
    ['cut-short.xlsx', 'rule-broken', 'file-broken', /损坏或不完整/],
    ['damaged-utf-8.csv', 'wrong-type', 'text-encoding', /UTF-8 或 GB18030/],
    ['empty.csv', 'rule-broken', 'file-empty', /没有任何数据/],
    ['encrypted.xlsx', 'rule-broken', 'file-encrypted', /取消密码/],
    ['entities.xlsx', 'rule-broken', 'file-broken', /损坏或不完整/],
    ['macros-renamed.xlsx', 'rule-broken', 'file-has-macros', /不含宏的 \.xlsx/],
    ['neither-utf-8-nor-gb18030.csv', 'wrong-type', 'text-encoding', /UTF-8 或 GB18030/],
    ['no-data.xlsx', 'rule-broken', 'file-empty', /没有任何数据/],
    ['old-excel.xls', 'wrong-type', 'file-is-xls', /另存为 \.xlsx/],
    ['old-word.doc', 'wrong-type', 'file-type', /Word 文档/],
    ['open-document.ods', 'wrong-type', 'file-type', /开放文档/],
    ['open-quote.csv', 'rule-broken', 'file-broken', /第 3 行起的双引号/],
    ['pdf-renamed.xlsx', 'wrong-type', 'file-type', /PDF 文件/],
    ['picture.xlsx', 'wrong-type', 'file-type', /图片/],
    ['utf-16.csv', 'wrong-type', 'text-encoding', /UTF-8 或 GB18030/],
    ['web-page.xls', 'wrong-type', 'file-type', /网页/],
    ['with-macros.xlsm', 'rule-broken', 'file-has-macros', /不含宏的 \.xlsx/],
    ['word.docx', 'wrong-type', 'file-type', /Word 文档/],
  ]

  it.each(files)('%s', async (name, kind, code, sentence) => {
    const { words, ...refusal } = await refusalOf(readFileSync(join(REFUSED, name)), name)
    expect(refusal).toMatchObject({ kind, code, field: 'file' })
    expect(words.zh).toMatch(sentence)
    expect(words.zh).not.toMatch(/[\n。]/)
    expect(words.en).toMatch(/^[\x20-\x7e]+$/)
  })

  it('every one of the collection', () => {
    expect(readdirSync(REFUSED).sort()).toEqual(files.map(([name]) => name).sort())
  })

  it.each<[string, string]>([
    ['504b0506000000000000', 'file-broken'],
    ['d0cf11e0a1b11ae10000', 'file-type'],
    ['0908100000060500', 'file-is-xls'],
    ['526172211a0700', 'file-type'],
    ['ffd8ffe000104a464946', 'file-type'],
    ['424d3600000000000000', 'file-type'],
    ['7b5c7274663120', 'file-type'],
    ['0001020304', 'text-encoding'],
  ])('one that begins with %s', async (start, code) => {
    expect((await refusalOf(Buffer.from(start, 'hex'))).code).toBe(code)
  })

  it('but not a text that begins like a picture', async () => {
    const [sheet] = await readAll(Buffer.from('BM,业主\n1,甲\n'), 'x.csv')
    expect(sheet?.rows).toHaveLength(2)
  })
})

describe('a zip that is no workbook as it should be', () => {
  const without = (part: string) => {
    const { [part]: _, ...texts } = workbookTexts(ROW)
    return texts
  }
  const missing = ['_rels/.rels', 'xl/workbook.xml', 'xl/_rels/workbook.xml.rels', SHEET]

  it.each(missing)('without %s', async (part) => {
    expect((await refusalOf(await zipOf(without(part)))).code).toBe('file-broken')
  })

  it.each<[string, string]>([
    ['a tag left open', '<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c>'],
    ['tags crossed', '<worksheet><sheetData></worksheet></sheetData>'],
    ['half a tag', '<worksheet><sheetData/></worksheet'],
    ['nothing', ''],
    ['no XML', '合同编号,业主'],
    ['a document type', `<!DOCTYPE x>${sheetXml(ROW)}`],
    [
      'an outside entity',
      '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet>&e;</worksheet>',
    ],
    ['an unknown entity', sheetXml('<row r="1"><c r="A1" t="str"><v>&nbsp;</v></c></row>')],
    [
      'an entity of a prototype',
      sheetXml('<row r="1"><c r="A1" t="str"><v>&toString;</v></c></row>'),
    ],
    ['a bare ampersand', sheetXml('<row r="1"><c r="A1" t="str"><v>甲 & 乙</v></c></row>')],
    ['a sign beyond Unicode', sheetXml('<row r="1"><c r="A1" t="str"><v>&#x110000;</v></c></row>')],
    ['an attribute without quotes', sheetXml('<row r=1/>')],
    ['depth without end', '<a>'.repeat(100_000)],
    ['a tag without end', `<a ${'x'.repeat(2_000_000)}`],
    ['an attribute of angle brackets', `<a b="${'>'.repeat(2_000_000)}`],
    ['a text without end', `<worksheet>${'x'.repeat(2_000_000)}`],
    ['a comment without end', `<!--${'x'.repeat(2_000_000)}`],
    [
      'a cell of a million letters',
      sheetXml(`<row r="1"><c r="A1" t="str"><v>${'x<!---->'.repeat(1_000_001)}</v></c></row>`),
    ],
    ['rows going back', sheetXml('<row r="2"/><row r="1"/>')],
    ['a row twice', sheetXml('<row r="2"/><row r="2"/>')],
    ['row 0', sheetXml('<row r="0"/>')],
    ['a row too far down', sheetXml('<row r="1048577"/>')],
    ['a row of no number', sheetXml('<row r="NaN"/>')],
    ['a column too far right', sheetXml('<row r="1"><c r="XFE1"><v>1</v></c></row>')],
    ['a cell nowhere', sheetXml('<row r="1"><c r="1"><v>1</v></c></row>')],
    ['a merge of nothing', sheetXml(ROW, '<mergeCells><mergeCell ref="A:B"/></mergeCells>')],
    ['a shared text that is not there', sheetXml('<row r="1"><c r="A1" t="s"><v>1</v></c></row>')],
    ['a shared text of no number', sheetXml('<row r="1"><c r="A1" t="s"><v>-0.5</v></c></row>')],
  ])('with a sheet of %s', async (_, sheet) => {
    const file = await zipOf(workbookTexts('', { [SHEET]: sheet }))
    expect((await refusalOf(file)).code).toBe('file-broken')
  })

  it('with bytes that are no UTF-8', async () => {
    const { [SHEET]: _, ...texts } = workbookTexts('')
    const others = Object.entries(texts).map(([path, text]) => ({
      path,
      content: [Buffer.from(text)],
    }))
    const content = [Buffer.from(sheetXml(ROW.replace('1', '\u00ff')), 'latin1')]
    const file = await bytesOf(zipFile([...others, { path: SHEET, content }], '2022-03-01'))
    expect((await refusalOf(file)).code).toBe('file-broken')
  })

  it.each<[string, string, Lies]>([
    ['file-broken', 'says that a part unpacks to less', { bytes: 10 }],
    ['file-broken', 'says that a part unpacks to more', { bytes: 100_000 }],
    ['file-unpacks-too-large', 'says that a part unpacks to gigabytes', { bytes: 0xfffffff0 }],
    ['file-broken', 'has a wrong checksum', { crc: 1 }],
    ['file-broken', 'leads out of the file', { header: 0x7fffffff }],
    ['file-broken', 'leads into another part', { header: 0 }],
    ['file-broken', 'packs over the next part', { packed: 5_000 }],
    ['file-broken', 'packs in a way of its own', { method: 12 }],
    ['file-broken', 'calls packed what is not', { method: 0 }],
    ['file-encrypted', 'locks a part', { flags: 1 }],
    ['file-broken', 'leads up', { path: '../../etc/x' }],
    ['file-broken', 'leads to the root', { path: '/etc/x' }],
    ['file-broken', 'leads to a drive', { path: 'c:\\x' }],
    ['file-broken', 'has a part twice', { path: 'XL/WorkBook.xml'.toLowerCase() }],
  ])('%s: its directory %s', async (code, _, lies) => {
    const texts = workbookTexts(ROW)
    const name = lies.path === 'xl/workbook.xml' ? 'xl/workbOOk.xml' : SHEET
    const zip = await zipOf(name === SHEET ? texts : { ...texts, [name]: '<x/>' })
    expect((await refusalOf(forgedZip(zip, name, lies))).code).toBe(code)
  })

  it.each([
    [0, 'file-type'],
    [1, 'file-broken'],
    [50, 'file-broken'],
    [60_000, 'file-unpacks-too-large'],
  ])('that claims %i entries', async (count, code) => {
    const zip = withEntryCount(await zipOf(workbookTexts(ROW)), count)
    expect((await refusalOf(zip)).code).toBe(code)
  })
})

describe('a zip in 64 bits, as streaming programs write it,', () => {
  it('is read', async () => {
    const [sheet] = await readAll(zip64(await zipOf(workbookTexts(ROW))))
    expect(sheet?.rows).toEqual([{ row: 1, cells: [1] }])
  })

  it.each<[bigint, string]>([
    [10_000_000_000n, 'file-unpacks-too-large'],
    [0xffff_ffff_ffff_ffffn, 'file-broken'],
    [1n, 'file-broken'],
  ])('is refused when its parts are to unpack to %i bytes', async (bytes, code) => {
    const zip = zip64(await zipOf(workbookTexts(ROW)), bytes)
    expect((await refusalOf(zip)).code).toBe(code)
  })

  it.each([76, 44, 20])('is refused when its end is cut %i bytes short', async (bytes) => {
    const zip = zip64(await zipOf(workbookTexts(ROW)))
    expect((await refusalOf(zip.subarray(0, -bytes))).code).toBe('file-broken')
  })
})

describe('what would take more than a file may', () => {
  async function* zeros(bytes: number) {
    const chunk = Buffer.alloc(1_000_000)
    for (let left = bytes; left > 0; left -= chunk.length) yield chunk
  }
  const packed = async (path: string, bytes: number, texts = workbookTexts(ROW)) => {
    const parts = Object.entries(texts).filter(([other]) => other !== path)
    const others = parts.map(([other, text]) => ({ path: other, content: [Buffer.from(text)] }))
    return bytesOf(zipFile([...others, { path, content: zeros(bytes) }], '2022-03-01'))
  }

  it.each([SHEET, 'xl/media/image1.png'])('hundreds of megabytes of zeros as %s', async (path) => {
    const file = await packed(path, 300_000_000)
    expect(file.length).toBeLessThan(400_000)
    expect((await refusalOf(file)).code).toBe('file-unpacks-too-large')
  })

  it('the same, declared to be small', async () => {
    const file = forgedZip(await packed(SHEET, 300_000_000), SHEET, { bytes: 1_000 })
    const before = process.memoryUsage().rss
    expect((await refusalOf(file)).code).toBe('file-broken')
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000)
  })

  it('ten gigabytes of zeros in a zip in the zip are one part that nobody unpacks', async () => {
    const inner = await packed('zeros', 100_000_000, {})
    const content = Array.from({ length: 100 }, () => inner)
    const texts = Object.entries(workbookTexts(ROW))
    const parts = texts.map(([path, text]) => ({ path, content: [Buffer.from(text)] }))
    const outer = await bytesOf(zipFile([...parts, { path: 'xl/x.zip', content }], '2022-03-01'))
    const [sheet] = await readAll(outer)
    expect(sheet?.rows).toEqual([{ row: 1, cells: [1] }])
  })

  const rows = (count: number) =>
    Array.from(
      { length: count },
      (_, at) => `<row r="${at + 1}"><c r="A${at + 1}"><v>1</v></c></row>`,
    ).join('')

  it('more rows than allowed, in all sheets together; empty ones do not count', async () => {
    const file = await zipOf(workbookTexts(`${rows(100)}<row r="900"><c r="A900" s="0"/></row>`))
    expect(await readAll(file, 'x.xlsx', 100)).toHaveLength(1)
    const { kind, code, words } = await refusalOf(file, 'x.xlsx', 99)
    expect([kind, code, words.zh]).toEqual([
      'too-large',
      'too-many-rows',
      '文件超过 99 行;请拆分后分别导入',
    ])
  })

  it('more records than allowed', async () => {
    const file = Buffer.from('甲,乙\n\n'.repeat(100))
    expect(await readAll(file, 'x.csv', 100)).toHaveLength(1)
    expect((await refusalOf(file, 'x.csv', 99)).code).toBe('too-many-rows')
  })

  it('rows that all reach to the last column', async () => {
    const wide = rows(100).replaceAll(/r="A(\d+)"/g, 'r="XFD$1"')
    const { kind, code } = await refusalOf(await zipOf(workbookTexts(wide)))
    expect([kind, code]).toEqual(['too-large', 'too-many-cells'])
  })

  it('a record of a hundred thousand fields', async () => {
    expect((await refusalOf(Buffer.from('1,'.repeat(99_000)), 'x.csv')).code).toBe('too-many-cells')
  })

  it('hundreds of thousands of merged cells', async () => {
    const merges = '<mergeCell ref="A1:B1"/>'.repeat(200_001)
    const sheet = sheetXml(ROW, `<mergeCells>${merges}</mergeCells>`)
    const file = await zipOf(workbookTexts('', { [SHEET]: sheet }))
    expect((await refusalOf(file)).code).toBe('too-many-cells')
  })

  it('more shared texts than cells', async () => {
    const texts = `<sst>${'<si/>'.repeat(20_001)}</sst>`
    const file = await zipOf(workbookTexts(ROW, { 'xl/sharedStrings.xml': texts }))
    expect((await refusalOf(file)).code).toBe('too-many-cells')
  })

  it('one large text that hundreds of cells refer to', async () => {
    const texts = `<sst><si><t>${'长'.repeat(900_000)}</t></si></sst>`
    const row = `<row r="1">${'<c t="s"><v>0</v></c>'.repeat(230)}</row>`
    const file = await zipOf(workbookTexts(row, { 'xl/sharedStrings.xml': texts }))
    expect((await refusalOf(file)).code).toBe('file-unpacks-too-large')
  })

  it('one sheet under two names', async () => {
    const { 'xl/workbook.xml': book = '' } = workbookTexts('')
    const twice = book.replace(/<sheet .*?\/>/, (sheet) => sheet + sheet.replace('台账', '二'))
    const file = await zipOf(workbookTexts(ROW, { 'xl/workbook.xml': twice }))
    expect((await refusalOf(file)).code).toBe('file-broken')
  })

  it.each([`0${'"'.repeat(201)}5`, '['.repeat(250), '['.repeat(100_000)])(
    'no time for a number format that leads nowhere',
    async (format) => {
      const styles = { 'xl/styles.xml': stylesXml([format]) }
      const start = performance.now()
      const file = await zipOf(
        workbookTexts('<row r="1"><c r="A1" s="1"><v>1</v></c></row>', styles),
      )
      const [sheet] = await readAll(file)
      expect(sheet?.rows).toEqual([{ row: 1, cells: [1] }])
      expect(performance.now() - start).toBeLessThan(1_000)
    },
  )
})
