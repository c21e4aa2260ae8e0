import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changeUser, type User } from '../../src/access/user-store.ts'
import { addTestUser, logIn, openPage, PASSWORD } from '../support/log-in.ts'
import { until } from '../support/run-program.ts'
import { openTestCounty, type TestCounty } from '../support/test-county.ts'
import { databaseKinds, openTestService } from '../support/test-service.ts'

const NEXT = '秋后-柑桔-110-棵-树'
const OPERATOR = { name: '甲', kind: 'other' }
const secretOf = (cookie: string) => cookie.split('=')[1] ?? ''
const cookieFrom = (reply: { headers: Record<string, unknown> }) =>
  String(reply.headers['set-cookie'])

let county: TestCounty
beforeAll(async () => {
  county = await openTestCounty('2025-03-03')
  for (const username of ['qingxi', 'shihe'])
    await addTestUser(county, { username, label: `${username} 专班` })
})
afterAll(() => county.close())

/** What the sessions and what is recorded look like, to see that nothing was changed. */
const everything = async () => [await county.rows(), await county.rows('sessions')]

describe('logging in', () => {
  it('answers who one is and a CSRF token, and hides the session in a cookie', async () => {
    const reply = await logIn(county, 'qingxi')
    expect(reply.status).toBe(200)
    expect(reply.body).toEqual({
      user: {
        id: expect.any(String),
        username: 'qingxi',
        label: 'qingxi 专班',
        role: 'recorder',
        regionCode: null,
      },
      csrfToken: expect.stringMatching(/^[\w-]{43}$/),
      expiresAt: expect.stringMatching(/^2025-03-03T13:00:/),
    })
    expect(cookieFrom(reply)).toMatch(
      /^__Host-session=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    )
    expect(reply.headers['cache-control']).toBe('no-store')
    expect(JSON.stringify(reply.body)).not.toContain(
      secretOf(cookieFrom(reply).split(';')[0] ?? ''),
    )
  })

  it('keeps no secret: neither cookie nor CSRF token stand in the database', async () => {
    const { cookie, csrfToken } = await openPage(county, 'qingxi')
    const hash = createHash('sha256').update(secretOf(cookie)).digest('hex')
    const text = JSON.stringify([
      await county.rows(),
      await county.rows('sessions', 'auditEntries'),
    ])
    expect(text).toContain(hash)
    for (const secret of [secretOf(cookie), csrfToken, PASSWORD]) expect(text).not.toContain(secret)
  })

  it.each([' qingxi ', 'QingXi', 'ＱＩＮＧＸＩ', 'qingxi\n'])('knows %j', async (username) => {
    expect((await logIn(county, username)).body.user.username).toBe('qingxi')
  })

  it.each([
    ['in other letters', PASSWORD.replace('亩', '畝')],
    ['with a space behind', `${PASSWORD} `],
    ['with more behind', `${PASSWORD}1`],
    ['cut short', PASSWORD.slice(0, -1)],
    ['that is its hash', '$argon2id$v=19$m=19456,t=2,p=1$'],
  ])('takes no password %s', async (_what, password) => {
    const { status, body } = await logIn(county, 'qingxi', password)
    expect([status, body.code]).toEqual([401, 'wrong-credentials'])
    expect((await logIn(county, 'qingxi')).status).toBe(200)
  })

  it('looks at a long password to its last character, and at none beyond the limit', async () => {
    const long = (last: string) => `${'长密码'.repeat(66)}1${last}`
    await addTestUser(county, { username: 'changmima', password: long('a') })
    expect((await logIn(county, 'changmima', long('b'))).status).toBe(401)
    expect((await logIn(county, 'changmima', long('a'))).status).toBe(200)
    const refused = await logIn(county, 'changmima', `${long('a')}a`)
    expect([refused.status, refused.body.errors[0].field]).toEqual([400, 'password'])
  })

  it.each([
    [{}, ['username', 'password']],
    [{ username: 'qingxi' }, ['password']],
    [{ username: ['qingxi'], password: PASSWORD }, ['username']],
    [{ username: { $ne: '' }, password: { $ne: '' } }, ['username', 'password']],
    [{ username: 'qingxi', password: '' }, ['password']],
    [{ username: 'qingxi', password: PASSWORD, role: 'admin' }, ['role']],
  ])('refuses %j', async (payload, fields) => {
    const reply = await county.inject({ method: 'PUT', url: '/api/v1/session', payload })
    expect(reply.status).toBe(400)
    expect(reply.body.errors.map(({ field }: { field: string }) => field)).toEqual(fields)
    expect(reply.headers).not.toHaveProperty('set-cookie')
  })

  it('never takes over a cookie that was planted, and ends the session of one that was good', async () => {
    const planted = `__Host-session=${'A'.repeat(43)}`
    const reply = await logIn(county, 'qingxi', PASSWORD, { cookie: planted })
    expect(cookieFrom(reply)).not.toContain('A'.repeat(43))
    const status = async (cookie: string) =>
      (await county.inject({ url: '/api/v1/session', headers: { cookie } })).status
    expect(await status(planted)).toBe(401)
    const first = await openPage(county, 'qingxi')
    const second = await logIn(county, 'shihe', PASSWORD, { cookie: first.cookie })
    expect(await first.status()).toBe(401)
    expect(await status(cookieFrom(second).split(';')[0] ?? '')).toBe(200)
  })

  it('that fails leaves the session of the page as it was', async () => {
    const page = await openPage(county, 'qingxi')
    const reply = await logIn(county, 'shihe', 'not the password', { cookie: page.cookie })
    expect([reply.status, reply.headers['set-cookie']]).toEqual([401, undefined])
    expect(await page.status()).toBe(200)
  })

  it('gives every page a session of its own', async () => {
    const pages = [await openPage(county, 'qingxi'), await openPage(county, 'qingxi')]
    expect(new Set(pages.map(({ cookie }) => cookie)).size).toBe(2)
    expect(new Set(pages.map(({ csrfToken }) => csrfToken)).size).toBe(2)
    for (const page of pages) expect(await page.status()).toBe(200)
  })
})

