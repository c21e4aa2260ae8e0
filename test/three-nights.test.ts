import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type DemoApi, demoApi } from '../scripts/demo/demo-api.ts'
import { demoClock } from '../scripts/demo/demo-clock.ts'
import { demoRecipients } from '../scripts/demo/demo-recipients.ts'
import { DEMO_NIGHTS, handedIn } from '../scripts/demo/handed-in.ts'
import { workOn } from '../scripts/demo/work-days.ts'
import { drawCounty } from '../scripts/demo-county/draw-county.ts'
import { LOADED_ON } from '../scripts/demo-county/handed-in-later.ts'
import type { Ids } from '../scripts/demo-county/ids-by-name.ts'
import { loadDemoCounty } from '../scripts/load-demo-county.ts'
import { sendOutbox } from '../src/alerts/send-outbox.ts'
import { readConfig } from '../src/config.ts'
import { readFile } from '../src/imports/read-file.ts'
import { openService, type Service } from '../src/open-service.ts'
import { createLogger } from '../src/platform/log/logger.ts'
import { writeWorkbook } from '../src/platform/spreadsheet/write-workbook.ts'
import { newsBetween, newsIn } from './support/expected-news.ts'
import { leaked, personalData, textsOf } from './support/personal-data.ts'
import { runProgram } from './support/run-program.ts'
import { openSmtpServer, type TestSmtpServer } from './support/smtp-server.ts'

const [FIRST, SECOND, THIRD] = DEMO_NIGHTS
const FIXTURES = resolve(import.meta.dirname, '../fixtures/demo-county')
const tables = drawCounty()
const recipients = demoRecipients(tables.regions)
const EMAILS = recipients.map(({ email }) => email).sort()
const folder = mkdtempSync(join(tmpdir(), 'three-nights-'))
const clock = demoClock(LOADED_ON, '09:00')

type Received = TestSmtpServer['received']
let service: Service
let api: DemoApi
let ids: Ids
/** What came in during each night, and while it was run once more. */
let [first, second, third]: { run: Received; again: Received }[] = []
/** What was tried while no mail server was there. */
let outage: Awaited<ReturnType<typeof tryDuringOutage>>

/** Runs a night twice; answers what a server received of each run. */
async function night(day: string, server?: TestSmtpServer) {
  clock.goTo(day, '02:00')
  await service.nights.run(day)
  const run = server?.received.splice(0) ?? []
  await service.nights.run(day)
  return { run, again: server?.received.splice(0) ?? [] }
}

const alertsOf = async (day: string) => (await api.ask(`/alerts?asOf=${day}&limit=500`)).items

async function tryDuringOutage() {
  const queued = await alertsOf(SECOND)
  const waits: number[] = []
  const passes = []
  for (const time of ['02:03', '02:10', '02:40']) {
    clock.goTo(SECOND, time)
    passes.push(await sendOutbox(service))
    const [oldest] = await alertsOf(SECOND)
    waits.push(Date.parse(oldest.nextAttemptAt) - service.clock.now().getTime())
  }
  return { queued, passes, waits: waits.map((ms) => Math.round(ms / 60_000)) }
}

beforeAll(async () => {
  const path = join(folder, 'county.db')
  const server = await openSmtpServer()
  const config = readConfig({
    DATABASE_URL: `file:${path}`,
    COUNTY_NAME: '柑源县',
    SMTP_URL: `smtp://127.0.0.1:${server.port}`,
    MAIL_FROM: '柑源县监测 <monitor@ganyuan.example.com>',
  })
  service = await openService(config, createLogger('silent'), clock.now)
  ids = await loadDemoCounty({ ...service, readFile }, FIXTURES)
  api = await demoApi(service)
  await api.send('PUT', '/alert-recipients', { items: recipients })
  const work = (day: string) => {
    clock.goTo(day, '09:00')
    return workOn(day, { api, ids, later: handedIn(FIXTURES) })
  }
  first = await night(FIRST, server)
  await work(FIRST)
  await server.close()
  second = await night(SECOND)
  outage = await tryDuringOutage()
  await work(SECOND)
  const restored = await openSmtpServer({ port: server.port })
  third = await night(THIRD, restored)
  await work(THIRD)
  await restored.close()
}, 600_000)

afterAll(async () => {
  await service?.close()
  rmSync(folder, { recursive: true, force: true })
})

