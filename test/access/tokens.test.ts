import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addToken, listTokens, revokeToken } from '../../src/access/token-store.ts'
import { until } from '../support/run-program.ts'
import { NOBODY, openTestCounty, type TestCounty } from '../support/test-county.ts'
import { databaseKinds } from '../support/test-service.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
interface Operation {
  security?: object[]
}

describe('a token', () => {
  let county: TestCounty
  let routes: [Method, string][]
  beforeAll(async () => {
    county = await openTestCounty('2025-03-03')
    const { body } = await county.inject({ url: '/openapi.json' })
    const paths = Object.entries(body.paths as Record<string, Record<string, Operation>>)
    const all = paths.flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { security }]): [Method, string, unknown] => {
        const url = path.replace(/\{(\w+)\}/g, (_, name: string) => (name === 'id' ? NOBODY : 'x'))
        return [method.toUpperCase() as Method, url, security]
      }),
    )
    const open = all.filter(([, , security]) => security !== undefined)
    expect(open).toEqual([['PUT', '/api/v1/session', []]])
    routes = all.flatMap(([method, url, security]): [Method, string][] =>
      security ? [] : [[method, url]],
    )
  })
  afterAll(() => county.close())
  const addOne = (label: string, more: object = {}) =>
    county.db.transaction((tx) => addToken(tx, { label, role: 'viewer', ...more }))

  it('is asked for on every route of the documentation', async () => {
    expect(routes.length).toBeGreaterThan(50)
    const revoked = await addOne('gone')
    const expired = await addOne('over', { expiresAt: '2025-03-03T01:30:00.000Z' })
    county.clockOf.setTo('2025-03-03T01:30:00.000Z')
    const [found] = (await listTokens(county.db.read)).filter(({ label }) => label === 'gone')
    await county.db.transaction((tx) => revokeToken(tx, found?.id ?? ''))
    const good = county.token
    const bad: Record<string, string>[] = [
      {},
      { authorization: '' },
      { authorization: 'Bearer' },
      { authorization: 'Bearer ' },
      { authorization: `Bearer ${good}x` },
      { authorization: `Bearer ${good.slice(0, -1)}` },
      { authorization: `Bearer ${good.toUpperCase()}` },
      { authorization: `Bearer ${good} ${good}` },
      { authorization: `Basic ${good}` },
      { authorization: good },
      { authorization: `Bearer ${revoked}` },
      { 'x-api-key': good },
      { cookie: `token=${good}; authorization=Bearer ${good}` },
      { cookie: `__Host-session=${good}; session=${good}` },
      { authorization: `Bearer ${expired}` },
    ]
    const before = await county.rows()
    for (const [method, url] of routes) {
      for (const headers of bad) {
        const request = { method, url, headers, ...(method !== 'GET' && { payload: {} }) }
        const reply = await county.inject(request)
        expect([method, url, headers, reply.status]).toEqual([method, url, headers, 401])
        expect(reply.body.code).toBe('unauthenticated')
        expect(reply.headers['www-authenticate']).toMatch(/^Bearer/)
      }
    }
    expect(await county.rows()).toEqual(before)
  })

  it('is asked for before anything is said about what was sent', async () => {
    for (const payload of ['{', 'x'.repeat(2_000_000)]) {
      const headers = { 'content-type': 'application/json' }
      const reply = await county.inject({
        method: 'POST',
        url: '/api/v1/contracts',
        headers,
        payload,
      })
      expect([reply.status, reply.body.code]).toEqual([401, 'unauthenticated'])
    }
  })

  it.each(['access_token', 'token', 'authorization', 'Authorization', 'key'])(
    'is not taken from the query, as in ?%s=',
    async (name) => {
      for (const value of [county.token, `Bearer%20${county.token}`]) {
        const reply = await county.inject({ url: `/api/v1/regions?${name}=${value}` })
        expect(reply.status).toBe(401)
      }
    },
  )

  it.each(['bearer', 'BEARER', 'Bearer '])('is taken after "%s"', async (word) => {
    const headers = { authorization: `${word} ${county.token}` }
    expect((await county.inject({ url: '/api/v1/regions', headers })).status).toBe(200)
  })

  it('is not asked for by the documentation, nor by those who watch the service', async () => {
    for (const url of ['/openapi.json', '/docs', '/health/live', '/health/ready'])
      expect([url, (await county.inject({ url })).status]).toEqual([url, 200])
  })

  it('ends at once when it is revoked, and the others go on', async () => {
    const token = await addOne('soon gone')
    const headers = { authorization: `Bearer ${token}` }
    const status = async () => (await county.inject({ url: '/api/v1/regions', headers })).status
    expect(await status()).toBe(200)
    const one = (await listTokens(county.db.read)).find(({ label }) => label === 'soon gone')
    await county.db.transaction((tx) => revokeToken(tx, one?.id ?? ''))
    expect(await status()).toBe(401)
    expect((await county.send('GET', '/regions')).status).toBe(200)
    const again = county.db.transaction((tx) => revokeToken(tx, one?.id ?? ''))
    await expect(again).rejects.toMatchObject({ kind: 'not-found', code: 'token-not-found' })
  })

  it('signs what its holder records', async () => {
    const token = await addOne('青溪镇摸排组', { role: 'recorder' })
    const headers = { authorization: `Bearer ${token}` }
    const operator = await county.record('/operators', { name: '甲', kind: 'other' }, headers)
    expect(operator.recordedBy).toBe('青溪镇摸排组')
  })
})

