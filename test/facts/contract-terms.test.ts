import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { scheduleOf } from '../../src/contracts/schedule-of.ts'
import { contractBody, openTestCounty, type TestCounty } from '../support/test-county.ts'

interface Instalment {
  rentYear: number
  periodEnd: string
  dueOn: string
  amountFen: number
}

let county: TestCounty
let operatorId: string
beforeAll(async () => {
  county = await openTestCounty('2025-03-03')
  operatorId = (await county.operator()).id
})
afterAll(() => county.close())

const dues = async (contractId: string, query = '') => {
  const standing = await county.read(`/contracts/${contractId}/standing${query}`)
  return standing.instalments.map(({ dueOn, amountFen }: Instalment) => [dueOn, amountFen])
}

describe('a contract with what is required and nothing more', () => {
  it('is annual, at rates of 0, without deposit and not insured', async () => {
    const least = {
      operatorId,
      villageCode: '519901101201',
      lessor: { kind: 'household' },
      landUse: 'other',
      startOn: '2023-06-01',
      endOn: '2026-05-31',
      rent: { lines: [{ areaMu: 0.01 }] },
    }
    const contract = await county.record('/contracts', least)
    expect(contract).toMatchObject({
      ...least,
      rent: { lines: [{ areaMu: 0.01 }], frequency: 'annual' },
      riskDepositFen: 0,
      insured: false,
      penaltyPer10kPerDay: 0,
    })
    for (const absent of ['contractNo', 'signedOn', 'toleranceDays'])
      expect(contract).not.toHaveProperty(absent)
    expect(contract.lessor).toEqual({ kind: 'household' })
    expect(await dues(contract.id)).toEqual([
      ['2024-05-31', 0],
      ['2025-05-31', 0],
      ['2026-05-31', 0],
    ])
  })

  it('owes nothing, and is of no level', async () => {
    const { id } = await county.contract(operatorId, { rent: { lines: [{ areaMu: 5 }] } })
    expect(await county.read(`/contracts/${id}/standing`)).toMatchObject({
      dueFen: 0,
      paidFen: 0,
      arrearsFen: 0,
      creditFen: 0,
      oldestUnpaidDueOn: null,
      daysOverdue: 0,
      unpaidYears: 0,
      partialYears: 0,
      yearsOwed: 0,
      arrearsClass: 'none',
    })
    expect(await county.read(`/contracts/${id}/risk`)).toMatchObject({ score: 0, level: 'none' })
  })

  it('takes a null for a field that has nothing in it', async () => {
    const contract = await county.contract(operatorId, {
      contractNo: null,
      signedOn: null,
      lessor: { kind: 'household', name: null, households: null },
    })
    expect(contract).not.toHaveProperty('contractNo')
    expect(contract.lessor).toEqual({ kind: 'household' })
  })
})

describe('an amendment', () => {
  const REDUCED = { lines: [{ areaMu: 10, fenPerMu: 50_000 }], firstDueOn: '2024-06-30' }

  it('of the rent rules from the first period on or after its day, the periods before stay', async () => {
    const { id } = await county.contract(operatorId)
    await county.record(`/contracts/${id}/amendments`, {
      effectiveOn: '2023-02-01',
      reason: '协商下调',
      rent: REDUCED,
    })
    expect((await dues(id)).slice(3, 6)).toEqual([
      ['2023-12-31', 600_000],
      ['2024-06-30', 500_000],
      ['2025-06-30', 500_000],
    ])
  })

  it('of the end adds or takes off periods at the end of the term', async () => {
    const { id } = await county.contract(operatorId)
    await county.record(`/contracts/${id}/amendments`, {
      effectiveOn: '2024-01-01',
      reason: '缩短',
      endOn: '2025-06-30',
    })
    const all = await dues(id)
    // 181 of 365 days
    expect(all.slice(4)).toEqual([
      ['2024-12-31', 600_000],
      ['2025-12-31', 297_534],
    ])
  })

  it('may change how often rent is paid from the first day of a rent year', async () => {
    const { id } = await county.contract(operatorId)
    await county.record(`/contracts/${id}/amendments`, {
      effectiveOn: '2024-01-01',
      reason: '改为半年付',
      rent: {
        lines: [{ areaMu: 10, fenPerMu: 60_000 }],
        frequency: 'semiannual',
        firstDueOn: '2024-06-30',
      },
    })
    expect((await dues(id)).slice(3, 7)).toEqual([
      ['2023-12-31', 600_000],
      ['2024-06-30', 300_000],
      ['2024-12-30', 300_000],
      ['2025-06-30', 300_000],
    ])
  })

  it('of two on one day the one recorded last rules; withdrawn, the other rules again', async () => {
    const { id } = await county.contract(operatorId)
    const amend = (fenPerMu: number) =>
      county.record(`/contracts/${id}/amendments`, {
        effectiveOn: '2024-01-01',
        reason: '协商',
        rent: { lines: [{ areaMu: 10, fenPerMu }], firstDueOn: '2024-12-31' },
      })
    const first = await amend(40_000)
    const second = await amend(50_000)
    expect((await dues(id))[4]).toEqual(['2024-12-31', 500_000])
    await county.correct('amendments', first.id, {
      effectiveOn: '2024-01-01',
      reason: '协商',
      rent: { lines: [{ areaMu: 10, fenPerMu: 30_000 }], firstDueOn: '2024-12-31' },
    })
    expect((await dues(id))[4]).toEqual(['2024-12-31', 500_000])
    await county.withdraw('amendments', second.id)
    expect((await dues(id))[4]).toEqual(['2024-12-31', 300_000])
    expect((await dues(id, `?knownAt=${first.recordedAt}`))[4]).toEqual(['2024-12-31', 400_000])
    expect((await dues(id, `?knownAt=${second.recordedAt}`))[4]).toEqual(['2024-12-31', 500_000])
  })
})

