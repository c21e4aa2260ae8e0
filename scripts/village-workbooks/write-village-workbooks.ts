import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'csv-stringify/sync'
import iconv from 'iconv-lite'
import { arrearsBooks } from './arrears-books.ts'
import { contractBooks } from './contract-books.ts'
import { dirtyContractBooks } from './dirty-contract-books.ts'
import { packedWorkbook } from './pack-workbook.ts'
import { paymentBooks } from './payment-books.ts'
import { smallBooks } from './small-books.ts'
import { subsidyBooks } from './subsidy-books.ts'
import { type VillageBook, writtenSheet } from './typed-sheet.ts'

const SAVED_ON = '2021-10-08'

/** Writes the workbooks of the villages into `folder`, the same bytes every time; answers their names. */
export async function writeVillageWorkbooks(folder: string): Promise<string[]> {
  const books: VillageBook[] = [
    ...contractBooks,
    ...dirtyContractBooks,
    ...paymentBooks,
    ...arrearsBooks,
    ...subsidyBooks,
    ...smallBooks,
  ]
  mkdirSync(folder, { recursive: true })
  for (const book of books) writeFileSync(join(folder, book.file), await bytesOf(book))
  return books.map(({ file }) => file)
}

async function bytesOf(book: VillageBook): Promise<Uint8Array> {
  if ('sheets' in book) return packedWorkbook(book.sheets.map(writtenSheet), SAVED_ON)
  const text = stringify(book.lines as string[][], { record_delimiter: '\r\n' })
  return book.encoding === 'gb18030' ? iconv.encode(text, 'gb18030') : Buffer.from(`\ufeff${text}`)
}