describe('a plain http county', () => {
  it('gets a cookie that browsers send by http, and is not asked for the other', async () => {
    const service = await openTestService({ settings: { COOKIE_SECURE: 'false' } })
    await addTestUser(service, { username: 'qingxi' })
    const reply = await logIn(service, 'qingxi')
    const page = await openPage(service, 'qingxi')
    const secret = secretOf(page.cookie)
    const other = { cookie: `__Host-session=${secret}` }
    const statuses = [
      await page.status(),
      (await service.inject({ url: '/api/v1/session', headers: other })).status,
    ]
    await service.close()
    expect(cookieFrom(reply)).toMatch(/^session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)
    expect(statuses).toEqual([200, 401])
  })
})

describe('a session', () => {
  it('says who one is, also after the page was loaded again, and to tokens', async () => {
    const page = await openPage(county, 'qingxi')
    const { status, body } = await page.send('GET', '/session')
    expect([status, body]).toEqual([200, page.body])
    const ofToken = await county.send('GET', '/session')
    expect(ofToken.body).toEqual({
      user: { id: expect.any(String), label: 'test', role: 'admin', regionCode: null },
    })
  })

  it('signs what is recorded with it by the user, and replays it in a later session', async () => {
    const key = { 'idempotency-key': 'of-a-session' }
    const page = await openPage(county, 'qingxi')
    const first = await page.send('POST', '/operators', OPERATOR, key)
    expect([first.status, first.body.recordedBy]).toEqual([201, 'qingxi 专班'])
    const later = await openPage(county, 'qingxi')
    expect((await later.send('POST', '/operators', OPERATOR, key)).body.id).toBe(first.body.id)
    const other = await openPage(county, 'shihe')
    const anew = await other.send('POST', '/operators', OPERATOR, key)
    expect([anew.status, anew.body.id === first.body.id]).toEqual([201, false])
  })

  it.each([
    ['the name of plain http', (secret: string) => ({ cookie: `session=${secret}` })],
    ['another name', (secret: string) => ({ cookie: `__Host-Session=${secret}` })],
    ['a bearer token', (secret: string) => ({ authorization: `Bearer ${secret}` })],
    ['a header', (secret: string) => ({ 'x-session': secret })],
    ['its hash', (secret: string) => ({ cookie: `__Host-session=${sha256(secret)}` })],
    ['a part', (secret: string) => ({ cookie: `__Host-session=${secret.slice(0, -1)}` })],
    ['a pattern', () => ({ cookie: '__Host-session=%25' })],
    ['nothing', () => ({ cookie: '__Host-session=' })],
  ])('is not opened by its secret as %s', async (_what, headersOf) => {
    const { cookie } = await openPage(county, 'qingxi')
    const headers = headersOf(secretOf(cookie))
    const reply = await county.inject({ url: '/api/v1/regions', headers })
    expect([reply.status, reply.body.code]).toEqual([401, 'unauthenticated'])
  })

  it('does not help a request with a bad token', async () => {
    const page = await openPage(county, 'qingxi')
    for (const authorization of ['', 'Bearer x', `Bearer ${county.token}x`, 'Basic eDp4']) {
      const reply = await page.send('GET', '/regions', undefined, { authorization })
      expect([authorization, reply.status]).toEqual([authorization, 401])
    }
  })
})

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

