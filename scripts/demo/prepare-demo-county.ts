import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Config } from '../../src/config.ts'
import { openSqlite } from '../../src/platform/database/open-sqlite.ts'
import { loadDemoCounty } from '../load-demo-county.ts'

/** The day of the county report that the demo county is built to. */
export const DEMO_DAY = '2021-10-31'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const FIXTURES = join(ROOT, 'fixtures', 'demo-county')
const STEP_PERCENT = 10

/** Loads the fixtures into a database of their own, unless that was done with these before. */
export async function prepareDemoCounty(
  config: Config,
  print: (line: string) => void,
): Promise<void> {
  const stamp = join(dirname(config.databasePath), 'fixtures.sha256')
  const hash = hashOfFolders([FIXTURES, join(ROOT, 'migrations', 'sqlite')])
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) {
    print(`使用已备好的数据库 · prepared database reused: ${config.databasePath}`)
    return
  }
  rmSync(dirname(config.databasePath), { recursive: true, force: true })
  mkdirSync(dirname(config.databasePath), { recursive: true })
  const db = openSqlite(config.databasePath, { now: () => new Date(), timeZone: config.TIME_ZONE })
  const startedAt = performance.now()
  let shown = 0
  const { facts } = await loadDemoCounty(db, FIXTURES, (done, of, kind) => {
    const percent = Math.floor((done / of) * 100)
    if (percent < shown + STEP_PERCENT) return
    shown = percent - (percent % STEP_PERCENT)
    print(`载入 loading ${String(shown).padStart(3)} %  ${done}/${of}  ${kind}`)
  })
  await db.close()
  writeFileSync(stamp, hash)
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  print(`已登记 ${facts} 条事实,用时 ${seconds} 秒 · facts recorded through the service's verbs`)
}

function hashOfFolders(folders: string[]): string {
  const hash = createHash('sha256')
  for (const folder of folders)
    for (const name of readdirSync(folder).sort())
      if (/\.(csv|sql)$/.test(name)) hash.update(name).update(readFileSync(join(folder, name)))
  return hash.digest('hex')
}
