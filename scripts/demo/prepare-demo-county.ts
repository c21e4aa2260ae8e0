import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Config } from '../../src/config.ts'
import { readFile } from '../../src/imports/read-file.ts'
import { openService, type Service } from '../../src/open-service.ts'
import { createLogger } from '../../src/platform/log/logger.ts'
import { LOADED_ON } from '../demo-county/handed-in-later.ts'
import type { Ids } from '../demo-county/ids-by-name.ts'
import { loadDemoCounty } from '../load-demo-county.ts'
import { demoApi } from './demo-api.ts'
import { demoClock } from './demo-clock.ts'
import { demoRecipients } from './demo-recipients.ts'
import { DEMO_NIGHTS, handedIn, MORNING_AT, NIGHT_AT } from './handed-in.ts'
import { workOn } from './work-days.ts'

type Print = (line: string) => void

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** Workbooks as the townships hand them in. */
export const FIXTURES = join(ROOT, 'fixtures', 'demo-county')
const MADE_FROM = [FIXTURES, join(ROOT, 'migrations', 'sqlite'), join(ROOT, 'scripts', 'demo')]
const STEP_PERCENT = 10

/**
 * Loads the fixtures into a database of their own and lives through the nights of the demo, unless
 * that was done with these before.
 */
export async function prepareDemoCounty(config: Config, print: Print): Promise<void> {
  const folder = dirname(config.databasePath)
  const stamp = join(folder, 'made-from.sha256')
  const hash = hashOfFolders(MADE_FROM)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) {
    print(`使用已备好的数据库 · prepared database reused: ${config.databasePath}`)
    return
  }
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const clock = demoClock(LOADED_ON, '09:00')
  const service = await openService(config, createLogger('warn'), clock.now)
  const ids = await load(service, print)
  clock.goTo(LOADED_ON, '17:00')
  await liveThroughNights(service, clock, ids, print)
  await service.close()
  writeFileSync(stamp, hash)
}

async function load(service: Service, print: Print): Promise<Ids> {
  const seconds = secondsFromNow()
  let shown = 0
  const ids = await loadDemoCounty(
    // The county trusts its own files: no thread for each of them.
    { ...service, readFile },
    FIXTURES,
    (done, of, what) => {
      const percent = Math.floor((done / of) * 100)
      if (percent < shown + STEP_PERCENT) return
      shown = percent - (percent % STEP_PERCENT)
      print(`载入 loading ${String(shown).padStart(3)} %  ${done}/${of}  ${what}`)
    },
  )
  print(`已载入,用时 ${seconds()} 秒 · taken in through the import`)
  return ids
}

/** Nights at two in the morning; at nine the townships go to work. */
async function liveThroughNights(
  service: Service,
  clock: ReturnType<typeof demoClock>,
  ids: Ids,
  print: Print,
): Promise<void> {
  const seconds = secondsFromNow()
  const api = await demoApi(service)
  const later = handedIn(FIXTURES)
  const { items: regions } = await api.ask('/regions?limit=500')
  await api.send('PUT', '/alert-recipients', { items: demoRecipients(regions) })
  for (const night of DEMO_NIGHTS) {
    clock.goTo(night, NIGHT_AT)
    await service.nights.run(night)
    clock.goTo(night, MORNING_AT)
    await workOn(night, { api, ids, later })
  }
  print(`三夜研判与其间登记,用时 ${seconds()} 秒 · three nights and the days between`)
}

function secondsFromNow(): () => string {
  const startedAt = performance.now()
  return () => ((performance.now() - startedAt) / 1000).toFixed(1)
}

function hashOfFolders(folders: string[]): string {
  const hash = createHash('sha256')
  for (const folder of folders)
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort())
      if (/\.(csv|xlsx|sql|ts)$/.test(name))
        hash.update(name).update(readFileSync(join(folder, name)))
  return hash.digest('hex')
}