const mailsOf = (day: string) =>
  [...(first?.run ?? []), ...(third?.run ?? [])].filter(({ mail }) => mail.subject?.includes(day))
const textTo = (day: string, email: string) =>
  mailsOf(day).find(({ to }) => to === email)?.mail.text ?? ''

it('sends everybody one mail a night, however often the night is run', () => {
  for (const day of DEMO_NIGHTS)
    expect(
      mailsOf(day)
        .map(({ to }) => to)
        .sort(),
    ).toEqual(EMAILS)
  const all = [...(first?.run ?? []), ...(third?.run ?? [])]
  expect(all).toHaveLength(3 * EMAILS.length)
  expect(new Set(all.map(({ mail }) => mail.messageId)).size).toBe(all.length)
  expect([first?.again, second?.run, second?.again, third?.again]).toEqual([[], [], [], []])
})

it('sends the mails of the night without a server before those of the next', () => {
  const days = third?.run.map(({ mail }) => DEMO_NIGHTS.find((day) => mail.subject?.includes(day)))
  expect(days).toEqual([...EMAILS.map(() => SECOND), ...EMAILS.map(() => THIRD)])
})

it('keeps what cannot be sent and tries it at growing intervals', async () => {
  expect(outage.queued.map(({ email }: { email: string }) => email).sort()).toEqual(EMAILS)
  for (const { state, endedAt, nextAttemptAt } of outage.queued) {
    expect({ state, endedAt }).toEqual({ state: 'queued', endedAt: null })
    expect(nextAttemptAt).not.toBeNull()
  }
  expect(outage.queued[0]).toMatchObject({ attempts: 1, problem: 'unreachable' })
  for (const pass of outage.passes)
    expect(pass).toEqual({ sent: 0, waiting: EMAILS.length, failed: 0, trouble: 'unreachable' })
  expect(outage.waits).toEqual([5, 15, 30])
  const later = await alertsOf(SECOND)
  expect(new Set(later.map(({ state }: { state: string }) => state))).toEqual(new Set(['sent']))
  expect(later[0].attempts).toBe(5)
})

it('says on the first night how things stand, and lists no change', () => {
  for (const { mail } of mailsOf(FIRST)) {
    expect(mail.subject).toMatch(/首次研判$/)
    expect(mail.text).toContain('首次研判:以下为现有情况,今后只报变化')
    expect(newsIn(mail.text ?? '')).toEqual({})
  }
})

it.each([
  [SECOND, FIRST],
  [THIRD, SECOND],
])('tells of %s everything that is new since %s, and nothing else', async (day, before) => {
  const expected = await newsBetween(service.db.read, await toldBy(before), await toldBy(day))
  let quiet = 0
  for (const { email, regionCode } of recipients) {
    const text = textTo(day, email)
    const news = expected(regionCode)
    expect(newsIn(text), `${day} ${email}`).toEqual(news)
    expect(text).not.toContain('另有')
    const isQuiet = Object.keys(news).length === 0
    expect(text.includes('无变化,服务运行正常')).toBe(isQuiet)
    if (isQuiet) quiet++
  }
  expect(quiet).toBeGreaterThan(3)
  expect(quiet).toBeLessThan(EMAILS.length - 5)
})

async function toldBy(day: string): Promise<string> {
  const { alerts: t } = service.db.read.tables
  const rows = await service.db.read.select({ asOf: t.asOf, toldUpTo: t.toldUpTo }).from(t)
  const instants = new Set(rows.filter(({ asOf }) => asOf === day).map((row) => row.toldUpTo))
  expect(instants.size).toBe(1)
  return [...instants][0] ?? ''
}

const caseOf = async (operator: string, township: string) =>
  (await api.ask(`/cases?operatorId=${ids.of(operator)}&region=${township}`)).items[0]

it('has had something to tell in every section that three nights can fill', () => {
  const told = [...mailsOf(SECOND), ...mailsOf(THIRD)].map(({ mail }) => newsIn(mail.text ?? ''))
  const sections = new Set(told.flatMap((news) => Object.keys(news)))
  const fed = ['moved', '建议核实化解', '完成时限', '还款计划违约', '新逾期补助']
  expect([...sections].sort()).toEqual([...fed, '列管业主 30 天内到期租金'].sort())
})

