/** What a repayment plan does to the stored risk: at once by facts, by the next night in time. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openTestCounty, type TestCounty } from '../support/test-county.ts'

const ONE_YEAR = {
  startOn: '2024-01-01',
  rent: { lines: [{ areaMu: 10, fenPerMu: 60_000 }], firstDueOn: '2024-12-31' },
}
const BASE = { years_owed: 18, households: 6 }
/** Less than a year is owed once a fen of it is paid. */
const PARTLY_PAID = { ...BASE, years_owed: 8 }
const KEPT = { ...BASE, plan_kept: -10 }
const plan = (agreedOn: string, ...instalments: [string, number][]) => ({
  agreedOn,
  instalments: instalments.map(([dueOn, amountFen]) => ({ dueOn, amountFen })),
  evidence: '还款协议',
})

describe.each(['sqlite'] as const)('on %s', (database) => {
  let county: TestCounty
  let contractId: string
  beforeAll(async () => {
    county = await openTestCounty('2025-03-03', database)
  })
  beforeEach(async () => {
    county.clockOf.goTo('2025-03-03')
    contractId = (await county.contract((await county.operator()).id, ONE_YEAR)).id
  })
  afterAll(() => county.close())

  const pointsOf = async (query = '') => {
    const { contributions } = await county.read(`/contracts/${contractId}/risk${query}`)
    return Object.fromEntries(
      contributions.map((one: { factor: string; points: number }) => [one.factor, one.points]),
    )
  }
  const agree = (body: object) => county.record(`/contracts/${contractId}/repayment-plans`, body)
  const pay = (amountFen: number, paidOn: string) =>
    county.record(`/contracts/${contractId}/payments`, { amountFen, paidOn })

  it('a plan, its correction and its withdrawal are in the stored risk at once', async () => {
    expect(await pointsOf()).toEqual(BASE)
    const body = plan('2025-02-01', ['2025-02-26', 1000], ['2025-06-30', 599_000])
    const { id } = await agree(body)
    expect(await pointsOf()).toEqual(KEPT)
    const broken = plan('2025-02-01', ['2025-02-25', 1000])
    await county.correct('repayment-plans', id, broken)
    expect(await pointsOf()).toEqual(BASE)
    await county.correct('plans', id, body)
    expect(await pointsOf()).toEqual(KEPT)
    await county.withdraw('plans', id)
    expect(await pointsOf()).toEqual(BASE)
  })

  it('says why: a plan in force, not breached', async () => {
    await agree(plan('2025-03-01', ['2025-06-30', 600_000]))
    const { contributions, score, level } = await county.read(`/contracts/${contractId}/risk`)
    expect([score, level]).toEqual([14, 'blue'])
    expect(contributions).toContainEqual({
      factor: 'plan_kept',
      points: -10,
      fact: '还款计划在执行,未违约',
    })
  })

  it('a contract that owes nothing earns nothing by a plan', async () => {
    await agree(plan('2025-03-01', ['2025-06-30', 600_000]))
    await pay(600_000, '2025-03-03')
    expect(await pointsOf()).toEqual({})
  })

  it('a payment taken back breaks the plan that it kept', async () => {
    await agree(plan('2025-01-10', ['2025-02-10', 1000], ['2025-06-30', 1000]))
    await pay(999, '2025-02-15')
    expect(await pointsOf()).toEqual(PARTLY_PAID)
    const last = await pay(1, '2025-02-15')
    expect(await pointsOf()).toEqual({ ...PARTLY_PAID, plan_kept: -10 })
    await county.record(`/payments/${last.id}/reversal`, { reason: '退回' })
    expect(await pointsOf()).toEqual(PARTLY_PAID)
    await pay(1, '2025-02-16')
    expect(await pointsOf()).toEqual(PARTLY_PAID)
  })

  it('is broken by the passing of time, as the first night after its tolerance says', async () => {
    await agree(plan('2025-03-01', ['2025-03-10', 1000], ['2025-09-30', 1000]))
    county.clockOf.goTo('2025-03-15')
    await county.night('2025-03-15')
    expect(await pointsOf()).toEqual(KEPT)
    county.clockOf.goTo('2025-03-16')
    await county.night('2025-03-16')
    expect(await pointsOf()).toEqual(BASE)
    const { changes } = await county.read(`/contracts/${contractId}/risk`)
    expect(changes).toEqual([{ factor: 'plan_kept', from: -10, to: 0, since: '2025-03-16' }])
    expect(await pointsOf('?asOf=2025-03-15')).toEqual(KEPT)
  })

  it('after a breach the next one earns when its first instalment is paid', async () => {
    await agree(plan('2025-01-10', ['2025-02-10', 1000]))
    await agree(plan('2025-02-20', ['2025-04-10', 500], ['2025-05-10', 500]))
    expect(await pointsOf()).toEqual(BASE)
    await pay(499, '2025-03-03')
    expect(await pointsOf()).toEqual(PARTLY_PAID)
    await pay(1, '2025-03-03')
    expect(await pointsOf()).toEqual({ ...PARTLY_PAID, plan_kept: -10 })
    expect(await pointsOf('?asOf=2025-03-02')).toEqual(BASE)
  })

  it('of two of one day the last recorded counts', async () => {
    await agree(plan('2025-02-01', ['2025-02-05', 1000]))
    const { id } = await agree(plan('2025-02-01', ['2025-06-30', 1000]))
    expect(await pointsOf()).toEqual(KEPT)
    await county.withdraw('plans', id)
    expect(await pointsOf()).toEqual(BASE)
    await agree(plan('2025-01-31', ['2025-06-30', 1000]))
    expect(await pointsOf()).toEqual(BASE)
  })

  it('is known only from the instant at which it was recorded', async () => {
    const { recordedAt } = await agree(plan('2025-02-01', ['2025-06-30', 1000]))
    const before = new Date(Date.parse(recordedAt) - 1).toISOString()
    expect(await pointsOf(`?asOf=2025-03-03&knownAt=${before}`)).toEqual(BASE)
    expect(await pointsOf(`?asOf=2025-03-03&knownAt=${recordedAt}`)).toEqual(KEPT)
    expect(await pointsOf('?asOf=2025-01-31')).toEqual(BASE)
  })

  it('has the tolerance of the policy in force', async () => {
    await agree(plan('2025-01-10', ['2025-02-25', 1000], ['2025-09-30', 1000]))
    expect(await pointsOf()).toEqual(BASE)
    const { items } = await county.read('/policies')
    const { version: _version, ...policy } = items[0]
    const planKept = { points: -4, planToleranceDays: 6 }
    await county.put('/policies/2025-x', { ...policy, planKept, effectiveOn: '2025-03-03' })
    expect(await pointsOf('?asOf=2025-03-03')).toEqual({ ...BASE, plan_kept: -4 })
    const { items: plans } = await county.read(`/contracts/${contractId}/repayment-plans`)
    expect(plans[0].onDay).toMatchObject({ state: 'kept', untilOn: '2025-10-06' })
  })

  it('demands and mediations move no score', async () => {
    const demand = { deliveredOn: '2025-03-01', manner: '邮寄', evidence: '回执' }
    await county.record(`/contracts/${contractId}/demands`, demand)
    const mediation = { requestedOn: '2025-03-02', institution: '镇调解委员会' }
    await county.record(`/contracts/${contractId}/mediations`, mediation)
    expect(await pointsOf()).toEqual(BASE)
  })
})
