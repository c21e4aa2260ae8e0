import { text } from 'node:stream/consumers'
import { fileKind } from './file-kind.ts'
import { fileRefusal } from './file-refusal.ts'
import { markCsv } from './mark-csv.ts'
import { addNotes, type BookToMark, notesOf } from './mark-notes.ts'
import { WrappedStyles } from './mark-styles.ts'
import { markedSheetXml, surveySheet } from './mark-worksheet.ts'
import type { MarksOfSheet, RowMark } from './row-mark.ts'
import { type SheetPart, type WorkbookParts, workbookParts } from './workbook-parts.ts'
import { unpacked } from './zip-directory.ts'
import { type ZipPart, zipFile } from './zip-file.ts'

const UNPACKED_BYTES_MAX = 4_000_000_000
const STYLES_BYTES_MAX = 16_000_000
/** More comments than this make a file that programs can hardly open; the column says all. */
const NOTES_MAX = 5_000
/** What spreadsheet programs themselves date the parts of a file. */
const PART_DAY = '1980-01-01'

/**
 * The file that was read, with what became of each row in a column right of its table and, in a
 * workbook, a comment at each cell with a problem. All else stays as it was.
 */
export async function* markWorkbook(
  file: Uint8Array,
  marks: Iterable<RowMark> | AsyncIterable<RowMark>,
): AsyncGenerator<Uint8Array, void> {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength)
  const ofSheets = new Map<string, Map<number, RowMark>>()
  for await (const mark of marks) {
    const ofSheet = ofSheets.get(mark.sheet) ?? new Map<number, RowMark>()
    ofSheets.set(mark.sheet, ofSheet.set(mark.row, mark))
  }
  if (fileKind(bytes) === 'zip') yield* markZip(bytes, ofSheets)
  // It has one sheet, whatever that is called.
  else yield* markCsv(bytes, ofSheets.values().next().value ?? new Map())
}

async function* markZip(
  file: Buffer,
  marks: ReadonlyMap<string, MarksOfSheet>,
): AsyncGenerator<Uint8Array, void> {
  const parts = await workbookParts(file, UNPACKED_BYTES_MAX)
  const book: BookToMark = { file, entries: parts.entries, texts: new Map() }
  const sheets = new Map<string, ZipPart['content']>()
  const styles = new WrappedStyles(await stylesheet(file, parts))
  let notesLeft = NOTES_MAX
  for (const sheet of parts.sheets) {
    const ofSheet = marks.get(sheet.name)
    if (!ofSheet) continue
    const notes = notesOf(ofSheet, notesLeft)
    notesLeft -= notes.length
    sheets.set(sheet.path, await markSheet(book, sheet, ofSheet, notes, styles))
  }
  const written = [...book.texts].map(([path, text]) => [path, [Buffer.from(text)]] as const)
  const changed = new Map<string, ZipPart['content']>([...sheets, ...written])
  const kept = [...parts.entries.values()].filter(({ path }) => !path.endsWith('/'))
  const paths = new Set([...kept.map(({ path }) => path), ...changed.keys()])
  // Which styles are needed is known when all sheets are written.
  const last = parts.styles?.path
  const others = [...paths].filter((path) => path !== last)
  const content = others.map((path) => ({
    path,
    content: changed.get(path) ?? contentOf(book, path),
  }))
  const styled = last === undefined ? [] : [{ path: last, content: writtenLast(styles) }]
  yield* zipFile([...content, ...styled], PART_DAY)
}

async function stylesheet(file: Buffer, { styles }: WorkbookParts): Promise<string> {
  if (!styles) return ''
  if (styles.bytes > STYLES_BYTES_MAX) throw fileRefusal('file-unpacks-too-large')
  return text(unpacked(file, styles))
}

function* writtenLast(styles: WrappedStyles): Generator<Buffer> {
  yield Buffer.from(styles.written())
}

async function markSheet(
  book: BookToMark,
  { path }: SheetPart,
  marks: MarksOfSheet,
  notes: ReturnType<typeof notesOf>,
  styles: WrappedStyles,
): Promise<AsyncGenerator<Buffer>> {
  const { column, drawingId } = await surveySheet(contentOf(book, path), marks)
  const newDrawingId = notes.length === 0 ? undefined : await addNotes(book, path, notes, drawingId)
  const places = { column, drawingId: newDrawingId }
  return markedSheetXml(contentOf(book, path), marks, places, styles)
}

function contentOf({ file, entries }: BookToMark, path: string): AsyncGenerator<Buffer, void> {
  const entry = entries.get(path)
  if (!entry) throw fileRefusal('file-broken')
  return unpacked(file, entry)
}
