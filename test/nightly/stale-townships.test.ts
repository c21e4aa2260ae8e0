/** A township in which nothing was recorded for more than 45 days is stale: its levels are provisional. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { POLICY_2026_1 } from '../../src/domain/policy-2026-1.ts'
import { OTHER_VILLAGE, openTestCounty, type TestCounty, TOWNSHIP } from '../support/test-county.ts'

let county: TestCounty
const ids = { paid: '', silent: '', visited: '' }
beforeAll(async () => {
  county = await openTestCounty('2025-01-01')
  const { id } = await county.operator()
  ids.paid = (await county.contract(id)).id
  ids.silent = (await county.contract(id, { villageCode: OTHER_VILLAGE })).id
  ids.visited = (await county.contract(id, { villageCode: '519901103201' })).id
  // It was paid long before; what counts is when that was recorded.
  const paid = { amountFen: 1, paidOn: '2021-01-01' }
  await county.record(`/contracts/${ids.paid}/payments`, paid)
  county.clockOf.goTo('2025-01-05')
  const visit = { visitedOn: '2024-01-01', findings: ['no_problem'] }
  await county.record(`/contracts/${ids.visited}/screenings`, visit)
  county.clockOf.goTo('2025-02-20')
})
afterAll(() => county.close())

const risk = (id: string, query: string) => county.read(`/contracts/${id}/risk${query}`)
const staleTownships = async (query: string) =>
  (await county.read(`/risk/summary${query}`)).staleTownships

describe('45 days after the last record', () => {
  it.each([
    ['2025-02-15', ['519901102']],
    ['2025-02-16', [TOWNSHIP, '519901102']],
    ['2025-02-19', [TOWNSHIP, '519901102']],
    ['2025-02-20', [TOWNSHIP, '519901102', '519901103']],
  ])('on %s the stale townships are %j', async (asOf, stale) => {
    expect(await staleTownships(`?asOf=${asOf}`)).toEqual(stale)
    const marks: Record<string, boolean> = {
      [TOWNSHIP]: (await risk(ids.paid, `?asOf=${asOf}`)).stale,
      519901102: (await risk(ids.silent, `?asOf=${asOf}`)).stale,
      519901103: (await risk(ids.visited, `?asOf=${asOf}`)).stale,
    }
    expect(Object.keys(marks).filter((township) => marks[township])).toEqual(stale)
  })
})

it('a stale item says so on the worklist, in its reasons too', async () => {
  const { items } = await county.read('/risk/worklist?asOf=2025-02-16')
  const of = (id: string) => items.find((item: { contractId: string }) => item.contractId === id)
  expect(of(ids.paid)).toMatchObject({ stale: true })
  expect(of(ids.visited)).toMatchObject({ stale: false })
  expect(of(ids.paid).reasons.join()).toContain('暂定')
  expect(of(ids.visited).reasons.join()).not.toContain('暂定')
})

it('a night says the same of the stored scores', async () => {
  await county.night('2025-02-20')
  expect(await staleTownships('')).toEqual([TOWNSHIP, '519901102', '519901103'])
  expect(await risk(ids.visited, '')).toMatchObject({ stale: true })
})

it('a record makes its township fresh, and nothing else does', async () => {
  await county.contract((await county.operator()).id, { villageCode: OTHER_VILLAGE })
  const sign = { occurredOn: '2025-02-01', channel: 'visit', people: 1 }
  await county.record('/petitions', { villageCode: OTHER_VILLAGE, ...sign })
  expect(await staleTownships('')).toContain('519901102')
  await county.record(`/contracts/${ids.silent}/payments`, { amountFen: 1, paidOn: '2025-02-20' })
  expect(await staleTownships('')).toEqual([TOWNSHIP, '519901103'])
  expect(await risk(ids.silent, '')).toMatchObject({ stale: false })
})

it('what was believed before a record was made stays believed then', async () => {
  const knownAt = '2025-02-20T00:00:00.000Z'
  expect(await staleTownships(`?asOf=2025-02-20&knownAt=${knownAt}`)).toContain('519901102')
})

it('the number of days is the policy’s', async () => {
  const { version: _version, ...policy } = POLICY_2026_1
  const patient = { ...policy, effectiveOn: '2025-02-20', staleDays: 50 }
  await county.put('/policies/patient', patient)
  expect(await staleTownships('?asOf=2025-02-20')).toEqual([])
})
