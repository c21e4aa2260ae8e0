/** Cases are judged by what is so today, not by what the last night saw. */
import { afterEach, expect, it } from 'vitest'
import { openTestCounty, type TestCounty } from '../support/test-county.ts'

const FIX = {
  measure: '约谈',
  responsibleUnit: '青溪镇',
  leadOfficial: '王',
  responsiblePerson: '陈',
  deadlineOn: '2025-12-31',
}
let county: TestCounty
afterEach(() => county.close())
const open = async (day: string, kind: 'sqlite' | 'postgres' = 'sqlite', over = {}) => {
  county = await openTestCounty(day, kind)
  const op = (await county.operator()).id
  const con = (await county.contract(op, over)).id
  return { op, con }
}
const theCase = async () => (await county.read('/cases')).items[0].id
const stateOf = async (id: string) => (await county.read(`/cases/${id}`)).state
const cursor = (x: unknown) => Buffer.from(JSON.stringify(x)).toString('base64url')

it('`paid` is refused while arrears remain on the day of the resolution', async () => {
  const { con } = await open('2024-12-31')
  await county.night('2024-12-31')
  const id = await theCase()
  await county.record(`/contracts/${con}/payments`, { amountFen: 2_400_000, paidOn: '2024-12-31' })
  county.clockOf.setTo('2024-12-31T17:30:00.000Z') // 01:30 on 2025-01-01, before the night at 02:00
  expect((await county.read(`/contracts/${con}/standing`)).arrearsFen).toBe(600_000)
  const r = await county.send('POST', `/cases/${id}/resolution`, { outcome: 'paid', evidence: 'e' })
  expect([r.status, r.body.code]).toEqual([422, 'arrears-remain'])
})

it('a resolution stores what is owed on its day: the night of that day does not relapse it', async () => {
  const { con } = await open('2024-12-31')
  await county.night('2024-12-31')
  const id = await theCase()
  county.clockOf.goTo('2025-01-01')
  expect((await county.read(`/contracts/${con}/standing`)).arrearsFen).toBe(3_000_000)
  await county.put(`/cases/${id}/fixes`, FIX)
  await county.record(`/cases/${id}/resolution`, { outcome: 'agreed', evidence: '协议覆盖三万元' })
  await county.night('2025-01-01')
  expect(await stateOf(id)).toBe('resolved')
})

it('a plan breached before the resolution is no relapse', async () => {
  const { con } = await open('2024-12-30', 'sqlite', { endOn: '2023-12-31' })
  const plan = {
    agreedOn: '2024-12-20',
    instalments: [{ dueOn: '2024-12-26', amountFen: 100 }],
    evidence: 'x',
  }
  await county.record(`/contracts/${con}/repayment-plans`, plan)
  await county.night('2024-12-30')
  const id = await theCase()
  county.clockOf.goTo('2025-01-05')
  const [shown] = (await county.read(`/contracts/${con}/repayment-plans`)).items
  expect(shown.onDay).toMatchObject({ state: 'breached', breachedOn: '2025-01-01' })
  await county.put(`/cases/${id}/fixes`, FIX)
  await county.record(`/cases/${id}/resolution`, { outcome: 'judicial', evidence: '立案' })
  await county.night('2025-01-05')
  expect(await stateOf(id)).toBe('resolved')
})

it('a run for a day before the resolution never relapses', async () => {
  await open('2024-12-30')
  await county.night('2024-12-30')
  const id = await theCase()
  county.clockOf.goTo('2025-02-05')
  await county.put(`/cases/${id}/fixes`, FIX)
  await county.record(`/cases/${id}/resolution`, { outcome: 'agreed', evidence: 'e' })
  await county.night('2025-02-01')
  expect(await stateOf(id)).toBe('resolved')
})

it.each([
  '/cases?responsibleUnit=%00',
  `/cases?cursor=${cursor([3_000_000_000, 1, 'a'])}`,
  `/risk/worklist?cursor=${cursor([3_000_000_000, 1, 'a'])}`,
])('on PostgreSQL %s is no 500', async (url) => {
  await open('2024-12-30', 'postgres')
  await county.night('2024-12-30')
  expect((await county.send('GET', url)).status).toBeLessThan(500)
})

it('what was done today is no longer suggested before the next night', async () => {
  const { con } = await open('2024-12-30')
  await county.night('2024-12-30')
  const id = await theCase()
  county.clockOf.goTo('2024-12-31')
  await county.record(`/contracts/${con}/screenings`, {
    visitedOn: '2024-12-31',
    findings: ['no_problem'],
  })
  await county.record(`/contracts/${con}/demands`, {
    deliveredOn: '2024-12-31',
    manner: 'm',
    evidence: 'e',
  })
  const actions = (await county.read(`/cases/${id}`)).nextActions.map(
    (one: { action: string }) => one.action,
  )
  expect(actions).not.toContain('first_visit')
  expect(actions).not.toContain('send_demand')
  expect((await county.read('/screening-coverage')).items[0].visited).toBe(1)
})

it('one caller who looks at one version ten times at once saw it once', async () => {
  await open('2024-12-30')
  await county.night('2024-12-30')
  const id = await theCase()
  await Promise.all(Array.from({ length: 10 }, () => county.send('GET', `/cases/${id}`)))
  const { items } = await county.read(`/cases/${id}/history`)
  expect(items.filter((e: { kind: string }) => e.kind === 'seen')).toHaveLength(1)
})

it('of a long history the reply shows the latest entries', async () => {
  await open('2024-12-30')
  await county.night('2024-12-30')
  const id = await theCase()
  for (let i = 0; i < 505; i++) await county.record(`/cases/${id}/progress`, { note: `n${i}` })
  const { history } = await county.read(`/cases/${id}`)
  expect(JSON.stringify(history)).toContain('n504')
})

it('a visit cannot agree on a next visit before itself', async () => {
  const { con } = await open('2024-12-30')
  const r = await county.send('POST', `/contracts/${con}/screenings`, {
    visitedOn: '2024-12-01',
    findings: [],
    nextVisitOn: '2024-11-01',
  })
  expect(r.status === 422 || r.body.warnings?.length > 0).toBe(true)
})

it('a deadline that passed is overdue on the next day', async () => {
  await open('2024-12-30')
  await county.night('2024-12-30')
  const id = await theCase()
  await county.put(`/cases/${id}/fixes`, { ...FIX, deadlineOn: '2024-12-30' })
  county.clockOf.goTo('2025-01-05')
  expect((await county.read(`/cases/${id}`)).overdue).toBe(true)
})
