/** What does not fit a body is refused with 400, naming the field, and leaves nothing behind. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  contractBody,
  NOBODY,
  openTestCounty,
  type TestCounty,
  VILLAGE,
} from '../support/test-county.ts'

let county: TestCounty
const ids = { operator: '', contract: '', subsidy: '', payment: '' }
beforeAll(async () => {
  county = await openTestCounty('2025-03-03')
  ids.operator = (await county.operator()).id
  ids.contract = (await county.contract(ids.operator)).id
  ids.subsidy = (await county.record('/subsidies', BODIES.subsidies())).id
  const paid = { amountFen: 1, paidOn: '2025-01-01' }
  ids.payment = (await county.record(`/contracts/${ids.contract}/payments`, paid)).id
})
afterAll(() => county.close())

/** A body of each kind that is accepted as it stands. */
const BODIES = {
  regions: () => ({ name: '青溪村', secondRoundExpiresOn: '2028-12-31' }),
  operators: () => ({
    name: '青溪公司',
    kind: 'company',
    uscc: 'X',
    representative: '李*',
    phone: '1',
  }),
  conditions: () => ({ condition: 'unreachable', observedOn: '2024-03-01', source: '村' }),
  contracts: () => {
    const escalation = { everyYears: 3, percent: 5 }
    return contractBody(ids.operator, { rent: { lines: [{ areaMu: 10 }], escalation } })
  },
  amendments: () => ({ effectiveOn: '2024-01-01', reason: '协商', endOn: '2030-12-31' }),
  end: () => ({ endedOn: '2024-06-30', reason: '退地' }),
  payments: () => ({ amountFen: 100, paidOn: '2024-01-15', receiptNo: '1' }),
  reversal: () => ({ reason: '误' }),
  subsidies: () => ({
    operatorId: ids.operator,
    programme: '补助',
    year: 2024,
    standing: 'recognised',
    amountFen: 100,
  }),
  stages: () => ({ stage: '公示', occurredOn: '2024-03-20' }),
  disbursements: () => ({ amountFen: 1, paidOn: '2024-07-15' }),
  petitions: () => ({
    villageCode: VILLAGE,
    occurredOn: '2025-01-01',
    channel: 'visit',
    people: 1,
  }),
  screenings: () => ({ visitedOn: '2024-03-05', findings: ['no_problem'] }),
  plans: () => ({
    agreedOn: '2024-03-05',
    instalments: [{ dueOn: '2024-06-30', amountFen: 100 }],
    evidence: '协议',
  }),
  demands: () => ({ deliveredOn: '2024-03-05', manner: '邮寄', evidence: '回执' }),
  mediations: () => ({ requestedOn: '2024-03-05', institution: '镇调解委员会' }),
  prices: () => ({ fenPer50kg: 12_900, source: '公告' }),
  runs: () => ({ asOf: '2025-03-01' }),
}
type Kind = keyof typeof BODIES

const URLS: Record<Kind, () => ['POST' | 'PUT', string]> = {
  regions: () => ['PUT', `/regions/${VILLAGE}`],
  operators: () => ['POST', '/operators'],
  conditions: () => ['POST', `/operators/${ids.operator}/conditions`],
  contracts: () => ['POST', '/contracts'],
  amendments: () => ['POST', `/contracts/${ids.contract}/amendments`],
  end: () => ['POST', `/contracts/${ids.contract}/end`],
  payments: () => ['POST', `/contracts/${ids.contract}/payments`],
  reversal: () => ['POST', `/payments/${ids.payment}/reversal`],
  subsidies: () => ['POST', '/subsidies'],
  stages: () => ['POST', `/subsidies/${ids.subsidy}/stages`],
  disbursements: () => ['POST', `/subsidies/${ids.subsidy}/disbursements`],
  petitions: () => ['POST', '/petitions'],
  screenings: () => ['POST', `/contracts/${ids.contract}/screenings`],
  plans: () => ['POST', `/contracts/${ids.contract}/repayment-plans`],
  demands: () => ['POST', `/contracts/${ids.contract}/demands`],
  mediations: () => ['POST', `/contracts/${ids.contract}/mediations`],
  prices: () => ['PUT', '/grain-prices/wheat/2024-01-01'],
  runs: () => ['POST', '/risk/runs'],
}
const KINDS = Object.keys(BODIES) as Kind[]