it('keeps the whole story of a case that came back', async () => {
  const { id } = await caseOf('柑源县硕荣农业科技有限公司', '519901104')
  await api.ask(`/cases/${id}`)
  const { state, episode, history } = await api.ask(`/cases/${id}`)
  expect({ state, episode }).toEqual({ state: 'relapsed', episode: 2 })
  const told = mailsOf(THIRD).filter(({ mail }) => mail.text?.includes('硕荣农业科技有限公司'))
  expect(told.map(({ to }) => to.split('@')[0]).sort()).toEqual(['fenguan', 'nongye', 't519901104'])
  const entries = history.map(
    ({ kind, asOf, episode, recordedBy }: Record<string, unknown>) =>
      `${kind} ${asOf} ${episode} ${recordedBy}`,
  )
  expect(entries).toEqual([
    `opened ${FIRST} 1 service`,
    `fixed ${FIRST} 1 demo`,
    `resolved ${FIRST} 1 demo`,
    `relapsed ${THIRD} 2 service`,
    `graded ${THIRD} 2 service`,
    ...told.map(() => `told ${THIRD} 2 service`),
    `seen ${THIRD} 2 demo`,
  ])
  const messages = history.filter(({ kind }: { kind: string }) => kind === 'told')
  expect(messages.map((one: { detail: { messageId: string } }) => one.detail.messageId)).toEqual(
    told.map(({ mail }) => mail.messageId),
  )
})

it('says in the history when the delayed mail went out, not when it was composed', async () => {
  const { id } = await caseOf('柑源县蜀源生态农业有限公司', '519901109')
  const { history } = await api.ask(`/cases/${id}`)
  const told = history.filter(({ kind }: { kind: string }) => kind === 'told')
  expect(told).toHaveLength(3)
  for (const { asOf, recordedAt } of told) {
    expect(asOf).toBe(SECOND)
    expect(recordedAt > '2021-10-30T18:00').toBe(true)
  }
})

it('stores what its facts come to, as the command line finds beside it', async () => {
  const env = { DATABASE_URL: `file:${join(folder, 'county.db')}` }
  const program = runProgram('src/cli.ts', ['verify'], { cwd: folder, env })
  const code = await program.ended
  const lines = program.output.stdout.trimEnd().split('\n')
  expect(lines.at(-2)).toMatch(/computed anew: 合同 contracts \d{3,}, 期次 instalments \d{4,}, /)
  expect([code, program.output.stderr, lines.at(-1)]).toEqual([0, '', '差异 · differences: 0'])
})

it('sends nobody a name, phone or number of a person', async () => {
  const mails = DEMO_NIGHTS.flatMap((day) => mailsOf(day)).map(({ mail }) => mail)
  const texts = textsOf(mails)
  // Contract numbers stand in the workbooks only: the scan reads their cells.
  const bodies = textsOf(mails.map((mail) => ({ ...mail, attachments: [] })))
  expect(leaked(texts, ['2012-0027'])).toEqual(['2012-0027'])
  expect(leaked(bodies, ['2012-0027'])).toEqual([])
  for (const [kind, secrets] of Object.entries(personalData(tables))) {
    expect(secrets.length, kind).toBeGreaterThan(500)
    expect(leaked(texts, secrets), kind).toEqual([])
    const [secret = ''] = secrets
    for (const planted of await plantedIn(mails, secret))
      expect(leaked(textsOf([planted]), secrets), kind).toContain(secret)
  }
})

/** The same message with a secret in each place that is scanned. */
async function plantedIn(mails: Received[number]['mail'][], secret: string) {
  const [mail] = mails as [Received[number]['mail']]
  const chunks: Uint8Array[] = []
  const book = { title: '清单', day: FIRST, sheets: [], notes: [`备注:${secret}`] }
  for await (const chunk of writeWorkbook(book)) chunks.push(chunk)
  const [attachment] = mail.attachments
  if (!attachment) throw new Error('no message has a workbook')
  return [
    { ...mail, subject: `${mail.subject}${secret}` },
    { ...mail, text: `${mail.text}${secret}` },
    { ...mail, html: `${mail.html}<b>${secret}</b>` },
    { ...mail, headers: new Map([['x-note', secret]]) },
    { ...mail, attachments: [{ ...attachment, content: Buffer.concat(chunks) }] },
  ]
}
