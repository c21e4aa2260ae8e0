import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import Sqlite from 'better-sqlite3'
import { keepNames, WrongKey } from './key-file.ts'
import { KeyRing } from './key-ring.ts'
import { isBegun, migrateSqlite } from './migrate-sqlite.ts'
import { keysInUse } from './seal-at-start.ts'
import { WrongFile } from './wrong-file.ts'

const BESIDE = ['-wal', '-shm', '-journal']

/** Throws WrongFile: another process has the database open, be it only to read. */
export function refuseInUse(path: string): void {
  if (!existsSync(path)) return
  const connection = new Sqlite(path, { timeout: 1000 })
  try {
    // In this mode a lock on the file itself is asked for, which whoever has it open shares.
    connection.pragma('locking_mode = EXCLUSIVE')
    connection.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    const { code } = error as { code?: string }
    if (code?.startsWith('SQLITE_BUSY'))
      throw new WrongFile(
        '正在使用,请先停止服务和其他命令 · is in use: end the service and other commands first',
      )
    // One that is damaged is what is restored over.
  } finally {
    connection.close()
  }
}

/**
 * Copies a backup to `copy`, with its key, and brings it to this program's tables. Throws
 * WrongFile, WrongKey: it is damaged, no county's, or its key is in none of `keyFiles`.
 */
export function takeBackup(
  backup: string,
  copy: string,
  keyFiles: readonly string[],
  dataKey: string | undefined,
): void {
  for (const end of ['', '-wal'])
    if (existsSync(backup + end)) {
      copyFileSync(backup + end, copy + end)
      chmodSync(copy + end, 0o600)
    }
  refuseDamaged(copy)
  migrateSqlite(copy)
  const connection = new Sqlite(copy)
  const used = keysInUse(connection)
  connection.close()
  const file = keyFiles.find((one) => fits(one, dataKey, used))
  if (file === undefined)
    throw new WrongKey(
      `缺少备份的密钥,请放好密钥文件 · the backup is sealed by the key ${used.join(', ')}, ` +
        `which is not in ${['DATA_KEY', ...keyFiles].join(', ')}`,
    )
  if (existsSync(file)) copyFileSync(file, `${copy}.key`)
}

/** Throws WrongFile when what lies at `path` is no county's, or its pages do not fit together. */
export function refuseDamaged(path: string): void {
  const connection = new Sqlite(path)
  try {
    if (!isBegun(connection)) throw new WrongFile("不是县数据库 · is no county's database")
    const [found] = connection.pragma('quick_check(1)') as { quick_check: string }[]
    if (found?.quick_check !== 'ok') throw new WrongFile('已损坏 · is damaged')
  } catch (error) {
    const isDamaged = (error as { code?: string }).code?.startsWith('SQLITE_CORRUPT')
    throw isDamaged ? new WrongFile('已损坏 · is damaged') : error
  } finally {
    connection.close()
  }
}

function fits(file: string, dataKey: string | undefined, used: readonly string[]): boolean {
  try {
    const keys = new KeyRing(file, dataKey)
    return used.every((id) => keys.knows(id))
  } catch (error) {
    if (error instanceof WrongKey) return false
    throw error
  }
}

/**
 * Puts a closed database and its key in the place of the one at `path`; what was there is kept
 * under the name `aside`. What SQLite has left beside the old one goes first, so as not to be
 * applied to the new one. There is a database at `path` at every moment.
 */
export function replaceDatabase(path: string, by: string, aside: string): void {
  if (existsSync(path)) linkSync(path, aside)
  for (const end of BESIDE) if (existsSync(path + end)) renameSync(path + end, aside + end)
  const [key, newKey] = [`${path}.key`, `${by}.key`]
  if (existsSync(newKey) && !isAlike(key, newKey)) {
    if (existsSync(key)) linkSync(key, `${aside}.key`)
    renameSync(newKey, key)
  }
  renameSync(by, path)
  keepNames(path)
}

const isAlike = (file: string, other: string) =>
  existsSync(file) && readFileSync(file).equals(readFileSync(other))

/** Removes what `takeBackup` has made, when it was not put into place. */
export function removeCopy(copy: string): void {
  for (const end of ['', ...BESIDE, '.key']) rmSync(copy + end, { force: true })
}
