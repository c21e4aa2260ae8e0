/** The outbox as it is sent by real processes: the service, the command line, several at once. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { simpleParser } from 'mailparser'
import { afterEach, expect, it, vi } from 'vitest'
import { sendOutbox } from '../../src/alerts/send-outbox.ts'
import { scheduleSending } from '../../src/nightly/nightly-schedule.ts'
import { openSqlite } from '../../src/platform/database/open-sqlite.ts'
import { smtpMailer } from '../../src/platform/mail/mail-transport.ts'
import { type Alert, alertRow, caseRow } from '../support/alert-rows.ts'
import { runProgram, until } from '../support/run-program.ts'
import { openSmtpServer } from '../support/smtp-server.ts'

const MINUTE_MS = 60_000
const closing: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** A county's database with queued messages, and programs on it. */
async function county(env: Record<string, string>, ...messages: Partial<Alert>[]) {
  const cwd = mkdtempSync(join(tmpdir(), 'sending-'))
  closing.push(() => rmSync(cwd, { recursive: true }))
  let aheadMs = 0
  const clock = { now: () => new Date(Date.now() + aheadMs), timeZone: 'Asia/Shanghai' }
  const db = openSqlite(join(cwd, 'county.db'), clock)
  closing.push(db.close)
  const { alerts, caseEvents, cases } = db.read.tables
  const queuedAt = clock.now().toISOString()
  await db.transaction(async (tx) => {
    await tx.insert(cases).values(caseRow('case-1', 1))
    for (const over of messages)
      await tx.insert(alerts).values(alertRow(tx.newId(), queuedAt, over))
  })
  const all = { PORT: '0', DATABASE_URL: `file:${cwd}/county.db`, ...env }
  return {
    cwd,
    db,
    clock,
    goAhead: (ms: number) => {
      aheadMs += ms
    },
    start: (file: string, ...args: string[]) => runProgram(file, args, { cwd, env: all }),
    async cli(...args: string[]) {
      const program = runProgram('src/cli.ts', args, { cwd, env: all })
      return { code: await program.ended, ...program.output }
    },
    states: async () => {
      const rows = await db.read.select().from(alerts).orderBy(alerts.id)
      return rows.map(({ state, attempts, problem }) => [state, attempts, problem])
    },
    told: () => db.read.select().from(caseEvents),
  }
}

async function server() {
  const at = await openSmtpServer()
  closing.push(at.close)
  return { at, env: { SMTP_URL: `smtp://127.0.0.1:${at.port}`, MAIL_FROM: '监测 <m@county.cn>' } }
}

it('killed between sending and marking, a message goes out once more, the same', async () => {
  const { at, env } = await server()
  const { db, clock, goAhead, start, cli, states, told } = await county(env, {
    email: 'a@x.cn',
    caseIds: ['case-1'],
  })
  const program = start('src/cli.ts', 'alerts', 'send')
  at.atEnd = async () => {
    program.process.kill('SIGKILL')
    await program.ended
    return 'accept' as const
  }
  expect(await program.ended).toBe(null)
  await until(() => at.received.length === 1)
  at.atEnd = () => 'accept'
  expect(await states()).toEqual([['queued', 1, 'unfinished']])

  const meanwhile = await cli('alerts', 'send')
  expect([meanwhile.code, meanwhile.stdout]).toEqual([
    0,
    '已发 0,等待 1,失败 0 · sent 0, waiting 1, failed 0\n等待 waiting  2025-03-03  a@x.cn  unfinished\n',
  ])
  const mailer = smtpMailer(env.SMTP_URL, { name: '监测', address: 'm@county.cn' })
  closing.push(mailer.close)
  goAhead(10 * MINUTE_MS)
  expect(await sendOutbox({ db, mailer, clock })).toMatchObject({ sent: 1, waiting: 0 })
  goAhead(10 * MINUTE_MS)
  expect(await sendOutbox({ db, mailer, clock })).toMatchObject({ sent: 0, waiting: 0 })
  expect(at.received).toHaveLength(2)
  expect(new Set(at.received.map(({ mail }) => mail.messageId)).size).toBe(1)
  expect(await states()).toEqual([['sent', 2, null]])
  expect(await told()).toHaveLength(1)
})

it('three processes at once send each message once', async () => {
  const { at, env } = await server()
  const emails = Array.from({ length: 30 }, (_, i) => `r${i}@x.cn`)
  const { cli, states, told } = await county(
    env,
    ...emails.map((email) => ({ email, caseIds: ['case-1'] })),
  )
  const connected = new Set<number>()
  at.atEnd = async () => {
    connected.add(at.connections)
    await new Promise((go) => setTimeout(go, 100))
    return 'accept' as const
  }
  const ends = await Promise.all([1, 2, 3].map(() => cli('alerts', 'send')))
  expect(ends.map(({ code, stderr }) => [code, stderr])).toEqual([1, 2, 3].map(() => [0, '']))
  const sent = ends.map(({ stdout }) => Number(/ sent (\d+)/.exec(stdout)?.[1]))
  expect(sent.reduce((a, b) => a + b)).toBe(30)
  expect(Math.max(...connected)).toBeGreaterThan(1)
  expect(at.received.map(({ to }) => to).sort()).toEqual(emails.sort())
  expect(await states()).toEqual(emails.map(() => ['sent', 1, null]))
  expect(await told()).toHaveLength(30)
})

