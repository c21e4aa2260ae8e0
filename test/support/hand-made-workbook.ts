import type { RawRow } from '../../src/platform/spreadsheet/raw-sheet.ts'
import { readSheets } from '../../src/platform/spreadsheet/read-sheets.ts'
import { zipFile } from '../../src/platform/spreadsheet/zip-file.ts'

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const SPREADSHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

/** The parts of a workbook of one sheet, as text; a part given takes the place of its like. */
export function workbookTexts(
  sheetData: string,
  others: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const override = (part: string, type: string) =>
    `<Override PartName="/xl/${part}.xml" ContentType="${SPREADSHEET}.${type}+xml"/>`
  const relation = (id: number, type: string, target: string) =>
    `<Relationship Id="rId${id}" Type="${OFFICE}/${type}" Target="${target}"/>`
  return {
    '[Content_Types].xml':
      `<Types xmlns="${PACKAGE}/content-types"><Default Extension="xml" ContentType="text/xml"/>` +
      '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
      `${override('workbook', 'sheet.main')}${override('worksheets/sheet1', 'worksheet')}` +
      `${override('styles', 'styles')}${override('sharedStrings', 'sharedStrings')}</Types>`,
    '_rels/.rels':
      `<Relationships xmlns="${PACKAGE}/relationships">` +
      `${relation(1, 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    'xl/workbook.xml':
      `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>` +
      '<sheet name="台账" sheetId="1" r:id="rId1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels':
      `<Relationships xmlns="${PACKAGE}/relationships">` +
      relation(1, 'worksheet', 'worksheets/sheet1.xml') +
      relation(2, 'styles', 'styles.xml') +
      `${relation(3, 'sharedStrings', 'sharedStrings.xml')}</Relationships>`,
    'xl/styles.xml': stylesXml([]),
    'xl/sharedStrings.xml': `<sst xmlns="${MAIN}"><si><t>共享</t></si></sst>`,
    'xl/worksheets/sheet1.xml': sheetXml(sheetData),
    ...others,
  }
}

export const sheetXml = (sheetData: string, after = '') =>
  `<worksheet xmlns="${MAIN}"><sheetData>${sheetData}</sheetData>${after}</worksheet>`

/** Style 1, 2, … show numbers in one of the formats each: a code, or the number of one built in. */
export function stylesXml(formats: readonly (string | number)[]): string {
  const written = (code: string) => code.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
  const codes = formats.map((format, at) =>
    typeof format === 'number'
      ? ''
      : `<numFmt numFmtId="${200 + at}" formatCode="${written(format)}"/>`,
  )
  const ids = formats.map((format, at) => (typeof format === 'number' ? format : 200 + at))
  const cells = [0, ...ids].map((id) => `<xf numFmtId="${id}" applyNumberFormat="1"/>`)
  return (
    `<styleSheet xmlns="${MAIN}"><numFmts>${codes.join('')}</numFmts>` +
    '<fonts><font><sz val="11"/><name val="宋体"/></font></fonts><fills><fill/></fills>' +
    '<borders><border/></borders><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>' +
    `<cellXfs>${cells.join('')}</cellXfs></styleSheet>`
  )
}

export async function zipOf(texts: Readonly<Record<string, string>>): Promise<Buffer> {
  const parts = Object.entries(texts).map(([path, text]) => ({
    path,
    content: [Buffer.from(text)],
  }))
  return bytesOf(zipFile(parts, '2022-03-01'))
}

export async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all)
}

/** Everything that is read of a file. */
export async function readAll(file: Uint8Array, fileName = '台账.xlsx', rowsMax = 1_000) {
  const sheets = []
  for await (const { rows, ...sheet } of readSheets(file, fileName, { rowsMax })) {
    const read: RawRow[] = []
    for await (const row of rows) read.push(row)
    sheets.push({ ...sheet, rows: read })
  }
  return sheets
}

/** The rows of the only sheet of a file. */
export async function rowsOf(file: Uint8Array, fileName?: string): Promise<RawRow[]> {
  const [sheet] = await readAll(file, fileName)
  return sheet?.rows ?? []
}
