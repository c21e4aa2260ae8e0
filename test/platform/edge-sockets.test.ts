/** What arrives on a socket and is no request, or takes its time to become one. */
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { edgeApp, INNARDS } from '../support/edge-app.ts'
import { openTestCounty, type TestCounty } from '../support/test-county.ts'

let county: TestCounty
let app: Awaited<ReturnType<typeof edgeApp>>
let port: number
/** What the service itself waits, before this test makes it impatient. */
let waits: Record<'headers' | 'request' | 'idle' | 'silent' | 'looking', number>
beforeAll(async () => {
  county = await openTestCounty('2025-03-03')
  app = await edgeApp(county)
  const server = app.server as typeof app.server & { connectionsCheckingInterval: number }
  waits = {
    headers: server.headersTimeout,
    request: server.requestTimeout,
    idle: server.keepAliveTimeout,
    silent: server.timeout,
    looking: server.connectionsCheckingInterval,
  }
  Object.assign(server, {
    headersTimeout: 1000,
    requestTimeout: 2000,
    connectionsCheckingInterval: 200,
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  port = (server.address() as AddressInfo).port
})
afterAll(async () => {
  await app.close()
  await county.close()
})

/** Opens a socket, lets `speak` write to it, and answers what came until the service ended it. */
function talk(speak: (socket: Socket) => void): Promise<string> {
  return new Promise((resolve) => {
    let heard = ''
    const socket = connect(port, '127.0.0.1', () => speak(socket))
    socket.on('data', (chunk) => {
      heard += chunk.toString()
    })
    // A connection that is reset has ended too.
    socket.on('error', () => {})
    socket.on('close', () => resolve(heard))
  })
}
const say = (text: string) => talk((socket) => socket.write(text))
const get = (line: string, headers = '') =>
  say(`${line}\r\nHost: here\r\nConnection: close\r\n${headers}\r\n`)

function expectProblem(heard: string, status: number, code: string) {
  const [head = '', body = ''] = heard.split('\r\n\r\n')
  expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  expect(head).toMatch(/content-type: application\/problem\+json/i)
  expect(head).toMatch(/x-content-type-options: nosniff/i)
  expect(head).not.toMatch(/^(server|x-powered-by|access-control-\S+):/im)
  const problem = JSON.parse(body)
  expect(problem).toMatchObject({ status, code, detail: expect.stringMatching(/\p{Script=Han}/u) })
  expect(head).toMatch(new RegExp(`x-request-id: ${problem.requestId}`, 'i'))
  expect(heard).not.toMatch(INNARDS)
}

describe('what is no request', () => {
  it.each([
    ['bytes', '\u0000\u0001\u0002\r\n\r\n'],
    ['a greeting of TLS', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003'],
    ['a method that nobody knows', 'FETCH / HTTP/1.1\r\nHost: here\r\n\r\n'],
    ['a version that nobody knows', 'GET / HTTP/9.9\r\nHost: here\r\n\r\n'],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a header with a break in its name', 'GET / HTTP/1.1\r\nHo\nst : a\r\n\r\n'],
    ['HTTP/1.0 and then no header', 'GET / HTTP/1.0\r\n: : :\r\n\r\n'],
  ])('%s is a malformed one', async (_what, text) => {
    expectProblem(await say(text), 400, 'malformed')
  })

  it.each([
    ['a header', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`],
    ['an address', `GET /${'x'.repeat(17_000)} HTTP/1.1\r\nHost: a\r\n\r\n`],
  ])('%s of 17,000 characters is too large', async (_what, text) => {
    expectProblem(await say(text), 431, 'headers-too-large')
  })
})

describe('what is one', () => {
  it('of HTTP/1.0 is answered', async () => {
    expectProblem(await say('GET / HTTP/1.0\r\n\r\n'), 404, 'no-such-route')
    expect(await say('GET /health/live HTTP/1.0\r\n\r\n')).toMatch(/ 200 OK.*"live"/s)
  })

  it('of TRACE says nothing of what was sent, of CONNECT nothing at all', async () => {
    const traced = await get('TRACE /health/live HTTP/1.1', 'X-Secret: 7\r\n')
    expectProblem(traced, 404, 'no-such-route')
    expect(traced).not.toMatch(/x-secret/i)
    expect(await get('CONNECT evil.example:443 HTTP/1.1')).toBe('')
  })

  it('of WebDAV, an upgrade or without a host is answered without innards', async () => {
    expectProblem(await get('PROPFIND /api/v1/regions HTTP/1.1'), 404, 'no-such-route')
    for (const heard of [
      await get('GET /api/v1/regions HTTP/1.1', 'Upgrade: websocket\r\n'),
      await get('GET /health/live HTTP/1.1', 'Expect: tea\r\n'),
      await say('GET /health/live HTTP/1.1\r\nConnection: close\r\n\r\n'),
    ]) {
      expect(heard).toMatch(/^HTTP\/1\.1 4(00|01|17) /)
      expect(heard).not.toMatch(INNARDS)
    }
  })
})

describe('a socket that dribbles', () => {
  const upload = (type: string, body: string) =>
    `POST /api/v1/${type.startsWith('multi') ? 'imports/regions' : 'operators'} HTTP/1.1\r\n` +
    `Host: a\r\nAuthorization: Bearer ${county.token}\r\nContent-Type: ${type}\r\n` +
    `Content-Length: 1000\r\n\r\n${body}`
  const dribble = (start: string) =>
    talk((socket) => {
      socket.write(start)
      const timer = setInterval(() => socket.write('x'), 50)
      socket.on('close', () => clearInterval(timer))
    })

  it('is ended in time, while others are served, and leaves nothing behind', async () => {
    const before = await county.rows('operators', 'imports', 'idempotentReplies')
    const part = '--b\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    const ends = Promise.all([
      dribble('GET /health/live HTTP/1.1\r\nHost: a\r\nX: '),
      dribble('G'.repeat(0)),
      talk(() => {}),
      dribble(upload('application/json', '{"name":"')),
      dribble(upload('multipart/form-data; boundary=b', part)),
    ])
    let ended = false
    const done = ends.finally(() => {
      ended = true
    })
    let served = 0
    while (!ended) {
      expect((await fetch(`http://127.0.0.1:${port}/health/live`)).status).toBe(200)
      served++
      await new Promise((go) => setTimeout(go, 50))
    }
    expect(served).toBeGreaterThan(5)
    const [headers = '', garbage = '', silence = '', json = '', form = ''] = await done
    for (const heard of [headers, silence, json, form]) expectProblem(heard, 408, 'too-slow')
    expectProblem(garbage, 400, 'malformed')
    expect(await county.rows('operators', 'imports', 'idempotentReplies')).toEqual(before)
  })

  it('has seconds for its headers and minutes for its body, not more', () => {
    expect(waits.headers).toBeLessThanOrEqual(20_000)
    expect(waits.request).toBeLessThanOrEqual(120_000)
    expect(waits.idle).toBeLessThanOrEqual(90_000)
    expect(waits.looking).toBeLessThanOrEqual(5_000)
    // As long as an import may be silent, but not for ever.
    expect(waits.silent).toBeGreaterThan(600_000)
    expect(waits.silent).toBeLessThanOrEqual(3_600_000)
  })
})
