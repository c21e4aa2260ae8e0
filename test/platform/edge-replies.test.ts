/** What every reply says, and what none does, whatever was asked and whatever broke. */
import type { InjectOptions } from 'fastify'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { edgeApp, INNARDS } from '../support/edge-app.ts'
import { openTestCounty, type TestCounty } from '../support/test-county.ts'

let county: TestCounty
let app: Awaited<ReturnType<typeof edgeApp>>
const lines: Record<string, unknown>[] = []
const BUG = 'select hash from tokens where /root/county.db'
beforeAll(async () => {
  county = await openTestCounty('2025-03-03')
  const log = pino({ level: 'debug' }, { write: (line) => lines.push(JSON.parse(line)) })
  app = await edgeApp({ ...county, log })
  app.get('/bug', () => {
    throw new Error(BUG)
  })
  app.get('/odd-bug', () => {
    throw BUG
  })
  app.get('/late-bug', async (_request, reply) => {
    await reply.send({ unspeakable: 1n })
  })
  app.get('/coded-bug', () => {
    throw Object.assign(new Error(BUG), { code: 'SQLITE_CORRUPT', statusCode: 418 })
  })
})
afterAll(async () => {
  await app.close()
  await county.close()
})

const BOUNDARY = 'multipart/form-data; boundary=x'
const part = (name: string, body = '1') =>
  `--x\r\ncontent-disposition: form-data; name="${name}"; filename="a.csv"\r\n\r\n${body}\r\n`
const form = (payload: string, type = BOUNDARY): InjectOptions => ({
  method: 'POST',
  url: '/api/v1/imports/regions',
  headers: { 'content-type': type },
  payload,
})
const post = (payload: string): InjectOptions => ({
  method: 'POST',
  url: '/api/v1/operators',
  headers: { 'content-type': 'application/json' },
  payload,
})

/** What is asked with a good token, and the status and code of the problem that comes back. */
const PROBLEMS: [string, InjectOptions, number, string][] = [
  ['a path that leads nowhere', { url: '/nowhere' }, 404, 'no-such-route'],
  ['a path of the API that leads nowhere', { url: '/api/v1/nowhere' }, 404, 'no-such-route'],
  [
    'a path out of the folder',
    { url: '/docs/static/..%2f..%2fpackage.json' },
    404,
    'no-such-route',
  ],
  ['a path that cannot be read', { url: '/api/v1/%zz' }, 400, 'malformed-path'],
  ['a long id', { url: `/api/v1/contracts/${'1'.repeat(300)}` }, 414, 'path-too-long'],
  ['another method', { method: 'DELETE', url: '/api/v1/regions' }, 404, 'no-such-route'],
  ['OPTIONS', { method: 'OPTIONS', url: '/api/v1/regions' }, 404, 'no-such-route'],
  ['TRACE', { method: 'TRACE' as 'GET', url: '/api/v1/regions' }, 404, 'no-such-route'],
  ['PROPFIND', { method: 'PROPFIND' as 'GET', url: '/api/v1/regions' }, 404, 'no-such-route'],
  ['a bad id', { url: '/api/v1/contracts/17' }, 400, 'invalid-request'],
  ['a body that is no JSON', post('{'), 400, 'malformed-json'],
  ['a poisoned body', post('{"__proto__":{}}'), 400, 'malformed-json'],
  ['a form without a boundary', form('', 'multipart/form-data'), 400, 'malformed-form'],
  ['a form that is cut off', form(part('file')), 400, 'malformed-form'],
  ['a form that is none', form('hello'), 400, 'malformed-form'],
  ['a form of two files', form(`${part('file')}${part('file')}--x--`), 400, 'too-many-parts'],
  ['a bug', { url: '/bug' }, 500, 'internal'],
  ['a bug that throws no error', { url: '/odd-bug' }, 500, 'internal'],
  ['a bug in what is sent', { url: '/late-bug' }, 500, 'internal'],
  ['a bug that names its own status', { url: '/coded-bug' }, 418, 'refused'],
]
const SENT = {
  origin: 'https://evil.example',
  'access-control-request-method': 'POST',
  'access-control-request-headers': 'authorization',
  'x-request-id': 'chosen-by-the-client',
}
const ask = (request: InjectOptions) => {
  const headers = { authorization: `Bearer ${county.token}`, ...SENT, ...request.headers }
  return app.inject({ ...request, headers } as InjectOptions)
}

