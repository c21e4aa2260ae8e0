/** A run for an earlier day says what that day was, and leaves what later days were as it stands. */
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nightsOf } from '../../src/nightly/nights.ts'
import { nightJobsOn, nightWorkOf } from '../../src/nightly/work-on-night.ts'
import type { ScoreBatch } from '../../src/risk/risk-store.ts'
import { openTestCounty, type TestCounty } from '../support/test-county.ts'

const ONE_YEAR = {
  startOn: '2024-01-01',
  rent: { lines: [{ areaMu: 10, fenPerMu: 60_000 }], firstDueOn: '2024-12-31' },
}

/** The score that the nights have left for a contract on a day: its last change up to it. */
async function scoreOn(county: TestCounty, contractId: string, day: string): Promise<number> {
  const { scoreChanges = [] } = await county.rows('scoreChanges')
  const found = scoreChanges
    .filter((row) => row.contractId === contractId && row.asOf <= day)
    .sort((a, b) => (a.asOf < b.asOf ? 1 : -1))
  return found[0]?.score ?? 0
}

describe('with facts that came late', () => {
  let county: TestCounty
  let ids: { contract: string; late: string }
  beforeEach(async () => {
    county = await openTestCounty('2025-03-10')
    const contract = await county.contract((await county.operator()).id, ONE_YEAR)
    ids = { contract: contract.id, late: '' }
    await county.night('2025-03-08')
    await county.night('2025-03-10')
    // Recorded only now, it says that the rent had been paid long before.
    const paid = { amountFen: 600_000, paidOn: '2025-01-05' }
    await county.record(`/contracts/${contract.id}/payments`, paid)
    ids.late = (await county.contract((await county.operator()).id, ONE_YEAR)).id
  })
  afterEach(() => county.close())

  it.each(['2025-03-01', '2025-03-08', '2025-03-09'])(
    'run again for %s the scores of 2025-03-10 stay what that night found',
    async (earlier) => {
      const stored = await county.read('/risk/worklist?limit=500')
      const { risks } = await county.scores()
      const run = await county.night(earlier)
      expect(run.counts).toMatchObject({ contracts: 2, byLevel: { yellow: 1, none: 1 } })
      expect(await scoreOn(county, ids.contract, earlier)).toBe(0)
      expect(await scoreOn(county, ids.late, earlier)).toBe(24)
      expect(await scoreOn(county, ids.contract, '2025-03-10')).toBe(24)
      expect(await scoreOn(county, ids.late, '2025-03-10')).toBe(0)
      expect((await county.scores())['risks']).toEqual(risks)
      expect(await county.read('/risk/worklist?limit=500')).toEqual(stored)

      const once = await county.scores()
      await county.night(earlier)
      expect(await county.scores()).toEqual(once)
      await county.night('2025-03-10')
      expect(await scoreOn(county, ids.contract, '2025-03-10')).toBe(0)
      expect(await scoreOn(county, ids.late, '2025-03-10')).toBe(24)
    },
  )

  it('run for a day before all others the baseline stays without changes of its own', async () => {
    const run = await county.night('2025-03-01')
    expect(run.counts.changed).toBe(0)
    const path = `/contracts/${ids.contract}/risk?asOf=2025-03-01`
    expect((await county.read(path)).changes).toEqual([])
  })
})

it('run again for the day before, what a night said had changed is told as before', async () => {
  const county = await openTestCounty('2025-03-03')
  await county.night('2025-03-01')
  const { id } = await county.contract((await county.operator()).id, ONE_YEAR)
  const { startedAt } = await county.night('2025-03-02')
  const path = `/contracts/${id}/risk?asOf=2025-03-02&knownAt=${startedAt}`
  const then = await county.read(path)
  await county.night('2025-03-01')
  const now = await county.read(path)
  await county.close()
  expect(then.changes).toMatchObject([
    { factor: 'years_owed', from: 0, to: 18 },
    { factor: 'households', from: 0, to: 6 },
  ])
  expect(now).toEqual(then)
})

describe('broken off in the middle', () => {
  let county: TestCounty
  afterAll(() => county.close())

  it('and done again, a run for an earlier day still leaves the later days alone', async () => {
    county = await openTestCounty('2025-03-10')
    // More contracts than are kept together, and two more behind them.
    const many: string[] = []
    for (let i = 0; i < 501; i++) {
      if (i % 20 === 0) many.push((await county.operator()).id)
      await county.contract(many.at(-1) ?? '', ONE_YEAR)
    }
    const last = (await county.operator()).id
    const contracts: string[] = []
    for (let i = 0; i < 2; i++) contracts.push((await county.contract(last, ONE_YEAR)).id)
    await county.night('2025-03-09')
    await county.night('2025-03-10')
    const scores = () => Promise.all(contracts.map((id) => scoreOn(county, id, '2025-03-10')))
    expect(await scores()).toEqual([24, 24])
    const seen = { condition: 'mismanaged', observedOn: '2025-03-01', source: '村' }
    for (const id of many) await county.record(`/operators/${id}/conditions`, seen)
    const paid = { amountFen: 600_000, paidOn: '2025-01-05' }
    for (const id of contracts) await county.record(`/contracts/${id}/payments`, paid)

    let batches = 0
    const here = nightJobsOn(county.db.read)
    const jobs = {
      ...here,
      score: (job: Parameters<typeof here.score>[0], keep: (b: ScoreBatch) => Promise<void>) =>
        here.score(job, async (batch) => {
          if (++batches > 1) throw new Error('the power fails')
          await keep(batch)
        }),
    }
    const night = nightsOf({ ...county, work: nightWorkOf({ ...county, jobs }) }).run('2025-03-09')
    await expect(night).rejects.toThrow('the power fails')
    await county.night('2025-03-09')
    expect(await Promise.all(contracts.map((id) => scoreOn(county, id, '2025-03-09')))).toEqual([
      0, 0,
    ])
    expect(await scores()).toEqual([24, 24])
  })
})