describe('the CSRF token', () => {
  const WRITES: [string, string, object?][] = [
    ['POST', '/operators', OPERATOR],
    ['PUT', '/regions/519901101', { name: '青溪镇' }],
    ['PUT', '/session/password', { current: PASSWORD, next: NEXT }],
    ['DELETE', '/session'],
  ]

  it('is asked for by whatever changes something, and must be of the same session', async () => {
    const page = await openPage(county, 'qingxi')
    const other = await openPage(county, 'qingxi')
    const stranger = await openPage(county, 'shihe')
    const wrong: Record<string, string>[] = [
      { 'x-csrf-token': '' },
      { 'x-csrf-token': other.csrfToken },
      { 'x-csrf-token': stranger.csrfToken },
      { 'x-csrf-token': secretOf(page.cookie) },
      { 'x-csrf-token': `${page.csrfToken}A` },
      { 'x-csrf-token': page.csrfToken.slice(0, -1) },
      { 'x-csrf-token': '', cookie: `${page.cookie}; x-csrf-token=${page.csrfToken}` },
      { 'x-csrf-token': 'undefined' },
    ]
    const before = await everything()
    for (const [method, path, payload] of WRITES)
      for (const headers of wrong) {
        const reply = await page.send(method, path, payload, headers)
        const story = [method, path, headers, reply.status, reply.body.code]
        expect(story).toEqual([method, path, headers, 403, 'csrf-token-missing'])
      }
    const { cookie, csrfToken } = page
    const url = `/api/v1/operators?x-csrf-token=${csrfToken}`
    const payload = { ...OPERATOR, csrfToken }
    const none = await county.inject({ method: 'POST', url, headers: { cookie }, payload })
    expect([none.status, none.body.code]).toEqual([403, 'csrf-token-missing'])
    expect(await everything()).toEqual(before)
    expect((await page.send('POST', '/operators', OPERATOR)).status).toBe(201)
  })

  it('is not asked for by what only reads', async () => {
    const { cookie } = await openPage(county, 'qingxi')
    const reply = await county.inject({ url: '/api/v1/regions', headers: { cookie } })
    expect(reply.status).toBe(200)
  })

  it('is not asked for beside a token, which no browser sends by itself', async () => {
    const { cookie } = await openPage(county, 'qingxi')
    const reply = await county.send('POST', '/operators', OPERATOR, { cookie })
    expect([reply.status, reply.body.recordedBy]).toEqual([201, 'test'])
  })
})