function expectSafe(reply: Awaited<ReturnType<typeof ask>>) {
  expect(reply.headers).toMatchObject({
    'x-request-id': expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': expect.stringMatching(/^no-store$|^public/),
    'content-security-policy': expect.stringMatching(/default-src 'none'.*frame-ancestors 'none'/),
  })
  const names = Object.keys(reply.headers).join(' ')
  expect(names).not.toMatch(/access-control|server|powered|ratelimit|strict-transport/)
  expect(JSON.stringify(reply.headers)).not.toMatch(INNARDS)
}

describe('a problem', () => {
  it.each(PROBLEMS)('of %s', async (_what, request, status, code) => {
    const reply = await ask(request)
    expect([reply.statusCode, reply.json().code]).toEqual([status, code])
    expectSafe(reply)
    expect(reply.headers['content-type']).toMatch(/^application\/problem\+json/)
    expect(reply.json().requestId).toBe(reply.headers['x-request-id'])
    expect(reply.body).not.toMatch(INNARDS)
    expect(reply.body).not.toMatch(/chosen-by-the-client|evil\.example/)
  })

  it('of a broken database', async () => {
    const other = await openTestCounty('2025-03-03')
    const headers = { authorization: `Bearer ${other.token}` }
    await other.db.close()
    for (const url of ['/api/v1/contracts', '/api/v1/risk/summary', '/api/v1/nowhere']) {
      const { status, body } = await other.inject({ url, headers })
      expect([status, body.code]).toEqual(
        url.endsWith('nowhere') ? [404, 'no-such-route'] : [500, 'internal'],
      )
      expect(JSON.stringify(body)).not.toMatch(INNARDS)
      expect(JSON.stringify(body)).not.toMatch(/database|connection/)
    }
    await other.close()
  })

  it('is found in the log by its id, and a bug with what it was', async () => {
    lines.length = 0
    const id = (await ask({ url: '/bug' })).headers['x-request-id']
    const ids = new Set(lines.map(({ reqId }) => reqId))
    expect([...ids]).toEqual([id])
    expect(JSON.stringify(lines)).toContain(BUG)
    expect(JSON.stringify(lines)).not.toContain('chosen-by-the-client')
  })
})

describe('a reply', () => {
  it.each([
    '/api/v1/regions',
    '/health/live',
    '/health/ready',
    '/openapi.json',
    '/docs',
    '/docs/',
    '/docs/json',
    '/docs/static/swagger-ui.css',
    '/docs/static/swagger-initializer.js',
  ])('of %s is as safe', async (url) => {
    const reply = await ask({ url })
    expect(reply.statusCode).toBe(200)
    expectSafe(reply)
  })

  it('of data lets nothing run, of the page only what is from here', async () => {
    const policy = async (url: string) =>
      String((await ask({ url })).headers['content-security-policy'])
    expect(await policy('/api/v1/regions')).not.toMatch(/-src(?!-?\S* 'none')/)
    const page = await policy('/docs')
    expect(page).toMatch(/script-src 'self';/)
    expect(page).not.toMatch(/unsafe|https?:|\*/)
    expect((await ask({ url: '/docs' })).body).not.toMatch(/<style|<script>|\son\w+=|style="/)
  })

  it('to HEAD has the headers of GET and no body, and asks for the same token', async () => {
    const head = await ask({ method: 'HEAD', url: '/api/v1/regions' })
    const get = await ask({ url: '/api/v1/regions' })
    expect([head.statusCode, head.body]).toEqual([200, ''])
    expect(head.headers['content-length']).toBe(get.headers['content-length'])
    expectSafe(head)
    const stranger = await app.inject({ method: 'HEAD', url: '/api/v1/regions' })
    expect([stranger.statusCode, stranger.body]).toEqual([401, ''])
  })

  it('to a preflight of another site allows nothing', async () => {
    const reply = await app.inject({ method: 'OPTIONS', url: '/api/v1/operators', headers: SENT })
    expect(reply.statusCode).toBe(404)
    expectSafe(reply)
  })
})