it('alerts send says what waits and what has failed, and why', async () => {
  const { at, env } = await server()
  at.answerRecipient = (address) =>
    address.startsWith('gone') ? 550 : address.startsWith('grey') ? 450 : undefined
  const { cli } = await county(
    env,
    { email: 'there@x.cn' },
    { email: 'gone@x.cn' },
    { email: 'grey@x.cn' },
  )
  const { code, stdout, stderr } = await cli('alerts', 'send')
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout.split('\n')).toEqual([
    '已发 1,等待 1,失败 1 · sent 1, waiting 1, failed 1',
    '失败 failed   2025-03-03  gone@x.cn  refused-550',
    '等待 waiting  2025-03-03  grey@x.cn  greylisted-450',
    '',
  ])
})

it('alerts send ends with one line when the server cannot be reached', async () => {
  const { at, env } = await server()
  await at.close()
  closing.pop()
  const { cli } = await county(env, { email: 'a@x.cn' }, { email: 'b@x.cn' })
  const { code, stdout, stderr } = await cli('alerts', 'send')
  expect(code).toBe(1)
  expect(stdout.split('\n')).toEqual([
    '已发 0,等待 2,失败 0 · sent 0, waiting 2, failed 0',
    '等待 waiting  2025-03-03  a@x.cn  unreachable',
    '等待 waiting  2025-03-03  b@x.cn  -',
    '',
  ])
  expect(stderr).toBe(
    'SMTP_URL: 现在发不出邮件(unreachable),等待的都留着 · no mail can be sent now; what waits is kept\n',
  )
})

it('without a mail server the service writes what waits to a folder, soon after its start', async () => {
  const { cwd, start, states } = await county({}, { email: 'qingxi@x.cn' })
  const program = start('src/main.ts')
  await until(async () => (await states())[0]?.[0] === 'sent')
  program.process.kill('SIGTERM')
  expect(await program.ended).toBe(0)
  const [name = '', ...others] = readdirSync(join(cwd, 'var/outbox'))
  expect(others).toEqual([])
  expect(name).toMatch(/^2025-03-03-qingxi@x\.cn-\w{8}\.eml$/)
  const mail = await simpleParser(readFileSync(join(cwd, 'var/outbox', name)))
  expect(mail.from?.text).toBe('monitor@localhost')
  expect(mail.text?.trim()).toBe('新增红色 2 户')
  expect(program.output.stdout).toContain('"sent":1')
  expect(program.output.stdout).not.toContain('qingxi')
  expect(program.output.stderr).toBe('')
})

it('the service says in its log that mail waits, without an address, and ends on a signal', async () => {
  const { at, env } = await server()
  await at.close()
  closing.pop()
  const { start, states } = await county(env, { email: 'a@x.cn' })
  const program = start('src/main.ts')
  await until(() => program.output.stdout.includes('mail cannot be sent'))
  program.process.kill('SIGTERM')
  expect(await program.ended).toBe(0)
  expect(await states()).toEqual([['queued', 1, 'unreachable']])
  const lines = program.output.stdout.split('\n').filter((line) => line.includes('mail'))
  expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
    { level: 50, problem: 'unreachable' },
  ])
  expect(program.output.stdout).not.toContain('a@x.cn')
})

it('a service that is ended while a server stalls ends in time, and the message waits', async () => {
  const { at, env } = await server()
  at.atEnd = () => 'stall'
  const { start, states } = await county(env, { email: 'a@x.cn' })
  const program = start('src/main.ts')
  await until(() => at.received.length === 1 && program.output.stdout.includes('listening'))
  const startedAt = Date.now()
  program.process.kill('SIGTERM')
  expect(await program.ended).toBe(0)
  expect(Date.now() - startedAt).toBeLessThan(5000)
  expect(await states()).toEqual([['queued', 1, 'dropped']])
})

it('sending starts at once and every minute, never twice at a time', async () => {
  vi.useFakeTimers({ now: Date.parse('2025-03-03T18:00:30Z') })
  closing.push(() => vi.useRealTimers())
  const failures: unknown[] = []
  let begun = 0
  let end: () => void = () => undefined
  const send = () => {
    begun++
    if (begun === 2) return Promise.reject(new Error('the disk is full'))
    return new Promise<void>((resolve) => {
      end = resolve
    })
  }
  const stop = scheduleSending(send, (error) => failures.push(error))
  expect(begun).toBe(1)
  await vi.advanceTimersByTimeAsync(3 * MINUTE_MS)
  expect(begun).toBe(1)
  end()
  await vi.advanceTimersByTimeAsync(MINUTE_MS)
  expect([begun, failures.map(String)]).toEqual([2, ['Error: the disk is full']])
  await vi.advanceTimersByTimeAsync(MINUTE_MS)
  expect(begun).toBe(3)
  end()
  stop()
  await vi.advanceTimersByTimeAsync(3 * MINUTE_MS)
  expect(begun).toBe(3)
})