describe('a session ends', () => {
  it('when its user logs out, for a cookie that was kept too; others go on', async () => {
    const page = await openPage(county, 'qingxi')
    const other = await openPage(county, 'qingxi')
    const reply = await page.send('DELETE', '/session')
    expect([reply.status, reply.body]).toEqual([204, ''])
    expect(cookieFrom(reply)).toMatch(
      /^__Host-session=; Max-Age=0; Path=\/; Expires=Thu, 01 Jan 1970 .*; Secure; SameSite=Strict$/,
    )
    expect([await page.status(), await other.status()]).toEqual([401, 200])
    expect((await page.send('DELETE', '/session')).status).toBe(401)
    await openPage(county, 'qingxi')
    expect(await page.status()).toBe(401)
  })

  it('two hours after it was last used, and goes on as long as it is used', async () => {
    county.clockOf.setTo('2025-03-04T01:00:00.000Z')
    const [idle, used] = [await openPage(county, 'qingxi'), await openPage(county, 'qingxi')]
    const lastSeen = async () =>
      (await county.rows('sessions'))['sessions']?.some(
        ({ hash, lastSeenAt }) =>
          hash === sha256(secretOf(used.cookie)) && lastSeenAt > '2025-03-04T02:59',
      )
    county.clockOf.setTo('2025-03-04T02:59:58.000Z')
    expect(await used.status()).toBe(200)
    await until(async () => (await lastSeen()) === true)
    county.clockOf.setTo('2025-03-04T03:00:01.000Z')
    expect([await idle.status(), await used.status()]).toEqual([401, 200])
  })

  it('twelve hours after it began, however much it is used', async () => {
    county.clockOf.setTo('2025-03-05T01:00:00.000Z')
    const page = await openPage(county, 'qingxi')
    for (const hour of ['02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12']) {
      county.clockOf.setTo(`2025-03-05T${hour}:59:00.000Z`)
      const used = page.status()
      expect([hour, await used]).toEqual([hour, 200])
      await until(async () => {
        const { sessions = [] } = await county.rows('sessions')
        return sessions.some(({ lastSeenAt }) => lastSeenAt.startsWith(`2025-03-05T${hour}:59`))
      })
    }
    county.clockOf.setTo('2025-03-05T13:00:01.000Z')
    expect(await page.status()).toBe(401)
  })

  it('when its user is disabled, and does not begin again when enabled', async () => {
    const user = await addTestUser(county, { username: 'tingyong' })
    const page = await openPage(county, 'tingyong')
    const put = (disabled: boolean) =>
      county.put(`/users/${user.id}`, { label: '停用', role: 'recorder', disabled })
    await put(true)
    expect(await page.status()).toBe(401)
    expect((await logIn(county, 'tingyong')).body.code).toBe('wrong-credentials')
    await put(false)
    expect(await page.status()).toBe(401)
    expect((await logIn(county, 'tingyong')).status).toBe(200)
  })

  it('when an admin sets the password', async () => {
    const user = await addTestUser(county, { username: 'chongshe' })
    const page = await openPage(county, 'chongshe')
    const other = await openPage(county, 'chongshe')
    await county.put(`/users/${user.id}/password`, { password: NEXT })
    expect([await page.status(), await other.status()]).toEqual([401, 401])
    expect((await logIn(county, 'chongshe')).status).toBe(401)
    expect((await logIn(county, 'chongshe', NEXT)).status).toBe(200)
  })
})

it('a role or region that is changed holds for the next request of a session', async () => {
  const user = await addTestUser(county, { username: 'huanjue' })
  const page = await openPage(county, 'huanjue')
  const region = (code: string) => page.send('PUT', `/regions/${code}`, { name: '青溪镇' })
  const change = (over: object) =>
    county.put(`/users/${user.id}`, { label: '换', role: 'recorder', disabled: false, ...over })
  expect((await region('519901101')).status).toBe(200)
  await change({ role: 'viewer' })
  expect((await region('519901101')).body.code).toBe('forbidden')
  await change({ regionCode: '519901102' })
  expect((await region('519901101')).body.code).toBe('region-outside')
  const { body } = await page.send('GET', '/session')
  expect(body.user).toMatchObject({ label: '换', role: 'recorder', regionCode: '519901102' })
})

