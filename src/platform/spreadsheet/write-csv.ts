import { setImmediate } from 'node:timers/promises'
import iconv from 'iconv-lite'
import {
  type Cell,
  type Column,
  type ColumnKind,
  cellText,
  numberText,
  type Row,
} from './sheet-rows.ts'

/** Spreadsheet programs of Chinese offices open either; old ones only the second. */
export const CSV_CHARSETS = ['utf-8', 'gb18030'] as const
export type CsvCharset = (typeof CSV_CHARSETS)[number]

const ROWS_PER_TURN = 250
const CHARACTERS_PER_CHUNK = 65_536
/** Only UTF-8 has one that programs know. */
const BYTE_ORDER_MARK: Readonly<Record<CsvCharset, string>> = { 'utf-8': '\ufeff', gb18030: '' }

/**
 * Headings and rows as the bytes of a CSV file, in pieces, while the rows come: comma, CRLF. Sums
 * are left to whoever reads it, but rows that are sums stay.
 */
export async function* writeCsv(
  columns: readonly Column[],
  rows: Iterable<Row> | AsyncIterable<Row>,
  charset: CsvCharset,
): AsyncGenerator<Uint8Array, void> {
  const encoded = (text: string) => iconv.encode(text.toWellFormed(), charset)
  let text = BYTE_ORDER_MARK[charset] + lineOf(columns.map(({ heading }) => heading))
  let no = 0
  for await (const { cells } of rows) {
    text += lineOf(columns.map(({ kind }, at) => plainText(kind, cells[at] ?? null)))
    if (text.length > CHARACTERS_PER_CHUNK) {
      yield encoded(text)
      text = ''
    }
    no += 1
    // Others are answered in between, however fast rows come.
    if (no % ROWS_PER_TURN === 0) await setImmediate()
  }
  yield encoded(text)
}

const lineOf = (cells: readonly string[]) => `${cells.map(quoted).join(',')}\r\n`

function plainText(kind: ColumnKind, cell: Cell): string {
  if (cell === null) return ''
  return typeof cell === 'number' ? numberText(kind, cell) : guarded(cellText(cell))
}

/** A program that takes the text for a formula must not compute it. */
const guarded = (text: string) => (/^\s*[=+\-@＝＋－＠\t\r\n]/.test(text) ? `'${text}` : text)

const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
