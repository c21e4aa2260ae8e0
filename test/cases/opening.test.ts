/** What a night does with the ledger of risks: opens, grades, proposes to settle. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { POLICY_2026_1 } from '../../src/domain/policy-2026-1.ts'
import { OTHER_VILLAGE, openTestCounty, type TestCounty, TOWNSHIP } from '../support/test-county.ts'

let county: TestCounty
afterEach(() => county.close())
/** Ten mu at 600 yuan: one year is 600,000 fen. */
const paying = (years: number) => ({ amountFen: years * 600_000, paidOn: '2024-06-30' })

beforeEach(async () => {
  county = await openTestCounty('2024-12-30')
})

it('one case is opened for each operator and township with a flagged contract', async () => {
  const { id: operatorId } = await county.operator()
  await county.contract(operatorId)
  await county.contract(operatorId, { contractNo: '2020-0002' })
  await county.contract(operatorId, { contractNo: '2020-0003', villageCode: OTHER_VILLAGE })
  const { id: quiet } = await county.operator({ name: '付清合作社' })
  const { id: paid } = await county.contract(quiet)
  await county.record(`/contracts/${paid}/payments`, paying(4))
  const run = await county.night('2024-12-30')
  expect(run.counts).toMatchObject({ casesOpened: 2, casesRelapsed: 0 })
  const { asOf, items } = await county.read('/cases')
  expect(asOf).toBe('2024-12-30')
  expect(items).toMatchObject([
    {
      number: 'FX2024-0001',
      operatorId,
      operatorName: '青溪合作社',
      townshipCode: TOWNSHIP,
      state: 'unresolved',
      stateName: '未化解',
      episode: 1,
      level: 'orange',
      score: 46,
      arrearsFen: 4_800_000,
      households: 24,
      openedOn: '2024-12-30',
      deadlineOn: null,
    },
    { number: 'FX2024-0002', townshipCode: '519901102', arrearsFen: 2_400_000, households: 12 },
  ])
  const detail = await county.read(`/cases/${items[0].id}`)
  expect(detail.contracts.map((one: { contractNo: string }) => one.contractNo).sort()).toEqual([
    '2020-0001',
    '2020-0002',
  ])
  expect(detail.history).toMatchObject([
    {
      kind: 'opened',
      asOf: '2024-12-30',
      detail: { level: 'orange', contracts: 2, arrearsFen: 4_800_000 },
      recordedBy: 'service',
    },
    { kind: 'seen', recordedBy: 'test' },
  ])
})

it('running the night again changes no case', async () => {
  const { id: operatorId } = await county.operator()
  await county.contract(operatorId)
  const first = await county.night('2024-12-30')
  const before = await county.rows('cases', 'caseEvents', 'nightFindings')
  const again = await county.night('2024-12-30')
  expect(await county.rows('cases', 'caseEvents', 'nightFindings')).toEqual(before)
  expect(again.counts).toEqual(first.counts)
})

it('an open case is graded by each night and proposed to be settled, never closed', async () => {
  const { id: operatorId } = await county.operator()
  const { id: contractId } = await county.contract(operatorId)
  await county.night('2024-12-30')
  const [{ id }] = (await county.read('/cases')).items
  county.clockOf.goTo('2024-12-31')
  const seen = { condition: 'unreachable', observedOn: '2024-12-31', source: '村委会' }
  await county.record(`/operators/${operatorId}/conditions`, seen)
  await county.night('2024-12-31')
  expect(await county.read(`/cases/${id}`)).toMatchObject({ level: 'red', proposedOn: null })
  county.clockOf.goTo('2025-01-01')
  await county.record(`/operators/${operatorId}/conditions`, { ...seen, condition: 'recovered' })
  await county.record(`/contracts/${contractId}/payments`, paying(5))
  await county.night('2025-01-01')
  const settled = await county.read(`/cases/${id}`)
  expect(settled).toMatchObject({
    level: 'none',
    state: 'unresolved',
    proposedOn: '2025-01-01',
    arrearsFen: 0,
    contracts: [],
  })
  expect(settled.history.map((entry: { kind: string }) => entry.kind)).toEqual([
    'opened',
    'graded',
    'seen',
    'graded',
    'settlement_proposed',
    'seen',
  ])
  county.clockOf.goTo('2025-01-02')
  const [{ id: paymentId }] = (await county.read(`/contracts/${contractId}/payments`)).items
  await county.record(`/payments/${paymentId}/reversal`, { reason: '误录' })
  await county.night('2025-01-02')
  expect(await county.read(`/cases/${id}`)).toMatchObject({ level: 'red', proposedOn: null })
})

it('the level from which contracts belong to a case is in the policy', async () => {
  const { id: operatorId } = await county.operator()
  const { id: contractId } = await county.contract(operatorId)
  await county.record(`/contracts/${contractId}/payments`, paying(3))
  await county.night('2024-12-30')
  expect(await county.read('/cases')).toMatchObject({ items: [{ level: 'yellow' }] })
  const { id: other } = await county.operator({ name: '另一合作社' })
  const { id: second } = await county.contract(other, { contractNo: '2020-0009' })
  await county.record(`/contracts/${second}/payments`, paying(3))
  county.clockOf.goTo('2024-12-31')
  const { version: _, ...stricter } = { ...POLICY_2026_1, caseLevel: 'orange' as const }
  await county.put('/policies/2024-2', { ...stricter, effectiveOn: '2024-12-31' })
  expect((await county.night('2024-12-31')).counts.casesOpened).toBe(0)
  const { items } = await county.read('/cases')
  expect(items).toMatchObject([{ operatorId, level: 'yellow', proposedOn: '2024-12-31' }])
})

it('the night of an earlier day than one that was run leaves the ledger of risks alone', async () => {
  const { id: operatorId } = await county.operator()
  await county.night('2024-12-30')
  await county.contract(operatorId)
  const run = await county.night('2024-12-29')
  expect(run.counts).toMatchObject({ casesOpened: 0, alertsQueued: 0 })
  expect(await county.read('/cases')).toMatchObject({ items: [] })
})