describe('one’s password', () => {
  const change = (page: { send: Awaited<ReturnType<typeof openPage>>['send'] }, body: object) =>
    page.send('PUT', '/session/password', body)

  it('is changed by who knows the present one, which ends all other sessions', async () => {
    await addTestUser(county, { username: 'gaimima' })
    const page = await openPage(county, 'gaimima')
    const others = [await openPage(county, 'gaimima'), await openPage(county, 'gaimima')]
    const reply = await change(page, { current: PASSWORD, next: NEXT })
    expect([reply.status, reply.body]).toEqual([200, page.body])
    expect(await page.status()).toBe(200)
    for (const other of others) expect(await other.status()).toBe(401)
    expect((await logIn(county, 'gaimima')).status).toBe(401)
    expect((await logIn(county, 'gaimima', NEXT)).status).toBe(200)
    const text = JSON.stringify(await county.rows('users', 'auditEntries', 'idempotentReplies'))
    for (const password of [PASSWORD, NEXT]) expect(text).not.toContain(password)
  })

  it('is not changed without it, and guessing it locks the user as guesses at a log-in do', async () => {
    await addTestUser(county, { username: 'caimima' })
    const page = await openPage(county, 'caimima')
    for (let i = 0; i < 5; i++) {
      const reply = await change(page, { current: `wrong password ${i}`, next: NEXT })
      expect([reply.status, reply.body.code]).toEqual([422, 'current-password-wrong'])
    }
    const right = await change(page, { current: PASSWORD, next: NEXT })
    expect([right.status, right.body.code]).toEqual([422, 'current-password-wrong'])
    expect((await logIn(county, 'caimima')).status).toBe(401)
    expect(await page.status()).toBe(200)
  })

  it.each([
    [{ current: PASSWORD, next: '短' }, 422, 'next'],
    [{ current: PASSWORD, next: PASSWORD }, 422, 'next'],
    [{ current: PASSWORD, next: 'x'.repeat(201) }, 400, 'next'],
    [{ next: NEXT }, 400, 'current'],
    [{ current: '', next: NEXT }, 400, 'current'],
    [{ current: PASSWORD, next: NEXT, username: 'shihe' }, 400, 'username'],
  ])('is not changed by %j', async (body, status, field) => {
    const reply = await change(await openPage(county, 'qingxi'), body)
    expect([reply.status, reply.body.errors[0].field]).toEqual([status, field])
    expect((await logIn(county, 'qingxi')).status).toBe(200)
  })

  it('is nothing that a token has, nor is there a session to log out of', async () => {
    const body = { current: PASSWORD, next: NEXT }
    for (const reply of [
      await county.send('PUT', '/session/password', body),
      await county.send('DELETE', '/session'),
    ])
      expect([reply.status, reply.body.code]).toEqual([404, 'session-not-found'])
  })
})

describe.each(databaseKinds)('on %s', (kind) => {
  it('a user logs in, works, changes the password, logs out, is disabled, is locked', async () => {
    const other = await openTestCounty('2025-03-03', kind)
    const user: User = await addTestUser(other, { username: 'qingxi', regionCode: '519901101' })
    const [page, second] = [await openPage(other, 'qingxi'), await openPage(other, 'qingxi')]
    const statuses = [
      (await page.send('POST', '/operators', OPERATOR)).status,
      (await page.send('PUT', '/session/password', { current: PASSWORD, next: NEXT })).status,
      await page.status(),
      await second.status(),
      (await page.send('DELETE', '/session')).status,
      await page.status(),
      (await logIn(other, 'qingxi')).status,
    ]
    const again = await openPage(other, 'qingxi', NEXT)
    const body = { label: '甲', role: 'viewer', disabled: true } as const
    await other.db.transaction((tx) => changeUser(tx, user.id, body))
    statuses.push(await again.status())
    await addTestUser(other, { username: 'shihe' })
    const twice = { username: 'ShiHe', label: '乙', role: 'viewer' }
    statuses.push((await other.send('POST', '/users', twice)).status)
    for (let i = 0; i < 5; i++) statuses.push((await logIn(other, 'shihe', NEXT)).status)
    statuses.push((await logIn(other, 'shihe')).status)
    await other.close()
    expect(statuses.slice(0, 8)).toEqual([201, 200, 200, 401, 204, 401, 401, 401])
    expect(statuses.slice(8)).toEqual([409, 401, 401, 401, 401, 401, 401])
  })
})
