/** What nights find beside the cases, each of it once: rent due, promises broken, subsidies, silence. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  contractBody,
  openTestCounty,
  type TestCounty,
  TOWNSHIP,
  VILLAGE,
} from '../support/test-county.ts'

let county: TestCounty
let operatorId: string
let contractId: string
beforeEach(async () => {
  county = await openTestCounty('2024-11-30')
  operatorId = (await county.operator()).id
  contractId = (await county.contract(operatorId)).id
})
afterEach(() => county.close())

const nightOf = async (day: string) => {
  county.clockOf.goTo(day)
  await county.night(day)
}
const found = async (kind: string) => {
  const { nightFindings = [] } = await county.rows('nightFindings')
  return nightFindings
    .filter((finding) => finding.kind === kind)
    .map(({ asOf, regionCode, contractId, day, amountFen }) => {
      return { asOf, regionCode, contractId, day, amountFen }
    })
}

describe('rent due at an operator with a flagged contract', () => {
  const due = { regionCode: VILLAGE, day: '2024-12-31', amountFen: 600_000 }

  it('is found once, 30 days before', async () => {
    await nightOf('2024-11-30')
    expect(await found('rent_due')).toEqual([])
    await nightOf('2024-12-01')
    for (const day of ['2024-12-02', '2024-12-31', '2025-01-01']) await nightOf(day)
    expect(await found('rent_due')).toEqual([{ ...due, contractId, asOf: '2024-12-01' }])
  })

  it('is what is not paid in advance, of contracts below the threshold too', async () => {
    const { id: paid } = await county.contract(operatorId, { contractNo: '2020-0002' })
    const { id: ahead } = await county.contract(operatorId, { contractNo: '2020-0003' })
    const pay = (id: string, amountFen: number) =>
      county.record(`/contracts/${id}/payments`, { amountFen, paidOn: '2024-11-30' })
    await pay(paid, 2_400_000 + 100_000)
    await pay(ahead, 3_000_000)
    await nightOf('2024-12-01')
    const amounts = (await found('rent_due')).map((one) => [one.contractId, one.amountFen])
    expect(amounts).toHaveLength(2)
    expect(amounts).toContainEqual([paid, 500_000])
    expect(amounts).toContainEqual([contractId, 600_000])
  })

  it('is what is open of the instalment itself, where payments were designated', async () => {
    const pay = (id: string, amountFen: number, over: object = {}) =>
      county.record(`/contracts/${id}/payments`, { amountFen, paidOn: '2024-11-30', ...over })
    const numbered = async (contractNo: string) =>
      (await county.contract(operatorId, { contractNo })).id as string
    const [half, later, reversed] = [
      await numbered('二'),
      await numbered('三'),
      await numbered('四'),
    ]
    // Two years behind, and the whole of what falls due next was paid.
    await pay(contractId, 1_200_000)
    await pay(contractId, 600_000, { designatedDueOn: '2024-12-31' })
    await pay(half, 300_000, { designatedDueOn: '2024-12-31' })
    // By the sums all is paid, by what was named the instalment of this year is open.
    await pay(later, 3_000_000, { designatedDueOn: '2025-12-31' })
    await pay(later, 100_000, { designatedDueOn: '2025-12-31' })
    const { id } = await pay(reversed, 600_000, { designatedDueOn: '2024-12-31' })
    await county.record(`/payments/${id}/reversal`, { reason: '误' })
    await nightOf('2024-12-01')
    const open = async (id: string) =>
      (await county.read(`/contracts/${id}/standing?asOf=2024-12-01`)).instalments
        .filter(({ dueOn }: { dueOn: string }) => dueOn === '2024-12-31')
        .map((one: { amountFen: number; paidFen: number }) => one.amountFen - one.paidFen)
    const amounts = new Map((await found('rent_due')).map((one) => [one.contractId, one.amountFen]))
    expect(amounts).toEqual(
      new Map([
        [half, 300_000],
        [later, 500_000],
        [reversed, 600_000],
      ]),
    )
    expect(await open(contractId)).toEqual([0])
    for (const [id, amountFen] of amounts) expect(await open(id)).toEqual([amountFen])
  })

  it('is nothing of a contract that went to an operator without one', async () => {
    const other = (await county.operator({ name: '乙公司', kind: 'company' })).id
    const terms = { startOn: '2024-01-01', rent: { lines: [{ areaMu: 10, fenPerMu: 60_000 }] } }
    const { id } = await county.contract(operatorId, terms)
    await county.correct('contracts', id, contractBody(other, terms))
    await nightOf('2024-12-01')
    expect(await found('rent_due')).toEqual([{ ...due, contractId, asOf: '2024-12-01' }])
    await county.correct('contracts', id, contractBody(operatorId, terms))
    await nightOf('2024-12-02')
    expect(await found('rent_due')).toContainEqual({ ...due, contractId: id, asOf: '2024-12-02' })
  })

  it('is one sum where several instalments fall due on one day', async () => {
    const half = { lines: [{ areaMu: 10, fenPerMu: 60_000 }], frequency: 'semiannual' }
    const { id } = await county.contract(operatorId, { contractNo: '2020-0002', rent: half })
    await nightOf('2024-12-01')
    expect(await found('rent_due')).toContainEqual({ ...due, contractId: id, asOf: '2024-12-01' })
  })
})

it('a late subsidy is found once, and again when its day is put off or a claim is recognised', async () => {
  const late = { operatorId, programme: '标准园', year: 2023, standing: 'claimed' }
  const body = { ...late, amountFen: 500_000, payableOn: '2024-11-30' }
  const { id } = await county.record('/subsidies', body)
  await nightOf('2024-11-30')
  expect(await found('late_subsidy')).toEqual([])
  await nightOf('2024-12-01')
  await nightOf('2024-12-02')
  expect(await found('late_subsidy')).toHaveLength(1)
  const stage = { stage: '认定', occurredOn: '2024-12-02', standing: 'recognised' }
  await county.record(`/subsidies/${id}/stages`, stage)
  await nightOf('2024-12-03')
  expect((await found('late_subsidy')).map(({ asOf }) => asOf).sort()).toEqual([
    '2024-12-01',
    '2024-12-03',
  ])
})

it('a silent township is found once, and again after it reported and fell silent anew', async () => {
  await county.record(`/contracts/${contractId}/payments`, {
    amountFen: 1,
    paidOn: '2024-11-30',
  })
  await nightOf('2025-01-14')
  expect(await found('stale_township')).toEqual([])
  await nightOf('2025-01-15')
  await nightOf('2025-01-16')
  await county.record(`/contracts/${contractId}/payments`, { amountFen: 1, paidOn: '2025-01-16' })
  await nightOf('2025-03-02')
  await nightOf('2025-03-03')
  const silences = (await found('stale_township')).map(({ asOf, day }) => [asOf, day])
  expect(silences.sort()).toEqual([
    ['2025-01-15', '2024-11-30'],
    ['2025-03-03', '2025-01-16'],
  ])
  expect((await found('stale_township'))[0]).toMatchObject({ regionCode: TOWNSHIP })
})

it('a broken promise is found once, where no case is open too', async () => {
  await county.record(`/contracts/${contractId}/payments`, {
    amountFen: 2_300_000,
    paidOn: '2024-11-29',
  })
  await county.record(`/contracts/${contractId}/repayment-plans`, {
    agreedOn: '2024-11-30',
    instalments: [{ dueOn: '2024-12-05', amountFen: 100_000 }],
    evidence: '还款协议',
  })
  for (const day of ['2024-12-10', '2024-12-11', '2024-12-12']) await nightOf(day)
  expect(await county.read('/cases')).toMatchObject({ items: [] })
  expect(await found('promise_broken')).toMatchObject([
    { asOf: '2024-12-11', day: '2024-12-11', contractId },
  ])
})
