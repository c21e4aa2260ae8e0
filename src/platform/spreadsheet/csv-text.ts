import { fileRefusal } from './file-refusal.ts'

const SEPARATORS = [',', ';', '\t'] as const
const LOOKED_AT = 65_536
const SAMPLE_BYTES = 1_000_000

type Charset = 'utf-8' | 'gb18030'

/** The text of a file: UTF-8, with a mark before it or without, else GB18030. */
export function csvText(file: Uint8Array): { text: string; charset: Charset } {
  // Zeros are in UTF-16 and in files that are no text.
  if (file.includes(0)) throw fileRefusal('text-encoding')
  const utf8 = decoded(file, 'utf-8')
  if (utf8 !== undefined) return { text: utf8, charset: 'utf-8' }
  const text = isDamagedUtf8(file) ? undefined : decoded(file, 'gb18030')
  if (text === undefined) throw fileRefusal('text-encoding')
  return { text, charset: 'gb18030' }
}

function decoded(file: Uint8Array, charset: Charset): string | undefined {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(file)
  } catch {
    return undefined
  }
}

/** It can pass for GB18030, as nonsense; most of its Chinese still reads as UTF-8. */
function isDamagedUtf8(file: Uint8Array): boolean {
  const text = new TextDecoder().decode(file.subarray(0, SAMPLE_BYTES))
  const unread = text.split('\ufffd').length
  return (text.match(/\p{Script=Han}/gu)?.length ?? 0) > unread
}

/** What stands between the fields: the sign that is there most often outside quotes. */
export function separatorOf(text: string): string {
  const unquoted = text.slice(0, LOOKED_AT).replace(/"[^"]*"/g, '')
  const counts = SEPARATORS.map((separator) => unquoted.split(separator).length)
  return SEPARATORS[counts.indexOf(Math.max(...counts))] ?? ','
}
