import { fileKind } from './file-kind.ts'
import { readCsv } from './read-csv.ts'
import { type FileSheet, type ReadLimits, readWorkbook } from './read-workbook.ts'

/**
 * The sheets of a spreadsheet that a stranger has handed in, .xlsx or CSV by its content, hidden
 * ones too. The whole file is gone through before the first sheet is given out.
 * Refuses: file-empty, file-type, file-is-xls, file-encrypted, file-has-macros, file-broken,
 * file-unpacks-too-large, too-many-rows, too-many-cells, text-encoding.
 */
export async function* readSheets(
  file: Uint8Array,
  fileName: string,
  limits: ReadLimits,
): AsyncGenerator<FileSheet, void> {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength)
  if (fileKind(bytes) === 'zip') yield* readWorkbook(bytes, limits)
  else yield* readCsv(bytes, fileName, limits)
}
