import { existsSync, rmdirSync, rmSync, statSync, truncateSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { settingWrongBy } from '../open-service.ts'
import { refuseInUse } from '../platform/database/restore-sqlite.ts'
import { WrongFile } from '../platform/database/wrong-file.ts'

/** Whether there is no county's database at `path` yet. */
export function isNothing(path: string): boolean {
  try {
    return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0
  } catch (error) {
    throw settingWrongBy('DATABASE_URL', error)
  }
}

/**
 * To be asked before a county is begun at `path`: how to take away what that makes, when the
 * command was refused and nothing has ever been recorded there.
 */
export function takingAway(path: string): () => void {
  const [hadFile, hadKey] = [existsSync(path), existsSync(`${path}.key`)]
  const folders = missingFolders(resolve(dirname(path)))
  return () => {
    if (isInUse(path)) return
    if (hadFile) truncateSync(path)
    const ends = ['-wal', '-shm', ...(hadFile ? [] : ['']), ...(hadKey ? [] : ['.key'])]
    for (const end of ends) rmSync(path + end, { force: true })
    for (const folder of folders) rmdirSync(folder)
  }
}

/** Those that have to be made for a file in `folder`, the inner ones first. */
const missingFolders = (folder: string): string[] =>
  existsSync(folder) ? [] : [folder, ...missingFolders(dirname(folder))]

function isInUse(path: string): boolean {
  try {
    refuseInUse(path)
    return false
  } catch (error) {
    if (error instanceof WrongFile) return true
    throw error
  }
}
