import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { makeKeyFile, readKeyFile, readKeys, stampOf, WrongKey, writeKeyFile } from './key-file.ts'
import {
  type DataKey,
  dataKeyOf,
  isKeyedHash,
  KEY_BYTES,
  keyedHash,
  keyIdOfBytes,
  keyIdOfText,
  openBytes,
  openText,
  sealBytes,
  sealText,
  sealTextAlike,
} from './sealing.ts'

/** Another database's key file may be anything: it is looked into, and left alone. */
function keysOrNone(file: string): Buffer[] {
  try {
    return readKeyFile(file)
  } catch {
    return []
  }
}

/**
 * The keys of a database's personal data: those of `DATA_KEY`, then those of a file beside it. The
 * first seals, each opens what it has sealed. Nothing is read before a key is needed.
 */
export class KeyRing {
  readonly #given: readonly DataKey[]
  readonly #file: string | undefined
  #keys: readonly DataKey[]
  /** Keys that were dropped stay: what was read before they were may still be sealed by them. */
  readonly #known = new Map<string, DataKey>()
  #stamp: string | undefined

  constructor(file: string | undefined, dataKey = '') {
    this.#file = file
    this.#given = readKeys(dataKey, 'DATA_KEY').map(dataKeyOf)
    this.#keys = this.#given
    this.#remember()
  }

  /** Reads the key file again when it is another one. A transaction does so before it writes. */
  refresh(): void {
    if (this.#file === undefined) return
    const stamp = stampOf(this.#file)
    if (stamp === undefined || stamp === this.#stamp) return
    this.#keys = [...this.#given, ...readKeyFile(this.#file).map(dataKeyOf)]
    this.#stamp = stamp
    this.#remember()
  }

  /** Whether its first key is one of `DATA_KEY`. */
  get isGiven(): boolean {
    return this.#given.length > 0
  }

  get ids(): string[] {
    return this.#keys.map(({ id }) => id)
  }

  /** Where its keys stand, for those who look after them. */
  get place(): string {
    return [this.#given.length > 0 ? 'DATA_KEY' : '', this.#file ?? '']
      .filter((part) => part !== '')
      .join(', ')
  }

  knows(id: string): boolean {
    if (!this.#known.has(id)) this.refresh()
    return this.#known.has(id)
  }

  /** A copy that was put beside its original has no key file yet: the original's keys are its. */
  takeFromOriginal(ids: readonly string[]): void {
    if (this.#file === undefined || stampOf(this.#file) !== undefined) return
    const folder = dirname(this.#file)
    const others = readdirSync(folder).filter((name) => name.endsWith('.key'))
    for (const name of others) {
      const keys = keysOrNone(join(folder, name))
      const known = new Set(keys.map((key) => dataKeyOf(key).id))
      if (ids.every((id) => known.has(id))) return void writeKeyFile(this.#file, keys)
    }
  }

  /** Makes the key file when there is no key at all. */
  create(): void {
    this.refresh()
    if (this.#keys.length > 0 || this.#file === undefined) return
    makeKeyFile(this.#file)
    this.refresh()
  }

  /** Puts a new key on top of the file, unless one was put there before that has yet to be used. */
  addKey(): void {
    this.refresh()
    if (this.#file === undefined || this.#keys.length !== 1) return
    const old = this.#keys.map(({ secret }) => secret)
    writeKeyFile(this.#file, [randomBytes(KEY_BYTES), ...old])
    this.refresh()
  }

  /** Drops all keys of the file but the first. */
  dropOldKeys(): void {
    const [first] = this.#keys
    if (this.#file === undefined || first === undefined || this.#keys.length === 1) return
    writeKeyFile(this.#file, [first.secret])
    this.refresh()
  }

  seal(column: string, text: string): string {
    return sealText(this.#first(), column, text)
  }

  sealAlike(column: string, text: string): string {
    return sealTextAlike(this.#first(), column, text)
  }

  /** A text that is not sealed is answered as it stands. */
  open(column: string, sealed: string): string {
    const id = keyIdOfText(sealed)
    return id === undefined ? sealed : openText(this.#keyOf(id), column, sealed)
  }

  sealBytes(column: string, bytes: Uint8Array): Buffer {
    return sealBytes(this.#first(), column, bytes)
  }

  openBytes(column: string, sealed: Uint8Array): Uint8Array {
    const id = keyIdOfBytes(sealed)
    return id === undefined ? sealed : openBytes(this.#keyOf(id), column, sealed)
  }

  /** A hash passes: rows are written again as they were read. */
  hash(text: string): string | null {
    return isKeyedHash(text) ? text : keyedHash(this.#first(), text)
  }

  /** Under each key: while they are changed, rows stand under the old one and the new one. */
  hashes(text: string): string[] {
    this.refresh()
    return this.#keys.flatMap((key) => keyedHash(key, text) ?? [])
  }

  #first(): DataKey {
    if (this.#keys.length === 0) this.refresh()
    const [first] = this.#keys
    if (!first)
      throw new WrongKey(`没有个人信息的密钥 · no key for personal data: ${this.place || '-'}`)
    return first
  }

  #keyOf(id: string): DataKey {
    if (!this.#known.has(id)) this.refresh()
    const key = this.#known.get(id)
    if (!key)
      throw new WrongKey(`${this.place}: 缺少密钥 · the key ${id} of sealed data is missing`)
    return key
  }

  #remember(): void {
    for (const key of this.#keys) this.#known.set(key.id, key)
  }
}
