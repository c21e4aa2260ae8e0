import { existsSync, mkdirSync, realpathSync } from 'node:fs'
import { dirname } from 'node:path'
import { audit } from '../access/audit-trail.ts'
import { COMMAND_LINE } from '../access/caller.ts'
import { type Config, WrongSetting } from '../config.ts'
import { openService } from '../open-service.ts'
import { WrongKey } from '../platform/database/key-file.ts'
import {
  refuseInUse,
  removeCopy,
  replaceDatabase,
  takeBackup,
} from '../platform/database/restore-sqlite.ts'
import { WrongFile } from '../platform/database/wrong-file.ts'
import { createLogger } from '../platform/log/logger.ts'
import { refuseUnlessFile } from './named-files.ts'
import { print, WrongCommand } from './verb.ts'

/** Everything is looked at and done on a copy; it is put in place when this program can open it. */
export async function restore(backup: string, config: Config): Promise<void> {
  const { databasePath: path, DATA_KEY } = config
  refuseUnlessFile(backup)
  if (existsSync(path) && realpathSync(path) === realpathSync(backup))
    throw new WrongCommand(
      `${backup} 就是县数据库,不是它的备份 · is the county's database itself, no backup`,
    )
  mkdirSync(dirname(path), { recursive: true })
  // The next start removes copies of this name that a crash has left.
  const copy = `${path}.copy-${process.pid}-restored`
  try {
    of(`DATABASE_URL: ${path}`, () => refuseInUse(path))
    of(backup, () => takeBackup(backup, copy, [`${path}.key`, `${backup}.key`], DATA_KEY))
    const service = await openService({ ...config, databasePath: copy }, createLogger('silent'))
    const at = service.clock.now().toISOString().replaceAll(/[-:.]/g, '')
    await service.db
      .transaction((tx) =>
        audit(tx, { caller: COMMAND_LINE }, { action: 'restore', subject: 'database' }),
      )
      .finally(() => service.close())
    of(`DATABASE_URL: ${path}`, () => refuseInUse(path))
    const aside = `${path}.before-${at}`
    replaceDatabase(path, copy, aside)
    print(`已用 ${backup} 恢复 ${path} · restored`)
    sayWhatIsKept(aside)
  } finally {
    removeCopy(copy)
  }
}

function sayWhatIsKept(aside: string): void {
  const kept = ['', '-wal', '-shm', '-journal'].map((end) => aside + end).filter(existsSync)
  if (kept.length > 0) print(`原来的数据库留在 · what was there before is kept: ${kept.join(' ')}`)
  if (kept.length > 0) print('  核对无误后可自行删除 · yours to delete once all is well')
  const key = `${aside}.key`
  if (!existsSync(key)) return
  print(`原来的密钥留在 · its key is kept: ${key}`)
  print('  用它加密的备份还留着,就不要删除 · not before the backups that it has sealed')
}

function of(name: string, work: () => void): void {
  try {
    work()
  } catch (error) {
    if (error instanceof WrongFile) throw new WrongSetting(`${name} ${error.message}`)
    if (error instanceof WrongKey) throw new WrongSetting(error.message)
    throw error
  }
}
