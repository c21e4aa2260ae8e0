/** A page of the worklist and the summary are kept until something is recorded: nobody can tell. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { addToken } from '../../src/access/token-store.ts'
import { OTHER_VILLAGE, openTestCounty, type TestCounty, TOWNSHIP } from '../support/test-county.ts'

let county: TestCounty
let ids: { here: string; there: string }
beforeEach(async () => {
  county = await openTestCounty('2025-03-03')
  const operator = (await county.operator()).id
  const here = await county.contract(operator)
  const there = await county.contract(operator, { villageCode: OTHER_VILLAGE })
  ids = { here: here.id, there: there.id }
})
afterEach(() => county.close())

const WORKLIST = '/risk/worklist'
const SUMMARY = '/risk/summary?by=township'
const arrears = async () => {
  const { items } = await county.read(WORKLIST)
  const { arrearsFen } = await county.read(SUMMARY)
  return [items.map((one: { arrearsFen: number }) => one.arrearsFen).sort(), arrearsFen]
}

it('what is recorded is in the next answer, and so is what is taken back', async () => {
  expect(await arrears()).toEqual([[3_000_000, 3_000_000], 6_000_000])
  expect(await arrears()).toEqual([[3_000_000, 3_000_000], 6_000_000])
  const paid = { amountFen: 600_000, paidOn: '2025-03-03' }
  const { id } = await county.record(`/contracts/${ids.here}/payments`, paid)
  expect(await arrears()).toEqual([[2_400_000, 3_000_000], 5_400_000])
  await county.record(`/payments/${id}/reversal`, { reason: '收据作废' })
  expect(await arrears()).toEqual([[3_000_000, 3_000_000], 6_000_000])
})

it('an operator that is renamed, a night and another day are in the next answer', async () => {
  await county.read(WORKLIST)
  const [{ operatorId }] = (await county.read(WORKLIST)).items
  await county.correct('operators', operatorId, { name: '改名合作社', kind: 'cooperative' })
  expect((await county.read(WORKLIST)).items[0].operatorName).toBe('改名合作社')
  await county.night('2025-03-03')
  county.clockOf.goTo('2025-03-05')
  await county.night('2025-03-05')
  expect((await county.read(WORKLIST)).items[0].asOf).toBe('2025-03-05')
})

it('what a payment leaves as it is speaks for its day too, also of the operator’s other contracts', async () => {
  const { knownAt, ...before } = await county.read(`/contracts/${ids.there}/risk`)
  expect(before.asOf).toBe('2025-03-03')
  county.clockOf.goTo('2025-03-05')
  const paid = { amountFen: 600_000, paidOn: '2025-03-05' }
  const { recordedAt } = await county.record(`/contracts/${ids.here}/payments`, paid)
  const risks = await county.db.read.select().from(county.db.read.tables.risks)
  expect(risks.map((one) => [one.asOf, one.knownAt])).toEqual([
    ['2025-03-05', recordedAt],
    ['2025-03-05', recordedAt],
  ])
  const after = await county.read(`/contracts/${ids.there}/risk`)
  expect(after.score).toBe(before.score)
  expect(after.arrearsFen).toBe(before.arrearsFen)
  expect([after.asOf, after.knownAt > knownAt]).toEqual(['2025-03-05', true])
})

it('what one caller was answered is not answered to another', async () => {
  const wish = { label: '青溪镇', role: 'recorder' as const, regionCode: TOWNSHIP }
  const token = await county.db.transaction((tx) => addToken(tx, wish))
  const asked = (path: string, bearer: string) =>
    county.inject({
      method: 'GET',
      url: `/api/v1${path}`,
      headers: { authorization: `Bearer ${bearer}` },
    })
  for (const bearer of [county.token, token, county.token]) {
    const { body } = await asked(WORKLIST, bearer)
    const shown = body.items.map(({ contractId }: { contractId: string }) => contractId)
    expect(shown.includes(ids.there)).toBe(bearer === county.token)
    expect(shown).toContain(ids.here)
    const { arrearsFen } = (await asked(SUMMARY, bearer)).body
    expect(arrearsFen).toBe(bearer === county.token ? 6_000_000 : 3_000_000)
  }
})
