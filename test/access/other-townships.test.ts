import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TOWNSHIP, VILLAGE } from '../support/test-county.ts'
import {
  answerTo,
  idThere,
  openBothCounties,
  reads,
  THERE,
  type Try,
  type TwoTownships,
  VILLAGE_THERE,
} from '../support/two-townships.ts'

let counties: Awaited<ReturnType<typeof openBothCounties>>
// biome-ignore lint/suspicious/noExplicitAny: the document is looked into freely
let document: any
beforeAll(async () => {
  counties = await openBothCounties()
  document = (await counties.both.county.inject({ url: '/openapi.json' })).body
})
afterAll(() => counties.close())

const BY = ['recorder', 'viewer', 'finance', 'bureau', 'village'] as const
const get = (paths: string, callers: readonly string[] = ['recorder', 'village']) =>
  reads(paths, callers)
const REGIONS = ['', `region=${TOWNSHIP}`, `region=${VILLAGE}`, 'region=519901', `region=${THERE}`]
const inRegions = (path: string) =>
  [...REGIONS, `region=${VILLAGE_THERE}`, 'region=519901777']
    .map((region) => `${path}${path.includes('?') ? '&' : '?'}${region}`)
    .join(' ')

describe('what is read here', () => {
  it('is the same in lists', () =>
    counties.expectSame(
      get(`
        /regions /regions?under=5199 /regions?under=${THERE} /regions?under=${TOWNSHIP}
        /regions?limit=2 /operators /operators?limit=1 /contracts /contracts?limit=1
        ${inRegions('/contracts')} /contracts?landUse=late_citrus
        /contracts?operatorId={shared} /contracts?operatorId={operatorThere}
        /petitions /petitions?operatorId={shared} /petitions?operatorId={operatorThere}
        /petitions?contractId={sharedContractThere} ${inRegions('/petitions')}
        /subsidies /subsidies?operatorId={shared} /subsidies?operatorId={operatorThere}
        /subsidies?contractId={sharedContractThere} /subsidies?contractId={contractThere}
        /grain-prices /policies /import-mappings /imports /imports?ledger=contracts
        ${inRegions('/checks')} /checks?limit=1 /checks?limit=2 /checks?limit=3
        ${inRegions('/cases')} /cases?operatorId={shared} /cases?operatorId={operatorThere}
        /cases?state=resolving /cases?level=yellow /cases?limit=1 /cases?deadlineUntil=2022-12-31
        /cases?responsibleUnit=${encodeURIComponent('石桥镇人民政府')}
        ${inRegions('/screening-coverage')}`),
    ))

  it('is the same in the worklist and in sums', () =>
    counties.expectSame(
      get(`
        ${inRegions('/risk/worklist')} ${inRegions('/risk/worklist?asOf=2022-02-15')}
        /risk/worklist?limit=1 /risk/worklist?operatorId={shared} /risk/worklist?level=none
        /risk/worklist?operatorId={operatorThere} /risk/worklist?level=yellow&limit=1
        ${inRegions('/risk/summary')} ${inRegions('/risk/summary?asOf=2022-02-15')}
        ${['landUse', 'township', 'village', 'operator']
          .map(
            (by) => `${inRegions(`/risk/summary?by=${by}`)} /risk/summary?by=${by}&asOf=2022-02-15`,
          )
          .join(' ')}`),
    ))

  it('is the same of each fact, of operators that lease in both too', () => {
    const ofContract = (id: string) =>
      'amendments end payments screenings repayment-plans demands mediations standing risk reminders'
        .split(' ')
        .map((what) => `/contracts/{${id}}/${what}`)
        .join(' ')
    return counties.expectSame(
      get(`
        /operators/{operatorHere} /operators/{shared} /operators/{ofCounty}
        /operators/{operatorHere}/conditions /operators/{shared}/conditions
        /operators/{shared}/joins /contracts/{contractHere} /contracts/{sharedContractHere}
        ${ofContract('contractHere')} ${ofContract('sharedContractHere')}
        /contracts/{sharedContractHere}/risk?asOf=2022-02-15
        /contracts/{sharedContractHere}/standing?asOf=2021-02-15
        /subsidies/{subsidyHere} /subsidies/{subsidyHere}/stages /petitions/{petitionHere}
        /cases/{caseHere} /cases/{sharedCaseHere} /cases/{caseHere}/history
        /cases/{sharedCaseHere}/history /imports/{importHere} /imports/{importHere}/rows
        /imports/{importHere}/file`),
    )
  })

  const LEDGERS = ['arrears', 'cases', 'subsidies', 'contracts', 'summary', 'worklist']
  it.each(LEDGERS)('is the same in the ledger %s as a file', (ledger) =>
    counties.expectSame([
      ...get(
        `${inRegions(`/exports/${ledger}.csv`)} ${inRegions(`/exports/${ledger}.csv?asOf=2022-02-15`)}`,
      ),
      ...get(`/exports/${ledger}.xlsx?region=519901`),
    ]),
  )

  it('says nothing of the cases of a township to one of its villages', async () => {
    const csvFor = (by: string) =>
      answerTo(counties.both, { by, method: 'GET', path: '/exports/arrears.csv' })
    expect(await csvFor('recorder')).toContain('青溪镇人民政府督促')
    expect(await csvFor('village')).toContain('A-1')
    expect(await csvFor('village')).not.toContain('青溪镇人民政府')
  })

  it('is the same when people are shown in full', () => {
    const why = `reveal=true&reason=${encodeURIComponent('核对台账')}`
    const found = ['13800001111', '13800002222'].map((phone) => ({
      by: 'recorder',
      method: 'POST',
      path: '/operator-searches',
      body: { phone },
    }))
    return counties.expectSame([
      ...get(`
        /operators?${why} /operators/{operatorHere}?${why} /operators/{operatorThere}?${why}
        /contracts?${why} /contracts/{contractHere}?${why} /contracts/{contractThere}?${why}
        /imports/{importHere}?${why} /imports/{importThere}?${why} /imports/{importHere}/rows?${why}
        /exports/contracts.csv?${why} /exports/arrears.csv?${why}&region=${THERE}`),
      ...found,
    ])
  })

  it('is the same in the monthly brief', () =>
    counties.expectSame([
      ...get(inRegions('/exports/monthly-brief.docx')),
      ...get('/exports/monthly-brief.docx?asOf=2022-02-15', ['viewer']),
    ]))
})