/** Puts a value at a path like `rent.lines[0].areaMu`; undefined takes it away. */
function withValue(body: object, path: string, value: unknown): object {
  const copy = structuredClone(body) as Record<string, unknown>
  const keys = path.replaceAll('[', '.').replaceAll(']', '').split('.')
  const last = keys.pop() ?? ''
  let at = copy
  for (const key of keys) {
    at[key] ??= {}
    at = at[key] as Record<string, unknown>
  }
  if (value === undefined) delete at[last]
  else at[last] = value
  return copy
}

async function expectRefused(kind: Kind, body: object, fields: string[]) {
  const [method, path] = URLS[kind]()
  const before = await county.rows()
  const { status, body: problem, headers } = await county.send(method, path, body)
  expect([status, problem.code]).toEqual([400, 'invalid-request'])
  const named = problem.errors.map(({ field }: { field: string }) => field)
  expect([...new Set(named)]).toEqual(fields)
  expect(headers['content-type']).toMatch(/^application\/problem\+json/)
  for (const { field, reason } of problem.errors)
    expect(problem.detail).toContain(`${field}: ${reason}`)
  expect(await county.rows()).toEqual(before)
}

/** Values that are refused, by kind and field; undefined: the field is missing. */
const WRONG: [Kind, string, ...unknown[]][] = [
  ['regions', 'name', undefined, ' ', '村'.repeat(101)],
  ['regions', 'secondRoundExpiresOn', '2028', 2028],
  ['operators', 'name', undefined, 5, '\n', '甲\u0007', 'a\0'],
  ['operators', 'kind', 'bank', undefined, 'COMPANY'],
  ['operators', 'uscc', '9'.repeat(41)],
  ['operators', 'phone', 13_800_000_000],
  ['conditions', 'condition', 'absconded', null],
  ['conditions', 'observedOn', '2023-02-29'],
  ['conditions', 'source', undefined],
  ['contracts', 'operatorId', '17', undefined, `${NOBODY}\0`],
  ['contracts', 'villageCode', '519901101', 519901101201],
  ['contracts', 'lessor', undefined, '村集体', []],
  ['contracts', 'lessor.kind', 'company', undefined],
  ['contracts', 'lessor.households', 1.5, -1, '12'],
  ['contracts', 'landUse', 'citrus'],
  ['contracts', 'startOn', '2023-02-30', '2023/02/03', '1899-12-31', undefined],
  ['contracts', 'endOn', '2200-01-01', '2030-01-01T00:00:00Z'],
  ['contracts', 'rent', undefined, [], '600'],
  ['contracts', 'rent.lines', [], Array(101).fill({ areaMu: 1 }), { areaMu: 1 }, undefined],
  ['contracts', 'rent.lines[0].areaMu', 1.005, -0.01, '10', undefined, 1e300],
  ['contracts', 'rent.lines[0].fenPerMu', 60_000.5, -1, '60000', 1e15],
  ['contracts', 'rent.lines[0].jinPerMu', 400.123, -1],
  ['contracts', 'rent.lines[0].basis', 'labour'],
  ['contracts', 'rent.lines[0].land', 'forest'],
  ['contracts', 'rent.lines[1].areaMu', 0.001],
  ['contracts', 'rent.frequency', 'weekly'],
  ['contracts', 'rent.firstDueOn', '2023-04-31'],
  ['contracts', 'rent.escalation.everyYears', 0, 0.5],
  ['contracts', 'rent.escalation.percent', 5.125, -5],
  ['contracts', 'riskDepositFen', -1, 0.5, 2 ** 60],
  ['contracts', 'insured', 'true', 1],
  ['contracts', 'penaltyPer10kPerDay', 0.005],
  ['contracts', 'toleranceDays', -1, '30'],
  ['amendments', 'effectiveOn', undefined, 'soon'],
  ['amendments', 'reason', '\t', '因'.repeat(501)],
  ['amendments', 'endOn', '2024-13-01'],
  ['end', 'endedOn', undefined, '2023-11-31'],
  ['payments', 'amountFen', 0, -100, 0.5, '100', undefined, 1e20],
  ['payments', 'paidOn', '2023-02-30', 20240115],
  ['payments', 'receiptNo', '', 1203, '\ud800'],
  ['payments', 'designatedDueOn', 'first'],
  ['payments', 'note', 'a\u0007', '注'.repeat(2001)],
  ['reversal', 'reason', undefined, '  '],
  ['subsidies', 'standing', 'paid'],
  ['subsidies', 'year', '2024', 1890],
  ['subsidies', 'amountFen', -1, 1.5],
  ['subsidies', 'fundingSource', 'world-bank'],
  ['stages', 'stage', undefined],
  ['stages', 'standing', 'maybe'],
  ['stages', 'amountFen', -1],
  ['disbursements', 'amountFen', 0, -1],
  ['petitions', 'channel', 'fax'],
  ['petitions', 'people', 0, 0.5, '5'],
  ['petitions', 'repeat', 'yes'],
  ['petitions', 'villageCode', '519901'],
  ['screenings', 'findings', undefined, 'no_problem'],
  ['screenings', 'findings[0]', 'fire', null],
  ['screenings', 'nextVisitOn', '2024-06-31'],
  ['plans', 'agreedOn', undefined, '2024-02-30'],
  ['plans', 'instalments', undefined, {}, Array(121).fill({ dueOn: '2024-06-30', amountFen: 1 })],
  ['plans', 'instalments[0].amountFen', undefined, 0.5, '100', 2 ** 53],
  ['plans', 'instalments[0].dueOn', undefined, '2024-06-31'],
  ['plans', 'instalments[0].note', '分期'],
  ['plans', 'evidence', undefined, ' '],
  ['demands', 'deliveredOn', undefined, '2024-3-5'],
  ['demands', 'manner', undefined, ' ', 'x'.repeat(101)],
  ['demands', 'evidence', undefined, '', ' \n '],
  ['mediations', 'requestedOn', undefined, '2024-02-30'],
  ['mediations', 'institution', undefined, '', 'x'.repeat(101)],
  ['prices', 'fenPer50kg', 0, 129.5, '12900'],
  ['prices', 'source', undefined],
  ['runs', 'asOf', undefined, '2025-02-29'],
]
const ROWS = WRONG.flatMap(([kind, field, ...values]) =>
  values.map((value): [Kind, string, string, unknown] => {
    const shown = value === undefined ? 'missing' : JSON.stringify(value).slice(0, 30)
    return [kind, field, shown, value]
  }),
)

