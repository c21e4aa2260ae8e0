import { pipeline } from 'node:stream/promises'
import { crc32, createDeflateRaw, inflateRawSync } from 'node:zlib'
import type { Day } from '../../domain/calendar-day.ts'

export interface ZipPart {
  path: string
  content: Iterable<Buffer> | AsyncIterable<Buffer>
}

interface Packed {
  path: Buffer
  crc: number
  packedBytes: number
  bytes: number
  offset: number
}

const LOCAL_HEADER = 0x04034b50
const SIZES_AFTER_CONTENT = 0x08074b50
const DIRECTORY_ENTRY = 0x02014b50
const DIRECTORY_END = 0x06054b50
/** What a streamed part holds is known only after it: its sizes follow it. */
const FLAG_SIZES_FOLLOW = 8
const DEFLATED = 8
const VERSION = 20
const BYTES_MAX = 0xffffffff

/** A zip of parts that are packed while they come, dated `day`: the same parts, the same bytes. */
export async function* zipFile(
  parts: Iterable<ZipPart>,
  day: Day,
): AsyncGenerator<Uint8Array, void> {
  const packed: Packed[] = []
  const date = zipDate(day)
  let offset = 0
  for (const { path, content } of parts) {
    const entry: Packed = { path: Buffer.from(path), crc: 0, packedBytes: 0, bytes: 0, offset }
    const header = localHeader(entry.path, date)
    yield header
    for await (const chunk of deflated(content, entry)) {
      entry.packedBytes += chunk.length
      yield chunk
    }
    const trailer = words([SIZES_AFTER_CONTENT, entry.crc, entry.packedBytes, entry.bytes])
    yield trailer
    offset += header.length + entry.packedBytes + trailer.length
    if (Math.max(offset, entry.bytes) > BYTES_MAX)
      throw new RangeError(`larger than a zip file may be: ${path}`)
    packed.push(entry)
  }
  yield directory(packed, date, offset)
}

async function* deflated(content: ZipPart['content'], entry: Packed): AsyncGenerator<Buffer> {
  const deflate = createDeflateRaw()
  const packing = pipeline(measured(content, entry), deflate)
  // The reader below fails with the same error; without this it would count as unhandled.
  packing.catch(() => undefined)
  yield* deflate as AsyncIterable<Buffer>
  await packing
}

async function* measured(content: ZipPart['content'], entry: Packed): AsyncGenerator<Buffer> {
  for await (const chunk of content) {
    entry.crc = crc32(chunk, entry.crc)
    entry.bytes += chunk.length
    yield chunk
  }
}

function localHeader(path: Buffer, date: number): Buffer {
  const header = Buffer.alloc(30)
  header.writeUInt32LE(LOCAL_HEADER, 0)
  header.writeUInt16LE(VERSION, 4)
  header.writeUInt16LE(FLAG_SIZES_FOLLOW, 6)
  header.writeUInt16LE(DEFLATED, 8)
  header.writeUInt16LE(date, 12)
  header.writeUInt16LE(path.length, 26)
  return Buffer.concat([header, path])
}

function directory(packed: readonly Packed[], date: number, offset: number): Buffer {
  const entries = packed.map((entry) => {
    const header = Buffer.alloc(46)
    header.writeUInt32LE(DIRECTORY_ENTRY, 0)
    header.writeUInt16LE(VERSION, 4)
    header.writeUInt16LE(VERSION, 6)
    header.writeUInt16LE(FLAG_SIZES_FOLLOW, 8)
    header.writeUInt16LE(DEFLATED, 10)
    header.writeUInt16LE(date, 14)
    words([entry.crc, entry.packedBytes, entry.bytes]).copy(header, 16)
    header.writeUInt16LE(entry.path.length, 28)
    header.writeUInt32LE(entry.offset, 42)
    return Buffer.concat([header, entry.path])
  })
  const end = Buffer.alloc(22)
  end.writeUInt32LE(DIRECTORY_END, 0)
  end.writeUInt16LE(packed.length, 8)
  end.writeUInt16LE(packed.length, 10)
  end.writeUInt32LE(
    entries.reduce((sum, entry) => sum + entry.length, 0),
    12,
  )
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...entries, end])
}

function words(numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 4)
  for (const [at, number] of numbers.entries()) bytes.writeUInt32LE(number, at * 4)
  return bytes
}

/** Years from 1980 in seven bits, month in four, day in five. */
function zipDate(day: Day): number {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
  const years = Math.min(Math.max(year - 1980, 0), 127)
  return (years << 9) | (month << 5) | date
}

/** The parts of a small zip that this service has just made itself. */
export function unzipped(zip: Buffer): { path: string; content: Buffer }[] {
  const end = zip.length - 22
  const parts: { path: string; content: Buffer }[] = []
  let at = zip.readUInt32LE(end + 16)
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const isDeflated = zip.readUInt16LE(at + 10) === DEFLATED
    const packedBytes = zip.readUInt32LE(at + 20)
    const pathEnd = at + 46 + zip.readUInt16LE(at + 28)
    const header = zip.readUInt32LE(at + 42)
    const from = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28)
    const packed = zip.subarray(from, from + packedBytes)
    const content = isDeflated ? inflateRawSync(packed) : packed
    parts.push({ path: zip.toString('utf8', at + 46, pathEnd), content })
    at = pathEnd + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
  }
  return parts
}
