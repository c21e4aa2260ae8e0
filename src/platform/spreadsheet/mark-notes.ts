import { text } from 'node:stream/consumers'
import { type CellNote, inserted, withComments, withShapes } from './comment-xml.ts'
import { fileRefusal } from './file-refusal.ts'
import type { MarksOfSheet } from './row-mark.ts'
import {
  CONTENT_TYPES,
  type Relation,
  relationsOf,
  relationsPath,
  type WorkbookParts,
} from './workbook-parts.ts'
import { unpacked } from './zip-directory.ts'

/** A workbook while notes are written into it. */
export interface BookToMark {
  file: Buffer
  entries: WorkbookParts['entries']
  /** Parts that have been written anew. */
  texts: Map<string, string>
}

const NOTE_CHARACTERS_MAX = 2_000
/** Of parts that are read as a whole, to add to them. */
const PART_BYTES_MAX = 32_000_000
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const NO_RELATIONS =
  '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">' +
  '</Relationships>'
const COMMENTS_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml'
const DRAWING_TYPE = 'application/vnd.openxmlformats-officedocument.vmlDrawing'

/** One comment for each cell with problems, the first `notesMax` of them. */
export function notesOf(marks: MarksOfSheet, notesMax: number): CellNote[] {
  const notes: CellNote[] = []
  for (const { row, problems } of marks.values()) {
    const texts = new Map<number, string[]>()
    for (const { cell, text } of problems)
      if (cell !== undefined) texts.set(cell, [...(texts.get(cell) ?? []), text])
    for (const [column, lines] of texts) {
      if (notes.length === notesMax) return notes
      notes.push({ row, column, text: lines.join('\n').slice(0, NOTE_CHARACTERS_MAX) })
    }
  }
  return notes
}

/**
 * Writes the comments of a sheet and their shapes, into the parts it has for them or into new ones.
 * Returns what the sheet is to call its drawing, when that is new.
 */
export async function addNotes(
  book: BookToMark,
  sheet: string,
  notes: readonly CellNote[],
  drawingId: string | undefined,
): Promise<string | undefined> {
  const own = await relationsOf(book.file, book.entries, sheet)
  const partOf = (isIt: (relation: Relation) => boolean) =>
    own.find((relation) => isIt(relation) && book.entries.has(relation.target))?.target
  const comments = partOf(({ type }) => type.endsWith('/comments'))
  const drawing = partOf(({ id }) => id === drawingId)
  const stem = `xl/import-comments-${sheet.replace(/\W+/g, '-')}`
  const { xml, added } = withComments(await textPart(book, comments), notes)
  book.texts.set(comments ?? `${stem}.xml`, xml)
  book.texts.set(drawing ?? `${stem}.vml`, withShapes(await textPart(book, drawing), added))
  if (comments === undefined) {
    await relate(book, sheet, 'comments', `${stem}.xml`)
    await declare(book, `<Override PartName="/${stem}.xml" ContentType="${COMMENTS_TYPE}"/>`)
  }
  if (drawing !== undefined) return undefined
  await declare(book, `<Override PartName="/${stem}.vml" ContentType="${DRAWING_TYPE}"/>`)
  return relate(book, sheet, 'vmlDrawing', `${stem}.vml`)
}

/** Returns the id of the new relation. */
async function relate(book: BookToMark, sheet: string, type: string, target: string) {
  const id = `rIdImport-${type}`
  const path = relationsPath(sheet)
  const before = ((await textPart(book, path)) ?? NO_RELATIONS).replace(
    /<((?:\w+:)?Relationships)([^>]*)\/>/,
    '<$1$2></$1>',
  )
  const end = /<\/((?:\w+:)?)Relationships>/.exec(before)
  const relation = `Relationship Id="${id}" Type="${OFFICE}/${type}" Target="/${target}"/>`
  book.texts.set(path, inserted(before, end?.[0] ?? '', `<${end?.[1] ?? ''}${relation}`))
  return id
}

async function declare(book: BookToMark, part: string): Promise<void> {
  const before = (await textPart(book, CONTENT_TYPES)) ?? ''
  const end = /<\/((?:\w+:)?)Types>/.exec(before)
  const after = inserted(before, end?.[0] ?? '', part.replace('<', `<${end?.[1] ?? ''}`))
  book.texts.set(CONTENT_TYPES, after)
}

async function textPart(book: BookToMark, path: string | undefined): Promise<string | undefined> {
  const written = book.texts.get(path ?? '')
  const entry = book.entries.get(path ?? '')
  if (written !== undefined || !entry) return written
  if (entry.bytes > PART_BYTES_MAX) throw fileRefusal('file-unpacks-too-large')
  return text(unpacked(book.file, entry))
}
