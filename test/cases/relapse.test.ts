/** When a night takes a resolved case up again, and when it lets it rest. */
import { afterEach, describe, expect, it } from 'vitest'
import { OTHER_VILLAGE, openTestCounty, type TestCounty } from '../support/test-county.ts'
import { databaseKinds } from '../support/test-service.ts'

let county: TestCounty
let operatorId: string
let contractId: string
let caseId: string
afterEach(() => county.close())

const FIXES = {
  measure: '约谈业主',
  responsibleUnit: '青溪镇人民政府',
  leadOfficial: '王镇长',
  responsiblePerson: '陈站长',
  deadlineOn: '2025-03-31',
}

/** A case with one contract four years behind (orange, 2.40 万元), resolved on 2024-12-30. */
async function resolvedCase(kind: (typeof databaseKinds)[number] = 'sqlite', plan?: object) {
  county = await openTestCounty('2024-12-30', kind)
  operatorId = (await county.operator()).id
  contractId = (await county.contract(operatorId)).id
  if (plan) await county.record(`/contracts/${contractId}/repayment-plans`, plan)
  await county.night('2024-12-30')
  caseId = (await county.read('/cases')).items[0].id
  await county.put(`/cases/${caseId}/fixes`, FIXES)
  const agreed = { outcome: 'agreed', evidence: '还款协议' }
  await county.record(`/cases/${caseId}/resolution`, agreed)
}
const nightOf = async (day: string) => {
  county.clockOf.goTo(day)
  return county.night(day)
}
interface Entry {
  kind: string
  sentence: string
  detail: Record<string, unknown>
}
const entryOf = ({ history }: { history: Entry[] }, wanted: string) => {
  const entry = history.find(({ kind }) => kind === wanted)
  if (!entry) throw new Error(`nothing was ${wanted}`)
  return entry
}
const stateNow = async () => (await county.read(`/cases/${caseId}`)).state
const pay = (amountFen: number, paidOn: string) =>
  county.record(`/contracts/${contractId}/payments`, { amountFen, paidOn })

describe.each(databaseKinds)('on %s', (kind) => {
  it('rests while nothing is worse, and relapses when another year falls due', async () => {
    await resolvedCase(kind)
    expect((await nightOf('2024-12-31')).counts).toMatchObject({ casesRelapsed: 0 })
    expect(await stateNow()).toBe('resolved')
    expect((await nightOf('2025-01-01')).counts).toMatchObject({ casesRelapsed: 1 })
    const relapsed = await county.read(`/cases/${caseId}`)
    expect(relapsed).toMatchObject({
      state: 'relapsed',
      stateName: '反弹',
      episode: 2,
      episodeOn: '2025-01-01',
      openedOn: '2024-12-30',
      level: 'red',
      measure: null,
      outcome: null,
    })
    expect(entryOf(relapsed, 'relapsed')).toMatchObject({
      kind: 'relapsed',
      episode: 2,
      sentence: '反弹:欠租由 2.40 万元增至 3.00 万元,等级由橙升为红',
      detail: {
        because: [
          {
            contractId,
            arrears: { fromFen: 2_400_000, toFen: 3_000_000 },
            level: { from: 'orange', to: 'red' },
          },
        ],
      },
    })
    expect(entryOf(relapsed, 'graded')).toMatchObject({ detail: { from: 'orange', to: 'red' } })
    const again = await county.night('2025-01-01')
    expect(again.counts).toMatchObject({ casesRelapsed: 1 })
    expect(await county.read(`/cases/${caseId}`)).toMatchObject({ episode: 2 })
    expect((await county.read('/cases')).items).toHaveLength(1)
  })
})

it('one fen more on a flagged contract is a relapse, one fen less is none', async () => {
  await resolvedCase()
  await pay(1, '2024-12-30')
  await nightOf('2024-12-31')
  expect(await stateNow()).toBe('resolved')
  const [{ id }] = (await county.read(`/contracts/${contractId}/payments`)).items
  await county.record(`/payments/${id}/reversal`, { reason: '误录' })
  await county.night('2024-12-31')
  expect(await stateNow()).toBe('resolved')
  const priceRise = {
    effectiveOn: '2023-01-01',
    reason: '补充协议',
    rent: { lines: [{ areaMu: 10, fenPerMu: 60_000.0 + 1 }], firstDueOn: '2023-12-31' },
  }
  await county.record(`/contracts/${contractId}/amendments`, priceRise)
  await county.night('2024-12-31')
  expect(await stateNow()).toBe('relapsed')
})

