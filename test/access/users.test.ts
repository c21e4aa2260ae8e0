import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isPasswordOf } from '../../src/access/password-hash.ts'
import { ROLES } from '../../src/access/permissions.ts'
import { addToken } from '../../src/access/token-store.ts'
import { unlockUser } from '../../src/access/user-store.ts'
import { addTestUser, logIn, openPage, PASSWORD } from '../support/log-in.ts'
import { NOBODY, openTestCounty, type TestCounty } from '../support/test-county.ts'
import { openTestService } from '../support/test-service.ts'

let county: TestCounty
beforeAll(async () => {
  county = await openTestCounty('2025-03-03')
})
afterAll(() => county.close())

const WRONG = 'not the password'
const IS = { label: '青溪镇专班', role: 'recorder', disabled: false }
const tryIn = async (username: string, password = PASSWORD) =>
  (await logIn(county, username, password)).status
async function guess(username: string, times: number): Promise<void> {
  for (let i = 0; i < times; i++) expect(await tryIn(username, `${WRONG} ${i}`)).toBe(401)
}
const later = (minutes: number) =>
  county.clockOf.setTo(new Date(county.clock.now().getTime() + minutes * 60_000).toISOString())

describe('five wrong passwords in a row', () => {
  it('lock a user for fifteen minutes, also for the right one', async () => {
    await addTestUser(county, { username: 'suoding' })
    await guess('suoding', 5)
    expect(await tryIn('suoding')).toBe(401)
    later(14.9)
    expect(await tryIn('suoding')).toBe(401)
    later(0.2)
    expect(await tryIn('suoding')).toBe(200)
  })

  it('are counted anew after a right one, and after a lock-out', async () => {
    await addTestUser(county, { username: 'congtou' })
    await guess('congtou', 4)
    expect(await tryIn('congtou')).toBe(200)
    await guess('congtou', 4)
    expect(await tryIn('congtou')).toBe(200)
    await guess('congtou', 5)
    later(16)
    await guess('congtou', 4)
    expect(await tryIn('congtou')).toBe(200)
  })

  it('are all there are, however many are sent at the same time', async () => {
    await addTestUser(county, { username: 'tongshi' })
    const guesses = Array.from({ length: 11 }, (_, i) => `${WRONG} ${i}`)
    // The right one comes when five were begun.
    const replies = await Promise.all([...guesses, PASSWORD].map((one) => tryIn('tongshi', one)))
    expect(new Set(replies)).toEqual(new Set([401]))
    const [user] = (await county.rows('users'))['users']?.filter(
      ({ username }) => username === 'tongshi',
    ) ?? [undefined]
    expect(user).toMatchObject({ failures: 5, lockedUntil: expect.any(String) })
  })

  it('lock nobody longer who goes on guessing', async () => {
    await addTestUser(county, { username: 'jixu' })
    await guess('jixu', 5)
    later(10)
    await guess('jixu', 7)
    later(5.1)
    expect(await tryIn('jixu')).toBe(200)
  })

  it('leave open sessions alone, so that nobody is thrown out by guesses', async () => {
    await addTestUser(county, { username: 'zaixian' })
    const page = await openPage(county, 'zaixian')
    await guess('zaixian', 5)
    expect(await page.status()).toBe(200)
  })

  it('are forgotten when the user is unlocked or given a password', async () => {
    const user = await addTestUser(county, { username: 'jiesuo' })
    await guess('jiesuo', 5)
    await county.db.transaction((tx) => unlockUser(tx, user.id))
    expect(await tryIn('jiesuo')).toBe(200)
    await guess('jiesuo', 5)
    await county.put(`/users/${user.id}/password`, { password: PASSWORD })
    expect(await tryIn('jiesuo')).toBe(200)
  })
})

describe('what a failed log-in tells', () => {
  const cases = ['wrong', 'unknown', 'locked', 'disabled', 'without-password'] as const
  beforeAll(async () => {
    await addTestUser(county, { username: 'wrong' })
    await addTestUser(county, { username: 'locked' })
    const { id } = await addTestUser(county, { username: 'disabled' })
    await county.put(`/users/${id}`, { ...IS, disabled: true })
    const without = { username: 'without-password', label: '无', role: 'viewer' }
    await county.record('/users', without)
    await guess('locked', 5)
  })

  it('is the same for all that can be wrong', async () => {
    const answers = []
    for (const username of cases) {
      const password = username === 'wrong' ? WRONG : PASSWORD
      const { status, body, headers } = await logIn(county, username, password)
      const { requestId: _id, ...said } = body
      const names = Object.keys(headers).sort()
      answers.push(JSON.stringify([status, said, names, headers['content-length']]))
    }
    expect(answers[0]).toContain('wrong-credentials')
    expect(new Set(answers).size).toBe(1)
    const [user] = cases
    expect((await logIn(county, user)).status).toBe(200)
  })

  it('takes the work of looking at a password, also where there is none', async () => {
    const work: Record<string, number> = {}
    // Not by the clock, which runs on while other programs work; and the least, as all else adds.
    const measured = async (what: string, done: () => Promise<unknown>) => {
      const before = process.cpuUsage()
      await done()
      const { user, system } = process.cpuUsage(before)
      work[what] = Math.min(work[what] ?? Infinity, user + system)
    }
    for (let round = 0; round < 6; round++) {
      await measured('looking', () => isPasswordOf(undefined, WRONG))
      for (const username of cases) await measured(username, () => tryIn(username, WRONG))
    }
    for (const username of cases)
      expect([username, Number(work[username]) > 0.7 * Number(work['looking'])]).toEqual([
        username,
        true,
      ])
  })
})

