import { readCellTexts } from './cell-texts.ts'
import { fileRefusal, tooManyRows } from './file-refusal.ts'
import type { MergedCells, RawSheet } from './raw-sheet.ts'
import { type CellsOf, readWorksheet } from './read-worksheet.ts'
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

/**
 * The sheets of an .xlsx. All of them are gone through before the first is given out: then their
 * merged cells are known, and nothing of a file that breaks off or has too many rows is seen.
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
  const merges = await survey(file, parts, book, limits)
  for (const [at, sheet] of parts.sheets.entries())
    yield {
      name: sheet.name,
      isHidden: sheet.isHidden,
      merges: merges[at] ?? [],
      rows: readWorksheet(sheetXml(file, parts, sheet), book, []),
    }
}

/** The merged cells of each sheet. */
async function survey(
  file: Buffer,
  parts: WorkbookParts,
  book: CellsOf,
  { rowsMax, headingRows = 0 }: ReadLimits,
): Promise<MergedCells[][]> {
  let rows = 0
  const ofSheets: MergedCells[][] = []
  for (const sheet of parts.sheets) {
    const merges: MergedCells[] = []
    ofSheets.push(merges)
    for await (const _ of readWorksheet(sheetXml(file, parts, sheet), book, merges)) {
      rows += 1
      if (rows > rowsMax + headingRows) throw tooManyRows(rowsMax)
    }
  }
  if (rows === 0) throw fileRefusal('file-empty')
  return ofSheets
}

function sheetXml(file: Buffer, { entries }: WorkbookParts, { path }: SheetPart) {
  const entry = entries.get(path)
  if (!entry) throw fileRefusal('file-broken')
  return unpacked(file, entry)
}