it('a higher level alone is a relapse', async () => {
  await resolvedCase()
  county.clockOf.goTo('2024-12-31')
  const seen = { condition: 'unreachable', observedOn: '2024-12-31', source: '村委会' }
  await county.record(`/operators/${operatorId}/conditions`, seen)
  expect((await county.night('2024-12-31')).counts).toMatchObject({ casesRelapsed: 1 })
  const found = await county.read(`/cases/${caseId}`)
  expect(entryOf(found, 'relapsed').detail.because).toEqual([
    { contractId, level: { from: 'orange', to: 'red' } },
  ])
})

it('a contract that was not there owed nothing: flagged, it is a relapse', async () => {
  await resolvedCase()
  county.clockOf.goTo('2024-12-31')
  const { id: second } = await county.contract(operatorId, { contractNo: '2020-0002' })
  await county.night('2024-12-31')
  const found = await county.read(`/cases/${caseId}`)
  expect(found.state).toBe('relapsed')
  const because = entryOf(found, 'relapsed').detail.because as { contractId: string }[]
  expect(because.map((cause) => cause.contractId)).toContain(second)
})

it('a contract below the threshold that owes more is none', async () => {
  await resolvedCase()
  await pay(2_400_000, '2024-12-30')
  await nightOf('2024-12-31')
  await nightOf('2025-01-01')
  // One year owed since the new year: 18 + 6 points are yellow.
  expect(await stateNow()).toBe('resolved')
})

it('what gets worse in another township is another case', async () => {
  await resolvedCase()
  county.clockOf.goTo('2024-12-31')
  const over = { contractNo: '2020-0003', villageCode: OTHER_VILLAGE }
  await county.contract(operatorId, over)
  const run = await county.night('2024-12-31')
  expect(run.counts).toMatchObject({ casesOpened: 1 })
  const { items } = await county.read('/cases?state=unresolved')
  expect(items).toMatchObject([{ townshipCode: '519901102', episode: 1 }])
})

it('a run for an earlier day never takes a case up again', async () => {
  await resolvedCase()
  await nightOf('2024-12-31')
  const seen = { condition: 'unreachable', observedOn: '2024-12-30', source: '村委会' }
  await county.record(`/operators/${operatorId}/conditions`, seen)
  await county.night('2024-12-30')
  await county.night('2024-12-29')
  expect(await stateNow()).toBe('resolved')
})

describe('a repayment plan breached after the resolution', () => {
  const plan = {
    agreedOn: '2024-12-20',
    instalments: [
      { dueOn: '2025-01-10', amountFen: 1_000_000 },
      { dueOn: '2025-02-10', amountFen: 1_400_000 },
    ],
    evidence: '还款协议书',
  }

  it('is a relapse on the first night that shows it, and the history says so', async () => {
    await resolvedCase('sqlite', plan)
    // Keeps the arrears at what they were: the year that falls due is paid in advance.
    await county.record(`/contracts/${contractId}/payments`, {
      amountFen: 600_000,
      paidOn: '2024-12-30',
      designatedDueOn: '2024-12-31',
    })
    for (const day of ['2024-12-31', '2025-01-01', '2025-01-15']) await nightOf(day)
    expect(await stateNow()).toBe('resolved')
    await nightOf('2025-01-16')
    const { state, history } = await county.read(`/cases/${caseId}`)
    expect(state).toBe('relapsed')
    const kinds = history.map((entry: { kind: string }) => entry.kind)
    expect(kinds).toContain('promise_broken')
    const relapse = history.find(({ kind }: { kind: string }) => kind === 'relapsed')
    expect(relapse.sentence).toContain('还款计划自 2025-01-16 起违约')
  })

  it('breached before it, is none', async () => {
    county = await openTestCounty('2024-12-30')
    operatorId = (await county.operator()).id
    contractId = (await county.contract(operatorId)).id
    const early = { ...plan, instalments: [{ dueOn: '2024-12-21', amountFen: 1_000_000 }] }
    await county.record(`/contracts/${contractId}/repayment-plans`, early)
    await county.night('2024-12-30')
    caseId = (await county.read('/cases')).items[0].id
    await county.put(`/cases/${caseId}/fixes`, FIXES)
    const judicial = { outcome: 'judicial', evidence: '立案通知书' }
    await county.record(`/cases/${caseId}/resolution`, judicial)
    await nightOf('2024-12-31')
    expect(await stateNow()).toBe('resolved')
  })
})