describe('what lies there', () => {
  /** Every route of the document that names one thing, with the other township's. */
  function triesById(): Try[] {
    const paths = Object.entries(document.paths as Record<string, Record<string, Operation>>)
    return paths.flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, operation]) => {
        const [facts = ''] = path.replace('/api/v1/', '').split('/')
        const name = idThere(facts)
        if (!path.includes('{id}') || name === undefined) return []
        const body = operation.requestBody?.content['application/json']?.example
        return BY.map((by) => ({
          by,
          method: method.toUpperCase(),
          path: path.replace('/api/v1', '').replace('{id}', `{${name}}`),
          ...(body !== undefined && { body }),
        }))
      }),
    )
  }

  it('is not there by any id that a path of the document takes', async () => {
    const tries = triesById()
    expect(tries.length).toBeGreaterThan(60 * BY.length)
    await counties.expectSame(tries)
    for (const one of tries) {
      const answer = await answerTo(counties.both, { ...one, headers: { 'if-match': '"1"' } })
      expect([one, answer.slice(0, 3)]).toEqual([one, expect.stringMatching(/^40[34]$/)])
    }
  })
})

describe('what counts wherever it is', () => {
  /** What an operator owes elsewhere, and a sign that names it and no contract. */
  async function recordWhatCounts() {
    const { county, ids } = counties.both
    await county.record(`/payments/${ids.paidThere}/reversal`, { reason: '银行退票' })
    await county.record('/petitions', {
      villageCode: VILLAGE_THERE,
      occurredOn: '2022-02-20',
      channel: 'visit',
      people: 9,
      operatorId: ids.shared,
    })
  }

  it('moves scores as numbers, and nothing else that is read here', async () => {
    await recordWhatCounts()
    const moved = new Map<string, string[]>()
    const paths = `/cases /cases/{sharedCaseHere} /cases/{sharedCaseHere}/history /risk/worklist
      /risk/worklist?operatorId={shared} /contracts/{sharedContractHere}/risk /petitions
      /petitions?operatorId={shared} /risk/summary?by=operator /checks /screening-coverage
      /contracts/{sharedContractHere}/standing /operators/{shared} /subsidies`
    for (const one of get(paths, ['recorder'])) {
      const answers = [await jsonOf(counties.both, one), await jsonOf(counties.alone, one)]
      moved.set(one.path, [...differing(answers[0], answers[1])].sort())
    }
    const listed = ['items.level', 'items.reasons', 'items.score']
    expect(Object.fromEntries(moved)).toEqual({
      ...Object.fromEntries([...moved.keys()].map((path) => [path, []])),
      '/cases': ['items.contracts.level', 'items.contracts.score', 'items.level', 'items.score'],
      '/cases/{sharedCaseHere}': [
        'contracts.level',
        'contracts.reasons',
        'contracts.score',
        'level',
        'score',
      ],
      '/contracts/{sharedContractHere}/risk': [
        'contributions.fact',
        'contributions.points',
        'level',
        'score',
      ],
      '/risk/worklist': listed,
      '/risk/worklist?operatorId={shared}': listed,
    })
    const path = '/risk/worklist?operatorId={shared}'
    const { items } = await jsonOf(counties.both, { by: 'recorder', method: 'GET', path })
    expect(items[0].reasons).toEqual([
      '2 个租金年度全额未付,欠租 1.20 万元,自 2020-12-31 起',
      '业主欠租合同共涉及 12 户',
      '近一年 2 次信访反映,一次最多 9 人,最近 2022-02-20',
    ])
  })
})

// biome-ignore lint/suspicious/noExplicitAny: replies are looked into freely
async function jsonOf(county: TwoTownships, one: Try): Promise<any> {
  const answer = await answerTo(county, one)
  return JSON.parse(answer.slice(answer.indexOf('{"')))
}

/** The fields that differ, without their places in lists. */
function differing(one: unknown, other: unknown, path = ''): Set<string> {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return new Set(one === other ? [] : [path])
  const keys = new Set([...Object.keys(one), ...Object.keys(other)])
  const below = (value: object, key: string) => (value as Record<string, unknown>)[key]
  return new Set(
    [...keys].flatMap((key) => {
      const at = Array.isArray(one) ? path : [path, key].filter(Boolean).join('.')
      return [...differing(below(one, key), below(other, key), at)]
    }),
  )
}

interface Operation {
  requestBody?: { content: Record<string, { example?: object }> }
}
