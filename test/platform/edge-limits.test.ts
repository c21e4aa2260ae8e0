/** How much may be asked, by whom it is counted, and whose word on an address is taken. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { addToken } from '../../src/access/token-store.ts'
import { readConfig } from '../../src/config.ts'
import { edgeApp } from '../support/edge-app.ts'
import { openTestCounty, type TestCounty } from '../support/test-county.ts'

type App = Awaited<ReturnType<typeof edgeApp>>
let county: TestCounty
let other: string
beforeAll(async () => {
  county = await openTestCounty('2025-03-03')
  const wish = { label: 'other', role: 'viewer', regionCode: '519901101' } as const
  other = await county.db.transaction((tx) => addToken(tx, wish))
})
afterAll(() => county.close())

let app: App
afterEach(async () => {
  vi.useRealTimers()
  await app.close()
})

interface Asked {
  url?: string
  token?: string
  from?: string
  headers?: Record<string, string>
}
async function ask({ url = '/api/v1/regions', token, from, headers }: Asked = {}) {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const address = from === undefined ? {} : { remoteAddress: from }
  const reply = await app.inject({ url, ...address, headers: { ...authorization, ...headers } })
  const isProblem = String(reply.headers['content-type']).includes('problem')
  const code = isProblem ? (reply.json().code as string) : undefined
  return { status: reply.statusCode, code, headers: reply.headers }
}
const statuses = async (times: number, asked: Asked) => {
  const all: number[] = []
  for (let i = 0; i < times; i++) all.push((await ask(asked)).status)
  return all
}
const aMinuteLater = () => vi.advanceTimersByTime(60_001)

function expectRetryAfter(headers: Record<string, unknown>) {
  const seconds = Number(headers['retry-after'])
  expect(seconds).toBeGreaterThanOrEqual(1)
  expect(seconds).toBeLessThanOrEqual(60)
}

describe('a caller', () => {
  beforeEach(async () => {
    app = await edgeApp(county, { RATE_PER_MINUTE: 3 })
    vi.useFakeTimers({ toFake: ['Date', 'performance'] })
  })

  it('that asks too much waits; others and health do not; a minute later it goes on', async () => {
    const { token } = county
    expect(await statuses(4, { token })).toEqual([200, 200, 200, 429])
    const { code, headers } = await ask({ token, from: '10.1.1.1' })
    expect(code).toBe('too-many-requests')
    expectRetryAfter(headers)
    expect(await statuses(3, { token: other })).toEqual([200, 200, 200])
    expect(await statuses(9, { url: '/health/live', token })).toEqual(Array(9).fill(200))
    aMinuteLater()
    expect(await statuses(1, { token })).toEqual([200])
  })

  it('is counted also where it is refused by its role', async () => {
    const url = '/api/v1/risk/runs'
    expect(await statuses(4, { url, token: other })).toEqual([403, 403, 403, 429])
  })

  it('without credentials is counted by address, on pages and where nothing is', async () => {
    const { token } = county
    expect(await statuses(2, { url: '/openapi.json' })).toEqual([200, 200])
    expect(await statuses(2, { url: '/nowhere' })).toEqual([404, 429])
    const { status, headers } = await ask({ url: '/docs/static/index.css' })
    expect(status).toBe(429)
    expectRetryAfter(headers)
    expect(await statuses(1, { url: '/openapi.json', from: '10.0.0.1' })).toEqual([200])
    expect(await statuses(1, { token })).toEqual([200])
  })
})

describe('an address', () => {
  beforeEach(async () => {
    app = await edgeApp(county, { FAILURES_PER_MINUTE: 3 })
    vi.useFakeTimers({ toFake: ['Date', 'performance'] })
  })

  it('that fails too often is refused, with a good token too; others are not', async () => {
    const from = '10.0.0.1'
    expect(await statuses(2, { token: 'wrong', from })).toEqual([401, 401])
    expect(await statuses(2, { token: county.token, from })).toEqual([200, 200])
    expect(await statuses(2, { from })).toEqual([401, 429])
    const { code, headers } = await ask({ token: county.token, from })
    expect(code).toBe('too-many-failures')
    expectRetryAfter(headers)
    expect(await statuses(1, { token: county.token, from: '10.0.0.2' })).toEqual([200])
    expect(await statuses(1, { url: '/health/ready', from })).toEqual([200])
    aMinuteLater()
    expect(await statuses(1, { token: county.token, from })).toEqual([200])
  })

  it('of IPv6 is its network: one customer has many', async () => {
    const asks = ['2001:db8::1', '2001:db8::2', '2001:db8::3', '2001:db8::4', '2001:db8:0:1::1']
    const all = []
    for (const from of asks) all.push((await ask({ from })).status)
    expect(all).toEqual([401, 401, 401, 429, 401])
  })

  it('may not try to log in more often than that, not even at once', async () => {
    const logIn = async (username: string) => {
      const payload = { username, password: 'not the password' }
      return (await app.inject({ method: 'PUT', url: '/api/v1/session', payload })).statusCode
    }
    expect([await logIn('a'), await logIn('b')]).toEqual([401, 401])
    const burst = await Promise.all(['c', 'd', 'e', 'f', 'g', 'h'].map(logIn))
    expect(burst.filter((status) => status !== 429).length).toBeLessThanOrEqual(1)
    expect(await statuses(1, { token: county.token })).toEqual([429])
  })

  it('is refused before the database is asked', async () => {
    await app.close()
    const doomed = await openTestCounty('2025-03-03')
    app = await edgeApp(doomed, { FAILURES_PER_MINUTE: 1 })
    expect(await statuses(2, { token: 'wrong' })).toEqual([401, 429])
    await doomed.db.close()
    expect(await statuses(1, { token: doomed.token })).toEqual([429])
    expect(await statuses(1, { token: doomed.token, from: '10.0.0.1' })).toEqual([500])
    await doomed.close()
  })
})

describe('a forwarded address', () => {
  const settings = { FAILURES_PER_MINUTE: 2, TRUSTED_PROXIES: ['10.0.0.0/24', '::1'] }
  const forwarded = (address: string, from: string) => ({
    from,
    headers: { 'x-forwarded-for': address },
  })
  const recordFrom = async (from: string, headers: Record<string, string>) => {
    const reply = await app.inject({
      method: 'POST',
      url: '/api/v1/operators',
      remoteAddress: from,
      headers: { authorization: `Bearer ${county.token}`, ...headers },
      payload: { name: '青溪合作社', kind: 'cooperative' },
    })
    const { auditEntries } = await county.rows('auditEntries')
    return auditEntries?.find(({ subjectId }) => subjectId === reply.json().id)?.address
  }

  it('of a stranger changes neither what is counted nor what the audit says', async () => {
    app = await edgeApp(county, settings)
    const all = []
    for (const address of ['1.1.1.1', '2.2.2.2', '3.3.3.3'])
      all.push((await ask(forwarded(address, '10.0.1.9'))).status)
    expect(all).toEqual([401, 401, 429])
    expect(await statuses(1, forwarded('10.0.1.9', '10.0.1.8'))).toEqual([401])
    const spoofed = {
      'x-forwarded-for': '1.1.1.1',
      forwarded: 'for=1.1.1.1',
      'x-real-ip': '1.1.1.1',
    }
    expect(await recordFrom('10.0.1.7', spoofed)).toBe('10.0.1.7')
  })

  it('of a trusted proxy is the one that the proxy saw, not what its client wrote', async () => {
    app = await edgeApp(county, settings)
    const all = []
    for (const address of ['1.1.1.1', '2.2.2.2', '3.3.3.3', '9.9.9.9, 1.1.1.1', '8.8.8.8, 1.1.1.1'])
      all.push((await ask(forwarded(address, '10.0.0.7'))).status)
    expect(all).toEqual([401, 401, 401, 401, 429])
    expect(await recordFrom('10.0.0.7', { 'x-forwarded-for': '9.9.9.9, 4.4.4.4' })).toBe('4.4.4.4')
  })

  it('is nobody’s while no proxy is named', async () => {
    app = await edgeApp(county, { FAILURES_PER_MINUTE: 2 })
    const all = []
    for (const address of ['1.1.1.1', '2.2.2.2', '3.3.3.3'])
      all.push((await ask(forwarded(address, '127.0.0.1'))).status)
    expect(all).toEqual([401, 401, 429])
  })

  it('keeps browsers on https only where the request came by it', async () => {
    app = await edgeApp(county, settings)
    const headers = { 'x-forwarded-proto': 'https' }
    const hsts = async (asked: Asked) =>
      (await ask({ url: '/health/live', ...asked })).headers['strict-transport-security']
    expect(await hsts({ from: '10.0.0.7', headers })).toBe('max-age=31536000')
    expect(await hsts({ from: '10.0.1.7', headers })).toBeUndefined()
    expect(await hsts({ from: '10.0.0.7' })).toBeUndefined()
  })
})

describe('a service whose thread lags', () => {
  const lag = async () => {
    for (let i = 0; i < 3; i++) {
      const until = performance.now() + 800
      while (performance.now() < until);
      await nextTurn()
    }
  }
  const served = () => ask({ token: county.token })

  it('lets one stall pass; when it goes on it says so, lives on, and serves again', async () => {
    app = await edgeApp(county, { LAG_MS_MAX: 400 })
    await app.ready()
    await lag()
    expect((await served()).status).toBe(200)
    await lag()
    const { status, code, headers } = await served()
    expect([status, code, headers['retry-after']]).toEqual([503, 'overloaded', '10'])
    expect((await ask({ url: '/docs' })).status).toBe(503)
    expect((await ask({ url: '/nowhere' })).status).toBe(503)
    expect((await ask({ url: '/health/live' })).status).toBe(200)
    expect((await ask({ url: '/health/ready' })).status).toBe(200)
    const again = async () => expect((await served()).status).toBe(200)
    await vi.waitFor(again, { timeout: 20_000, interval: 50 })
  })

  it('does not mind where more is allowed', async () => {
    app = await edgeApp(county)
    await app.ready()
    await lag()
    await served()
    await lag()
    expect((await served()).status).toBe(200)
  })
})

describe('settings', () => {
  beforeEach(async () => {
    app = await edgeApp(county)
  })
  it.each([
    ['RATE_PER_MINUTE', '0', 'ten', '1.5', '-1'],
    ['FAILURES_PER_MINUTE', '0', 'x'],
    ['LAG_MS_MAX', '5', '3s'],
    ['TRUSTED_PROXIES', '10.0.0.1;10.0.0.2', 'proxy.example', '10.0.0.0/33', '10.0.0.0/0', '::/0'],
    ['TRUSTED_PROXIES', '*', 'true', '10.0.0', '10.0.0.1/', '10.0.0.1/8/8', 'fe80::1%eth0', '1'],
  ])('%s that cannot be used are named', (name, ...values) => {
    for (const value of values)
      expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`^${name}: 须为.* · must be `))
  })

  it('name proxies by address and by network, and none unless they do', async () => {
    expect(readConfig({}).TRUSTED_PROXIES).toEqual([])
    const proxies = readConfig({ TRUSTED_PROXIES: ' 127.0.0.1, 10.0.0.0/8 ,fd00::/8,::1,' })
    expect(proxies.TRUSTED_PROXIES).toEqual(['127.0.0.1', '10.0.0.0/8', 'fd00::/8', '::1'])
    await (await edgeApp(county, proxies)).close()
  })
})