describe('users', () => {
  it('are added without a password, which an admin sets, and can then log in', async () => {
    const wish = { username: ' QingXi.01 ', label: '青溪镇专班', role: 'recorder' }
    const user = await county.record('/users', { ...wish, regionCode: '519901101' })
    expect(user).toEqual({
      id: expect.any(String),
      username: 'qingxi.01',
      label: '青溪镇专班',
      role: 'recorder',
      regionCode: '519901101',
      hasPassword: false,
      passwordChangedAt: null,
      lockedUntil: null,
      createdAt: expect.any(String),
      disabledAt: null,
      warnings: [],
    })
    expect(await tryIn('qingxi.01', '')).toBe(400)
    expect(await tryIn('qingxi.01')).toBe(401)
    const set = await county.put(`/users/${user.id}/password`, { password: PASSWORD })
    expect(set).toMatchObject({ hasPassword: true, passwordChangedAt: expect.any(String) })
    expect((await logIn(county, 'qingxi.01')).body.user).toMatchObject({ regionCode: '519901101' })
    const { items } = await county.read('/users')
    expect(items).toContainEqual(set)
    expect(JSON.stringify(items)).not.toMatch(/argon2|passwordHash|failures/)
  })

  it.each(['qingxi.01', 'QINGXI.01', ' qingxi.01', 'ｑｉｎｇｘｉ.01'])(
    'cannot have the name of another, as %j',
    async (username) => {
      const reply = await county.send('POST', '/users', { username, label: '甲', role: 'viewer' })
      expect([reply.status, reply.body.code]).toEqual([409, 'username-taken'])
    },
  )

  it.each(['ab', '13900001234', '51990119800101123X', '王桂芳', 'a b c', "a'--", 'x'.repeat(41)])(
    'cannot be called %s',
    async (username) => {
      const reply = await county.send('POST', '/users', { username, label: '甲', role: 'viewer' })
      expect([reply.status, reply.body.errors[0].field]).toEqual([422, 'username'])
      const { requestId: _, ...said } = reply.body
      expect(JSON.stringify(said)).not.toContain(username)
    },
  )

  it.each([
    ['POST', '/users', { username: 'abc', label: '甲', role: 'king' }, 'role'],
    ['POST', '/users', { username: 'abc', label: ' ', role: 'viewer' }, 'label'],
    [
      'POST',
      '/users',
      { username: 'abc', label: '甲', role: 'viewer', regionCode: '51' },
      'regionCode',
    ],
    // It would be kept as part of a hash that is quick to try.
    [
      'POST',
      '/users',
      { username: 'abc', label: '甲', role: 'viewer', password: PASSWORD },
      'password',
    ],
    ['PUT', `/users/${NOBODY}`, { ...IS, username: 'abc' }, 'username'],
    ['PUT', `/users/${NOBODY}`, { label: '甲', role: 'viewer' }, 'disabled'],
    ['PUT', `/users/${NOBODY}/password`, { password: '' }, 'password'],
  ])('%s %s %j is refused', async (method, path, body, field) => {
    const reply = await county.send(method, path, body)
    expect([reply.status, reply.body.errors[0].field]).toEqual([400, field])
  })

  it('that there are not cannot be changed', async () => {
    for (const [path, body] of [
      [`/users/${NOBODY}`, IS],
      [`/users/${NOBODY}/password`, { password: PASSWORD }],
    ] as const) {
      const reply = await county.send('PUT', path, body)
      expect([reply.status, reply.body.code]).toEqual([404, 'user-not-found'])
    }
  })

  it('and tokens are the business of admins of the whole county', async () => {
    const user = await addTestUser(county, { username: 'beiguan', role: 'viewer' })
    const asked: [string, string, object?][] = [
      ['GET', '/users'],
      ['POST', '/users', { username: 'abc', label: '甲', role: 'admin' }],
      ['PUT', `/users/${user.id}`, { ...IS, role: 'admin' }],
      ['PUT', `/users/${user.id}/password`, { password: PASSWORD }],
      ['GET', '/tokens'],
      ['POST', '/tokens', { label: '甲', role: 'admin' }],
      ['POST', `/tokens/${NOBODY}/revocation`, {}],
    ]
    const before = await county.rows('users', 'tokens')
    const others = ROLES.filter((role) => role !== 'admin').map((role) => ({ role }))
    const callers = [...others, { role: 'admin' as const, regionCode: '519901101' }]
    const tokens = await county.db.transaction((tx) =>
      Promise.all(callers.map((caller) => addToken(tx, { label: '甲', ...caller }))),
    )
    for (const token of tokens)
      for (const [method, path, body] of asked) {
        const headers = { authorization: `Bearer ${token}` }
        const reply = await county.send(method, path, body, headers)
        expect([method, path, reply.status]).toEqual([method, path, 403])
      }
    const after = await county.rows('users', 'tokens')
    expect(after['users']).toEqual(before['users'])
    expect(after['tokens']).toHaveLength((before['tokens'] ?? []).length + tokens.length)
  })
})

