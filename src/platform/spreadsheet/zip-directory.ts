import { crc32, createInflateRaw } from 'node:zlib'
import { fileRefusal } from './file-refusal.ts'

export interface ZipEntry {
  path: string
  isDeflated: boolean
  crc: number
  packedBytes: number
  /** Unpacked, as the directory declares it; `unpacked` holds the entry to it. */
  bytes: number
  /** Where its packed content begins in the file. */
  from: number
}

const DIRECTORY_END = 0x06054b50
const DIRECTORY_END_64 = 0x06064b50
const LOCATOR_64 = 0x07064b50
const DIRECTORY_ENTRY = 0x02014b50
const LOCAL_HEADER = 0x04034b50
const EXTRA_64 = 1
const IN_EXTRA_16 = 0xffff
const IN_EXTRA_32 = 0xffffffff
const FLAG_ENCRYPTED = 1
const STORED = 0
const DEFLATED = 8
const COMMENT_MAX = 65_535
const ENTRIES_MAX = 10_000
const RATIO_MAX = 100
/** Small files pack well without meaning harm. */
const RATIO_COUNTS_FROM_BYTES = 32_000_000
const CHUNK_BYTES = 65_536

/**
 * The entries of a zip, before anything of it is unpacked: each within the file, none over another,
 * none by two names, all of them together no more than `bytesMax`.
 */
export function zipDirectory(file: Buffer, bytesMax: number): ZipEntry[] {
  try {
    const { at, count } = directoryOf(file)
    const entries = entriesFrom(file, at, count)
    refuseOverlaps(entries, at)
    refuseBombs(entries, bytesMax)
    return entries.map(({ header: _, ...entry }) => entry)
  } catch (error) {
    // An offset that leads out of the file.
    throw error instanceof RangeError ? fileRefusal('file-broken') : error
  }
}

/** The content of an entry, while it is unpacked, and not a byte more than was declared. */
export async function* unpacked(file: Buffer, entry: ZipEntry): AsyncGenerator<Buffer, void> {
  const packed = file.subarray(entry.from, entry.from + entry.packedBytes)
  let bytes = 0
  let crc = 0
  try {
    for await (const chunk of entry.isDeflated ? inflated(packed) : inChunks(packed)) {
      bytes += chunk.length
      if (bytes > entry.bytes) throw fileRefusal('file-broken')
      crc = crc32(chunk, crc)
      yield chunk
    }
  } catch (error) {
    const isOfZlib = (error as NodeJS.ErrnoException).code?.startsWith('Z_')
    throw isOfZlib ? fileRefusal('file-broken') : error
  }
  if (bytes !== entry.bytes || crc !== entry.crc) throw fileRefusal('file-broken')
}

function inflated(packed: Buffer): AsyncIterable<Buffer> {
  const inflate = createInflateRaw({ chunkSize: CHUNK_BYTES })
  inflate.end(packed)
  return inflate
}

function* inChunks(stored: Buffer): Generator<Buffer> {
  for (let at = 0; at < stored.length; at += CHUNK_BYTES)
    yield stored.subarray(at, at + CHUNK_BYTES)
}

function directoryOf(file: Buffer): { at: number; count: number } {
  let end = file.length - 22
  const first = Math.max(0, end - COMMENT_MAX)
  while (end >= first && file.readUInt32LE(end) !== DIRECTORY_END) end--
  if (end < first) throw fileRefusal('file-broken')
  const count = file.readUInt16LE(end + 10)
  const at = file.readUInt32LE(end + 16)
  if (count !== IN_EXTRA_16 && at !== IN_EXTRA_32) return { at, count }
  if (end < 20 || file.readUInt32LE(end - 20) !== LOCATOR_64) return { at, count }
  const end64 = bigAt(file, end - 12)
  if (file.readUInt32LE(end64) !== DIRECTORY_END_64) throw fileRefusal('file-broken')
  return { at: bigAt(file, end64 + 48), count: bigAt(file, end64 + 32) }
}

