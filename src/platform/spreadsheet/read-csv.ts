import { Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { csvText, separatorOf } from './csv-text.ts'
import { fileRefusal, quoteLeftOpen, tooManyRows } from './file-refusal.ts'
import type { RawCell, RawRow } from './raw-sheet.ts'
import { CELLS_PER_ROW, type FileSheet, type ReadLimits } from './read-workbook.ts'

const RECORD_CHARACTERS_MAX = 200_000
const CHUNK_CHARACTERS = 65_536
/** Put before a text that a spreadsheet program would take for a formula. */
const GUARDED = /^'(?=\s*[=+\-@＝＋－＠\t\r\n])/
/** How a text of digits is kept from becoming a number. */
const TEXT_AS_FORMULA = /^="([^"]*)"$/

/** A CSV file as one sheet. It is gone through as a whole before any row is given out. */
export async function* readCsv(
  file: Uint8Array,
  fileName: string,
  limits: ReadLimits,
): AsyncGenerator<FileSheet, void> {
  const { text } = csvText(file)
  const { rowsMax, headingRows = 0 } = limits
  let rows = 0
  for await (const _ of csvRows(text, limits)) {
    rows += 1
    if (rows > rowsMax + headingRows) throw tooManyRows(rowsMax)
  }
  if (rows === 0) throw fileRefusal('file-empty')
  const name = fileName.replace(/^.*[\\/]/, '').replace(/\.[^.]*$/, '')
  yield { name, isHidden: false, merges: [], rows: csvRows(text, limits) }
}

async function* csvRows(text: string, { rowsMax }: ReadLimits): AsyncGenerator<RawRow, void> {
  let row = 0
  let cellsLeft = rowsMax * CELLS_PER_ROW
  for await (const fields of csvRecords(text)) {
    row += 1
    const cells = fields.map(cellOf)
    while (cells.at(-1) === null) cells.pop()
    cellsLeft -= cells.length
    if (cellsLeft < 0) throw fileRefusal('too-many-cells')
    if (cells.length > 0) yield { row, cells }
  }
}

async function* csvRecords(text: string): AsyncGenerator<string[], void> {
  const parser = parse({
    delimiter: separatorOf(text),
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: RECORD_CHARACTERS_MAX,
  })
  try {
    yield* Readable.from(inChunks(text)).pipe(parser)
  } catch (error) {
    throw error instanceof CsvError ? quoteLeftOpen(parser.info.records + 1) : error
  }
}

function* inChunks(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += CHUNK_CHARACTERS)
    yield text.slice(at, at + CHUNK_CHARACTERS)
}

function cellOf(field: string): RawCell {
  const text = field.replace(TEXT_AS_FORMULA, '$1').replace(GUARDED, '')
  return text.trim() === '' ? null : text
}
