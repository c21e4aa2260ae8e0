import closeWithGrace from 'close-with-grace'
import { addToken, listTokens, revokeToken } from '../src/access/token-store.ts'
import { readConfig } from '../src/config.ts'
import { openService } from '../src/open-service.ts'
import { createLogger } from '../src/platform/log/logger.ts'
import { printCounty, printRun, printWorklist } from './demo/demo-report.ts'
import { DEMO_DAY, prepareDemoCounty } from './demo/prepare-demo-county.ts'

/** `npm run demo`: the demo county, its night, its report; then it serves. `--once`: then it ends. */
const once = process.argv.includes('--once')
const config = {
  ...readConfig(),
  databasePath: 'var/demo/county.db',
  COUNTY_CODE: '519901',
  COUNTY_NAME: '柑源县',
}
const print = (line = '') => void process.stdout.write(`${line}\n`)

print('农村土地流转欠租风险监测 · 演示县(虚构) · Demo county, invented')
print()
await prepareDemoCounty(config, print)
const service = await openService(config, createLogger('warn'))
const token = await demoToken()

const startedAt = performance.now()
const run = await service.nights.run(DEMO_DAY)
const seconds = (performance.now() - startedAt) / 1000
printCounty(print, await ask('/risk/summary?by=landUse'))
printWorklist(print, await ask('/risk/worklist?limit=10'))
printRun(print, run, seconds)

if (once) await service.close()
else await serve()

async function ask(path: string) {
  const headers = { authorization: `Bearer ${token}` }
  const reply = await service.app.inject({ url: `/api/v1${path}`, headers })
  if (reply.statusCode !== 200) throw new Error(`${path}: ${reply.body}`)
  return reply.json()
}

/** A new token each time; those of earlier demos end. */
function demoToken(): Promise<string> {
  return service.db.transaction(async (tx) => {
    for (const { id, label, revokedAt } of await listTokens(tx))
      if (label === 'demo' && revokedAt === null) await revokeToken(tx, id)
    return addToken(tx, { label: 'demo', role: 'admin' })
  })
}

async function serve(): Promise<void> {
  closeWithGrace({ delay: 4500 }, () => service.close())
  const address = await service.app.listen({ port: config.PORT, host: config.HOST })
  print()
  print(`接口 API   ${address}/api/v1      文档 docs   ${address}/docs`)
  print(`令牌 token ${token}`)
  print('退出请按 Ctrl+C · Ctrl+C ends it')
}
