/** What a rule refuses: not there (404), in conflict (409), against a rule (422). Nothing changes. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  contractBody,
  NOBODY,
  openTestCounty,
  type TestCounty,
  VILLAGE,
} from '../support/test-county.ts'

let county: TestCounty
const ids: Record<string, string> = { nobody: NOBODY }
beforeAll(async () => {
  county = await openTestCounty('2025-03-03')
  const operator = (await county.operator()).id
  const contract = (await county.contract(operator)).id
  const ended = (await county.contract(operator)).id
  const gone = (await county.contract(operator)).id
  const claim = { operatorId: operator, programme: '补助', year: 2024, standing: 'claimed' }
  const { id: subsidyId } = await county.record('/subsidies', { ...claim, amountFen: 9 })
  await county.record(`/contracts/${contract}/payments`, payment({ receiptNo: 'R-1' }))
  const reversed = (await county.record(`/contracts/${contract}/payments`, payment({}))).id
  await county.record(`/payments/${reversed}/reversal`, { reason: '误' })
  await county.record(`/contracts/${ended}/end`, { endedOn: '2023-06-30', reason: '退地' })
  await county.withdraw('contracts', gone)
  Object.assign(ids, { operator, contract, ended, gone, reversed, subsidy: subsidyId })
})
afterAll(() => county.close())

const TOMORROW = '2025-03-04'
const payment = (over: object) => ({ amountFen: 1, paidOn: '2025-01-01', ...over })
const condition = (over: object) => ({
  condition: 'ceased',
  observedOn: '2025-01-01',
  source: '村',
  ...over,
})
const petition = (over: object) => ({
  villageCode: VILLAGE,
  occurredOn: '2025-01-01',
  channel: 'visit',
  people: 1,
  ...over,
})
const subsidy = (over: object) => ({
  operatorId: '$operator',
  programme: '补助',
  year: 2024,
  standing: 'claimed',
  amountFen: 1,
  ...over,
})
const stage = (occurredOn: string) => ({ stage: '公示', occurredOn })
const visit = (visitedOn: string) => ({ visitedOn, findings: [] })
const plan = (over: object) => ({
  agreedOn: '2025-01-10',
  instalments: [{ dueOn: '2025-06-30', amountFen: 5 }],
  evidence: '协议',
  ...over,
})
const due = (dueOn: string, amountFen: number) => ({ dueOn, amountFen })
const demand = (deliveredOn: string) => ({ deliveredOn, manner: '邮寄', evidence: '回执' })
const mediation = (requestedOn: string) => ({ requestedOn, institution: '镇调解委员会' })
const end = { endedOn: '2024-01-01', reason: '退地' }
const amendment = { effectiveOn: '2024-01-01', reason: '协商', endOn: '2030-12-31' }
const disbursed = (paidOn: string) => ({ amountFen: 1, paidOn })
const HUGE_RENT = { rent: { lines: Array(100).fill({ areaMu: 1e6, fenPerMu: 1e8 }) } }

/** What, where it is posted, its body with `$names` for ids, the code and field of the refusal. */
type Row = [string, string, object, string]

