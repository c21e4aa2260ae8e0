import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addToken, listTokens, revokeToken } from '../../src/access/token-store.ts'
import { NOBODY, openTestCounty, type TestCounty } from '../support/test-county.ts'
import { databaseKinds } from '../support/test-service.ts'

type Method = 'GET' | 'POST' | 'PUT'

describe('a token', () => {
  let county: TestCounty
  let routes: [Method, string][]
  beforeAll(async () => {
    county = await openTestCounty('2025-03-03')
    const { body } = await county.inject({ url: '/openapi.json' })
    routes = Object.entries(body.paths as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method): [Method, string] => {
        const url = path.replace(/\{(\w+)\}/g, (_, name: string) => (name === 'id' ? NOBODY : 'x'))
        return [method.toUpperCase() as Method, url]
      }),
    )
  })
  afterAll(() => county.close())
  const addOne = (label: string, more: object = {}) =>
    county.db.transaction((tx) => addToken(tx, { label, role: 'viewer', ...more }))

  it('is asked for on every route of the documentation', async () => {
    expect(routes.length).toBeGreaterThan(50)
    const revoked = await addOne('gone')
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
    const token = await addOne('青溪镇摸排组')
    const headers = { authorization: `Bearer ${token}` }
    const operator = await county.record('/operators', { name: '甲', kind: 'other' }, headers)
    expect(operator.recordedBy).toBe('青溪镇摸排组')
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
