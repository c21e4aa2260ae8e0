import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { POLICY_2026_1 } from '../../src/domain/policy-2026-1.ts'
import { openTestCounty, type TestCounty } from '../support/test-county.ts'
import { databaseKinds } from '../support/test-service.ts'

const ONE_YEAR = {
  startOn: '2024-01-01',
  rent: { lines: [{ areaMu: 10, fenPerMu: 60_000 }], firstDueOn: '2024-12-31' },
}
const { version: _version, ...DEFAULT } = POLICY_2026_1
/** The default policy, with a year owed at other points. */
const withFirstYear = (points: number, effectiveOn: string) => ({
  ...DEFAULT,
  effectiveOn,
  yearsOwed: {
    ...DEFAULT.yearsOwed,
    steps: [{ from: 1, points }, ...DEFAULT.yearsOwed.steps.slice(1)],
  },
})

describe.each(databaseKinds)('a policy on %s', (database) => {
  let county: TestCounty
  let contractId: string
  const known: Record<string, string> = {}
  beforeAll(async () => {
    county = await openTestCounty('2025-03-03', database)
    contractId = (await county.contract((await county.operator()).id, ONE_YEAR)).id
    known['before'] = (await county.night('2025-03-03')).startedAt
  })
  afterAll(() => county.close())
  const scoreOf = async (query = '') => {
    const { score, policy } = await county.read(`/contracts/${contractId}/risk${query}`)
    return [score, policy]
  }

  /** Policies, scores and runs, without the instants of their attempts. */
  const untimed = async () => {
    const { policies, runs = [] } = await county.rows('policies', 'runs')
    const found = runs.map(({ asOf, policy, counts }) => ({ asOf, policy, counts }))
    return { policies, runs: found, ...(await county.scores()) }
  }

  it('is 2026-1 until another one is put, and can be read', async () => {
    const { items, nextCursor } = await county.read('/policies')
    expect([items, nextCursor]).toEqual([[POLICY_2026_1], null])
    expect(await county.read('/policies/2026-1')).toEqual(POLICY_2026_1)
    expect(await scoreOf()).toEqual([24, '2026-1'])
  })

  it('is put in force from a day on, and says who put it', async () => {
    const policy = withFirstYear(20, '2025-03-05')
    const put = await county.put('/policies/2025-a', policy)
    expect(put).toMatchObject({ version: '2025-a', ...policy, recordedBy: 'test' })
    known['after'] = put.recordedAt
    expect((await county.read('/policies')).items).toHaveLength(2)
  })

  it('scores later days, of nights and of facts, and leaves earlier days alone', async () => {
    county.clockOf.goTo('2025-03-06')
    const run = await county.night('2025-03-06')
    expect(run).toMatchObject({ policy: '2025-a', counts: { changed: 0 } })
    const runs = (await county.read('/risk/runs')).items
    expect(
      runs.map(({ asOf, policy, counts }: never) => [asOf, policy, (counts as Run).changed]),
    ).toEqual([
      ['2025-03-06', '2025-a', 0],
      ['2025-03-05', '2025-a', 1],
      ['2025-03-04', '2026-1', 0],
      ['2025-03-03', '2026-1', 0],
    ])
    expect(await scoreOf()).toEqual([26, '2025-a'])
    expect(await scoreOf('?asOf=2025-03-05')).toEqual([26, '2025-a'])
    expect(await scoreOf('?asOf=2025-03-04')).toEqual([24, '2026-1'])
    const risk = await county.read(`/contracts/${contractId}/risk?asOf=2025-03-05`)
    const since = '2025-03-05'
    expect(risk.changes).toEqual([{ factor: 'years_owed', from: 18, to: 20, since }])
  })

  it('was not known before it was recorded, also for the days it rules', async () => {
    expect(await scoreOf(`?asOf=2025-03-06&knownAt=${known['before']}`)).toEqual([24, '2026-1'])
    expect(await scoreOf(`?asOf=2025-03-06&knownAt=${known['after']}`)).toEqual([26, '2025-a'])
  })

  it('of two of one day the one recorded last rules', async () => {
    await county.put('/policies/2025-b', withFirstYear(22, '2025-03-05'))
    expect(await scoreOf('?asOf=2025-03-05')).toEqual([28, '2025-b'])
    await county.put('/policies/2025-c', withFirstYear(19, '2025-03-04'))
    expect(await scoreOf('?asOf=2025-03-05')).toEqual([28, '2025-b'])
    expect(await scoreOf('?asOf=2025-03-04')).toEqual([25, '2025-c'])
  })

  it('put again with the same content changes nothing, with other content is a conflict', async () => {
    const before = await untimed()
    await county.put('/policies/2025-a', withFirstYear(20, '2025-03-05'))
    await county.put('/policies/2026-1', DEFAULT)
    for (const [version, policy] of [
      ['2025-a', withFirstYear(21, '2025-03-05')],
      ['2025-a', withFirstYear(20, '2025-03-07')],
      ['2026-1', withFirstYear(20, '1900-01-01')],
    ] as const) {
      const { status, body } = await county.send('PUT', `/policies/${version}`, policy)
      expect([status, body.code]).toEqual([409, 'policy-version-exists'])
    }
    expect(await untimed()).toEqual(before)
  })

  it('levels and floors follow it too', async () => {
    const strict = {
      ...withFirstYear(20, '2025-03-06'),
      levels: { red: 26, orange: 20, yellow: 10, blue: 1 },
      floors: [],
    }
    await county.put('/policies/2025-strict', strict)
    const risk = await county.read(`/contracts/${contractId}/risk?asOf=2025-03-06`)
    expect(risk).toMatchObject({ score: 26, level: 'red', policy: '2025-strict' })
  })

  const D = DEFAULT
  it.each<[string, object, number]>([
    ['levels', { levels: { ...D.levels, orange: 60 } }, 422],
    ['yearsOwed.steps', { yearsOwed: { ...D.yearsOwed, steps: [{ from: 1, points: 50 }] } }, 422],
    ['yearsOwed.arrearsPoints', { yearsOwed: { ...D.yearsOwed, arrearsPoints: 0 } }, 422],
    ['households.max', { households: { ...D.households, max: 16 } }, 422],
    ['households.steps', { households: { max: 15, steps: [{ from: 0, points: 1 }] } }, 422],
    ['subsidyDelay', { subsidyDelay: { ...D.subsidyDelay, claimedMax: 21 } }, 422],
    ['petitionSigns', { petitionSigns: { ...D.petitionSigns, repeat: 3 } }, 422],
    ['planKept.points', { planKept: { ...D.planKept, points: 1 } }, 422],
    ['secured.depositPercent', { secured: { ...D.secured, depositPercent: 101 } }, 422],
    ['floors', { floors: [{ because: 'years_owed', yearsOwed: 1, to: 101 }] }, 422],
    ['floors', { floors: [{ because: 'whim', to: 20 }] }, 400],
    ['staleDays', { staleDays: 0 }, 422],
    ['staleDays', { staleDays: '45' }, 400],
    ['caseLevel', { caseLevel: 'none' }, 400],
    ['effectiveOn', { effectiveOn: '2025-02-29' }, 400],
    ['effectiveOn', { effectiveOn: undefined }, 400],
    ['surprise', { surprise: 1 }, 400],
  ])('that is not sound in %s is refused: %j', async (field, over, refused) => {
    const before = await county.rows()
    const policy = { ...D, effectiveOn: '2026-01-01', ...over }
    const { status, body } = await county.send('PUT', '/policies/2026-x', policy)
    expect(status).toBe(refused)
    expect(body.errors[0].field).toContain(field)
    expect(await county.rows()).toEqual(before)
  })
})

interface Run {
  changed: number
}
