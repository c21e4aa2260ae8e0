import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { DrizzleQueryError } from 'drizzle-orm/errors'
import { simpleParser } from 'mailparser'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sendOutbox } from '../../src/alerts/send-outbox.ts'
import { createLogger, tellError } from '../../src/platform/log/logger.ts'
import { sendFile } from '../support/import-file.ts'
import { leaked, textsOf } from '../support/personal-data.ts'
import { contractBody, movingClock, VILLAGE } from '../support/test-county.ts'
import { openTestService, type TestService } from '../support/test-service.ts'

const PHONE = '13812341234'
const ID = '510902197001011234'
const CARD = '6222021234567890128'
const [PERSON, LESSOR, PASSWORD] = ['慕容伯言', '欧阳听雨', 'correct-horse-7719']
const NUMBERS = `${PHONE} ${ID} ${CARD}`
const SECRETS = [PHONE, ID, CARD, PERSON, LESSOR, PASSWORD]

/** What a field is filled with in requests that are to be taken; other fields stay as they are. */
const MARKED: Readonly<Record<string, unknown>> = {
  representative: PERSON,
  phone: PHONE,
  lessor: { kind: 'household', name: LESSOR, households: 3 },
  ...Object.fromEntries(
    ['note', 'reason', 'summary', 'evidence', 'source', 'reasonUnpaid', 'measure'].map((field) => [
      field,
      `见 ${NUMBERS}`,
    ]),
  ),
}

interface Operation {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  example: Record<string, unknown> | undefined
}
interface Sent {
  url: string
  status: number
  body: string
}

const clock = movingClock('2025-03-03')
const lines: string[] = []
const log = createLogger('trace', { write: (line) => void lines.push(line) })
const sent: Sent[] = []
let service: TestService
let operations: Operation[]
const ids: string[] = []

beforeAll(async () => {
  service = await openTestService({ now: clock.now, log })
  const { body } = await service.inject({ url: '/openapi.json' })
  operations = Object.entries(body.paths as Record<string, object>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { requestBody }]) => ({
      method: method.toUpperCase() as Operation['method'],
      path,
      example: requestBody?.content?.['application/json']?.example,
    })),
  )
})
afterAll(() => service.close())

async function send(method: Operation['method'], url: string, payload?: unknown, headers = {}) {
  const reply = await service.inject({
    method,
    url,
    headers: { authorization: `Bearer ${service.token}`, ...headers },
    ...(payload !== undefined && { payload: payload as object }),
  })
  sent.push({ url, status: reply.status, body: reply.bytes.toString() })
  return reply
}

/** What stands around the first of the secrets in a text. */
function around(text: string): string {
  const at = Math.min(...SECRETS.map((one) => text.indexOf(one)).filter((found) => found >= 0))
  return text.slice(Math.max(0, at - 200), at + 60)
}

/** With every field about people filled, and ids that are there. */
function marked(value: unknown, field = ''): unknown {
  if (field in MARKED) return MARKED[field]
  if (/Id$/.test(field)) return ids[field === 'contractId' ? 1 : 0]
  if (Array.isArray(value)) return value.map((one) => marked(one))
  if (typeof value !== 'object' || value === null) return value
  const filled = Object.entries(value).map(([key, inner]) => [key, marked(inner, key)])
  return Object.fromEntries(filled)
}

const OPERATOR = { name: '青溪合作社', kind: 'cooperative', representative: PERSON, phone: PHONE }

/** An operator and a contract that is behind with its rent. */
async function makeParties(): Promise<void> {
  const operator = await send('POST', '/api/v1/operators', OPERATOR)
  const lease = contractBody(operator.body.id, { lessor: MARKED['lessor'] })
  const contract = await send('POST', '/api/v1/contracts', lease)
  expect([operator.status, contract.status]).toEqual([201, 201])
  ids.splice(0, 2, operator.body.id, contract.body.id)
}

/** Every text is somebody's data: nothing fits. */
function spoilt(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(spoilt)
  if (typeof value !== 'object' || value === null) return `${PERSON} ${NUMBERS}`
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, spoilt(inner)]))
}

const pathWith = (path: string, value: string) =>
  path.replace(/\{(\w+)\}/g, () => encodeURIComponent(value))

it('the whole API takes in, refuses and breaks without a word about people', async () => {
  await makeParties()
  for (const { method, path, example } of operations) {
    const id = path.includes('/operators/') ? ids[0] : ids[1]
    const real = pathWith(path.replace('{code}', VILLAGE), id as string)
    const key = { 'idempotency-key': `${method} ${path} ${NUMBERS}` }
    const body = example && (marked(example) as object)
    await send(method, real, body, key)
    await send(method, real, body, key)
    await send(method, real, example && (spoilt(example) as object))
    // What is put under a name of its own (a mapping, a policy) is called so by an office.
    if (method !== 'PUT') {
      await send(method, pathWith(path, NUMBERS), body)
      await send(method, pathWith(path, PERSON), body)
    }
    const query = `?phone=${PHONE}&region=${ID}&cursor=${CARD}&operatorId=${encodeURIComponent(PERSON)}`
    await send(method, real + query, body)
    await send(method, real, body, { authorization: `Bearer ${PASSWORD}` })
    await send(method, real, body, { cookie: `session=${PASSWORD}; __Host-session=${PASSWORD}` })
    await send(method, real, `{"phone": "${PHONE}"`, { 'content-type': 'application/json' })
  }
  const user = { username: 'clerk', label: 'clerk', role: 'viewer', password: PASSWORD }
  await send('POST', '/api/v1/users', user)
  await send('PUT', '/api/v1/session', { username: 'clerk', password: PASSWORD })
  await send('PUT', '/api/v1/session', { username: PHONE, password: PASSWORD })
  await send('GET', `/api/v1/operators/${PHONE}/conditions/${ID}`)
  await send('GET', `/${PHONE}?phone=${PHONE}`)
  expect(sent.filter(({ status }) => status === 201).length).toBeGreaterThan(20)
  expect(sent.filter(({ status }) => status === 400).length).toBeGreaterThan(100)
}, 120_000)

