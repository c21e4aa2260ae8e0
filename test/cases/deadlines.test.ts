/** Deadlines escalate; cases are found by state, level, place, unit and deadline; visits are counted. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  OTHER_VILLAGE,
  openTestCounty,
  type TestCounty,
  TOWNSHIP,
  VILLAGE,
} from '../support/test-county.ts'

let county: TestCounty
beforeEach(async () => {
  county = await openTestCounty('2024-06-01')
})
afterEach(() => county.close())

const fixesUntil = (deadlineOn: string, over: object = {}) => ({
  measure: '约谈业主',
  responsibleUnit: '青溪镇人民政府',
  leadOfficial: '王镇长',
  responsiblePerson: '陈站长',
  deadlineOn,
  ...over,
})
const nightOf = async (day: string) => {
  county.clockOf.goTo(day)
  await county.night(day)
}

describe('a deadline', () => {
  let caseId: string
  const steps = async () => {
    const { items } = await county.read(`/cases/${caseId}/history`)
    return items
      .filter(({ kind }: { kind: string }) => kind === 'deadline')
      .map((entry: { asOf: string; detail: { step: string } }) => [entry.asOf, entry.detail.step])
  }
  beforeEach(async () => {
    await county.contract((await county.operator()).id)
    await nightOf('2024-06-01')
    caseId = (await county.read('/cases')).items[0].id
    await county.put(`/cases/${caseId}/fixes`, fixesUntil('2024-06-20'))
  })

  it('goes to the person 7 days before, the township on the day, the county 7 days after', async () => {
    for (const day of ['12', '13', '14', '19', '20', '21', '26', '27', '28'])
      await nightOf(`2024-06-${day}`)
    expect(await steps()).toEqual([
      ['2024-06-13', 'person'],
      ['2024-06-20', 'township'],
      ['2024-06-27', 'county'],
    ])
  })

  it('that was passed while the service was down goes to all of them at once', async () => {
    await nightOf('2024-06-28')
    expect(await steps()).toEqual([
      ['2024-06-28', 'person'],
      ['2024-06-28', 'township'],
      ['2024-06-28', 'county'],
    ])
  })

  it('that is moved begins anew, the same day put again does not', async () => {
    await nightOf('2024-06-20')
    await county.put(`/cases/${caseId}/fixes`, fixesUntil('2024-06-20', { measure: '诉讼' }))
    await nightOf('2024-06-21')
    expect(await steps()).toHaveLength(2)
    await county.put(`/cases/${caseId}/fixes`, fixesUntil('2024-06-28'))
    await nightOf('2024-06-22')
    expect(await steps()).toHaveLength(3)
  })

  it('of a resolved case goes to nobody', async () => {
    const agreed = { outcome: 'agreed', evidence: '还款协议' }
    await county.record(`/cases/${caseId}/resolution`, agreed)
    await nightOf('2024-06-28')
    expect(await steps()).toEqual([])
  })
})

it('cases are listed by state, level, region, operator, unit and deadline, page by page', async () => {
  const names = ['甲合作社', '乙合作社', '丙合作社']
  const operators: string[] = []
  for (const name of names) operators.push((await county.operator({ name })).id)
  const [a = '', b = '', c = ''] = operators
  await county.contract(a)
  await county.contract(b, { villageCode: OTHER_VILLAGE })
  const { id: third } = await county.contract(c, { villageCode: '519901101202' })
  const paid = { amountFen: 1_200_000, paidOn: '2024-01-01' }
  await county.record(`/contracts/${third}/payments`, paid)
  await nightOf('2024-06-01')
  const { items } = await county.read('/cases')
  const idOf = (operatorId: string) =>
    items.find((item: { operatorId: string }) => item.operatorId === operatorId).id
  await county.put(`/cases/${idOf(a)}/fixes`, fixesUntil('2024-06-20'))
  const other = fixesUntil('2024-06-10', { responsibleUnit: '县农业农村局' })
  await county.put(`/cases/${idOf(b)}/fixes`, other)
  const found = async (query: string) => {
    const { items } = await county.read(`/cases?${query}`)
    return items.map((item: { operatorName: string }) => item.operatorName).sort()
  }
  expect(await found('')).toEqual([...names].sort())
  expect(await found('state=resolving')).toEqual(['乙合作社', '甲合作社'].sort())
  expect(await found('state=unresolved')).toEqual(['丙合作社'])
  expect(await found('level=orange')).toEqual(['乙合作社', '甲合作社'].sort())
  expect(await found('level=yellow')).toEqual(['丙合作社'])
  expect(await found('level=red')).toEqual([])
  expect(await found(`region=${TOWNSHIP}`)).toEqual(['丙合作社', '甲合作社'].sort())
  expect(await found(`region=${VILLAGE}`)).toEqual(['甲合作社'])
  expect(await found('region=519901')).toHaveLength(3)
  expect(await found('region=519902')).toEqual([])
  expect(await found(`operatorId=${b}`)).toEqual(['乙合作社'])
  expect(await found(`responsibleUnit=${encodeURIComponent('县农业农村局')}`)).toEqual(['乙合作社'])
  expect(await found('deadlineUntil=2024-06-20')).toEqual(['乙合作社', '甲合作社'].sort())
  expect(await found('deadlineUntil=2024-06-19')).toEqual(['乙合作社'])
  expect(await found('deadlineUntil=2024-06-09')).toEqual([])

  const ids: string[] = []
  for (let query = 'limit=1'; ; ) {
    const page = await county.read(`/cases?${query}`)
    ids.push(...page.items.map(({ id }: { id: string }) => id))
    if (page.nextCursor === null) break
    query = `limit=1&cursor=${page.nextCursor}`
  }
  expect(ids).toEqual(items.map(({ id }: { id: string }) => id))
  for (const query of ['state=closed', 'level=pink', 'region=5199', 'cursor=x', 'limit=0', 'x=1'])
    expect([query, (await county.send('GET', `/cases?${query}`)).status]).toEqual([query, 400])
})

it('a case shows what late subsidies would cover, each once, and signs without petitioners', async () => {
  const { id: operatorId } = await county.operator()
  const { id: contractId } = await county.contract(operatorId)
  const late = { operatorId, programme: '标准园', year: 2023, payableOn: '2024-01-31' }
  const amounts = [
    { standing: 'recognised', amountFen: 500_000 },
    { standing: 'recognised', amountFen: 300_000, contractId },
    { standing: 'claimed', amountFen: 9_000_000 },
  ]
  for (const amount of amounts) await county.record('/subsidies', { ...late, ...amount })
  const sign = { villageCode: VILLAGE, occurredOn: '2024-05-20', channel: 'visit', people: 6 }
  await county.record('/petitions', { ...sign, contractId, summary: '张三丰等到镇反映' })
  await nightOf('2024-06-01')
  const [listed] = (await county.read('/cases')).items
  expect(listed).toMatchObject({
    arrearsFen: 2_400_000,
    lateSubsidiesFen: 800_000,
    coverageFen: 800_000,
    contracts: [{ contractId, arrearsFen: 2_400_000 }],
  })
  const detail = await county.read(`/cases/${listed.id}`)
  expect(detail.subsidies).toHaveLength(3)
  expect(detail.subsidies[0]).toMatchObject({ outstandingFen: 500_000, delayDays: 122 })
  expect(detail.petitions).toMatchObject([{ occurredOn: '2024-05-20', people: 6, repeat: false }])
  expect(JSON.stringify(detail)).not.toContain('张三丰')
  expect(detail.nextActions.map(({ action }: { action: string }) => action)).toContain(
    'first_visit',
  )
  expect(detail.nextAction).toEqual(detail.nextActions[0])
})

it('the share of flagged contracts visited in the last 90 days is counted by township', async () => {
  const { id: operatorId } = await county.operator()
  const { id: first } = await county.contract(operatorId)
  const { id: second } = await county.contract(operatorId, { contractNo: '2020-0002' })
  await county.contract(operatorId, { contractNo: '2020-0003' })
  await county.put(`/regions/${TOWNSHIP}`, { name: '青溪镇' })
  const visit = { findings: ['no_problem'] }
  await county.record(`/contracts/${first}/screenings`, { ...visit, visitedOn: '2024-03-03' })
  await county.record(`/contracts/${second}/screenings`, {
    ...visit,
    visitedOn: '2024-03-02',
    nextVisitOn: '2024-05-01',
  })
  await nightOf('2024-06-01')
  expect(await county.read('/screening-coverage')).toEqual({
    asOf: '2024-06-01',
    items: [
      {
        townshipCode: TOWNSHIP,
        townshipName: '青溪镇',
        flagged: 3,
        visited: 1,
        visitsMissed: 1,
        sharePercent: 33.33,
      },
    ],
    nextCursor: null,
  })
  expect(await county.read('/screening-coverage?region=519901102')).toMatchObject({ items: [] })
})
