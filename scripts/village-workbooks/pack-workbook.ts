import { type WriteSheet, writeXlsx } from 'hucre/xlsx'
import { unzipped, zipFile } from '../../src/platform/spreadsheet/zip-file.ts'

/** A workbook as it was saved on a day. The library stamps entries with the time of writing: packed anew they bear that day. */
export async function packedWorkbook(sheets: WriteSheet[], savedOn: string): Promise<Uint8Array> {
  const savedAt = new Date(`${savedOn}T01:00:00Z`)
  const zip = await writeXlsx({
    sheets,
    properties: { created: savedAt, modified: savedAt },
    defaultFont: { name: '宋体', size: 11 },
  })
  const parts = unzipped(Buffer.from(zip)).map(({ path, content }) => ({
    path,
    content: [content],
  }))
  const chunks: Uint8Array[] = []
  for await (const chunk of zipFile(parts, savedOn)) chunks.push(chunk)
  return Buffer.concat(chunks)
}
