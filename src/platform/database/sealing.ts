import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'

/** A key for personal data, and what is derived from it. */
export interface DataKey {
  /** Stands in every value that it has sealed: 8 hexadecimal digits. */
  id: string
  secret: Buffer
  hashing: Buffer
}

export const KEY_BYTES = 32
const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16
const ID_BYTES = 4

export function dataKeyOf(secret: Buffer): DataKey {
  const derived = (use: string, bytes: number) =>
    Buffer.from(hkdfSync('sha256', secret, '', `land-rent-monitor ${use}`, bytes))
  return {
    id: derived('id', ID_BYTES).toString('hex'),
    secret,
    hashing: derived('hash', KEY_BYTES),
  }
}

/** `column` is bound in: a value that was moved to another column cannot be opened. */
export function sealText(key: DataKey, column: string, text: string): string {
  const sealed = encrypt(key, column, Buffer.from(text), randomBytes(NONCE_BYTES))
  return `v1:${key.id}:${sealed.toString('base64url')}`
}

/** The same for the same text, so that it can be compared; who reads it learns what is equal. */
export function sealTextAlike(key: DataKey, column: string, text: string): string {
  const nonce = createHmac('sha256', key.hashing).update(`nonce ${column} ${text}`).digest()
  const sealed = encrypt(key, column, Buffer.from(text), nonce.subarray(0, NONCE_BYTES))
  return `v1:${key.id}:${sealed.toString('base64url')}`
}

const SEALED_TEXT = /^v1:([\da-f]{8}):([\w-]+)$/

/** The id of the key that sealed a text; undefined when it is not sealed. */
export const keyIdOfText = (text: string): string | undefined => SEALED_TEXT.exec(text)?.[1]

export function openText(key: DataKey, column: string, sealed: string): string {
  const [, , body = ''] = SEALED_TEXT.exec(sealed) ?? []
  return decrypt(key, column, Buffer.from(body, 'base64url')).toString()
}

/** Begins sealed bytes; no spreadsheet begins so. */
const MAGIC = Buffer.from([0xff, 0x00, ...Buffer.from('sealed'), 0x01, 0x00])

const PIECE_BYTES = 65_536

/** In pieces, into the place of the whole: what is sealed may be large. */
export function sealBytes(key: DataKey, column: string, bytes: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const head = Buffer.concat([MAGIC, Buffer.from(key.id, 'hex'), nonce])
  const sealed = Buffer.allocUnsafe(head.length + bytes.length + TAG_BYTES)
  head.copy(sealed)
  const cipher = createCipheriv(CIPHER, key.secret, nonce).setAAD(Buffer.from(column))
  for (let at = 0; at < bytes.length; at += PIECE_BYTES)
    cipher.update(bytes.subarray(at, at + PIECE_BYTES)).copy(sealed, head.length + at)
  cipher.final()
  cipher.getAuthTag().copy(sealed, head.length + bytes.length)
  return sealed
}

export const SEALED_BYTES_HEAD = MAGIC.length + ID_BYTES

/** Of the bytes, or of their first `SEALED_BYTES_HEAD`. */
export function keyIdOfBytes(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (!head.subarray(0, MAGIC.length).equals(MAGIC)) return undefined
  return head.subarray(MAGIC.length, SEALED_BYTES_HEAD).toString('hex')
}

export const openBytes = (key: DataKey, column: string, sealed: Uint8Array): Buffer =>
  decrypt(key, column, sealed.subarray(SEALED_BYTES_HEAD))

const KEYED_HASH = /^h1:[\da-f]{8}:[\w-]{43}$/
export const isKeyedHash = (text: string): boolean => KEYED_HASH.test(text)

const COUNTRY = /^(?:00)?86(?=1\d{10}$)/

/** Finds a number however it is written; null for a text without digits. */
export function keyedHash(key: DataKey, text: string): string | null {
  const digits = text.normalize('NFKC').replace(/\D/g, '').replace(COUNTRY, '')
  if (digits === '') return null
  const hash = createHmac('sha256', key.hashing).update(digits).digest('base64url')
  return `h1:${key.id}:${hash}`
}

function encrypt(key: DataKey, column: string, plain: Uint8Array, nonce: Buffer): Buffer {
  const cipher = createCipheriv(CIPHER, key.secret, nonce).setAAD(Buffer.from(column))
  const body = cipher.update(plain)
  return Buffer.concat([nonce, body, cipher.final(), cipher.getAuthTag()])
}

function decrypt(key: DataKey, column: string, sealed: Uint8Array): Buffer {
  const end = sealed.length - TAG_BYTES
  const nonce = sealed.subarray(0, NONCE_BYTES)
  const decipher = createDecipheriv(CIPHER, key.secret, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(column)).setAuthTag(sealed.subarray(end))
  return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, end)), decipher.final()])
}
