import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NOBODY, openTestCounty, type TestCounty, VILLAGE } from '../support/test-county.ts'
import { databaseKinds } from '../support/test-service.ts'

const RED = { rent: { lines: [{ areaMu: 10, fenPerMu: 60_000 }], firstDueOn: '2020-12-31' } }
const UNPAID_ONE = { startOn: '2024-01-01', rent: { ...RED.rent, firstDueOn: '2024-12-31' } }

describe.each(databaseKinds)('runs on %s', (database) => {
  let county: TestCounty
  const ids: Record<string, string> = {}
  beforeAll(async () => {
    county = await openTestCounty('2025-03-03', database)
    const contract = async (name: string, over: object) => {
      ids[name] = (await county.contract((await county.operator({ name })).id, over)).id
    }
    await contract('five years', RED)
    await contract('one year', UNPAID_ONE)
    await contract('nothing', { rent: { lines: [{ areaMu: 7 }] } })
    await contract('paid', UNPAID_ONE)
    const paid = { amountFen: 600_000, paidOn: '2025-01-10' }
    await county.record(`/contracts/${ids['paid']}/payments`, paid)
  })
  afterAll(() => county.close())
  const risk = (name: string, query = '') => county.read(`/contracts/${ids[name]}/risk${query}`)

  it('the first run is a baseline: it counts, and lists no changes', async () => {
    const run = await county.night('2025-03-01')
    expect(run).toMatchObject({
      asOf: '2025-03-01',
      status: 'completed',
      policy: '2026-1',
      counts: {
        contracts: 4,
        scored: 4,
        changed: 0,
        byLevel: { red: 1, orange: 0, yellow: 1, blue: 0, none: 2 },
        casesOpened: 2,
        casesRelapsed: 0,
        alertsQueued: 0,
      },
      failures: [],
    })
    expect(run.startedAt < run.finishedAt).toBe(true)
    expect(await county.read('/risk/runs/2025-03-01')).toEqual(run)
    expect(await risk('five years')).toMatchObject({ asOf: '2025-03-01', changes: [] })
  })

  it('a score is the sum of its contributions, and its level follows from it', async () => {
    const { score, level, contributions } = await risk('five years')
    expect(
      contributions.map((one: { factor: string; points: number }) => [one.factor, one.points]),
    ).toEqual([
      ['years_owed', 38],
      ['households', 6],
      ['floor', 16],
    ])
    expect([score, level]).toEqual([60, 'red'])
    expect(await risk('one year')).toMatchObject({ score: 24, level: 'yellow', yearsOwed: 1 })
  })

  it('a day run again changes nothing in the scores, and is a new attempt', async () => {
    const [before, first] = [await county.scores(), await county.read('/risk/runs/2025-03-01')]
    const again = await county.night('2025-03-01')
    expect(await county.scores()).toEqual(before)
    expect(again.startedAt > first.finishedAt).toBe(true)
    const timeless = { startedAt: 0, finishedAt: 0, attemptAt: 0 }
    expect({ ...again, ...timeless }).toEqual({ ...first, ...timeless })
  })

  it('a night in which nothing happened adds no rows', async () => {
    const before = await county.scores()
    const run = await county.night('2025-03-02')
    expect(run.counts).toMatchObject({ contracts: 4, scored: 4, changed: 0 })
    expect(await county.scores()).toEqual(before)
    expect(await risk('five years')).toMatchObject({ asOf: '2025-03-02', changes: [] })
  })

  it('a payment after the last run shows at once what it changed, against that run', async () => {
    const paid = { amountFen: 2_400_000, paidOn: '2025-03-03' }
    await county.record(`/contracts/${ids['five years']}/payments`, paid)
    const changes = [
      { factor: 'years_owed', from: 38, to: 18, since: '2025-03-03' },
      { factor: 'floor', from: 16, to: 0, since: '2025-03-03' },
    ]
    expect(await risk('five years')).toMatchObject({ asOf: '2025-03-03', score: 24, changes })
    expect(await risk('one year')).toMatchObject({ asOf: '2025-03-02', score: 24, changes: [] })
    expect(await risk('five years', '?asOf=2025-03-03')).toMatchObject({ score: 24, changes })
    expect(await risk('five years', '?asOf=2025-03-02')).toMatchObject({ score: 60, changes: [] })

    const run = await county.night('2025-03-03')
    expect(run.counts).toMatchObject({ changed: 1, byLevel: { red: 0, yellow: 2 } })
    expect(await risk('five years')).toMatchObject({ asOf: '2025-03-03', changes })
    county.clockOf.goTo('2025-03-04')
    await county.night('2025-03-04')
    expect(await risk('five years')).toMatchObject({ asOf: '2025-03-04', changes: [] })
  })

  it('only what changed is kept, a row a change', async () => {
    const { scoreChanges } = await county.rows('scoreChanges')
    expect(scoreChanges?.map(({ asOf, contractId }) => [asOf, contractId]).sort()).toEqual(
      [
        ['2025-03-01', ids['five years']],
        ['2025-03-01', ids['one year']],
        ['2025-03-03', ids['five years']],
      ].sort(),
    )
  })

  it('a new contract in arrears is a change from nothing', async () => {
    await county.contract((await county.operator()).id, UNPAID_ONE)
    county.clockOf.goTo('2025-03-05')
    expect((await county.night('2025-03-05')).counts).toMatchObject({ contracts: 5, changed: 1 })
  })

  it('what that night stored is told again with its startedAt as knownAt', async () => {
    const run = await county.read('/risk/runs/2025-03-05')
    const then = await county.read('/risk/worklist?limit=500')
    const summary = await county.read('/risk/summary?by=landUse')
    const subsidy = { programme: '补助', year: 2024, standing: 'recognised', amountFen: 500 }
    for (const name of ['one year', 'paid']) {
      await county.record(`/contracts/${ids[name]}/payments`, {
        amountFen: 7,
        paidOn: '2025-03-01',
      })
      const { operatorId } = await county.read(`/contracts/${ids[name]}`)
      await county.record('/subsidies', { ...subsidy, operatorId, payableOn: '2024-01-01' })
    }
    await county.withdraw('contracts', ids['five years'] ?? '')
    const query = `asOf=2025-03-05&knownAt=${run.startedAt}`
    const again = await county.read(`/risk/worklist?limit=500&${query}`)
    expect(again.items).toEqual(then.items)
    expect(again.items.length).toBe(3)
    expect(await county.read(`/risk/summary?by=landUse&${query}`)).toEqual(summary)
    const now = await county.read('/risk/worklist?limit=500&asOf=2025-03-05')
    expect(now.items).not.toEqual(then.items)
  })

  it('are listed, the latest day first, page by page', async () => {
    const { items } = await county.read('/risk/runs')
    const days = items.map(({ asOf }: { asOf: string }) => asOf)
    expect(days).toEqual(['2025-03-05', '2025-03-04', '2025-03-03', '2025-03-02', '2025-03-01'])
    const found: string[] = []
    let from = ''
    do {
      const page = await county.read(`/risk/runs?limit=2${from}`)
      found.push(...page.items.map(({ asOf }: { asOf: string }) => asOf))
      from = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`
    } while (from)
    expect(found).toEqual(days)
  })

  it('of many at once are done one after the other, and agree', async () => {
    const runs = await Promise.all([1, 2, 3].map(() => county.night('2025-03-05')))
    const instants = runs.flatMap(({ startedAt, finishedAt }) => [startedAt, finishedAt])
    expect([...instants].sort()).toEqual(instants)
    expect(new Set(runs.map(({ counts }) => JSON.stringify(counts))).size).toBe(1)
  })

  it('a withdrawn contract is in no list any more, nor counted', async () => {
    const { items } = await county.read('/risk/worklist?limit=500')
    const listed = items.map(({ contractId }: { contractId: string }) => contractId)
    expect(listed).not.toContain(ids['five years'])
    expect((await county.night('2025-03-05')).counts.contracts).toBe(4)
    expect((await county.send('GET', `/contracts/${ids['five years']}/risk`)).status).toBe(404)
    expect(listed).not.toContain(NOBODY)
  })

  it('level none is listed only when it is asked for', async () => {
    const levels = async (query: string) => {
      const { items } = await county.read(`/risk/worklist?region=${VILLAGE}&limit=500${query}`)
      return [...new Set(items.map(({ level }: { level: string }) => level))]
    }
    for (const day of ['', '&asOf=2025-03-05']) {
      expect(await levels(day)).not.toContain('none')
      expect(await levels(`${day}&level=none`)).toEqual(['none'])
      expect(await levels(`${day}&level=yellow`)).toEqual(['yellow'])
    }
  })
})
