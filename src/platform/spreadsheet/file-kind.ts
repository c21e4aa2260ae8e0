import type { Words } from '../../errors.ts'
import { fileRefusal, notASpreadsheet } from './file-refusal.ts'

const OLE = Buffer.from('d0cf11e0a1b11ae1', 'hex')
/** The oldest ones, without the container. */
const BIFF = /^09(08|04|02)..00/
const PICTURE: Words = { zh: '图片', en: 'a picture' }
const ARCHIVE: Words = { zh: '压缩包', en: 'an archive' }
/** What files of other kinds begin with, in hexadecimal. */
const OTHERS: readonly [string, Words][] = [
  ['255044462d', { zh: ' PDF 文件', en: 'a PDF file' }],
  ['89504e470d0a1a0a', PICTURE],
  ['ffd8ff', PICTURE],
  ['474946383', PICTURE],
  ['424d', PICTURE],
  ['49492a00', PICTURE],
  ['4d4d002a', PICTURE],
  ['52494646', PICTURE],
  ['526172211a07', ARCHIVE],
  ['377abcaf271c', ARCHIVE],
  ['1f8b08', ARCHIVE],
  ['7b5c727466', { zh: ' Word 文档', en: 'a Word document' }],
]

/** What a file is, by its content: names say anything. Refuses what is no spreadsheet at all. */
export function fileKind(file: Uint8Array): 'zip' | 'text' {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength)
  if (bytes.length === 0) throw fileRefusal('file-empty')
  const start = bytes.toString('hex', 0, 16)
  if (start.startsWith('504b0304')) return 'zip'
  if (start.startsWith('504b')) throw fileRefusal('file-broken')
  if (bytes.subarray(0, OLE.length).equals(OLE)) throw oldOfficeFile(bytes)
  if (BIFF.test(start)) throw fileRefusal('file-is-xls')
  const other = OTHERS.find(([signature]) => start.startsWith(signature))
  // Two letters begin many a text; a picture has zeros soon after them.
  if (other && (other[0] !== '424d' || bytes.subarray(0, 16).includes(0)))
    throw notASpreadsheet(other[1])
  if (/^(\ufeff)?\s*</.test(bytes.toString('utf8', 0, 1_024)))
    throw notASpreadsheet({ zh: '网页或 XML 文件', en: 'a web page or an XML file' })
  return 'text'
}

/** The container of old Office files names its streams in UTF-16. */
function oldOfficeFile(bytes: Buffer): Error {
  const has = (stream: string) => bytes.includes(Buffer.from(stream, 'utf16le'))
  if (has('EncryptedPackage')) return fileRefusal('file-encrypted')
  if (has('WordDocument')) return notASpreadsheet({ zh: ' Word 文档', en: 'a Word document' })
  if (has('PowerPoint Document')) return notASpreadsheet({ zh: '演示文稿', en: 'a presentation' })
  if (has('Workbook') || has('Book')) return fileRefusal('file-is-xls')
  return notASpreadsheet({ zh: '其他软件的文件', en: 'a file of some other program' })
}
