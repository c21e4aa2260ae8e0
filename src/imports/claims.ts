import { createHash } from 'node:crypto'

const HALF = 16
const ENTRY = 2 * HALF
const ENTRIES_AT_FIRST = 1024
/** Fuller, and looking for a place takes long. */
const FULL = 0.8

/**
 * Facts that rows of an import are about, each with the fingerprint of its row: hashes of both in a
 * table beside the heap, which collects garbage only after it has grown to some times what lives.
 */
export class Claims {
  #table = Buffer.alloc(ENTRY * ENTRIES_AT_FIRST)
  #count = 0

  set(id: string, fingerprint: string): void {
    if ((this.#count + 1) * ENTRY > this.#table.length * FULL) this.#grow()
    const half = hashOf(id)
    const at = placeOf(this.#table, half)
    if (isFree(this.#table, at)) this.#count += 1
    half.copy(this.#table, at)
    halfOf(fingerprint).copy(this.#table, at + HALF)
  }

  has(id: string): boolean {
    return !isFree(this.#table, placeOf(this.#table, hashOf(id)))
  }

  /** Whether a row that says something else is about it. */
  isOfAnother(id: string, fingerprint: string): boolean {
    const at = placeOf(this.#table, hashOf(id))
    return !isFree(this.#table, at) && !isAt(this.#table, at + HALF, halfOf(fingerprint))
  }

  #grow(): void {
    const before = this.#table
    this.#table = Buffer.alloc(before.length * 2)
    for (let at = 0; at < before.length; at += ENTRY) {
      const entry = before.subarray(at, at + ENTRY)
      if (!isFree(before, at)) entry.copy(this.#table, placeOf(this.#table, entry))
    }
  }
}

/** A fingerprint is a hash already. */
const halfOf = (fingerprint: string) => Buffer.from(fingerprint.slice(0, 2 * HALF), 'hex')
const hashOf = (text: string) => createHash('sha256').update(text).digest().subarray(0, HALF)

/** Where an entry is, or where it belongs; `id` begins with the hash of its id. */
function placeOf(table: Buffer, id: Buffer): number {
  let at = (id.readUInt32LE() * ENTRY) % table.length
  while (!isFree(table, at) && !isAt(table, at, id)) at = (at + ENTRY) % table.length
  return at
}

/** No hash begins with so many zeros. */
const isFree = (table: Buffer, at: number) =>
  table.readUInt32LE(at) === 0 && table.readUInt32LE(at + 4) === 0

const isAt = (table: Buffer, at: number, half: Buffer) =>
  table.compare(half, 0, HALF, at, at + HALF) === 0
