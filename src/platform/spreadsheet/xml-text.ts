import { fileRefusal } from './file-refusal.ts'

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
])
const SIGNS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
const REFERENCE = /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w{0,10}))(;?)/gi

/** What a written text or value says. Only the five entities of XML itself are known. */
export function decodedXml(written: string): string {
  if (!written.includes('&')) return written
  return written.replace(REFERENCE, (_, hex, decimal, name, end) => {
    const sign = name === undefined ? signOf(hex, decimal) : ENTITIES.get(name)
    if (sign === undefined || end === '') throw fileRefusal('file-broken')
    return sign
  })
}

function signOf(hex: string | undefined, decimal: string | undefined): string | undefined {
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined
}

export function encodedXml(text: string): string {
  return text
    .replace(/[^\P{Cc}\t\n]|\p{Cs}|\p{NChar}/gu, '')
    .replace(/[&<>"]/g, (sign) => SIGNS[sign] ?? '&quot;')
}

/** The text of a cell: `_x000A_` stands for a sign that XML cannot hold. */
export function textOfCell(written: string): string {
  const text = decodedXml(written)
  const plain = text.includes('_x')
    ? text.replace(/_x([0-9a-f]{4})_/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text
  return plain.replace(/[^\P{Cc}\t\n]/gu, '').toWellFormed()
}

/** What is written into a cell is text, whatever it looks like. */
export const encodedCell = (text: string) =>
  encodedXml(text.slice(0, 32_767)).replace(/_(?=x[0-9a-f]{4}_)/gi, '_x005F_')
