/** Requests that cannot be read: their JSON, type, size, path or query. Never 500, nothing changes. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestCounty, type TestCounty } from '../support/test-county.ts'

let county: TestCounty
let contractId: string
beforeAll(async () => {
  county = await openTestCounty('2025-03-03')
  contractId = (await county.contract((await county.operator()).id)).id
})
afterAll(() => county.close())

interface Sent {
  payload?: string | Buffer
  type?: string | undefined
  headers?: Record<string, string>
}
const post = (path: string, { payload = '', type = 'application/json', headers = {} }: Sent) =>
  county.inject({
    method: 'POST',
    url: `/api/v1${path}`,
    headers: {
      authorization: `Bearer ${county.token}`,
      ...(type !== '' && { 'content-type': type }),
      ...headers,
    },
    payload,
  })
const get = (url: string, headers = {}) =>
  county.inject({
    method: 'GET',
    url,
    headers: { authorization: `Bearer ${county.token}`, ...headers },
  })

async function expectProblem(
  send: () => ReturnType<TestCounty['inject']>,
  status: number,
  code: string,
) {
  const before = await county.rows()
  const reply = await send()
  expect([reply.status, reply.body.code]).toEqual([status, code])
  expect(reply.headers['content-type']).toMatch(/^application\/problem\+json/)
  expect(reply.body).toMatchObject({
    type: expect.stringContaining(code),
    title: expect.stringMatching(/\p{Script=Han}/u),
    status,
    detail: expect.stringMatching(/\p{Script=Han}/u),
  })
  expect(await county.rows()).toEqual(before)
  return reply.body
}

const OPERATOR = '"name":"甲","kind":"company"'
const nested = (open: string, shut: string, depth: number) =>
  `${open.repeat(depth)}1${shut.repeat(depth)}`

describe('JSON', () => {
  it.each([
    ['cut off', `{${OPERATOR}`, 'malformed-json'],
    ['with a trailing comma', `{${OPERATOR},}`, 'malformed-json'],
    ['in single quotes', `{'name':'甲'}`, 'malformed-json'],
    ['that is a bare word', 'name', 'malformed-json'],
    ['with NaN in it', `{${OPERATOR},"phone":NaN}`, 'malformed-json'],
    ['with __proto__', `{${OPERATOR},"__proto__":{"kind":"bank"}}`, 'malformed-json'],
    ['with an escaped __proto__', `{${OPERATOR},"\\u005f_proto__":{"a":1}}`, 'malformed-json'],
    [
      'with constructor.prototype',
      `{${OPERATOR},"constructor":{"prototype":{}}}`,
      'malformed-json',
    ],
    ['that is empty', '', 'empty-body'],
    ['that is null', 'null', 'invalid-request'],
    ['that is true', 'true', 'invalid-request'],
    ['with a number beyond all numbers', `{${OPERATOR},"phone":1e999}`, 'invalid-request'],
    ['with a NUL character', `{${OPERATOR},"phone":"1\\u0000"}`, 'invalid-request'],
    ['with half a character', `{${OPERATOR},"phone":"\\udfff"}`, 'invalid-request'],
    ['with half a character as a field', `{${OPERATOR},"\\ud800":"1"}`, 'invalid-request'],
    ['with NUL as a field', `{${OPERATOR},"\\u0000":"1"}`, 'invalid-request'],
  ])('%s is refused', async (_what, payload, code) => {
    await expectProblem(() => post('/operators', { payload }), 400, code)
  })

  it.each([
    ['lists', nested('[', ']', 100_000), {}],
    ['objects', nested('{"a":', '}', 50_000), {}],
    ['objects in a field', `{${OPERATOR},"phone":${nested('{"a":', '}', 50_000)}}`, {}],
    ['objects under a key of its own', nested('{"a":', '}', 50_000), { 'idempotency-key': 'deep' }],
  ])('with very deep %s is refused', async (_what, payload, headers) => {
    await expectProblem(() => post('/operators', { payload, headers }), 400, 'nested-too-deep')
  })

  it('a refusal of very many fields stays shorter than what was sent', async () => {
    const fields = Array.from({ length: 60_000 }, (_, i) => `"f${i}":1`)
    const payload = `{${fields.join(',')}}`
    const problem = await expectProblem(
      () => post('/operators', { payload }),
      400,
      'invalid-request',
    )
    expect(JSON.stringify(problem).length).toBeLessThan(payload.length)
  })
})

describe('a body', () => {
  it.each([
    'text/plain',
    'text/plain;charset=utf-8',
    'application/xml',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
    'application/jsonp',
    'json',
    '',
  ])('of type "%s" is of the wrong type', async (type) => {
    const payload = `{${OPERATOR}}`
    await expectProblem(() => post('/operators', { payload, type }), 415, 'unsupported-media-type')
  })

  it('may name its characters', async () => {
    const payload = `{${OPERATOR}}`
    const reply = await post('/operators', { payload, type: 'application/json; charset=utf-8' })
    expect([reply.status, reply.body.name]).toEqual([201, '甲'])
  })

  it('of a megabyte and a byte is too large, one byte less is not', async () => {
    const limit = 1_048_576
    const payload = (bytes: number) => {
      const body = `{${OPERATOR},"phone":""}`
      return body.replace('"phone":""', `"phone":"${'9'.repeat(bytes - Buffer.byteLength(body))}"`)
    }
    const send = (bytes: number) => post('/operators', { payload: payload(bytes) })
    await expectProblem(() => send(limit + 1), 413, 'body-too-large')
    const problem = await expectProblem(() => send(limit), 400, 'invalid-request')
    expect(problem.errors).toMatchObject([{ field: 'phone' }])
  })
})

describe('a path', () => {
  it.each([
    '/contracts/17',
    '/contracts/01926d3e-7c00-7000-8000-00000000000',
    '/contracts/01926d3e-7c00-7000-8000-00000000000g/risk',
    '/contracts/01926d3e7c0070008000000000000001/standing',
    '/contracts/%00',
    '/payments/1/reversal',
    '/risk/runs/2025-02-30',
    '/risk/runs/yesterday',
  ])('%s is refused, naming what is wrong in it', async (path) => {
    const send = () =>
      path.endsWith('reversal') ? post(path, { payload: '{"reason":"误"}' }) : get(`/api/v1${path}`)
    const { errors } = await expectProblem(send, 400, 'invalid-request')
    expect(errors[0].field).toBe(path.startsWith('/risk') ? 'asOf' : 'id')
  })

  it.each(['/api/v1/contracts/%', '/api/v1/contracts/%zz', '/api/v1/contracts/%ED%A0%80', '/%'])(
    '%s cannot be read',
    async (url) => {
      await expectProblem(() => get(url), 400, 'malformed-path')
    },
  )

  it.each(['/', '/api', '/api/v1', '/api/v1/contract', '/api/v2/contracts'])(
    '%s leads nowhere',
    async (url) => {
      await expectProblem(() => get(url), 404, 'no-such-route')
    },
  )

  it('of another method leads nowhere', async () => {
    const url = `/api/v1/contracts/${contractId}`
    for (const method of ['DELETE', 'PATCH', 'PUT'] as const) {
      const send = () =>
        county.inject({ method, url, headers: { authorization: `Bearer ${county.token}` } })
      await expectProblem(send, 404, 'no-such-route')
    }
  })

  it('names a fact by its UUID in capitals too', async () => {
    const reply = await get(`/api/v1/contracts/${contractId.toUpperCase()}`)
    expect([reply.status, reply.body.id]).toEqual([200, contractId])
  })

  it.each([
    ['/regions/51990110120', '{"name":"村"}', 'code'],
    ['/regions/5199０1', '{"name":"县"}', 'code'],
    ['/grain-prices/wheat/2024-02-30', '{"fenPer50kg":1,"source":"告"}', 'effectiveOn'],
    ['/grain-prices/a%00b/2024-01-01', '{"fenPer50kg":1,"source":"告"}', 'grain'],
    ['/grain-prices/%20/2024-01-01', '{"fenPer50kg":1,"source":"告"}', 'grain'],
  ])('PUT %s is refused', async (path, payload, field) => {
    const headers = {
      authorization: `Bearer ${county.token}`,
      'content-type': 'application/json',
    }
    const url = `/api/v1${encodeURI(path).replaceAll('%25', '%')}`
    const send = () => county.inject({ method: 'PUT', url, headers, payload })
    const { errors } = await expectProblem(send, 400, 'invalid-request')
    expect(errors).toMatchObject([{ field }])
  })
})

describe('a query', () => {
  it.each([
    ['/regions?foo=1', 'foo'],
    ['/contracts?operator=1', 'operator'],
    ['/contracts?__proto__=1', '__proto__'],
    ['/contracts?landUse=citrus', 'landUse'],
    ['/contracts?limit=0', 'limit'],
    ['/contracts?limit=many', 'limit'],
    ['/contracts?limit=1.5', 'limit'],
    ['/contracts?limit=1&limit=2', 'limit'],
    ['/contracts?region=51', 'region'],
    ['/contracts?operatorId=A', 'operatorId'],
    ['/regions?under=x', 'under'],
    ['/petitions?region=519901101201000', 'region'],
    ['/operators?name=%00', 'name'],
    ['/grain-prices?foo=1', 'foo'],
    ['/policies?foo=1', 'foo'],
    ['/policies/2026-1?foo=1', 'foo'],
    ['/risk/runs?asOf=2025-03-01', 'asOf'],
    ['/risk/runs/2025-03-01?foo=1', 'foo'],
    ['/risk/worklist?level=purple', 'level'],
    ['/risk/worklist?asOf=2023-02-30', 'asOf'],
    ['/risk/worklist?knownAt=2024-01-01', 'knownAt'],
    ['/risk/worklist?landUse=citrus', 'landUse'],
    ['/risk/summary?by=operators', 'by'],
    ['/risk/summary?limit=5', 'limit'],
    ['/contracts/$id?asOf=2025-01-01', 'asOf'],
    ['/contracts/$id/standing?asOf=', 'asOf'],
    ['/contracts/$id/risk?knownAt=yesterday', 'knownAt'],
    ['/contracts/$id/payments?foo=1', 'foo'],
  ])('%s is refused, naming %s', async (path, field) => {
    const url = `/api/v1${path.replace('$id', contractId)}`
    const { errors } = await expectProblem(() => get(url), 400, 'invalid-request')
    expect(errors[0].field).toBe(field)
  })

  it('of a post is refused like any other', async () => {
    const payload = `{${OPERATOR}}`
    await expectProblem(() => post('/operators?dryRun=true', { payload }), 400, 'invalid-request')
  })
})
