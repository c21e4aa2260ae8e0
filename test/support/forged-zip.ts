/** What the directory of a zip says of one entry; offsets from the entry's header. */
const FIELDS = {
  flags: [8, 2],
  method: [10, 2],
  crc: [16, 4],
  packed: [20, 4],
  bytes: [24, 4],
  header: [42, 4],
} as const
export type Lies = Partial<Record<keyof typeof FIELDS, number>> & { path?: string }

const DIRECTORY_ENTRY = 0x02014b50

/** A copy of a zip whose directory lies about one entry. */
export function forgedZip(zip: Buffer, path: string, { path: newPath, ...lies }: Lies): Buffer {
  const forged = Buffer.from(zip)
  const at = entryAt(forged, path)
  for (const [name, value] of Object.entries(lies)) {
    const [offset, bytes] = FIELDS[name as keyof typeof FIELDS]
    forged.writeUIntLE(value, at + offset, bytes)
  }
  if (newPath !== undefined) {
    const header = forged.readUInt32LE(at + 42)
    for (const name of [at + 46, header + 30]) forged.write(newPath.padEnd(path.length, '_'), name)
  }
  return forged
}

function entryAt(zip: Buffer, path: string): number {
  let at = zip.readUInt32LE(zip.length - 6)
  while (zip.readUInt32LE(at) === DIRECTORY_ENTRY) {
    const end = at + 46 + zip.readUInt16LE(at + 28)
    if (zip.toString('utf8', at + 46, end) === path) return at
    at = end + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
  }
  throw new Error(`no such entry: ${path}`)
}

/** The directory's end with the number of entries that it claims. */
export function withEntryCount(zip: Buffer, count: number): Buffer {
  const forged = Buffer.from(zip)
  forged.writeUInt16LE(count, zip.length - 12)
  return forged
}

const LARGE = 0xffffffff

/** The same zip with every size and place in 64 bits; `bytes` overrides what parts unpack to. */
export function zip64(zip: Buffer, bytes?: bigint): Buffer {
  const start = zip.readUInt32LE(zip.length - 6)
  const entries: Buffer[] = []
  for (let at = start; zip.readUInt32LE(at) === DIRECTORY_ENTRY; ) {
    const end = at + 46 + zip.readUInt16LE(at + 28)
    const entry = Buffer.from(zip.subarray(at, end))
    const sizes = [24, 20, 42].map((field) => BigInt(entry.readUInt32LE(field)))
    for (const field of [24, 20, 42]) entry.writeUInt32LE(LARGE, field)
    const extra = Buffer.alloc(28)
    extra.writeUInt16LE(1, 0)
    extra.writeUInt16LE(24, 2)
    for (const [no, size] of [bytes ?? sizes[0], sizes[1], sizes[2]].entries())
      extra.writeBigUInt64LE(size ?? 0n, 4 + no * 8)
    entry.writeUInt16LE(extra.length, 30)
    entries.push(entry, extra)
    at = end
  }
  const directory = Buffer.concat(entries)
  const end = Buffer.alloc(56 + 20 + 22)
  end.writeUInt32LE(0x06064b50, 0)
  for (const place of [24, 32]) end.writeBigUInt64LE(BigInt(entries.length / 2), place)
  end.writeBigUInt64LE(BigInt(directory.length), 40)
  end.writeBigUInt64LE(BigInt(start), 48)
  end.writeUInt32LE(0x07064b50, 56)
  end.writeBigUInt64LE(BigInt(start + directory.length), 64)
  end.writeUInt32LE(0x06054b50, 76)
  end.fill(0xff, 84, 96)
  return Buffer.concat([zip.subarray(0, start), directory, end])
}