describe('a password', () => {
  let id: string
  beforeAll(async () => {
    ;({ id } = await addTestUser(county, { username: 'qingxi-zhuanban' }))
  })

  it.each([
    ['too short', '十一个字符的密码呀呀'],
    ['the user name', 'qingxi-zhuanban'],
    ['the user name in capitals', 'QINGXI-ZHUANBAN'],
    ['the user name and a year', 'qingxi-zhuanban2025'],
    ['the user name twice', 'qingxi-zhuanbanqingxi-zhuanban'],
    ['one character', 'aaaaaaaaaaaa'],
    ['four characters', '123412341234'],
    ['notorious', '1qaz2wsx3edc'],
    ['notorious in capitals', 'Password1234'],
    ['notorious in full width', 'Ｐａｓｓｗｏｒｄ１２３４'],
  ])('is refused that is %s', async (_what, password) => {
    const reply = await county.send('PUT', `/users/${id}/password`, { password })
    expect([reply.status, reply.body.code]).toEqual([422, 'password-weak'])
    expect(reply.body.errors[0]).toEqual({
      field: 'password',
      reason: expect.stringMatching(/\p{Script=Han}/u),
    })
    expect(JSON.stringify(reply.body)).not.toContain(password)
    expect(await tryIn('qingxi-zhuanban')).toBe(200)
  })

  it.each(['十二个字符的密码一二三四', 'correct horse battery staple', ' spaces at the ends '])(
    'may be "%s"',
    async (password) => {
      await county.put(`/users/${id}/password`, { password })
      expect(await tryIn('qingxi-zhuanban', password)).toBe(200)
      await county.put(`/users/${id}/password`, { password: PASSWORD })
    },
  )

  it('may be typed in either spelling of its characters', async () => {
    await county.put(`/users/${id}/password`, { password: 'ＡＢＣ-ｐassé-320-亩' })
    expect(await tryIn('qingxi-zhuanban', 'ABC-passe\u0301-320-亩')).toBe(200)
    await county.put(`/users/${id}/password`, { password: PASSWORD })
  })

  it('stands nowhere as it was sent', async () => {
    const { db } = county
    const names = Object.keys(db.read.tables) as (keyof typeof db.read.tables)[]
    const { users, ...others } = await county.rows(...names)
    expect(JSON.stringify([users, others])).not.toContain(PASSWORD)
    for (const { passwordHash } of users ?? [])
      expect(passwordHash).toMatch(/^$|^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(JSON.stringify(others)).not.toContain('argon2')
  })
})

it('the last admin who can log in is not disabled, demoted or bounded', async () => {
  const service = await openTestService()
  const admin = { label: '县局', role: 'admin' } as const
  const { id } = await addTestUser(service, { username: 'admin', ...admin })
  await addTestUser(service, { username: 'bounded', ...admin, regionCode: '519901101' })
  await service.send('POST', '/users', { username: 'passwordless', ...admin })
  const off = await addTestUser(service, { username: 'disabled', ...admin })
  const put = async (of: string, over: object) =>
    (await service.send('PUT', `/users/${of}`, { ...admin, disabled: false, ...over })).status
  const statuses = [await put(off.id, { disabled: true })]
  const fewer = [{ disabled: true }, { role: 'bureau' }, { regionCode: '519901' }]
  for (const over of fewer) statuses.push(await put(id, over))
  statuses.push(await put(id, { label: '县农业农村局' }))
  const second = await addTestUser(service, { username: 'second', ...admin })
  statuses.push(await put(id, { role: 'bureau' }), await put(second.id, { disabled: true }))
  await service.close()
  expect(statuses).toEqual([200, 409, 409, 409, 200, 200, 409])
})