describe('through the API, a token', () => {
  let county: TestCounty
  beforeAll(async () => {
    county = await openTestCounty('2025-03-03')
  })
  afterAll(() => county.close())
  const statusOf = async (token: string) => {
    const headers = { authorization: `Bearer ${token}` }
    return (await county.inject({ url: '/api/v1/session', headers })).status
  }
  const lastUseOf = async (id: string): Promise<string | null> => {
    const { items } = await county.read('/tokens')
    return items.find((one: { id: string }) => one.id === id).lastUsedAt
  }

  it('is told once: in no list, in no replay, and not in what is kept', async () => {
    const wish = { label: '青溪镇专班', role: 'recorder', regionCode: '519901101' }
    const key = { 'idempotency-key': 'one token' }
    const { token, warnings, ...made } = await county.record('/tokens', wish, key)
    expect(token).toMatch(/^lrm_[\w-]{43}$/)
    expect(made).toEqual({
      id: expect.any(String),
      ...wish,
      prefix: token.slice(4, 12),
      createdAt: expect.any(String),
      expiresAt: null,
      lastUsedAt: null,
      revokedAt: null,
    })
    expect(await statusOf(token)).toBe(200)
    const again = await county.record('/tokens', wish, key)
    expect(again).toEqual({ ...made, warnings })
    const { items } = await county.read('/tokens')
    expect(items.filter(({ label }: { label: string }) => label === '青溪镇专班')).toHaveLength(1)
    const { db } = county
    const names = Object.keys(db.read.tables) as (keyof typeof db.read.tables)[]
    const everything = JSON.stringify([items, await county.rows(...names)])
    expect(everything).toContain(made.prefix)
    expect(everything).not.toContain(token.slice(4, 13))
  })

  it('is refused from the instant of its expiry on', async () => {
    const expiresAt = '2025-03-03T10:00:00+08:00'
    const wish = { label: '到期', role: 'viewer', expiresAt }
    county.clockOf.setTo('2025-03-03T01:59:00.000Z')
    const made = await county.record('/tokens', wish)
    expect(made.expiresAt).toBe('2025-03-03T02:00:00.000Z')
    county.clockOf.setTo('2025-03-03T01:59:59.900Z')
    expect(await statusOf(made.token)).toBe(200)
    county.clockOf.setTo('2025-03-03T02:00:00.000Z')
    expect(await statusOf(made.token)).toBe(401)
  })

  it.each([
    ['2025-03-03T01:00:00.000Z', 422],
    ['2020-01-01T00:00:00.000Z', 422],
    ['2026-01-01', 400],
    ['soon', 400],
  ])('cannot expire at %s', async (expiresAt, status) => {
    const reply = await county.send('POST', '/tokens', { label: '甲', role: 'viewer', expiresAt })
    expect([reply.status, reply.body.errors[0].field]).toEqual([status, 'expiresAt'])
  })

  it('is revoked at once, and only once', async () => {
    const { id, token } = await county.record('/tokens', { label: '甲', role: 'viewer' })
    expect(await statusOf(token)).toBe(200)
    const revoked = await county.record(`/tokens/${id}/revocation`, {})
    expect(revoked).toMatchObject({ id, revokedAt: expect.any(String) })
    expect(await statusOf(token)).toBe(401)
    for (const other of [id, NOBODY]) {
      const reply = await county.send('POST', `/tokens/${other}/revocation`, {})
      expect([reply.status, reply.body.code]).toEqual([404, 'token-not-found'])
    }
  })

  it('shows when it was last used, noted at most once a minute', async () => {
    county.clockOf.setTo('2025-03-03T03:00:00.000Z')
    const { id, token } = await county.record('/tokens', { label: '用', role: 'viewer' })
    await statusOf(token)
    await until(async () => (await lastUseOf(id)) !== null)
    const first = await lastUseOf(id)
    expect(first).toMatch(/^2025-03-03T03:00:0/)
    county.clockOf.setTo('2025-03-03T03:00:50.000Z')
    for (let i = 0; i < 5; i++) await statusOf(token)
    await county.db.transaction(async () => undefined)
    expect(await lastUseOf(id)).toBe(first)
    county.clockOf.setTo('2025-03-03T03:01:10.000Z')
    await statusOf(token)
    await until(async () => (await lastUseOf(id)) !== first)
    expect(await lastUseOf(id)).toMatch(/^2025-03-03T03:01:1/)
  })

  it('is answered while its use cannot be noted', async () => {
    const { id, token } = await county.record('/tokens', { label: '忙', role: 'viewer' })
    let release = () => {}
    let busy: Promise<void> | undefined
    await new Promise<void>((begun) => {
      busy = county.db.transaction(
        () =>
          new Promise<void>((done) => {
            release = done
            begun()
          }),
      )
    })
    for (let i = 0; i < 20; i++) expect(await statusOf(token)).toBe(200)
    expect(await lastUseOf(id)).toBe(null)
    release()
    await busy
    await until(async () => (await lastUseOf(id)) !== null)
  })
})

