import { sheetXml, stylesXml, workbookTexts, zipOf } from './hand-made-workbook.ts'

/** A cell; of a number with a look, its position among the formats of the workbook, from 1. */
export type WrittenCell = string | number | null | { number: number; look: number }

export interface WrittenSheet {
  name: string
  rows: readonly (readonly WrittenCell[])[]
  /** Numbers of rows that the sheet does not show. */
  hidden?: readonly number[]
}

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const RELATIONS = 'http://schemas.openxmlformats.org/package/2006/relationships'

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

function cellXml(cell: WrittenCell, at: string): string {
  if (cell === null) return ''
  if (typeof cell === 'string') {
    const text = `<t xml:space="preserve">${escaped(cell)}</t>`
    return `<c r="${at}" t="inlineStr"><is>${text}</is></c>`
  }
  const { number, look } = typeof cell === 'number' ? { number: cell, look: 0 } : cell
  return `<c r="${at}" s="${look}"><v>${number}</v></c>`
}

function rowsXml({ rows, hidden = [] }: WrittenSheet): string {
  const written = rows.map((cells, at) => {
    const row = cells.map((cell, column) =>
      cellXml(cell, `${String.fromCharCode(65 + column)}${at + 1}`),
    )
    const isHidden = hidden.includes(at + 1) ? ' hidden="1"' : ''
    return `<row r="${at + 1}"${isHidden}>${row.join('')}</row>`
  })
  return written.join('')
}

/** A workbook of several sheets as a spreadsheet program saves it. */
export function workbookOf(
  sheets: readonly WrittenSheet[],
  formats: readonly string[] = [],
): Promise<Buffer> {
  const tabs = sheets.map(
    ({ name }, at) => `<sheet name="${name}" sheetId="${at + 1}" r:id="rId${at + 10}"/>`,
  )
  const relations = sheets.map(
    (_, at) =>
      `<Relationship Id="rId${at + 10}" Type="${OFFICE}/worksheet"` +
      ` Target="worksheets/sheet${at + 1}.xml"/>`,
  )
  relations.push(`<Relationship Id="rId2" Type="${OFFICE}/styles" Target="styles.xml"/>`)
  const parts = sheets.map((sheet, at): [string, string] => [
    `xl/worksheets/sheet${at + 1}.xml`,
    sheetXml(rowsXml(sheet)),
  ])
  const others = {
    'xl/workbook.xml':
      `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}">` +
      `<sheets>${tabs.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${RELATIONS}">${relations.join('')}</Relationships>`,
    'xl/styles.xml': stylesXml(formats),
    ...Object.fromEntries(parts),
  }
  return zipOf(workbookTexts('', others))
}
