/** A night whose reading moves on, page by page, to what is recorded while it is under way. */

import { afterAll, beforeAll, expect, it } from 'vitest'
import { type NightJobs, nightJobsOn, nightWorkOf } from '../../src/nightly/work-on-night.ts'
import { openSnapshot } from '../../src/platform/database/open-sqlite.ts'
import { databaseFileOf } from '../support/database-file.ts'
import { contractBody, openTestCounty, type TestCounty } from '../support/test-county.ts'

const [FIRST, SECOND] = ['2024-12-30', '2025-03-03']
/** More than a page of a night has, of all contracts or of those that need a look. */
const OPERATORS = 520

let county: TestCounty
beforeAll(async () => {
  county = await openTestCounty(FIRST)
  await Promise.all(
    Array.from({ length: OPERATORS }, async (_, n) => {
      const { id } = await county.operator({ name: `业主${n}` })
      await county.contract(id)
    }),
  )
})
afterAll(() => county.close())

/** What is recorded once the first page has been written is about operators of the last one. */
async function night(asOf: string, whole: boolean, happens: () => Promise<unknown>) {
  county.clockOf.goTo(asOf)
  let pages = 0
  const score: NightJobs['score'] = async (job, keep) => {
    const { read, renew, close } = openSnapshot(await databaseFileOf(county.db))
    const report = await nightJobsOn(read).score(job, async (batch) => {
      await keep(batch)
      pages += 1
      if (pages === 1) await happens()
      renew()
    })
    close()
    return report
  }
  const jobs = { ...nightJobsOn(county.db.read), score }
  await nightWorkOf({ ...county, jobs })({ asOf, catchUp: false, whole })
  expect(pages).toBeGreaterThan(1)
  const { items } = await county.read('/risk/runs')
  return items.find((run: { asOf: string }) => run.asOf === asOf)
}

const listed = async (asOf = '') => {
  const { items } = await county.read(`/risk/worklist?limit=500${asOf}`)
  return items.map((item: { contractId: string; score: number }) => [item.contractId, item.score])
}

it.each([
  ['looks at everybody', FIRST, true, 'orange', { orange: OPERATORS + 3 }],
  // One has paid, one more is recorded.
  ['looks at whom it must', SECOND, false, 'red', { red: OPERATORS + 5, none: 1 }],
] as const)(
  'which %s tells what was known when it began',
  async (_, asOf, whole, scored, levels) => {
    const paid = await lateContract()
    const withdrawn = await lateContract()
    const moved = await lateContract()
    const other = await county.operator({ name: '另一业主' })
    const before = (await stored()).length
    let recorded = ''
    const run = await night(asOf, whole, async () => {
      const payment = { amountFen: 3_000_000, paidOn: asOf }
      await county.record(`/contracts/${paid.id}/payments`, payment)
      await county.withdraw('contracts', withdrawn.id)
      await county.correct('contracts', moved.id, contractBody(other.id))
      recorded = (await lateContract()).id
    })
    expect(run.counts).toMatchObject({ contracts: before, scored: before, byLevel: levels })
    expect(sumOf(Object.values(levels))).toBe(before)
    const then = `?asOf=${asOf}&knownAt=${run.startedAt}`
    expect(await county.read(`/contracts/${paid.id}/risk${then}`)).toMatchObject({ level: scored })
    expect(await county.read(`/contracts/${paid.id}/risk`)).toMatchObject({ arrearsFen: 0 })
    const ids = await stored()
    expect(ids).toContain(recorded)
    expect(ids).not.toContain(withdrawn.id)
    expect(await listed()).toEqual(await listed(`&asOf=${asOf}`))
  },
)

const stored = async (): Promise<string[]> =>
  (await county.rows('risks'))['risks']?.map(({ contractId }) => contractId) ?? []

const sumOf = (counts: number[]) => counts.reduce((sum, one) => sum + one)

/** Ids rise with the instant of recording. */
async function lateContract(): Promise<{ id: string }> {
  return await county.contract((await county.operator({ name: '末位业主' })).id)
}