it('so do imports with dirty cells', async () => {
  const rows = [
    '合同编号,出租方,承租方,法人,联系电话,村,面积(亩),用途,起,止,租金标准,备注',
    `${PHONE},${LESSOR},白果合作社,${PERSON},${PHONE},未知村 ${PHONE},约${PHONE},柑桔,${ID},${PHONE},${ID}元,${NUMBERS}`,
    `2020-7,${LESSOR},白果合作社,${PERSON},${PHONE} ${PHONE},${VILLAGE},10,柑桔,2020-01-01,2029-12-31,600元/亩,${NUMBERS}`,
  ]
  const statuses: number[] = []
  const takeIn = async (ledger: string, content: string) => {
    const { status, body } = await sendFile(service, ledger, content)
    statuses.push(status)
    sent.push({ url: ledger, status, body: JSON.stringify(body) })
  }
  for (const ledger of ['contracts', 'operators', 'payments', 'arrears', 'subsidies', 'regions'])
    await takeIn(ledger, rows.join('\n'))
  await takeIn('contracts', `PK ${NUMBERS}`)
  expect(statuses).toContain(201)
})

it('and what is mailed', async () => {
  await makeParties()
  const recipients = {
    items: [{ name: '值班室', email: 'duty@example.org', regionCode: '519901', active: true }],
  }
  expect((await send('PUT', '/api/v1/alert-recipients', recipients)).status).toBe(200)
  clock.goTo('2025-03-04')
  expect((await send('POST', '/api/v1/risk/runs', { asOf: '2025-03-04' })).status).toBe(200)
  await sendOutbox(service, { all: true })
  const { outboxDir } = service
  const names = readdirSync(outboxDir).filter((name) => name.endsWith('.eml'))
  const mails = await Promise.all(
    names.map((name) => simpleParser(readFileSync(join(outboxDir, name)))),
  )
  expect(mails.length).toBeGreaterThan(0)
  expect(leaked(textsOf(mails), SECRETS)).toEqual([])
})

it('and a database that refuses', async () => {
  const connection = new Sqlite(join(dirname(service.outboxDir), 'county.db'))
  for (const table of ['operators', 'contracts', 'payments', 'idempotent_replies'])
    connection.exec(
      `create trigger broken_${table} before insert on ${table} begin select raise(abort, 'x'); end`,
    )
  const before = sent.length
  await send('POST', '/api/v1/operators', OPERATOR)
  await send(
    'POST',
    '/api/v1/contracts',
    contractBody(ids[0] as string, { lessor: MARKED['lessor'] }),
  )
  const payment = { amountFen: 1, paidOn: '2024-01-15', note: NUMBERS }
  await send('POST', `/api/v1/contracts/${ids[1]}/payments`, payment)
  connection.exec('alter table operators rename column phone_hash to gone')
  await send('POST', '/api/v1/operator-searches', { phone: PHONE })
  connection.close()
  const statuses = sent.slice(before).map(({ status }) => status)
  expect(statuses).toEqual([500, 500, 500, 500])
})

it('and a failure that names what a query was given', () => {
  const cause = new Error(`UNIQUE constraint failed\n${NUMBERS}`)
  const failure = new DrizzleQueryError('insert into operators values (?)', [PHONE, PERSON], cause)
  expect(failure.message).toContain(PHONE)
  log.error({ err: failure }, 'failed')
  log.error({ body: { phone: PHONE }, caller: { user: { name: PERSON } } }, 'failed')
  const told = tellError(failure)
  expect(told).toMatch(/^Failed query\n[\s\S]*caused by UNIQUE constraint failed\n/)
  expect(leaked(new Set([told]), SECRETS)).toEqual([])
})

it('left nothing in any line of the log, any reply, any kept reply or row', async () => {
  expect(lines.length).toBeGreaterThan(1000)
  expect(lines.some((line) => line.includes('Failed query'))).toBe(true)
  expect(
    lines.filter((line) => leaked(new Set([line]), [...SECRETS, service.token]).length > 0),
  ).toEqual([])
  expect(lines.filter((line) => /%[\dA-F]{2}/i.test(line))).toEqual([])
  const replies = sent.filter(({ body }) => leaked(new Set([body]), SECRETS).length > 0)
  expect(replies.map(({ url, status, body }) => [url, status, around(body)])).toEqual([])
  const { idempotentReplies, importRows, auditEntries } = service.db.read.tables
  for (const table of [importRows, auditEntries]) {
    const rows = JSON.stringify(await service.db.read.select().from(table))
    expect(leaked(new Set([rows]), SECRETS)).toEqual([])
  }
  const { reply } = idempotentReplies
  const kept = JSON.stringify(await service.db.read.select({ reply }).from(idempotentReplies))
  expect(leaked(new Set([kept]), SECRETS)).toEqual([])
})
