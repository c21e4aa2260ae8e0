/** Facts that arrive while a night is under way: the stored risk is what the facts say, not the night. */

import { afterEach, beforeEach, expect, it } from 'vitest'
import { nightsOf } from '../../src/nightly/nights.ts'
import { type NightJobs, nightJobsOn, nightWorkOf } from '../../src/nightly/work-on-night.ts'
import { openSnapshot } from '../../src/platform/database/open-sqlite.ts'
import { databaseFileOf } from '../support/database-file.ts'
import { contractBody, openTestCounty, type TestCounty } from '../support/test-county.ts'

let county: TestCounty
let operatorId: string
beforeEach(async () => {
  county = await openTestCounty('2024-12-30')
  operatorId = (await county.operator()).id
})
afterEach(() => county.close())

/**
 * Runs the night of 2025-03-03, by which another year has fallen due, on a snapshot as its thread
 * does; something happens before the snapshot is taken, or after.
 */
async function night(happensAfterIt: 'began' | 'read', happens: () => Promise<unknown>) {
  county.clockOf.goTo('2025-03-03')
  const file = await databaseFileOf(county.db)
  const score: NightJobs['score'] = async (job, keep) => {
    if (happensAfterIt === 'began') await happens()
    const { read, close } = openSnapshot(file)
    await read.select().from(read.tables.runs)
    if (happensAfterIt === 'read') await happens()
    const report = await nightJobsOn(read).score(job, keep)
    close()
    return report
  }
  const jobs = { ...nightJobsOn(county.db.read), score }
  return nightsOf({ ...county, work: nightWorkOf({ ...county, jobs }) }).run('2025-03-03')
}
const WHEN = ['began', 'read'] as const
const listed = async () => {
  const { items } = await county.read('/risk/worklist?limit=500')
  return items.map((item: { contractId: string; score: number }) => [item.contractId, item.score])
}
const listedFromFacts = async () => {
  const { items } = await county.read('/risk/worklist?limit=500&asOf=2025-03-03')
  return items.map((item: { contractId: string; score: number }) => [item.contractId, item.score])
}

it.each(WHEN)('a contract recorded after the night %s is on the worklist', async (when) => {
  await county.contract(operatorId)
  let id = ''
  const run = await night(when, async () => {
    id = (await county.contract(operatorId)).id
  })
  expect(run.counts.contracts).toBe(1)
  expect(await county.read(`/contracts/${id}/risk`)).toMatchObject({ score: 60 })
  expect((await listed()).map(([contractId]: [string]) => contractId)).toContain(id)
  expect(await listed()).toEqual(await listedFromFacts())
})

it.each(WHEN)('a contract withdrawn after the night %s stays off the worklist', async (when) => {
  const { id } = await county.contract(operatorId)
  await county.contract(operatorId)
  const run = await night(when, () => county.withdraw('contracts', id))
  expect(run.counts.contracts).toBe(2)
  expect((await listed()).map(([contractId]: [string]) => contractId)).not.toContain(id)
  expect(await listed()).toEqual(await listedFromFacts())
})

it.each(WHEN)('a payment recorded after the night %s is not undone by it', async (when) => {
  const { id } = await county.contract(operatorId)
  await county.contract((await county.operator()).id)
  const paid = { amountFen: 3_000_000, paidOn: '2025-03-03' }
  await night(when, () => county.record(`/contracts/${id}/payments`, paid))
  expect(await county.read(`/contracts/${id}/risk`)).toMatchObject({ score: 0, arrearsFen: 0 })
  expect(await listed()).toEqual(await listedFromFacts())
})

it.each(WHEN)(
  'a contract moved to another operator after the night %s stays with it',
  async (when) => {
    const other = await county.operator({ name: '另一业主' })
    const { id } = await county.contract(operatorId)
    await night(when, () => county.correct('contracts', id, contractBody(other.id)))
    const { items } = await county.read('/risk/worklist')
    expect(items).toMatchObject([{ contractId: id, operatorId: other.id }])
  },
)

it('what the night itself said is what was known when it began', async () => {
  const { id } = await county.contract(operatorId)
  const paid = { amountFen: 3_000_000, paidOn: '2025-03-03' }
  const run = await night('began', () => county.record(`/contracts/${id}/payments`, paid))
  expect(run.counts.byLevel).toMatchObject({ red: 1, none: 0 })
  const { scoreChanges } = await county.rows('scoreChanges')
  expect(scoreChanges).toMatchObject([{ contractId: id, asOf: '2025-03-03', score: 60 }])
  const then = await county.read(`/contracts/${id}/risk?asOf=2025-03-03&knownAt=${run.startedAt}`)
  expect(then).toMatchObject({ score: 60, arrearsFen: 3_000_000 })
})

it('requests are answered while a night waits for its turn', async () => {
  await county.contract(operatorId)
  let wake: () => void = () => undefined
  const waiting = new Promise<void>((resolve) => {
    wake = resolve
  })
  const running = night('began', () => waiting)
  const reply = await county.send('POST', '/operators', { name: '甲', kind: 'other' })
  expect(reply.status).toBe(201)
  expect(await county.read('/risk/runs')).toMatchObject({ items: [{ status: 'running' }] })
  wake()
  expect((await running).status).toBe('completed')
})
