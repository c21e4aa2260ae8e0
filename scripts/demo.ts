import closeWithGrace from 'close-with-grace'
import { readConfig } from '../src/config.ts'
import { openService } from '../src/open-service.ts'
import { createLogger } from '../src/platform/log/logger.ts'
import { type ListedCase, printCases, printLedger, tellingCases } from './demo/case-report.ts'
import { demoApi } from './demo/demo-api.ts'
import { demoClock } from './demo/demo-clock.ts'
import { printCounty, printRuns, printWorklist } from './demo/demo-report.ts'
import { DEMO_NIGHTS } from './demo/handed-in.ts'
import { printMail } from './demo/mail-report.ts'
import { prepareDemoCounty } from './demo/prepare-demo-county.ts'

/** `npm run demo`: the demo county, three nights, its report; then it serves. `--once`: then it ends. */
const once = process.argv.includes('--once')
const config = {
  ...readConfig(),
  databasePath: 'var/demo/county.db',
  SMTP_URL: undefined,
  OUTBOX_DIR: 'var/demo/outbox',
  COUNTY_CODE: '519901',
  COUNTY_NAME: '柑源县',
}
const DEMO_DAY = DEMO_NIGHTS[2]
const print = (line = '') => void process.stdout.write(`${line}\n`)

print('农村土地流转欠租风险监测 · 演示县(虚构) · Demo county, invented')
print()
await prepareDemoCounty(config, print)
const { now } = demoClock(DEMO_DAY, '09:00')
const service = await openService(config, createLogger('warn'), now)
const { ask, token } = await demoApi(service)

printCounty(print, await ask('/risk/summary?by=landUse'))
printWorklist(print, await ask('/risk/worklist?limit=10'))
printRuns(print, await Promise.all(DEMO_NIGHTS.map((night) => ask(`/risk/runs/${night}`))))
const { items: cases } = (await ask('/cases?limit=500')) as { items: ListedCase[] }
printLedger(print, cases)
const told = tellingCases(cases)
printCases(print, await Promise.all(told.map(({ id }) => ask(`/cases/${id}`))))
await printMail(print, config.OUTBOX_DIR, DEMO_DAY, 'fenguan@ganyuan.example.com')

if (once) await service.close()
else await serve()

async function serve(): Promise<void> {
  closeWithGrace({ delay: 4500 }, () => service.close())
  const address = await service.app.listen({ port: config.PORT, host: config.HOST })
  print()
  print(`接口 API   ${address}/api/v1      文档 docs   ${address}/docs`)
  print(`令牌 token ${token}`)
  print('退出请按 Ctrl+C · Ctrl+C ends it')
}