const NOT_THERE: Row[] = [
  ['a payment', '/contracts/$nobody/payments', payment({}), 'not-found'],
  ['an amendment', '/contracts/$nobody/amendments', amendment, 'not-found'],
  ['an end', '/contracts/$nobody/end', end, 'not-found'],
  ['a visit', '/contracts/$nobody/screenings', visit('2024-01-01'), 'not-found'],
  ['a condition', '/operators/$nobody/conditions', condition({}), 'not-found'],
  ['a stage', '/subsidies/$nobody/stages', stage('2024-01-01'), 'not-found'],
  ['a disbursement', '/subsidies/$nobody/disbursements', disbursed('2024-01-01'), 'not-found'],
  ['a reversal', '/payments/$nobody/reversal', { reason: '误' }, 'not-found'],
  ['a payment on a withdrawn contract', '/contracts/$gone/payments', payment({}), 'not-found'],
  ['an amendment of a withdrawn one', '/contracts/$gone/amendments', amendment, 'not-found'],
  ['an end of a withdrawn contract', '/contracts/$gone/end', end, 'not-found'],
  ['a visit on a withdrawn one', '/contracts/$gone/screenings', visit('2024-01-01'), 'not-found'],
  ['a plan', '/contracts/$nobody/repayment-plans', plan({}), 'not-found'],
  ['a plan on a withdrawn contract', '/contracts/$gone/repayment-plans', plan({}), 'not-found'],
  ['a demand', '/contracts/$nobody/demands', demand('2024-01-01'), 'not-found'],
  ['a mediation', '/contracts/$nobody/mediations', mediation('2024-01-01'), 'not-found'],
]
const IN_CONFLICT: Row[] = [
  [
    'a receipt used before',
    '/contracts/$contract/payments',
    payment({ receiptNo: 'R-1' }),
    'receipt-already-recorded receiptNo',
  ],
  [
    'a payment reversed before',
    '/payments/$reversed/reversal',
    { reason: '再冲' },
    'payment-already-reversed',
  ],
  ['a contract ended before', '/contracts/$ended/end', end, 'contract-already-ended'],
  [
    'a contract withdrawn before',
    '/contracts/$gone/withdrawal',
    { reason: '撤' },
    'fact-withdrawn',
  ],
]
const IN_FUTURE: [string, string, object, string][] = [
  ['money', '/contracts/$contract/payments', payment({ paidOn: TOMORROW }), 'paidOn'],
  ['subsidy money', '/subsidies/$subsidy/disbursements', disbursed(TOMORROW), 'paidOn'],
  ['a stage', '/subsidies/$subsidy/stages', stage(TOMORROW), 'occurredOn'],
  [
    'a condition',
    '/operators/$operator/conditions',
    condition({ observedOn: TOMORROW }),
    'observedOn',
  ],
  ['a petition', '/petitions', petition({ occurredOn: TOMORROW }), 'occurredOn'],
  ['a visit', '/contracts/$contract/screenings', visit(TOMORROW), 'visitedOn'],
  ['a plan', '/contracts/$contract/repayment-plans', plan({ agreedOn: TOMORROW }), 'agreedOn'],
  ['a demand', '/contracts/$contract/demands', demand(TOMORROW), 'deliveredOn'],
  ['a mediation', '/contracts/$contract/mediations', mediation(TOMORROW), 'requestedOn'],
]
const WRONG_PLANS: [string, object[], string][] = [
  ['without instalments', [], 'plan-without-instalments instalments'],
  [
    'of nothing',
    [due('2025-06-30', 1), due('2025-07-31', 0)],
    'plan-sum-not-positive instalments[1].amountFen',
  ],
  ['below nothing', [due('2025-06-30', -1)], 'plan-sum-not-positive instalments[0].amountFen'],
  [
    'due before it is agreed',
    [due('2025-01-10', 1), due('2025-01-09', 1)],
    'plan-day-in-past instalments[1].dueOn',
  ],
  [
    'of a fen too much',
    [due('2025-06-30', 1e11), due('2025-06-30', 1)],
    'plan-sum-too-large instalments',
  ],
]
const AGAINST_A_RULE: Row[] = [
  ...IN_FUTURE.map(([what, path, body, field]): Row => {
    return [`${what} of tomorrow`, path, body, `day-in-future ${field}`]
  }),
  ...WRONG_PLANS.map(([what, instalments, refusal]): Row => {
    return [
      `a plan ${what}`,
      '/contracts/$contract/repayment-plans',
      plan({ instalments }),
      refusal,
    ]
  }),
  ['a night of tomorrow', '/risk/runs', { asOf: TOMORROW }, 'as-of-in-future asOf'],
  ['a night of the last day', '/risk/runs', { asOf: '9999-12-31' }, 'as-of-in-future asOf'],
  [
    'an end in another century',
    '/contracts/$contract/end',
    { endedOn: '1800-01-01', reason: '退地' },
    'end-before-start endedOn',
  ],
  ...['1800-01-01', '9999-12-31'].map(
    (designatedDueOn): Row => [
      `a payment for ${designatedDueOn}`,
      '/contracts/$contract/payments',
      payment({ designatedDueOn }),
      'no-such-due-day designatedDueOn',
    ],
  ),
  [
    'a due day that is none',
    '/contracts/$contract/payments',
    payment({ designatedDueOn: '2024-12-30' }),
    'no-such-due-day designatedDueOn',
  ],
  [
    'a due day that the end cut off',
    '/contracts/$ended/payments',
    payment({ designatedDueOn: '2024-12-31' }),
    'no-such-due-day designatedDueOn',
  ],
  ['a contract of nobody', '/contracts', contractBody('$nobody'), 'operator-unknown operatorId'],
  [
    'a subsidy of nobody',
    '/subsidies',
    subsidy({ operatorId: '$nobody' }),
    'operator-unknown operatorId',
  ],
  [
    'a subsidy on no contract',
    '/subsidies',
    subsidy({ contractId: '$nobody' }),
    'contract-unknown contractId',
  ],
  [
    'a petition about a withdrawn contract',
    '/petitions',
    petition({ contractId: '$gone' }),
    'contract-unknown contractId',
  ],
  [
    'a petition about nobody',
    '/petitions',
    petition({ operatorId: '$nobody' }),
    'operator-unknown operatorId',
  ],
  [
    'a rent beyond all numbers',
    '/contracts',
    contractBody('$operator', HUGE_RENT),
    'rent-too-large',
  ],
]

