import { TextDecoder } from 'node:util'
import { fileRefusal } from './file-refusal.ts'
import { decodedXml, encodedXml } from './xml-text.ts'

/** Told of an XML document in its order. Names come without prefix, tags and text as written. */
export interface XmlReader {
  open(name: string, tag: string, isEmpty: boolean): void
  /** Also called for an empty element, with no tag. */
  close(name: string, tag: string): void
  text?(written: string): void
}

const DEPTH_MAX = 100
const TOKEN_CHARACTERS_MAX = 1_000_000
const CODE = { quote: 34, apostrophe: 39, slash: 47, equals: 61, greater: 62 } as const

/**
 * Goes through a document a chunk at a time; rests after each, so that whoever reads can take what
 * has come. Knows no document types and no entities of a document's own: nothing can expand.
 */
export async function* scanXml(
  chunks: AsyncIterable<Uint8Array>,
  reader: XmlReader,
): AsyncGenerator<void, void> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const open: string[] = []
  let rest = ''
  let scanned = 0
  for await (const chunk of chunks) {
    const text = rest + decoded(decoder, chunk)
    rest = scanText(text, reader, open)
    scanned += text.length - rest.length
    if (rest.length > TOKEN_CHARACTERS_MAX) throw fileRefusal('file-broken')
    yield
  }
  if ((rest + decoded(decoder)).trim() !== '' || open.length > 0 || scanned === 0)
    throw fileRefusal('file-broken')
}

/** All of a document at once. */
export async function readXml(chunks: AsyncIterable<Uint8Array>, reader: XmlReader): Promise<void> {
  for await (const _ of scanXml(chunks, reader));
}

function decoded(decoder: TextDecoder, chunk?: Uint8Array): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode()
  } catch {
    throw fileRefusal('file-broken')
  }
}

/** Returns what is still incomplete at the end. */
function scanText(text: string, reader: XmlReader, open: string[]): string {
  let at = 0
  for (;;) {
    const start = text.indexOf('<', at)
    if (start < 0) return text.slice(at)
    if (start > at) reader.text?.(text.slice(at, start))
    const end = endOfMarkup(text, start)
    if (end < 0) return text.slice(start)
    at = end
    const markup = text.slice(start, end)
    if (markup.startsWith('<![CDATA[')) reader.text?.(encodedXml(markup.slice(9, -3)))
    else if (markup.startsWith('</')) closeElement(markup, reader, open)
    else if (!markup.startsWith('<!--') && !markup.startsWith('<?'))
      openElement(markup, reader, open)
  }
}

function openElement(tag: string, reader: XmlReader, open: string[]): void {
  const name = nameIn(tag, 1)
  const isEmpty = tag.charCodeAt(tag.length - 2) === CODE.slash
  reader.open(name, tag, isEmpty)
  if (isEmpty) reader.close(name, '')
  else if (open.push(name) > DEPTH_MAX) throw fileRefusal('file-broken')
}

function closeElement(tag: string, reader: XmlReader, open: string[]): void {
  const name = nameIn(tag, 2)
  if (open.pop() !== name) throw fileRefusal('file-broken')
  reader.close(name, tag)
}

function nameIn(tag: string, from: number): string {
  let start = from
  let at = from
  for (; ; at++) {
    const code = tag.charCodeAt(at)
    if (code <= 32 || code === CODE.slash || code === CODE.greater) break
    if (code === 58) start = at + 1
  }
  if (at === start) throw fileRefusal('file-broken')
  return tag.slice(start, at)
}

/** The place after a tag, a comment or the like; -1 when it is not complete. */
function endOfMarkup(text: string, start: number): number {
  const next = text.charAt(start + 1)
  if (next === '!') return endOfDeclaration(text, start)
  if (next === '?') return after(text, '?>', start)
  let quote = 0
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (quote !== 0) quote = code === quote ? 0 : quote
    else if (code === CODE.greater) return at + 1
    else if (code === CODE.quote || code === CODE.apostrophe) quote = code
  }
  return -1
}

function endOfDeclaration(text: string, start: number): number {
  const begin = text.slice(start, start + 9)
  if (begin.startsWith('<!--')) return after(text, '-->', start + 4)
  if (begin === '<![CDATA[') return after(text, ']]>', start)
  if ('<!--'.startsWith(begin) || '<![CDATA['.startsWith(begin)) return -1
  throw fileRefusal('file-broken')
}

function after(text: string, end: string, from: number): number {
  const at = text.indexOf(end, from)
  return at < 0 ? -1 : at + end.length
}

/** The attributes of a tag by their names as written. */
export function attributesOf(tag: string): Record<string, string> {
  const attributes: Record<string, string> = Object.create(null)
  let equals = tag.indexOf('=')
  let from = 0
  while (equals >= 0) {
    const names = tag.slice(from, equals).trimEnd()
    let open = equals + 1
    while (tag.charCodeAt(open) <= 32) open++
    const quote = tag.charAt(open)
    const close = quote === '"' || quote === "'" ? tag.indexOf(quote, open + 1) : -1
    if (close < 0) throw fileRefusal('file-broken')
    const name = names.slice(lastSpace(names) + 1)
    attributes[name] = decodedXml(tag.slice(open + 1, close))
    from = close + 1
    equals = tag.indexOf('=', from)
  }
  return attributes
}

function lastSpace(text: string): number {
  let at = text.length - 1
  while (at >= 0 && text.charCodeAt(at) > 32) at--
  return at
}

/** The `r:id` of a tag, whatever its prefix. */
export function relationId(tag: string): string | undefined {
  return Object.entries(attributesOf(tag)).find(([name]) => name.endsWith(':id'))?.[1]
}