type Located = ZipEntry & { header: number }

function entriesFrom(file: Buffer, directory: number, count: number): Located[] {
  if (count > ENTRIES_MAX) throw fileRefusal('file-unpacks-too-large')
  const entries: Located[] = []
  const paths = new Set<string>()
  let at = directory
  for (let left = count; left > 0; left--) {
    if (file.readUInt32LE(at) !== DIRECTORY_ENTRY) throw fileRefusal('file-broken')
    const pathEnd = at + 46 + file.readUInt16LE(at + 28)
    const extraEnd = pathEnd + file.readUInt16LE(at + 30)
    const entry = entryAt(file, at, pathEnd, extraEnd)
    const path = entry.path.toLowerCase()
    if (paths.has(path) || leadsAstray(path)) throw fileRefusal('file-broken')
    paths.add(path)
    entries.push(entry)
    at = extraEnd + file.readUInt16LE(at + 32)
  }
  return entries
}

function leadsAstray(path: string): boolean {
  return path.startsWith('/') || /[\\\0]/.test(path) || path.split('/').includes('..')
}

function entryAt(file: Buffer, at: number, pathEnd: number, extraEnd: number): Located {
  if (file.readUInt16LE(at + 8) & FLAG_ENCRYPTED) throw fileRefusal('file-encrypted')
  const method = file.readUInt16LE(at + 10)
  if (method !== STORED && method !== DEFLATED) throw fileRefusal('file-broken')
  const [bytes = 0, packedBytes = 0, header = 0] = sizes(
    file.subarray(pathEnd, extraEnd),
    [at + 24, at + 20, at + 42].map((place) => file.readUInt32LE(place)),
  )
  if (file.readUInt32LE(header) !== LOCAL_HEADER) throw fileRefusal('file-broken')
  const name = file.subarray(at + 46, pathEnd)
  const from = header + 30 + file.readUInt16LE(header + 26) + file.readUInt16LE(header + 28)
  // Another name there is a file that other programs read otherwise.
  if (!name.equals(file.subarray(header + 30, header + 30 + file.readUInt16LE(header + 26))))
    throw fileRefusal('file-broken')
  const crc = file.readUInt32LE(at + 16)
  const isDeflated = method === DEFLATED
  return { path: name.toString(), isDeflated, crc, packedBytes, bytes, from, header }
}

/** Large ones stand in an extra field, in the same order. */
function sizes(extra: Buffer, given: readonly number[]): number[] {
  if (!given.includes(IN_EXTRA_32)) return [...given]
  let at = 0
  while (extra.readUInt16LE(at) !== EXTRA_64) at += 4 + extra.readUInt16LE(at + 2)
  at += 4
  return given.map((size) => {
    if (size !== IN_EXTRA_32) return size
    at += 8
    return bigAt(extra, at - 8)
  })
}

function bigAt(bytes: Buffer, at: number): number {
  const big = bytes.readBigUInt64LE(at)
  if (big > Number.MAX_SAFE_INTEGER) throw fileRefusal('file-broken')
  return Number(big)
}

function refuseOverlaps(entries: readonly Located[], directory: number): void {
  const inOrder = [...entries].sort((a, b) => a.header - b.header)
  for (const [at, { from, packedBytes }] of inOrder.entries())
    if (from + packedBytes > (inOrder[at + 1]?.header ?? directory))
      throw fileRefusal('file-broken')
}

function refuseBombs(entries: readonly ZipEntry[], bytesMax: number): void {
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0)
  const packedBytes = entries.reduce((sum, entry) => sum + entry.packedBytes, 0)
  if (bytes > bytesMax) throw fileRefusal('file-unpacks-too-large')
  if (bytes > RATIO_COUNTS_FROM_BYTES && bytes > packedBytes * RATIO_MAX)
    throw fileRefusal('file-unpacks-too-large')
}
