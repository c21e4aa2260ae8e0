import { existsSync, statSync } from 'node:fs'

/** A file that is not to be used as a county's database; its message is said of its name. */
export class WrongFile extends Error {}

/** What can be told before SQLite has looked: it takes an empty file for a new database. */
export function refuseWrongFile(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) return
  if (!found.isFile())
    throw new WrongFile(found.isDirectory() ? '是文件夹 · is a folder' : '不是文件 · is no file')
  if (found.size === 0 && existsSync(`${path}.key`))
    throw new WrongFile(
      '是空的,而密钥文件还在:请用备份恢复 · is empty, and its key file lies beside it: restore a backup',
    )
}
