/** How a refusal speaks: problem details, Chinese unless English is asked for, nothing personal. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { contractBody, NOBODY, openTestCounty, type TestCounty } from '../support/test-county.ts'

let county: TestCounty
let contractId: string
beforeAll(async () => {
  county = await openTestCounty('2025-03-03')
  contractId = (await county.contract((await county.operator()).id)).id
})
afterAll(() => county.close())

const speaks = (text: string) => (/\p{Script=Han}/u.test(text) ? 'Chinese' : 'English')

/** One refusal of each status, as `[method, path, body]`. */
const REFUSALS: [number, string, string, object?][] = [
  [400, 'POST', '/operators', { name: 5 }],
  [401, 'GET', '/contracts'],
  [404, 'GET', `/contracts/${NOBODY}`],
  [404, 'GET', '/nothing'],
  [409, 'POST', '/contracts/$id/end', { endedOn: '2024-01-01', reason: '退' }],
  [415, 'POST', '/operators'],
  [422, 'POST', '/contracts/$id/payments', { amountFen: 1, paidOn: '2025-03-04' }],
]

async function refusal(row: (typeof REFUSALS)[number], headers: Record<string, string>) {
  const [status, method, path, body] = row
  const url = path.replace('$id', contractId)
  if (status === 401) return county.inject({ url: `/api/v1${url}`, headers })
  if (status === 415) {
    const xml = { ...headers, 'content-type': 'application/xml' }
    const authorization = `Bearer ${county.token}`
    const request = { method: 'POST', url: `/api/v1${url}`, payload: '<a/>' } as const
    return county.inject({ ...request, headers: { ...xml, authorization } })
  }
  return county.send(method, url, body, headers)
}

describe.each(REFUSALS)('%i to %s %s', (...row) => {
  it.each<[string, string]>([
    ['', 'Chinese'],
    ['zh-CN,zh;q=0.9,en;q=0.8', 'Chinese'],
    ['en', 'English'],
    ['en-US,en;q=0.9,zh-CN;q=0.8', 'English'],
    ['EN-gb', 'English'],
    ['de, en;q=0.7, zh;q=0.3', 'English'],
    ['en;q=0, zh', 'Chinese'],
    ['de', 'Chinese'],
    ['*', 'Chinese'],
    [';;q=,,', 'Chinese'],
  ])('asked in "%s" is in %s', async (language, spoken) => {
    if (row[0] === 409)
      await county.send('POST', `/contracts/${contractId}/end`, {
        endedOn: '2024-01-01',
        reason: '退',
      })
    const reply = await refusal(row, language ? { 'accept-language': language } : {})
    expect(reply.status).toBe(row[0])
    expect(reply.headers['content-type']).toMatch(/^application\/problem\+json/)
    const { type, title, status, code, detail, errors = [] } = reply.body
    expect(status).toBe(row[0])
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/)
    expect(type).toContain(code)
    const said = [title, detail, ...errors.map(({ reason }: { reason: string }) => reason)]
    expect(said.map(speaks)).toEqual(said.map(() => spoken))
  })
})

describe('of each field one reason', () => {
  const payments = '/contracts/$id/payments'
  const visits = '/contracts/$id/screenings'
  const paid = { paidOn: '2024-01-01' }
  const visited = { visitedOn: '2024-01-01' }
  it.each<[string, string, object, object[]]>([
    ['POST', visits, { ...visited, findings: 'no_problem' }, [['findings', '应为列表']]],
    ['POST', payments, { ...paid, amountFen: 1e30 }, [['amountFen', '不能超过 100000000000']]],
    ['POST', payments, { ...paid, amountFen: -1e30 }, [['amountFen', '必须大于 0']]],
    ['POST', payments, { ...paid, amountFen: -1.5 }, [['amountFen', '应为整数']]],
    ['POST', payments, { ...paid, amountFen: 'x'.repeat(9) }, [['amountFen', '应为数字']]],
    [
      'PUT',
      '/grain-prices/mid_late_indica/2024-01-01',
      { fenPer50kg: 1e15, source: '\u0007'.repeat(201) },
      [
        ['fenPer50kg', '不能超过 10000000'],
        ['source', '不能超过 200 个字符'],
      ],
    ],
    [
      'POST',
      payments,
      { amountFen: 0, paidOn: '2024-02-30', a: 1, b: 2 },
      [
        ['amountFen', '必须大于 0'],
        ['paidOn', '应为真实存在的日期 YYYY-MM-DD'],
        ['a', '没有这个字段'],
        ['b', '没有这个字段'],
      ],
    ],
  ])('%s %s %j', async (method, path, body, reasons) => {
    const reply = await county.send(method, path.replace('$id', contractId), body)
    expect(reply.status).toBe(400)
    const { errors } = reply.body
    expect(errors.map(({ field, reason }: Record<string, string>) => [field, reason])).toEqual(
      reasons,
    )
  })
})

