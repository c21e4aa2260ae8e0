/** Who is told: the whole list is put, refused or kept, and the messages are listed. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { composeDigests, queueMessages } from '../../src/alerts/compose-digests.ts'
import { POLICY_2026_1 } from '../../src/domain/policy-2026-1.ts'
import { openTestCounty, type TestCounty, TOWNSHIP, VILLAGE } from '../support/test-county.ts'

let county: TestCounty
const duty = { email: 'duty@example.org', name: '值班室', regionCode: '519901', active: true }
beforeAll(async () => {
  county = await openTestCounty('2021-10-31')
  await county.put(`/regions/${VILLAGE}`, { name: '青溪村' })
})
afterAll(() => county.close())

const recipients = () => county.read('/alert-recipients')
const put = (items: unknown) => county.send('PUT', '/alert-recipients', { items })

it('is empty at first', async () => {
  expect(await recipients()).toEqual({ items: [], nextCursor: null })
})

describe('a list that is put', () => {
  it('is the list from then on, addresses in small letters, active unless said otherwise', async () => {
    const { active: _, ...rest } = duty
    const other = { ...duty, email: 'zhang@example.org', regionCode: TOWNSHIP, active: false }
    const wish = [{ ...rest, email: 'Duty@Example.ORG', name: '  值班室 ' }, other]
    const { status, body } = await put(wish)
    expect([status, body]).toEqual([200, { items: [duty, other], nextCursor: null }])
    expect(await recipients()).toEqual({ items: [duty, other], nextCursor: null })
    await county.put('/alert-recipients', { items: [other] })
    expect(await recipients()).toEqual({ items: [other], nextCursor: null })
    await county.put('/alert-recipients', await recipients())
    expect((await recipients()).items).toEqual([other])
    await county.put('/alert-recipients', { items: [] })
    expect(await recipients()).toEqual({ items: [], nextCursor: null })
  })

  it('is kept with who put it, and so is every earlier one', async () => {
    const { alertRecipientLists = [] } = await county.rows('alertRecipientLists')
    expect(alertRecipientLists).toHaveLength(4)
    for (const list of alertRecipientLists) expect(list.recordedBy).toBe('test')
  })

  it.each(['519901', TOWNSHIP, VILLAGE])('may name %s: the county, or a prefix', async (code) => {
    expect((await put([{ ...duty, regionCode: code }])).status).toBe(200)
  })

  it('has 500 at most', async () => {
    const items = Array.from({ length: 501 }, (_, n) => ({ ...duty, email: `a${n}@example.org` }))
    expect((await put(items)).status).toBe(400)
    expect((await put(items.slice(1))).status).toBe(200)
  })
})

describe('what is refused', () => {
  beforeEach(() => county.put('/alert-recipients', { items: [duty] }))

  it.each([
    [400, 'invalid-request', 'items[1].email', { email: 'no address' }],
    [400, 'invalid-request', 'items[1].email', { email: '' }],
    [400, 'invalid-request', 'items[1].email', { email: `${'a'.repeat(250)}@b.cn` }],
    [400, 'invalid-request', 'items[1].email', { email: 'a@b.cn\r\nBcc: c@d.cn' }],
    [400, 'invalid-request', 'items[1].name', { name: ' ' }],
    [400, 'invalid-request', 'items[1].name', { name: '长'.repeat(51) }],
    [400, 'invalid-request', 'items[1].regionCode', { regionCode: '5199' }],
    [400, 'invalid-request', 'items[1].active', { active: 'yes' }],
    [400, 'invalid-request', 'items[1].phone', { phone: '13800000000' }],
    [422, 'region-unknown', 'items[1].regionCode', { regionCode: '519902' }],
    [422, 'region-unknown', 'items[1].regionCode', { regionCode: '519901999' }],
    [422, 'region-unknown', 'items[1].regionCode', { regionCode: '519901101202' }],
    [422, 'recipient-twice', 'items[1].email', { email: 'DUTY@example.org' }],
  ])('%i %s %s %j', async (status, code, field, over) => {
    const before = await county.rows()
    const reply = await put([duty, { ...duty, email: 'zhang@example.org', ...over }])
    expect([reply.status, reply.body.errors[0].field]).toEqual([status, field])
    if (status === 422) expect(reply.body.code).toBe(code)
    expect(await county.rows()).toEqual(before)
  })

  it('a body without a list, and a caller without a token', async () => {
    expect((await county.send('PUT', '/alert-recipients', {})).status).toBe(400)
    const url = '/api/v1/alert-recipients'
    for (const method of ['GET', 'PUT'] as const)
      expect((await county.inject({ method, url, payload: { items: [] } })).status).toBe(401)
    expect(await recipients()).toEqual({ items: [duty], nextCursor: null })
  })
})

describe('GET /alerts', () => {
  beforeAll(async () => {
    const items = [1, 2, 3].map((n) => ({ ...duty, email: `r${n}@example.org` }))
    await county.put('/alert-recipients', { items })
    for (const asOf of ['2021-10-29', '2021-10-30']) {
      const messages = await composeDigests(county.db.read, {
        asOf,
        county: { code: '519901', name: '示范县' },
        failures: 0,
        policy: POLICY_2026_1,
        festivalRents: [],
        late: [],
        attachments: new Map(),
      })
      await county.db.transaction((tx) => queueMessages(tx, messages))
    }
  })

  it('lists messages, the latest day first, with what became of them and not their text', async () => {
    const { items } = await county.read('/alerts')
    expect(items.map((one: { asOf: string }) => one.asOf)).toEqual([
      ...Array(3).fill('2021-10-30'),
      ...Array(3).fill('2021-10-29'),
    ])
    expect(items[0]).toEqual({
      asOf: '2021-10-30',
      email: 'r1@example.org',
      kind: 'digest',
      state: 'queued',
      attempts: 0,
      messageId: expect.stringMatching(/^<digest\.2021-10-30\.[0-9a-f]{24}@[\w.-]+>$/),
      subject: '[示范县] 2021-10-30 欠租风险:无变化',
      changes: 0,
      queuedAt: expect.any(String),
      nextAttemptAt: expect.any(String),
      endedAt: null,
      problem: null,
    })
    expect(new Set(items.map((one: { messageId: string }) => one.messageId)).size).toBe(6)
  })

  it('a day at a time, a page at a time', async () => {
    const ofDay = await county.read('/alerts?asOf=2021-10-29')
    expect(ofDay.items.map((one: { email: string }) => one.email)).toEqual([
      'r1@example.org',
      'r2@example.org',
      'r3@example.org',
    ])
    expect((await county.read('/alerts?asOf=2021-10-28')).items).toEqual([])
    const { items } = await county.read('/alerts')
    const paged = []
    for (let query = '?limit=2'; query !== ''; ) {
      const page = await county.read(`/alerts${query}`)
      paged.push(...page.items)
      query = page.nextCursor === null ? '' : `?limit=2&cursor=${page.nextCursor}`
    }
    expect(paged).toEqual(items)
  })

  it.each([
    ['?asOf=2021-11-01', 422],
    ['?asOf=yesterday', 400],
    ['?cursor=x', 400],
    ['?limit=0', 400],
    ['?email=a', 400],
  ])('refuses %s: %i', async (query, status) => {
    expect((await county.send('GET', `/alerts${query}`)).status).toBe(status)
  })
})
