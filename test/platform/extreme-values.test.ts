/** What is just within its bounds is kept exactly, what is beyond is refused: on both databases. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contractBody, openTestCounty, type TestCounty } from '../support/test-county.ts'
import { databaseKinds } from '../support/test-service.ts'

const cursorOf = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

describe.each(databaseKinds)('on %s', (database) => {
  let county: TestCounty
  let operatorId: string
  beforeAll(async () => {
    county = await openTestCounty('2025-03-03', database)
    operatorId = (await county.operator()).id
  })
  afterAll(() => county.close())

  it('the largest numbers and the longest texts come back as they went in', async () => {
    const body = {
      ...contractBody(operatorId),
      contractNo: '𠮷'.repeat(50),
      lessor: { kind: 'household', households: 10_000_000, people: 10_000_000 },
      rent: {
        lines: [{ areaMu: 1_000_000, basis: 'grain', jinPerMu: 99_999.99, grain: '稻' }],
        escalation: { everyYears: 100, percent: 1000 },
        frequency: 'monthly',
        firstDueOn: '2199-12-31',
      },
      riskDepositFen: 100_000_000_000,
      penaltyPer10kPerDay: 9_999.99,
      toleranceDays: 10_000_000,
    }
    const { id } = await county.record('/contracts', body)
    expect(await county.read(`/contracts/${id}`)).toMatchObject(body)
  })

  it('a hundred lines of the largest area are kept', async () => {
    const rent = { lines: Array.from({ length: 100 }, () => ({ areaMu: 1_000_000 })) }
    const reply = await county.send('POST', '/contracts', contractBody(operatorId, { rent }))
    expect(reply.status).toBe(201)
    expect(await county.read(`/contracts/${reply.body.id}`)).toMatchObject({ areaMu: 100_000_000 })
  })

  it.each([
    ['two spaces inside', '甲  公司'],
    ['quotes and a semicolon', `O'Neil"; drop table operators; --`],
    ['per cent signs', '100%_x'],
    ['an emoji', '🍊'],
    ['from right to left', '\u202eabc'],
    ['no unicode normal form', 'e\u0301'],
  ])('a name with %s is kept to the letter', async (_what, name) => {
    const { id } = await county.operator({ name })
    expect((await county.read(`/operators/${id}`)).name).toBe(name)
  })

  const withCursor = (path: string, cursor: string) =>
    county.send('GET', `${path}${path.includes('?') ? '&' : '?'}cursor=${cursor}`)

  it('a name pasted from a sheet is kept on one line, without what surrounds it', async () => {
    const { id } = await county.operator({ name: '\t青溪\r\n合作社 \n' })
    expect((await county.read(`/operators/${id}`)).name).toBe('青溪 合作社')
  })

  it.each([
    ['/contracts', 'not-base64-!'],
    ['/contracts', cursorOf({})],
    ['/contracts', cursorOf([])],
    ['/contracts', cursorOf([5])],
    ['/contracts', cursorOf(['a', 'b'])],
    ['/operators', cursorOf(null)],
    ['/petitions', cursorOf([{ toString: 1 }])],
    ['/risk/worklist', cursorOf(['a', 'b', 'c'])],
    ['/risk/runs', cursorOf([20250303])],
  ])('%s with the cursor %s is refused', async (path, cursor) => {
    const reply = await withCursor(path, cursor)
    expect([reply.status, reply.body.code]).toEqual([400, 'invalid-cursor'])
    expect(reply.body.errors).toMatchObject([{ field: 'cursor' }])
  })

  it.each<[string, unknown[]]>([
    ['/contracts', ['\0']],
    ['/contracts', ['\ud800']],
    ['/regions', ['\0']],
    ['/risk/runs', ['\0']],
    ['/risk/worklist', [1.5, 2, 'x']],
    ['/risk/worklist', [1, 1e300, 'x']],
    ['/risk/worklist', [1, 2, '\0']],
    ['/risk/worklist?asOf=2025-03-03', [1.5, 1e300, '\0']],
  ])(
    '%s with a cursor of %j, shaped like ours, is no fault of the service',
    async (path, parts) => {
      const reply = await withCursor(path, cursorOf(parts))
      expect([200, 400]).toContain(reply.status)
    },
  )

  it.each([
    '2024-06-30T24:00:00Z',
    '2024-02-30T00:00:00Z',
    '2024-06-30 00:00:00Z',
    '2024-06-30T00:00:00',
    '2024-06-30T00:00:00+25:00',
    '1719705600000',
  ])('%s is no instant to be known at', async (knownAt) => {
    const reply = await county.send('GET', `/risk/worklist?knownAt=${encodeURIComponent(knownAt)}`)
    expect([reply.status, reply.body.errors?.[0].field]).toEqual([400, 'knownAt'])
  })

  it.each([
    '/risk/worklist?asOf=0000-01-01',
    '/risk/summary?asOf=0000-02-29',
    '/exports/cases.csv?asOf=0000-12-31',
    '/exports/monthly-brief.docx?asOf=0000-01-01',
    '/risk/summary?asOf=1899-12-31',
    '/audit?until=0000-01-01',
  ])('%s asks for no day that a county has seen', async (path) => {
    const reply = await county.send('GET', path)
    expect(reply.status).toBe(400)
    expect(reply.body.errors).toMatchObject([{ field: path.match(/\?(\w+)=/)?.[1] }])
  })

  it('everything is known at the end of time, in every time zone', async () => {
    for (const knownAt of ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59-14:00']) {
      const path = `/operators/${operatorId}?knownAt=${encodeURIComponent(knownAt)}`
      expect([knownAt, (await county.send('GET', path)).status]).toEqual([knownAt, 200])
    }
  })

  it('arrears that together leave all numbers are still summed up, or were refused', async () => {
    const rent = {
      lines: Array.from({ length: 16 }, () => ({ areaMu: 500_000, fenPerMu: 100_000_000 })),
      firstDueOn: '2020-12-31',
    }
    for (let i = 0; i < 3; i++)
      await county.send('POST', '/contracts', contractBody(operatorId, { rent }))
    for (const path of ['/risk/worklist', '/risk/summary', '/risk/summary?asOf=2025-03-03']) {
      const reply = await county.send('GET', path)
      expect([path, reply.status]).toEqual([path, 200])
    }
  })
})
