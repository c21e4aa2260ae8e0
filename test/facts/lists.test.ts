import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  OTHER_VILLAGE,
  openTestCounty,
  type TestCounty,
  TOWNSHIP,
  VILLAGE,
} from '../support/test-county.ts'

/** Two operators; the first has three contracts, of two uses in two townships. */
let county: TestCounty
const ids: Record<string, string> = {}
beforeAll(async () => {
  county = await openTestCounty('2025-03-03')
  ids['A'] = (await county.operator({ name: 'A' })).id
  ids['B'] = (await county.operator({ name: 'B' })).id
  const contracts: [string, string, string, string][] = [
    ['a1', 'A', VILLAGE, 'late_citrus'],
    ['a2', 'A', OTHER_VILLAGE, 'late_citrus'],
    ['a3', 'A', VILLAGE, 'rice_fish'],
    ['b1', 'B', VILLAGE, 'late_citrus'],
  ]
  for (const [name, operator, villageCode, landUse] of contracts)
    ids[name] = (await county.contract(ids[operator] ?? '', { villageCode, landUse })).id
  const subsidy = (operatorId = '', contractId?: string) =>
    county.record('/subsidies', {
      operatorId,
      ...(contractId && { contractId }),
      programme: '补助',
      year: 2024,
      standing: 'recognised',
      amountFen: 100,
    })
  ids['sA'] = (await subsidy(ids['A'])).id
  ids['sA1'] = (await subsidy(ids['A'], ids['a1'])).id
  ids['sB'] = (await subsidy(ids['B'])).id
  const sign = (villageCode: string, about: object) =>
    county.record('/petitions', {
      villageCode,
      occurredOn: '2025-01-01',
      channel: 'visit',
      people: 1,
      ...about,
    })
  ids['p1'] = (await sign(VILLAGE, {})).id
  ids['p2'] = (await sign(OTHER_VILLAGE, { operatorId: ids['A'] })).id
  ids['p3'] = (await sign(VILLAGE, { contractId: ids['b1'] })).id
})
afterAll(() => county.close())

const nameOf = (id: string) => Object.keys(ids).find((name) => ids[name] === id)
const named = (items: { id: string }[]) => items.map(({ id }) => nameOf(id))
const spelled = (path: string) => path.replace(/\$(\w+)/g, (_, name: string) => ids[name] ?? '')

it.each([
  ['/operators', ['A', 'B']],
  ['/contracts', ['a1', 'a2', 'a3', 'b1']],
  ['/contracts?operatorId=$A', ['a1', 'a2', 'a3']],
  [`/contracts?region=${TOWNSHIP}`, ['a1', 'a3', 'b1']],
  ['/contracts?region=519901', ['a1', 'a2', 'a3', 'b1']],
  [`/contracts?region=${OTHER_VILLAGE}`, ['a2']],
  ['/contracts?region=519902', []],
  ['/contracts?landUse=rice_fish', ['a3']],
  [`/contracts?landUse=late_citrus&operatorId=$A&region=${TOWNSHIP}`, ['a1']],
  ['/subsidies', ['sA', 'sA1', 'sB']],
  ['/subsidies?operatorId=$A', ['sA', 'sA1']],
  ['/subsidies?contractId=$a1', ['sA1']],
  ['/petitions', ['p1', 'p2', 'p3']],
  [`/petitions?region=${VILLAGE}`, ['p1', 'p3']],
  ['/petitions?operatorId=$A', ['p2']],
  ['/petitions?contractId=$b1', ['p3']],
])('%s lists %j, in the order of recording', async (path, expected) => {
  const { items, nextCursor } = await county.read(spelled(path))
  expect(named(items)).toEqual(expected)
  expect(nextCursor).toBeNull()
})

describe('pages', () => {
  it.each(['/contracts', '/operators', '/subsidies', '/petitions'])(
    'of %s hold every item once, one at a time',
    async (path) => {
      const { items } = await county.read(path)
      const found: unknown[] = []
      let from = ''
      do {
        const page = await county.read(`${path}?limit=1${from}`)
        found.push(...page.items)
        from = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`
      } while (from && found.length < 10)
      expect(found).toEqual(items)
    },
  )

  it('keep their filter, and miss nothing that is recorded or withdrawn meanwhile', async () => {
    const page = await county.read(spelled('/contracts?operatorId=$A&limit=2'))
    expect(named(page.items)).toEqual(['a1', 'a2'])
    ids['a4'] = (await county.contract(ids['A'] ?? '', {})).id
    await county.withdraw('contracts', ids['a1'] ?? '')
    const rest = await county.read(
      spelled(`/contracts?operatorId=$A&limit=2&cursor=${page.nextCursor}`),
    )
    expect(named(rest.items)).toEqual(['a3', 'a4'])
    expect(rest.nextCursor).toBeNull()
  })

  it('hold at most 50 unless more are asked for, and never more than 500', async () => {
    for (let i = 0; i < 51; i++) await county.put(`/regions/5199015${10 + i}`, { name: `镇${i}` })
    const first = await county.read('/regions?under=5199015')
    expect(first.items).toHaveLength(50)
    const second = await county.read(`/regions?under=5199015&cursor=${first.nextCursor}`)
    expect(second.items).toHaveLength(1)
    expect((await county.read('/regions?under=5199015&limit=500')).items).toHaveLength(51)
    expect((await county.send('GET', '/regions?limit=501')).status).toBe(400)
  })
})

it('the facts about a parent that nothing has are not there', async () => {
  for (const path of ['/operators/$none/conditions', '/contracts/$none/payments']) {
    const about = path.replace('$none', '01926d3e-7c00-7000-8000-0000000000ff')
    expect((await county.send('GET', about)).status).toBe(404)
  }
})
