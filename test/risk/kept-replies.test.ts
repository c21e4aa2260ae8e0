/** Whose a token is, what is known and what was answered are kept for a while: nobody can tell. */
import { dirname, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { addToken } from '../../src/access/token-store.ts'
import { changeUser } from '../../src/access/user-store.ts'
import { openSqlite } from '../../src/platform/database/open-sqlite.ts'
import { addTestUser, openPage } from '../support/log-in.ts'
import { OTHER_VILLAGE, openTestCounty, type TestCounty, TOWNSHIP } from '../support/test-county.ts'

let county: TestCounty
let ids: { operator: string; here: string; there: string }
beforeEach(async () => {
  county = await openTestCounty('2025-03-03')
  const operator = (await county.operator()).id
  const here = (await county.contract(operator)).id
  const there = (await county.contract(operator, { villageCode: OTHER_VILLAGE })).id
  ids = { operator, here, there }
})
afterEach(() => county.close())

const riskOf = (id: string) => `/contracts/${id}/risk`
const standingOf = (id: string) => `/contracts/${id}/standing`
const paths = (id: string) => [riskOf(id), standingOf(id), '/risk/worklist', '/risk/summary']
const ask = (path: string, token = county.token, headers = {}) =>
  county.inject({
    url: `/api/v1${path}`,
    headers: { authorization: `Bearer ${token}`, ...headers },
  })
const statuses = async (id: string, token: string) => {
  const replies = []
  for (const path of paths(id)) replies.push(await ask(path, token))
  return replies.map(({ status }) => status)
}
const tokenOf = (wish: object = {}) =>
  county.db.transaction((tx) => addToken(tx, { label: 'one', role: 'viewer', ...wish }))

/** Writes as another process does, past this one. */
function beside(statement: string): void {
  const connection = new Sqlite(join(dirname(county.outboxDir), 'county.db'))
  connection.exec(statement)
  connection.close()
}

it('a token that is revoked, by whomever, is refused at once', async () => {
  const [one, other] = [await tokenOf(), await tokenOf()]
  for (const token of [one, other, one])
    expect(await statuses(ids.here, token)).toEqual([200, 200, 200, 200])
  const { tokens = [] } = await county.rows('tokens')
  const [first, second] = tokens.filter(({ label }) => label === 'one').map(({ id }) => id)
  await county.record(`/tokens/${first}/revocation`, {})
  const left = await Promise.all([one, other].map(async (token) => statuses(ids.here, token)))
  expect(left.flat().sort()).toEqual([200, 200, 200, 200, 401, 401, 401, 401])
  beside(`update tokens set revoked_at = '2025-03-03T01:00:00.000Z' where id = '${second}'`)
  for (const token of [one, other])
    expect(await statuses(ids.here, token)).toEqual([401, 401, 401, 401])
})

it('a token that expires is refused from that instant, though nothing was written', async () => {
  const token = await tokenOf({ expiresAt: '2025-03-03T02:00:00.000Z' })
  expect(await statuses(ids.here, token)).toEqual([200, 200, 200, 200])
  const before = await county.rows('tokens')
  county.clockOf.setTo('2025-03-03T02:00:00.000Z')
  expect(await statuses(ids.here, token)).toEqual([401, 401, 401, 401])
  expect(await county.rows('tokens')).toEqual(before)
})

it('another role and another region hold from the next request on', async () => {
  const token = await tokenOf({ role: 'recorder' })
  const pay = async () => {
    const url = `/api/v1/contracts/${ids.there}/payments`
    const headers = { authorization: `Bearer ${token}` }
    const payload = { amountFen: 1, paidOn: '2025-03-03' }
    return (await county.inject({ method: 'POST', url, headers, payload })).status
  }
  expect([await pay(), await statuses(ids.there, token)]).toEqual([201, [200, 200, 200, 200]])
  beside(`update tokens set role = 'viewer' where label = 'one'`)
  expect([await pay(), await statuses(ids.there, token)]).toEqual([403, [200, 200, 200, 200]])
  beside(`update tokens set region_code = '${TOWNSHIP}' where label = 'one'`)
  expect(await statuses(ids.there, token)).toEqual([404, 404, 200, 200])
  expect((await ask('/risk/worklist', token)).body.items).toHaveLength(1)
})

it('a user who is disabled or idle is logged out at once', async () => {
  const { id } = await addTestUser(county, { username: 'qingxi' })
  await addTestUser(county, { username: 'shihe' })
  const page = await openPage(county, 'qingxi')
  const read = async ({ send }: typeof page) => (await send('GET', riskOf(ids.here))).status
  expect([await read(page), await read(page)]).toEqual([200, 200])
  const change = { label: 'x', role: 'recorder' as const, disabled: true }
  await county.db.note((tx) => changeUser(tx, id, change))
  expect(await read(page)).toBe(401)
  const other = await openPage(county, 'shihe')
  expect(await read(other)).toBe(200)
  county.clockOf.setTo('2025-03-03T03:30:00.000Z')
  expect(await read(other)).toBe(401)
})

it('what is recorded, here or by another process, is in the next answer', async () => {
  const owed = async () => [
    (await county.read(riskOf(ids.here))).arrearsFen,
    (await county.read(standingOf(ids.here))).arrearsFen,
  ]
  expect([await owed(), await owed()]).toEqual([
    [3_000_000, 3_000_000],
    [3_000_000, 3_000_000],
  ])
  const paid = { amountFen: 600_000, paidOn: '2025-03-03' }
  await county.record(`/contracts/${ids.here}/payments`, paid)
  expect(await owed()).toEqual([2_400_000, 2_400_000])
  const path = join(dirname(county.outboxDir), 'county.db')
  const other = openSqlite(path, { now: county.clockOf.now, timeZone: 'Asia/Shanghai' })
  await other.transaction(async (tx) => {
    const { payments } = tx.tables
    const [row] = await tx.select().from(payments)
    if (row) await tx.insert(payments).values({ ...row, id: tx.newId(), recordedAt: tx.recordedAt })
  })
  await other.close()
  expect((await owed())[1]).toBe(1_800_000)
  await county.withdraw('contracts', ids.there)
  expect(await statuses(ids.there, county.token)).toEqual([404, 404, 200, 200])
})

it('the next day says so, though nothing was recorded', async () => {
  const days = async () => {
    const { asOf, daysOverdue, knownAt } = await county.read(standingOf(ids.here))
    return { asOf, daysOverdue, knownAt }
  }
  const first = await days()
  expect(await days()).toEqual(first)
  county.clockOf.goTo('2025-03-04')
  const { knownAt } = first
  expect(await days()).toEqual({
    asOf: '2025-03-04',
    daysOverdue: first.daysOverdue + 1,
    knownAt,
  })
})

it('a note moves nothing that is known, and a reply is the same to the byte', async () => {
  const replies = async () => {
    const all = []
    for (const path of paths(ids.here)) all.push((await ask(path)).bytes.toString())
    return all
  }
  const first = await replies()
  beside(`update tokens set last_used_at = '2025-03-03T01:00:01.000Z'`)
  expect(await replies()).toEqual(first)
  expect(await replies()).toEqual(first)
})

it('each caller is answered in its own language, and about its own contracts only', async () => {
  const { id } = await county.contract(ids.operator, {
    contractNo: '2020-2',
    lessor: { kind: 'village_collective' },
  })
  const words = async (language: string) => {
    const reply = await ask(standingOf(id), county.token, { 'accept-language': language })
    return reply.body.checks[0].message as string
  }
  const [zh, en] = [await words('zh'), await words('en')]
  expect(zh).toMatch(/\p{Script=Han}/u)
  expect(en).not.toMatch(/\p{Script=Han}/u)
  expect([await words('zh'), await words('en')]).toEqual([zh, en])
  const township = await tokenOf({ regionCode: TOWNSHIP })
  expect(await statuses(ids.there, county.token)).toEqual([200, 200, 200, 200])
  expect(await statuses(ids.there, township)).toEqual([404, 404, 200, 200])
})
