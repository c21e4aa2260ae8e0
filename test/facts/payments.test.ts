import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestCounty, type TestCounty } from '../support/test-county.ts'
import { databaseKinds } from '../support/test-service.ts'

describe.each(databaseKinds)('payments on %s', (database) => {
  let county: TestCounty
  let operatorId: string
  beforeAll(async () => {
    county = await openTestCounty('2025-03-03', database)
    operatorId = (await county.operator()).id
  })
  afterAll(() => county.close())

  const openContract = async () => (await county.contract(operatorId)).id as string
  const pay = (contractId: string, over: object) =>
    county.record(`/contracts/${contractId}/payments`, {
      amountFen: 600_000,
      paidOn: '2025-01-15',
      ...over,
    })
  const standing = (contractId: string, query = '') =>
    county.read(`/contracts/${contractId}/standing${query}`)
  const lying = async (contractId: string, query = '') =>
    (await standing(contractId, query)).instalments
      .slice(0, 6)
      .map(({ paidFen }: { paidFen: number }) => paidFen)

  it('are answered and listed as they were recorded', async () => {
    const id = await openContract()
    const body = {
      amountFen: 123_456,
      paidOn: '2025-01-15',
      receiptNo: '0001203',
      designatedDueOn: '2022-12-31',
      method: '银行转账',
      note: '代付\n两笔',
    }
    const payment = await pay(id, body)
    expect(payment).toMatchObject({ ...body, contractId: id, recordedBy: 'test', warnings: [] })
    const { items, nextCursor } = await county.read(`/contracts/${id}/payments`)
    expect(items).toMatchObject([{ ...body, id: payment.id }])
    expect(items[0]).not.toHaveProperty('reversal')
    expect(nextCursor).toBeNull()
  })

  it('without a receipt number are kept, with a warning', async () => {
    const payment = await pay(await openContract(), {})
    expect(payment).not.toHaveProperty('receiptNo')
    expect(payment.warnings).toMatchObject([{ code: 'receipt-no-missing', field: 'receiptNo' }])
  })

  it('of today are accepted, and count today', async () => {
    const id = await openContract()
    await pay(id, { paidOn: '2025-03-03' })
    expect(await lying(id)).toEqual([600_000, 0, 0, 0, 0, 0])
    expect(await lying(id, '?asOf=2025-03-02')).toEqual([0, 0, 0, 0, 0, 0])
  })

  it('go to the oldest unpaid instalment, one fen short of two years is not two', async () => {
    const id = await openContract()
    await pay(id, { amountFen: 1_199_999 })
    expect(await lying(id)).toEqual([600_000, 599_999, 0, 0, 0, 0])
    expect(await standing(id)).toMatchObject({
      arrearsFen: 1_800_001,
      oldestUnpaidDueOn: '2021-12-31',
      unpaidYears: 3,
      partialYears: 1,
      yearsOwed: 3,
    })
  })

  it('lie on the instalment that the debtor named, the rest on the oldest', async () => {
    const id = await openContract()
    await pay(id, { amountFen: 700_000, designatedDueOn: '2023-12-31' })
    expect(await lying(id)).toEqual([100_000, 0, 0, 600_000, 0, 0])
  })

  it('may name an instalment that is not yet due', async () => {
    const id = await openContract()
    await pay(id, { designatedDueOn: '2025-12-31' })
    expect(await lying(id)).toEqual([0, 0, 0, 0, 0, 600_000])
    expect(await standing(id)).toMatchObject({ creditFen: 600_000, arrearsFen: 3_000_000 })
  })

  it('count in the order of the days they were paid, whichever was recorded first', async () => {
    const [one, other] = [await openContract(), await openContract()]
    const early = { amountFen: 600_000, paidOn: '2024-05-01' }
    const late = { amountFen: 600_000, paidOn: '2024-06-01', designatedDueOn: '2020-12-31' }
    for (const payment of [early, late]) await pay(one, payment)
    for (const payment of [late, early]) await pay(other, payment)
    expect(await lying(one)).toEqual([600_000, 600_000, 0, 0, 0, 0])
    expect(await lying(other)).toEqual(await lying(one))
  })

  it('past the whole rent are credit', async () => {
    const id = await openContract()
    await pay(id, { amountFen: 10_000_000 })
    expect(await standing(id)).toMatchObject({ arrearsFen: 0, creditFen: 7_000_000 })
  })

  describe('a reversal', () => {
    it('is a fact of its own: the payment stays listed, with it', async () => {
      const id = await openContract()
      const payment = await pay(id, { receiptNo: 'R-1' })
      const reversal = await county.record(`/payments/${payment.id}/reversal`, {
        reason: '记错账户',
      })
      expect(reversal).toMatchObject({
        paymentId: payment.id,
        reason: '记错账户',
        recordedBy: 'test',
        warnings: [],
      })
      expect(reversal.id).not.toBe(payment.id)
      const { items } = await county.read(`/contracts/${id}/payments`)
      const { paymentId: _, warnings: _warnings, ...shown } = reversal
      expect(Object.keys(shown).sort()).toEqual(['id', 'reason', 'recordedAt', 'recordedBy'])
      expect(items).toMatchObject([{ id: payment.id, amountFen: 600_000, reversal: shown }])
    })

    it('takes the money off again, and stays unknown before it was recorded', async () => {
      const id = await openContract()
      const payment = await pay(id, {})
      const reversal = await county.record(`/payments/${payment.id}/reversal`, { reason: '退回' })
      expect(await lying(id)).toEqual([0, 0, 0, 0, 0, 0])
      expect(await lying(id, `?knownAt=${payment.recordedAt}`)).toEqual([600_000, 0, 0, 0, 0, 0])
      expect(await lying(id, `?knownAt=${reversal.recordedAt}`)).toEqual([0, 0, 0, 0, 0, 0])
    })

    it('frees the receipt number, and only on its own contract it was taken', async () => {
      const [id, other] = [await openContract(), await openContract()]
      const payment = await pay(id, { receiptNo: 'R-2' })
      await pay(other, { receiptNo: 'R-2' })
      const path = `/contracts/${id}/payments`
      const again = { amountFen: 1, paidOn: '2025-01-16', receiptNo: 'R-2' }
      const refused = await county.send('POST', path, again)
      expect([refused.status, refused.body.code]).toEqual([409, 'receipt-already-recorded'])
      expect(refused.body.errors[0].field).toBe('receiptNo')
      await county.record(`/payments/${payment.id}/reversal`, { reason: '重复录入' })
      await county.record(path, again)
      expect((await county.send('POST', path, again)).status).toBe(409)
    })

    it('frees the designation: the terms may be amended then', async () => {
      const id = await openContract()
      const payment = await pay(id, { designatedDueOn: '2024-12-31' })
      const amendment = {
        effectiveOn: '2024-01-01',
        reason: '改付款日',
        rent: { lines: [{ areaMu: 10, fenPerMu: 60_000 }], firstDueOn: '2024-06-30' },
      }
      const refused = await county.send('POST', `/contracts/${id}/amendments`, amendment)
      expect([refused.status, refused.body.code]).toEqual([422, 'payments-stranded'])
      await county.record(`/payments/${payment.id}/reversal`, { reason: '重录' })
      await county.record(`/contracts/${id}/amendments`, amendment)
    })
  })

  it('are listed page by page in the order of recording, reversed ones too', async () => {
    const id = await openContract()
    const recorded: string[] = []
    for (let n = 1; n <= 5; n++) recorded.push((await pay(id, { receiptNo: `P-${n}` })).id)
    await county.record(`/payments/${recorded[2]}/reversal`, { reason: '误' })
    const found: string[] = []
    let from = ''
    do {
      const page = await county.read(`/contracts/${id}/payments?limit=2${from}`)
      found.push(...page.items.map((payment: { id: string }) => payment.id))
      from = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`
    } while (from)
    expect(found).toEqual(recorded)
  })
})