describe('an end', () => {
  it('costs the days up to it, and what was owed stays owed', async () => {
    const { id } = await county.contract(operatorId)
    await county.record(`/contracts/${id}/end`, { endedOn: '2023-06-30', reason: '退地' })
    expect(await dues(id)).toEqual([
      ['2020-12-31', 600_000],
      ['2021-12-31', 600_000],
      ['2022-12-31', 600_000],
      ['2023-12-31', 297_534],
    ])
    expect(await county.read(`/contracts/${id}/standing`)).toMatchObject({
      arrearsFen: 2_097_534,
      yearsOwed: 3,
    })
  })

  it('without a first due day lets the cut period fall due on the last day', async () => {
    const { id } = await county.contract(operatorId, {
      rent: { lines: [{ areaMu: 10, fenPerMu: 60_000 }] },
    })
    await county.record(`/contracts/${id}/end`, { endedOn: '2020-06-30', reason: '退地' })
    // 182 of 366 days
    expect(await dues(id)).toEqual([['2020-06-30', 298_361]])
  })

  it('takes payments after it, and keeps the credit', async () => {
    const { id } = await county.contract(operatorId)
    await county.record(`/contracts/${id}/end`, { endedOn: '2020-12-31', reason: '退地' })
    const payment = { amountFen: 600_001, paidOn: '2025-03-03', receiptNo: '1' }
    await county.record(`/contracts/${id}/payments`, payment)
    expect(await county.read(`/contracts/${id}/standing`)).toMatchObject({
      arrearsFen: 0,
      creditFen: 1,
    })
  })

  it('lets a designation to a vanished period lapse: the money goes to the oldest', async () => {
    const { id } = await county.contract(operatorId)
    const designated = { amountFen: 600_000, paidOn: '2025-01-02', designatedDueOn: '2024-12-31' }
    await county.record(`/contracts/${id}/payments`, designated)
    const end = await county.record(`/contracts/${id}/end`, {
      endedOn: '2021-12-31',
      reason: '退地',
    })
    const paid = async () => {
      const { instalments } = await county.read(`/contracts/${id}/standing`)
      return instalments.slice(0, 5).map(({ paidFen }: { paidFen: number }) => paidFen)
    }
    expect(await paid()).toEqual([600_000, 0])
    await county.withdraw('ends', end.id)
    expect(await paid()).toEqual([0, 0, 0, 0, 600_000])
  })

  it('withdrawn, makes room for another one', async () => {
    const { id } = await county.contract(operatorId)
    const end = await county.record(`/contracts/${id}/end`, { endedOn: '2021-12-31', reason: '误' })
    await county.withdraw('ends', end.id)
    await county.record(`/contracts/${id}/end`, { endedOn: '2022-12-31', reason: '退地' })
    expect(await dues(id)).toHaveLength(3)
  })
})

describe('a correction of a contract', () => {
  it('changes schedule and risk at once, and moves it to another operator', async () => {
    const other = await county.operator({ name: '石桥公司', kind: 'company' })
    const { id } = await county.contract(operatorId)
    const cheaper = contractBody(other.id, {
      rent: { lines: [{ areaMu: 5, fenPerMu: 60_000 }], firstDueOn: '2024-12-31' },
      startOn: '2024-01-01',
    })
    await county.correct('contracts', id, cheaper)
    expect((await dues(id))[0]).toEqual(['2024-12-31', 300_000])
    expect(await county.read(`/contracts/${id}/risk`)).toMatchObject({ arrearsFen: 300_000 })
    const of = async (operator: string) =>
      (await county.read(`/risk/worklist?operatorId=${operator}&limit=500`)).items.map(
        ({ contractId }: { contractId: string }) => contractId,
      )
    expect(await of(other.id)).toEqual([id])
    expect(await of(operatorId)).not.toContain(id)
  })
})

describe('what terms have no schedule', () => {
  const inGrain = {
    startOn: '2020-01-01',
    endOn: '2020-12-31',
    rent: { lines: [{ areaMu: 100_000, jinPerMu: 100_000, grain: 'rice' }] },
  }
  const at = (fenPer50kg: number) => () =>
    scheduleOf(inGrain, [{ grain: 'rice', effectiveOn: '2020-01-01', fenPer50kg }])

  it.each([30_000, 10_000_000, Number.MAX_SAFE_INTEGER])('too large at %d fen', (fenPer50kg) => {
    expect(at(fenPer50kg)).toThrow(expect.objectContaining({ code: 'rent-too-large' }))
  })

  it.each([0.5, -1])('for another reason at %d fen: that is not said to be too large', (price) => {
    expect(at(price)).toThrow(RangeError)
  })

  it('is not refused below', () => {
    expect(at(10_000)()).toMatchObject([{ amountFen: 1_000_000_000_000 }])
  })
})