const spelled = (text: string) => text.replace(/\$(\w+)/g, (_, name: string) => ids[name] ?? '')

describe.each([
  [404, NOT_THERE],
  [409, IN_CONFLICT],
  [422, AGAINST_A_RULE],
])('refused with %i', (status, rows) => {
  it.each(rows)('%s', async (_what, path, body, refusal) => {
    const before = await county.rows()
    const sent = JSON.parse(spelled(JSON.stringify(body)))
    // A refusal is not kept under its key either.
    const reply = await county.send('POST', spelled(path), sent, { 'idempotency-key': 'k' })
    const [code, field] = refusal.split(' ')
    expect([reply.status, reply.body.code]).toEqual([status, code])
    if (field) expect(reply.body.errors).toMatchObject([{ field }])
    expect(await county.rows()).toEqual(before)
  })
})

it.each([
  `/risk/worklist?asOf=${TOMORROW}`,
  `/risk/summary?asOf=${TOMORROW}`,
  `/contracts/$contract/risk?asOf=${TOMORROW}`,
  '/contracts/$contract/standing?asOf=2199-12-31',
  '/contracts/$contract/standing?asOf=2200-01-01',
  '/risk/worklist?asOf=9999-12-31',
  '/alerts?asOf=9999-12-31',
  '/exports/arrears.csv?asOf=2200-01-01',
])('%s asks for a day that has not come', async (path) => {
  const { status, body } = await county.send('GET', spelled(path))
  expect([status, body.code]).toEqual([422, 'as-of-in-future'])
  expect(body.errors).toMatchObject([{ field: 'asOf' }])
})

it.each([
  '/contracts/$nobody',
  '/contracts/$nobody/standing',
  '/contracts/$nobody/risk',
  '/contracts/$nobody/risk?asOf=2025-01-01',
  '/contracts/$gone',
  '/contracts/$gone/standing',
  '/contracts/$gone/risk',
  '/contracts/$gone/payments',
  '/operators/$nobody',
  '/subsidies/$nobody/stages',
  '/risk/runs/2020-01-01',
  '/policies/never',
])('%s is not there', async (path) => {
  const { status, body } = await county.send('GET', spelled(path))
  expect([status, body.code]).toEqual([404, 'not-found'])
})
