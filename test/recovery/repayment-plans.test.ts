/** How a repayment plan is shown, corrected under either name, and read for many contracts. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ALL_KNOWN } from '../../src/facts/fact-store.ts'
import { planStandingsOf } from '../../src/recovery/plan-standings.ts'
import { NOBODY, openTestCounty, type TestCounty } from '../support/test-county.ts'
import { databaseKinds } from '../support/test-service.ts'

describe.each(databaseKinds)('on %s', (database) => {
  let county: TestCounty
  let contractId: string
  beforeAll(async () => {
    county = await openTestCounty('2025-03-03', database)
  })
  beforeEach(async () => {
    contractId = (await county.contract((await county.operator()).id)).id
  })
  afterAll(() => county.close())

  const BODY = {
    agreedOn: '2025-01-10',
    instalments: [
      { dueOn: '2025-06-30', amountFen: 700 },
      { dueOn: '2025-02-10', amountFen: 300 },
    ],
    evidence: '还款协议',
  }
  const agree = (body: object = BODY, id = contractId) =>
    county.record(`/contracts/${id}/repayment-plans`, body)
  const pay = (amountFen: number, paidOn: string, id = contractId) =>
    county.record(`/contracts/${id}/payments`, { amountFen, paidOn })

  it('is shown with where it stands today, one by one and in the list', async () => {
    const { id } = await agree()
    const breached = {
      asOf: '2025-03-03',
      agreedOn: '2025-01-10',
      lastDueOn: '2025-06-30',
      untilOn: '2025-07-05',
      state: 'breached',
      stateName: '未按期履行',
      inForce: true,
      breachedOn: '2025-02-16',
      paidFen: 0,
      sumFen: 1000,
      dueSoFarFen: 300,
      nextDueOn: '2025-02-10',
      earns: false,
    }
    expect(await county.read(`/repayment-plans/${id}`)).toMatchObject({ ...BODY, onDay: breached })
    const { recordedAt } = await pay(300, '2025-02-15')
    const kept = { state: 'kept', stateName: '履行中', breachedOn: null, earns: true }
    const onDay = { ...breached, ...kept, paidFen: 300, nextDueOn: '2025-06-30' }
    expect((await county.read(`/plans/${id}`)).onDay).toEqual(onDay)
    const second = await agree({ ...BODY, agreedOn: '2025-03-03' }).catch((error) => error)
    expect(String(second)).toMatch(/422.*plan-day-in-past/)
    const { items } = await county.read(`/contracts/${contractId}/repayment-plans`)
    expect(items).toMatchObject([{ id, contractId, onDay }])
    const before = new Date(Date.parse(recordedAt) - 1).toISOString()
    expect((await county.read(`/plans/${id}?knownAt=${before}`)).onDay).toEqual(breached)
  })

  it('is shown as superseded beside the one that followed it, page by page too', async () => {
    const first = await agree()
    const other = await agree({
      agreedOn: '2025-02-15',
      instalments: [{ dueOn: '2025-05-31', amountFen: 1000 }],
      evidence: '补充协议',
    })
    const path = `/contracts/${contractId}/repayment-plans`
    const { items, nextCursor } = await county.read(`${path}?limit=1`)
    const rest = await county.read(`${path}?limit=1&cursor=${nextCursor}`)
    expect([...items, ...rest.items]).toMatchObject([
      { id: first.id, onDay: { state: 'superseded', stateName: '已另订计划', inForce: false } },
      { id: other.id, onDay: { state: 'kept', inForce: true, earns: true } },
    ])
    expect(rest.nextCursor).toBeNull()
  })

  it('has one history under both names, and a key for each path', async () => {
    const { id } = await agree()
    const fact = { ...BODY, evidence: '还款协议(补正)' }
    const correction = { reason: '补正', fact }
    const send = (facts: string, body: object) =>
      county.send('POST', `/${facts}/${id}/correction`, body, { 'idempotency-key': `k-${id}` })
    const better = await send('plans', correction)
    expect([better.status, better.body.version]).toEqual([201, 2])
    expect((await send('plans', correction)).body).toEqual(better.body)
    expect((await send('plans', { ...correction, reason: '又' })).status).toBe(409)
    expect((await send('repayment-plans', correction)).body.version).toBe(3)
    expect(await county.read(`/plans/${id}`)).toEqual(await county.read(`/repayment-plans/${id}`))
    await county.withdraw('plans', id)
    const again = await county.send('POST', `/repayment-plans/${id}/withdrawal`, { reason: '撤' })
    expect([again.status, again.body.code]).toEqual([409, 'fact-withdrawn'])
  })

  it('is refused the same in a correction, and stays as it was', async () => {
    const { id } = await agree()
    const before = await county.rows()
    const fact = { ...BODY, instalments: [{ dueOn: '2025-01-09', amountFen: 1 }] }
    const { status, body } = await county.send('POST', `/plans/${id}/correction`, {
      reason: '改',
      fact,
    })
    expect([status, body.code]).toEqual([422, 'plan-day-in-past'])
    expect(body.errors).toMatchObject([{ field: 'instalments[0].dueOn' }])
    expect(await county.rows()).toEqual(before)
  })

  it('may have 120 instalments, on the day it is agreed, of a thousand million yuan', async () => {
    const instalments = Array.from({ length: 119 }, () => ({ dueOn: '2025-01-10', amountFen: 1 }))
    const rest = { dueOn: '2199-12-31', amountFen: 100_000_000_000 - 119 }
    const { id } = await agree({ ...BODY, instalments: [...instalments, rest] })
    expect((await county.read(`/plans/${id}`)).onDay).toMatchObject({
      sumFen: 100_000_000_000,
      dueSoFarFen: 119,
      untilOn: '2200-01-05',
    })
  })

  it('standings of many contracts leave out those without a plan, withdrawn and unknown ones', async () => {
    const operatorId = (await county.operator()).id
    const [none, gone, with2] = [
      (await county.contract(operatorId)).id,
      (await county.contract(operatorId)).id,
      (await county.contract(operatorId)).id,
    ]
    await pay(5, '2025-02-01', none)
    await county.withdraw('plans', (await agree(BODY, gone)).id)
    await agree({ ...BODY, agreedOn: '2025-02-01' }, with2)
    await agree(BODY, with2)
    await pay(5, '2025-02-01', with2)
    const { id: planId } = await agree()
    const many = Array.from({ length: 2100 }, () => NOBODY)
    const ids = [none, ...many, with2, gone, contractId]
    const at = { asOf: '2025-02-16', knownAt: ALL_KNOWN }
    const found = await planStandingsOf(county.db.read, ids, at, 5)
    expect([...found.keys()].sort()).toEqual([with2, contractId].sort())
    expect(found.get(contractId)).toMatchObject([{ planId, state: 'breached' }])
    expect(found.get(with2)).toMatchObject([
      { agreedOn: '2025-01-10', state: 'superseded', paidFen: 0 },
      { agreedOn: '2025-02-01', state: 'breached', paidFen: 5 },
    ])
    const earlier = await planStandingsOf(county.db.read, ids, { ...at, asOf: '2025-01-09' }, 5)
    expect(earlier.get(contractId)).toMatchObject([{ state: 'agreed_later' }])
    const unknown = { ...at, knownAt: '2020-01-01T00:00:00.000Z' }
    expect((await planStandingsOf(county.db.read, ids, unknown, 5)).size).toBe(0)
  })
})