it.each(ROWS)('%s: %s %s is refused', async (kind, field, _shown, value) => {
  await expectRefused(kind, withValue(BODIES[kind](), field, value), [field])
})

function daysIn(value: unknown, path = ''): string[] {
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\d$/.test(value) ? [path] : []
  if (Array.isArray(value)) return value.flatMap((one, at) => daysIn(one, `${path}[${at}]`))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, one]) =>
    daysIn(one, path === '' ? name : `${path}.${name}`),
  )
}

describe.each(KINDS)('%s', (kind) => {
  it('with a day of the year 0 are refused', async () => {
    const body = BODIES[kind]()
    for (const field of daysIn(body))
      for (const day of ['0000-01-01', '0000-02-29', '0000-12-31'])
        await expectRefused(kind, withValue(body, field, day), [field])
  })

  it('with a field that nobody knows are refused', async () => {
    await expectRefused(kind, { ...BODIES[kind](), surprise: 1 }, ['surprise'])
  })

  it.each([
    ['a list', []],
    ['a text', '文本'],
    ['a number', 5],
  ])('as %s instead of an object are refused', async (_what, body) => {
    const [method, url] = URLS[kind]()
    const headers = { authorization: `Bearer ${county.token}`, 'content-type': 'application/json' }
    const payload = JSON.stringify(body)
    const reply = await county.inject({ method, url: `/api/v1${url}`, headers, payload })
    expect([reply.status, reply.body.code]).toEqual([400, 'invalid-request'])
  })
})

it('fields that nobody knows are named where they stand', async () => {
  const line = { areaMu: 1, colour: 'red', shape: 1 }
  const body = contractBody(ids.operator, {
    rent: { lines: [{ areaMu: 1 }, line] },
    lessor: { kind: 'household', idCard: '1' },
  })
  await expectRefused('contracts', body, [
    'lessor.idCard',
    'rent.lines[1].colour',
    'rent.lines[1].shape',
  ])
})

it.each([
  ['everyYears', 'percent'],
  ['percent', 'everyYears'],
])('an escalation with %s asks for %s', async (given, missing) => {
  const rent = { lines: [{ areaMu: 1 }], escalation: { [given]: 5 } }
  const body = contractBody(ids.operator, { rent })
  await expectRefused('contracts', body, [`rent.escalation.${missing}`])
})

it('everything that is wrong is said at once', async () => {
  const body = { amountFen: '100', paidOn: '2023-02-30', receiptNo: ' ', extra: true }
  await expectRefused('payments', body, ['amountFen', 'paidOn', 'receiptNo', 'extra'])
})