describe.each(databaseKinds)('in the database, on %s,', (database) => {
  let county: TestCounty
  beforeAll(async () => {
    county = await openTestCounty('2025-03-03', database)
  })
  afterAll(() => county.close())

  it('there is a hash of a token and never the token', async () => {
    const wish = { label: '甲', role: 'recorder' as const, regionCode: '519901101' }
    const token = await county.db.transaction((tx) => addToken(tx, wish))
    const rows = await listTokens(county.db.read)
    await county.record('/operators', { name: '甲', kind: 'other' }, { 'idempotency-key': 'k' })
    const everything = JSON.stringify(await county.rows())
    expect(token).toMatch(/^lrm_[A-Za-z0-9_-]{43}$/)
    const hash = createHash('sha256').update(token).digest('hex')
    expect(rows).toContainEqual(expect.objectContaining({ ...wish, hash, revokedAt: null }))
    for (const text of [JSON.stringify(rows), everything]) {
      expect(text).not.toContain(token.slice(4))
      expect(text).not.toContain(county.token.slice(4))
    }
  })

  it('no two tokens are alike', async () => {
    const wish = { label: '甲', role: 'viewer' as const }
    const tokens = await county.db.transaction(async (tx) => {
      const made: string[] = []
      for (let i = 0; i < 20; i++) made.push(await addToken(tx, wish))
      return made
    })
    const ids = (await listTokens(county.db.read)).map(({ id }) => id)
    expect(new Set(tokens).size).toBe(20)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.length).toBeGreaterThan(20)
  })
})
