/** What the log says of each request: one line, when it is over. */
import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { createLogger } from '../../src/platform/log/logger.ts'
import { edgeApp } from '../support/edge-app.ts'
import { openTestCounty, type TestCounty } from '../support/test-county.ts'

type Line = { msg: string; reqId?: string; req?: { path: string }; res?: { statusCode: number } }
const lines: Line[] = []
let county: TestCounty
let app: Awaited<ReturnType<typeof edgeApp>>
let address: string
let contractId: string
beforeAll(async () => {
  county = await openTestCounty('2025-03-03')
  contractId = (await county.contract((await county.operator()).id)).id
  const log = createLogger('info', { write: (line) => lines.push(JSON.parse(line)) })
  app = await edgeApp({ ...county, log })
  address = await app.listen({ port: 0, host: '127.0.0.1' })
})
beforeEach(() => {
  lines.length = 0
})
afterAll(async () => {
  await app.close()
  await county.close()
})

const resting = () => new Promise((resolve) => setTimeout(resolve, 200))
const told = () => lines.map(({ msg, req, res }) => [msg, req?.path, res?.statusCode])

it('one line each, also for the first that comes with a token, and for kept replies', async () => {
  const paths = [
    '/risk/worklist?operatorId=01926d3e-7c00-7000-8000-0000000000ff',
    `/contracts/${contractId}/risk`,
    '/nope',
  ]
  const headers = { authorization: `Bearer ${county.token}` }
  for (const path of [...paths, ...paths]) {
    const reply = await fetch(`${address}/api/v1${path}`, { headers })
    await reply.arrayBuffer()
  }
  await fetch(`${address}/api/v1/contracts`).then((reply) => reply.arrayBuffer())
  await fetch(`${address}/%zz`).then((reply) => reply.arrayBuffer())
  await resting()
  const once = [
    ['request completed', '/api/v1/risk/worklist', 200],
    ['request completed', `/api/v1/contracts/${contractId}/risk`, 200],
    ['request completed', '/api/v1/nope', 404],
  ]
  expect(told()).toEqual([
    ...once,
    ...once,
    ['request completed', '/api/v1/contracts', 401],
    ['request completed', '/…', 400],
  ])
  expect(new Set(lines.map(({ reqId }) => reqId)).size).toBe(lines.length)
  expect(JSON.stringify(lines)).not.toMatch(/13900001234|lrm_/)
})

it('a client that leaves before its answer is told of', async () => {
  const { port } = new URL(address)
  await new Promise<void>((resolve) => {
    const socket = connect(Number(port), '127.0.0.1', () => {
      socket.write(
        `POST /api/v1/operators HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer ${county.token}\r\n` +
          'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"name": ',
      )
      setTimeout(() => socket.destroy(), 100)
    })
    socket.on('close', () => resolve())
  })
  await resting()
  const ofRequest = told().filter(([, path]) => path !== undefined)
  expect(ofRequest).toEqual([['request aborted', '/api/v1/operators', undefined]])
})
