import { join } from 'node:path'
import closeWithGrace from 'close-with-grace'
import { WrongCommand } from '../src/cli/verb.ts'
import { readConfig, WrongSetting } from '../src/config.ts'
import { CLOSE_WITHIN_MS, openService, type Service, settingWrongBy } from '../src/open-service.ts'
import { createLogger, tellError } from '../src/platform/log/logger.ts'
import { systemTrouble } from '../src/platform/system-trouble.ts'
import { type ListedCase, printCases, printLedger, tellingCases } from './demo/case-report.ts'
import { type DemoApi, demoApi } from './demo/demo-api.ts'
import { demoClock } from './demo/demo-clock.ts'
import { printCounty, printRuns, printWorklist } from './demo/demo-report.ts'
import { DEMO_NIGHTS, MORNING_AT } from './demo/handed-in.ts'
import { printMail } from './demo/mail-report.ts'
import { FIXTURES, prepareDemoCounty } from './demo/prepare-demo-county.ts'
import { writeExports } from './demo/write-exports.ts'

const ONCE = '--once'
const DEMO_DAY = DEMO_NIGHTS[2]
const print = (line = '') => void process.stdout.write(`${line}\n`)

try {
  await runDemo(process.argv.slice(2))
} catch (error) {
  const isTold = error instanceof WrongSetting || error instanceof WrongCommand
  const known = isTold ? error.message : systemTrouble(error)?.message
  process.stderr.write(`${known ?? tellError(error)}\n`)
  process.exit(1)
}

/** `npm run demo`: the demo county, three nights, its report; then it serves. `--once`: then it ends. */
async function runDemo(words: string[]): Promise<void> {
  const unknown = words.find((word) => word !== ONCE)
  if (unknown !== undefined)
    throw new WrongCommand(`不认识 ${unknown},只有 ${ONCE} · unknown; npm run demo [-- ${ONCE}]`)
  const config = {
    ...readConfig(),
    databasePath: 'var/demo/county.db',
    SMTP_URL: undefined,
    OUTBOX_DIR: 'var/demo/outbox',
    COUNTY_CODE: '519901',
    COUNTY_NAME: '柑源县',
  }
  print('农村土地流转欠租风险监测 · 演示县(虚构) · Demo county, invented')
  print()
  await prepareDemoCounty(config, print)
  const { now } = demoClock(DEMO_DAY, MORNING_AT)
  const service = await openService(config, createLogger('warn'), now)
  const api = await demoApi(service)
  await report(api, config.OUTBOX_DIR)
  await writeExports(print, api, 'var/demo/exports', join(FIXTURES, 'townships'))
  if (words.includes(ONCE)) await service.close()
  else await serve(service, config, api.token)
}

async function report({ ask }: DemoApi, outbox: string): Promise<void> {
  const morning = `${DEMO_DAY} ${MORNING_AT}`
  printCounty(print, await ask('/risk/summary?by=landUse'), morning)
  printWorklist(print, await ask('/risk/worklist?limit=10'))
  printRuns(print, await Promise.all(DEMO_NIGHTS.map((night) => ask(`/risk/runs/${night}`))))
  const { items: cases } = (await ask('/cases?limit=500')) as { items: ListedCase[] }
  printLedger(print, cases, morning)
  const told = tellingCases(cases)
  printCases(print, await Promise.all(told.map(({ id }) => ask(`/cases/${id}`))))
  await printMail(print, outbox, DEMO_DAY, 'fenguan@ganyuan.example.com')
}

async function serve(
  service: Service,
  { PORT: port, HOST: host }: ReturnType<typeof readConfig>,
  token: string,
): Promise<void> {
  closeWithGrace({ delay: CLOSE_WITHIN_MS }, () => service.close())
  const address = await service.app.listen({ port, host }).catch((error: unknown) => {
    throw settingWrongBy('HOST, PORT', error)
  })
  print()
  print(`接口 API   ${address}/api/v1      文档 docs   ${address}/docs`)
  print(`令牌 token ${token}`)
  print('退出请按 Ctrl+C · Ctrl+C ends it')
}
