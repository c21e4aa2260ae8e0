import { afterEach, describe, expect, it } from 'vitest'
import { addDays } from '../../src/domain/calendar-day.ts'
import { catchUpNights } from '../../src/nightly/nightly-schedule.ts'
import { openTestCounty, type TestCounty } from '../support/test-county.ts'

let county: TestCounty
afterEach(() => county.close())

const ranOn = async () => {
  const { items } = await county.read('/risk/runs?limit=500')
  return items.map(({ asOf }: { asOf: string }) => asOf).reverse()
}
const days = (first: string, last: string) => {
  const found: string[] = []
  for (let day = first; day <= last; day = addDays(day, 1)) found.push(day)
  return found
}
const start = () =>
  catchUpNights(county.db, county.nights, county.clock, '02:00', (error) => {
    throw error
  })

describe('the night of today', () => {
  it('makes up for the days that were missed, in order, and once', async () => {
    county = await openTestCounty('2025-03-01')
    await county.contract((await county.operator()).id)
    await county.night('2025-03-01')
    county.clockOf.goTo('2025-03-06')
    await county.night('2025-03-06')
    expect(await ranOn()).toEqual(days('2025-03-01', '2025-03-06'))
    const { items } = await county.read('/risk/runs')
    const finished = items.map((run: { finishedAt: string }) => run.finishedAt).reverse()
    expect([...finished].sort()).toEqual(finished)
    const starts = (await county.rows('runs'))['runs']
    await county.night('2025-03-06')
    const again = (await county.rows('runs'))['runs']
    const attempts = (rows = starts) => rows?.slice(0, 5).map(({ startedAt }) => startedAt)
    expect(attempts(again)).toEqual(attempts())
  })

  it('knows each missed day by its own facts, and its changes against the day before', async () => {
    county = await openTestCounty('2025-12-30')
    const { id } = await county.contract((await county.operator()).id)
    const paid = { amountFen: 3_000_000, paidOn: '2025-12-29' }
    await county.record(`/contracts/${id}/payments`, paid)
    await county.night('2025-12-30')
    county.clockOf.goTo('2026-01-03')
    const run = await county.night('2026-01-03')
    expect(run.counts.changed).toBe(0)
    const changed = async (asOf: string) => (await county.read(`/risk/runs/${asOf}`)).counts.changed
    // Due on 2025-12-31: overdue from the day after.
    expect(await Promise.all(days('2025-12-31', '2026-01-02').map(changed))).toEqual([0, 1, 0])
    const { scoreChanges } = await county.rows('scoreChanges')
    expect(scoreChanges?.map(({ asOf }) => asOf)).toEqual(['2026-01-01'])
    const risk = await county.read(`/contracts/${id}/risk?asOf=2026-01-01`)
    expect(risk.changes).toMatchObject([
      { factor: 'years_owed', from: 0, to: 18, since: '2026-01-01' },
      { factor: 'households', from: 0, to: 6, since: '2026-01-01' },
    ])
  })

  it.each([
    [31, 31],
    [32, 31],
    [40, 31],
    [200, 31],
  ])('after %i missed days scores the latest %i of them', async (missed, scored) => {
    county = await openTestCounty('2025-01-01')
    await county.night('2025-01-01')
    const today = addDays('2025-01-01', missed + 1)
    county.clockOf.goTo(today)
    await county.night(today)
    expect(await ranOn()).toEqual(['2025-01-01', ...days(addDays(today, -scored), today)])
  })

  it('of the very first day looks back on nothing', async () => {
    county = await openTestCounty('2025-03-06')
    await county.night('2025-03-06')
    expect(await ranOn()).toEqual(['2025-03-06'])
  })

  it('of an earlier day, by hand, makes up for nothing', async () => {
    county = await openTestCounty('2025-03-10')
    await county.night('2025-03-01')
    await county.night('2025-03-08')
    expect(await ranOn()).toEqual(['2025-03-01', '2025-03-08'])
  })
})

describe('a start', () => {
  it('runs what was missed and tonight, when its hour has passed', async () => {
    county = await openTestCounty('2025-03-01')
    await county.night('2025-03-01')
    county.clockOf.setTo('2025-03-03T18:01:00.000Z')
    await start()
    expect(await ranOn()).toEqual(days('2025-03-01', '2025-03-04'))
  })

  it('leaves tonight to its hour, when that is still to come', async () => {
    county = await openTestCounty('2025-03-01')
    await county.night('2025-03-01')
    county.clockOf.setTo('2025-03-03T17:59:00.000Z')
    await start()
    expect(await ranOn()).toEqual(['2025-03-01'])
  })

  it('does not run a night that was completed', async () => {
    county = await openTestCounty('2025-03-04')
    const run = await county.night('2025-03-04')
    await start()
    expect(await county.read('/risk/runs/2025-03-04')).toEqual(run)
  })

  it('runs no night in a county that never had one', async () => {
    county = await openTestCounty('2025-03-04')
    await start()
    expect(await ranOn()).toEqual([])
  })

  it.each(['running', 'failed'] as const)('runs again what it finds %s', async (status) => {
    county = await openTestCounty('2025-03-04')
    const { id } = await county.contract((await county.operator()).id)
    const before = await county.night('2025-03-02')
    await county.night('2025-03-04')
    const { runs } = county.db.read.tables
    await county.db.transaction((tx) => tx.update(runs).set({ status, finishedAt: null }))
    await start()
    expect(await county.read('/risk/runs/2025-03-02')).toMatchObject({
      status: 'completed',
      counts: before.counts,
    })
    expect(await county.read('/risk/runs/2025-03-04')).toMatchObject({ status: 'completed' })
    expect(await county.read(`/contracts/${id}/risk`)).toMatchObject({ asOf: '2025-03-04' })
  })
})