describe('nothing personal', () => {
  const SECRET = '张三丰13800000000'

  it.each<[string, string, object]>([
    ['a name with a bell', '/operators', { name: `${SECRET}\u0007`, kind: 'company' }],
    ['a name instead of a kind', '/operators', { name: '甲', kind: SECRET }],
    ['a name instead of an id', '/contracts', contractBody(SECRET)],
    ['a name instead of a day', '/contracts', contractBody(NOBODY, { startOn: SECRET })],
    ['a name instead of a number', '/contracts', contractBody(NOBODY, { riskDepositFen: SECRET })],
    ['a name instead of findings', '/contracts/$id/screenings', { findings: [SECRET] }],
    ['a receipt used before', '/contracts/$id/payments', { receiptNo: SECRET }],
    ['an unknown operator', '/petitions', { operatorId: NOBODY, summary: SECRET }],
  ])('is repeated in a refusal: %s', async (_what, path, body) => {
    const paid = { amountFen: 1, paidOn: '2025-01-01' }
    const url = path.replace('$id', contractId)
    if ('receiptNo' in body) await county.record(url, { ...paid, ...body })
    const where = { villageCode: '519901101201', occurredOn: '2025-01-01', channel: 'visit' }
    const sent = 'receiptNo' in body ? { ...paid, ...body } : body
    const full = 'summary' in body ? { ...where, people: 1, ...body } : sent
    const reply = await county.send('POST', url, full)
    expect(reply.status).toBeGreaterThanOrEqual(400)
    expect(JSON.stringify(reply.body)).not.toContain('13800000000')
    expect(JSON.stringify(reply.body)).not.toContain('张三')
  })

  it('is repeated when the JSON breaks off in the middle of it', async () => {
    const headers = { authorization: `Bearer ${county.token}`, 'content-type': 'application/json' }
    const payload = `{"name":"${SECRET}`
    const reply = await county.inject({
      method: 'POST',
      url: '/api/v1/operators',
      headers,
      payload,
    })
    expect(reply.status).toBe(400)
    expect(JSON.stringify(reply.body)).not.toContain('13800000000')
  })

  it('is said about a fault of the service, which has no words but that it happened', async () => {
    const fault = vi.spyOn(county.db, 'transaction').mockRejectedValueOnce(new Error(SECRET))
    const reply = await county.send('POST', '/operators', { name: '甲', kind: 'company' })
    fault.mockRestore()
    expect([reply.status, reply.body.code]).toEqual([500, 'internal'])
    expect(JSON.stringify(reply.body)).not.toContain('13800000000')
    expect(reply.body.requestId).toMatch(/^[0-9a-f-]{36}$/)
  })
})

it('a policy that is not sound is refused in the words of its fields', async () => {
  const { items } = await county.read('/policies')
  const { version: _version, ...policy } = items[0]
  const steps = [
    { from: 1, points: 20 },
    { from: 1, points: 18 },
  ]
  const body = { ...policy, yearsOwed: { ...policy.yearsOwed, steps } }
  const zh = await county.send('PUT', '/policies/2027-1', body)
  const en = await county.send('PUT', '/policies/2027-1', body, { 'accept-language': 'en' })
  expect([zh.status, zh.body.code, speaks(zh.body.detail)]).toEqual([
    422,
    'policy-invalid',
    'Chinese',
  ])
  expect(speaks(en.body.detail)).toBe('English')
  expect(zh.body.errors[0].field).toBe('yearsOwed.steps[1].from')
})
