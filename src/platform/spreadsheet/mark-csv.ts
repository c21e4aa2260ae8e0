import { Readable } from 'node:stream'
import { parse } from 'csv-parse'
import iconv from 'iconv-lite'
import { csvText, separatorOf } from './csv-text.ts'
import { type MarksOfSheet, markText } from './row-mark.ts'

const CHUNK_BYTES = 65_536

interface RawRecord {
  record: string[]
  /** Its bytes, each as one character. */
  raw: string
}

/**
 * A CSV file with one more field in each record that has a mark, all in one column. Its own bytes
 * stay: separators, quotes and line ends are the same bytes in UTF-8 and GB18030.
 */
export async function* markCsv(
  file: Buffer,
  marks: MarksOfSheet,
): AsyncGenerator<Uint8Array, void> {
  const { text, charset } = csvText(file)
  const separator = separatorOf(text)
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n'
  const column = await columnAfter(file, separator, marks)
  let no = 0
  for await (const { record, raw } of records(file, separator)) {
    no += 1
    const mark = marks.get(no)
    const line = Buffer.from(withoutEnd(raw), 'latin1')
    const field = mark ? fieldOf(markText(mark), separator) : ''
    const separators = mark ? separator.repeat(Math.max(column - record.length, 0) + 1) : ''
    yield Buffer.concat([line, iconv.encode(`${separators}${field}${lineEnd}`, charset)])
  }
}

/** The first column that is free in every record with a mark. */
async function columnAfter(file: Buffer, separator: string, marks: MarksOfSheet): Promise<number> {
  let no = 0
  let column = 0
  for await (const { record } of records(file, separator)) {
    no += 1
    if (marks.has(no)) column = Math.max(column, record.length)
  }
  return column
}

async function* records(file: Buffer, delimiter: string): AsyncGenerator<RawRecord, void> {
  const parser = parse({
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    raw: true,
  })
  yield* Readable.from(inChunks(file)).pipe(parser) as AsyncIterable<RawRecord>
}

function* inChunks(file: Buffer): Generator<string> {
  for (let at = 0; at < file.length; at += CHUNK_BYTES)
    yield file.toString('latin1', at, at + CHUNK_BYTES)
}

function withoutEnd(raw: string): string {
  let end = raw.length
  while (end > 0 && (raw[end - 1] === '\r' || raw[end - 1] === '\n')) end--
  return raw.slice(0, end)
}

/** No program may take it for a formula, or break it in two. */
function fieldOf(text: string, separator: string): string {
  const guarded = /^\s*[=+\-@＝＋－＠\t\r\n]/.test(text) ? `'${text}` : text
  const needsQuotes = guarded.includes(separator) || /["\r\n]/.test(guarded)
  return needsQuotes ? `"${guarded.replaceAll('"', '""')}"` : guarded
}
