/** The night takes what is owed from the stored risks only as long as that still holds. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contractBody, openTestCounty, type TestCounty } from '../support/test-county.ts'

const YEAR_FEN = 600_000

describe('what is owed', () => {
  let county: TestCounty
  let contractId: string
  beforeEach(async () => {
    county = await openTestCounty('2021-12-20')
    contractId = (await county.contract((await county.operator()).id)).id
    await pay(YEAR_FEN, '2021-12-20')
  })
  afterEach(() => county.close())

  const pay = (amountFen: number, paidOn: string) =>
    county.record(`/contracts/${contractId}/payments`, { amountFen, paidOn })
  async function storedOn(day: string) {
    county.clockOf.goTo(day)
    const run = await county.night(day)
    const { risks = [] } = await county.rows('risks')
    const { arrearsFen, unpaidYears, oldestUnpaidDueOn, owedUntil } = risks[0]
    return [run.counts.byLevel.none, arrearsFen, unpaidYears, oldestUnpaidDueOn, owedUntil]
  }

  it('an instalment that falls due is owed from the day after', async () => {
    expect(await storedOn('2021-12-30')).toEqual([1, 0, 0, null, '2021-12-30'])
    expect(await storedOn('2021-12-31')).toEqual([1, 0, 0, null, '2021-12-31'])
    const owed = [0, YEAR_FEN, 1, '2021-12-31', '2022-12-30']
    expect(await storedOn('2022-01-01')).toEqual(owed)
    expect(await storedOn('2022-06-30')).toEqual(owed)
    expect((await storedOn('2023-01-01')).slice(0, 4)).toEqual([0, 2 * YEAR_FEN, 2, '2021-12-31'])
  })

  it('a payment, its reversal, and another schedule count in the next night', async () => {
    await storedOn('2022-01-01')
    const { id } = await pay(YEAR_FEN, '2022-01-01')
    expect((await storedOn('2022-01-02'))[1]).toBe(0)
    await county.record(`/payments/${id}/reversal`, { reason: '收据作废' })
    expect((await storedOn('2022-01-03'))[1]).toBe(YEAR_FEN)
    const { operatorId } = await county.read(`/contracts/${contractId}`)
    const rent = { lines: [{ areaMu: 5, fenPerMu: 60_000 }], firstDueOn: '2020-12-31' }
    await county.correct('contracts', contractId, contractBody(operatorId, { rent }))
    expect((await storedOn('2022-01-04'))[1]).toBe(0)
  })

  it('a night for a past day does not take later payments for the days between', async () => {
    county.clockOf.goTo('2022-03-10')
    await pay(YEAR_FEN, '2022-03-05')
    await county.night('2022-03-01')
    const { risks = [] } = await county.rows('risks')
    expect(risks[0]).toMatchObject({ arrearsFen: YEAR_FEN, owedUntil: '2022-03-04' })
    expect(await storedOn('2022-03-10')).toEqual([1, 0, 0, null, '2022-12-30'])
  })
})
