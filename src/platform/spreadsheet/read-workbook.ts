import { readCellTexts } from './cell-texts.ts'
import { fileRefusal, tooManyRows } from './file-refusal.ts'
import { PackedRows } from './packed-rows.ts'
import type { RawRow, RawSheet } from './raw-sheet.ts'
import { type CellsOf, readWorksheet, type SheetNotes } from './read-worksheet.ts'
import { type SheetPart, type WorkbookParts, workbookParts } from './workbook-parts.ts'
import { unpacked } from './zip-directory.ts'

export interface FileSheet extends RawSheet {
  /** Whether somebody who opens the file does not see it. */
  isHidden: boolean
}

export interface ReadLimits {
  /** Rows with a value in all sheets together. */
  rowsMax: number
  /** Titles and headings, which are allowed besides. */
  headingRows?: number
}

const BYTES_PER_ROW = 4_096
const BYTES_ALWAYS = 64_000_000
/** Places in rows up to their last cell: one cell far to the right costs a row of them. */
export const CELLS_PER_ROW = 200
/** Of all cells together: a text that many of them refer to stands in the file once. */
const CHARACTERS_MAX = 200_000_000

/**
 * The sheets of an .xlsx. All of them are read before the first is given out: then their merged
 * cells are known, and nothing of a file that breaks off or has too many rows is seen.
 */
export async function* readWorkbook(
  file: Buffer,
  limits: ReadLimits,
): AsyncGenerator<FileSheet, void> {
  const { rowsMax } = limits
  const parts = await workbookParts(file, Math.max(rowsMax * BYTES_PER_ROW, BYTES_ALWAYS))
  const { sharedTexts, looks, is1904 } = parts
  const cellsMax = rowsMax * CELLS_PER_ROW
  const texts =
    sharedTexts && (await readCellTexts(unpacked(file, sharedTexts), sharedTexts.bytes, cellsMax))
  const book = { texts, looks, is1904, cellsMax }
  yield* await wholeSheets(file, parts, book, limits)
}

async function wholeSheets(
  file: Buffer,
  parts: WorkbookParts,
  book: CellsOf,
  { rowsMax, headingRows = 0 }: ReadLimits,
): Promise<FileSheet[]> {
  let count = 0
  let characters = 0
  const sheets: FileSheet[] = []
  for (const part of parts.sheets) {
    const notes: SheetNotes = { merges: [], hiddenRows: [] }
    const packed = new PackedRows()
    for await (const row of readWorksheet(sheetXml(file, parts, part), book, notes)) {
      count += 1
      if (count > rowsMax + headingRows) throw tooManyRows(rowsMax)
      const ofRow = charactersIn(row)
      characters += ofRow
      if (characters > CHARACTERS_MAX) throw fileRefusal('file-unpacks-too-large')
      packed.add(row, ofRow)
    }
    const { name, isHidden } = part
    sheets.push({ name, isHidden, ...notes, rows: packed.rows() })
  }
  if (count === 0) throw fileRefusal('file-empty')
  return sheets
}

function charactersIn({ cells }: RawRow): number {
  let characters = cells.length
  for (const cell of cells) if (typeof cell === 'string') characters += cell.length
  return characters
}

function sheetXml(file: Buffer, { entries }: WorkbookParts, { path }: SheetPart) {
  const entry = entries.get(path)
  if (!entry) throw fileRefusal('file-broken')
  return unpacked(file, entry)
}
