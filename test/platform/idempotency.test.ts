/** The same `Idempotency-Key` with the same body is answered again, and recorded once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addToken } from '../../src/access/token-store.ts'
import { openTestCounty, type TestCounty } from '../support/test-county.ts'
import { databaseKinds } from '../support/test-service.ts'

describe.each(databaseKinds)('on %s', (database) => {
  let county: TestCounty
  let contractId: string
  let url: string
  beforeAll(async () => {
    county = await openTestCounty('2025-03-03', database)
  })
  afterAll(() => county.close())
  const openContract = async () => {
    contractId = (await county.contract((await county.operator()).id)).id
    url = `/contracts/${contractId}/payments`
  }
  const pay = (key: string, over: object = {}) =>
    county.send(
      'POST',
      url,
      { amountFen: 5, paidOn: '2025-01-01', ...over },
      {
        'idempotency-key': key,
      },
    )
  const paidFen = async () => (await county.read(`/contracts/${contractId}/standing`)).paidFen

  it('the first answer is given again, to the letter', async () => {
    await openContract()
    const first = await pay('a')
    const second = await pay('a')
    expect([first.status, second.status]).toEqual([201, 201])
    expect(second.body).toEqual(first.body)
    expect(await paidFen()).toBe(5)
    expect((await pay('b')).body.id).not.toBe(first.body.id)
    expect(await paidFen()).toBe(10)
  })

  it('the order of the fields makes no other body', async () => {
    await openContract()
    const key = { 'idempotency-key': 'order' }
    const one = await county.record(
      url,
      { amountFen: 5, paidOn: '2025-01-01', method: '现金' },
      key,
    )
    const two = await county.record(
      url,
      { method: '现金', paidOn: '2025-01-01', amountFen: 5 },
      key,
    )
    expect(two.id).toBe(one.id)
  })

  it.each<[string, object]>([
    ['another amount', { amountFen: 6 }],
    ['one field more', { method: '现金' }],
    ['a body that is wrong besides', { amountFen: '5' }],
  ])('%s under the same key is a conflict, and nothing is recorded', async (_what, over) => {
    await openContract()
    const first = await pay('c')
    const before = await county.rows()
    const { status, body } = await pay('c', over)
    expect([status, body.code]).toEqual([409, 'idempotency-key-reused'])
    expect(body.errors).toMatchObject([{ field: 'Idempotency-Key' }])
    expect(await county.rows()).toEqual(before)
    expect((await pay('c')).body).toEqual(first.body)
  })

  it('of many at once exactly one is recorded, and all get its answer', async () => {
    await openContract()
    const replies = await Promise.all(Array.from({ length: 12 }, () => pay('many')))
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([201]))
    expect(new Set(replies.map(({ body }) => body.id)).size).toBe(1)
    expect(await paidFen()).toBe(5)
  })

  it('of many bodies at once under one key one is recorded, the others are in conflict', async () => {
    await openContract()
    const replies = await Promise.all([1, 2, 3, 4].map((amountFen) => pay('race', { amountFen })))
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409])
    const { items } = await county.read(url)
    expect(items).toHaveLength(1)
  })

  it('of many receipts at once exactly one is recorded', async () => {
    await openContract()
    const once = (key: string) => pay(key, { receiptNo: 'R' })
    const replies = await Promise.all([once('1'), once('2'), once('3')])
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409, 409])
  })

  it('a refusal is not kept: mended, the same key and body are accepted', async () => {
    await openContract()
    const first = await pay('x', { receiptNo: 'R-9' })
    const refused = await pay('later', { receiptNo: 'R-9' })
    expect(refused.status).toBe(409)
    await county.record(`/payments/${first.body.id}/reversal`, { reason: '误' })
    expect((await pay('later', { receiptNo: 'R-9' })).status).toBe(201)
  })

  it('the answer is given again although the same would now be refused', async () => {
    await openContract()
    const first = await pay('once', { receiptNo: 'R-7' })
    const again = await pay('once', { receiptNo: 'R-7' })
    expect([again.status, again.body]).toEqual([201, first.body])
    await county.withdraw('contracts', contractId)
    expect((await pay('once', { receiptNo: 'R-7' })).body).toEqual(first.body)
  })

  it('a key is a key of its route, and of its caller', async () => {
    await openContract()
    const [first, firstUrl] = [await pay('shared'), url]
    await openContract()
    expect((await pay('shared')).body.contractId).toBe(contractId)
    const token = await county.db.transaction((tx) => addToken(tx, { label: '乙', role: 'admin' }))
    url = firstUrl
    const authorization = { authorization: `Bearer ${token}`, 'idempotency-key': 'shared' }
    const other = await county.record(url, { amountFen: 5, paidOn: '2025-01-01' }, authorization)
    expect(other.id).not.toBe(first.body.id)
    expect(other.recordedBy).toBe('乙')
  })

  it.each(['', ' ', 'k'.repeat(201)])('the key "%s" is refused', async (key) => {
    await openContract()
    const { status, body } = await pay(key)
    expect([status, body.errors?.[0].field]).toEqual([400, 'idempotency-key'])
    expect(await paidFen()).toBe(0)
  })

  it('a night is answered again under its key, and runs anew without', async () => {
    const night = (asOf: string, key?: string) =>
      county.send('POST', '/risk/runs', { asOf }, key ? { 'idempotency-key': key } : {})
    const first = await night('2025-03-01', 'n')
    expect((await night('2025-03-01', 'n')).body).toEqual(first.body)
    expect((await night('2025-03-02', 'n')).status).toBe(409)
    expect((await night('2025-03-01')).body.startedAt > first.body.startedAt).toBe(true)
  })

  it('answers are kept for 90 days, and tidied up by the night after', async () => {
    await openContract()
    const first = await pay('old')
    county.clockOf.goTo('2025-06-01')
    await county.send('POST', '/risk/runs', { asOf: '2025-06-01' })
    expect((await pay('old')).body.id).toBe(first.body.id)
    county.clockOf.goTo('2025-06-02')
    await county.send('POST', '/risk/runs', { asOf: '2025-06-02' })
    expect((await pay('old')).body.id).not.toBe(first.body.id)
  })
})
