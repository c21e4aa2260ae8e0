import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { KEY_BYTES } from './sealing.ts'

/** Keys that cannot be used, in one line that says where they stand. */
export class WrongKey extends Error {}

const FOR_OTHERS = 0o077

/** Keys as `DATA_KEY` and the key file write them: base64, the one that seals first. */
export function readKeys(text: string, where: string): Buffer[] {
  const keys = text.split(/[\s,]+/).filter((word) => word !== '')
  return keys.map((word) => {
    const key = Buffer.from(word, 'base64')
    if (key.length === KEY_BYTES && /^[\w+/-]+=*$/.test(word)) return key
    throw new WrongKey(
      `${where}: 每个须为 ${KEY_BYTES} 字节,逗号分隔 · must be ${KEY_BYTES} bytes in base64 each`,
    )
  })
}

/** What tells whether the file is still the one that was read; undefined when there is none. */
export function stampOf(file: string): string | undefined {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false })
  return stat && `${stat.ino} ${stat.size} ${stat.mtimeNs}`
}

export function readKeyFile(file: string): Buffer[] {
  if ((statSync(file).mode & FOR_OTHERS) !== 0)
    throw new WrongKey(`${file}: 密钥文件只能由属主读写(600) · others may read this key file`)
  const keys = readKeys(readFileSync(file, 'utf8'), `${file} (密钥文件已损坏 · damaged key file)`)
  if (keys.length === 0)
    throw new WrongKey(`${file} (密钥文件已损坏 · damaged key file): holds no key`)
  return keys
}

/** Makes the file with a new key, unless another program has made it meanwhile. */
export function makeKeyFile(file: string): void {
  const unfinished = write(file, [randomBytes(KEY_BYTES)])
  try {
    linkSync(unfinished, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(unfinished)
  }
  keepNames(file)
}

/** Puts other keys into the file: all of them, or none when it is cut off. */
export function writeKeyFile(file: string, keys: readonly Buffer[]): void {
  renameSync(write(file, keys), file)
  keepNames(file)
}

function write(file: string, keys: readonly Buffer[]): string {
  const unfinished = `${file}.${randomBytes(4).toString('hex')}`
  const descriptor = openSync(unfinished, 'wx', 0o600)
  try {
    writeSync(descriptor, keys.map((key) => `${key.toString('base64')}\n`).join(''))
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  return unfinished
}

/** A file that was renamed is there after a power cut only when its folder is written too. */
export function keepNames(file: string): void {
  const folder = openSync(dirname(file), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
