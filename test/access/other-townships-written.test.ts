import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NOBODY, type TestCounty, TOWNSHIP, VILLAGE } from '../support/test-county.ts'
import {
  answerTo,
  openBothCounties,
  reads,
  THERE,
  type Try,
  VILLAGE_THERE,
} from '../support/two-townships.ts'

let counties: Awaited<ReturnType<typeof openBothCounties>>
let before: Awaited<ReturnType<TestCounty['rows']>>
beforeAll(async () => {
  counties = await openBothCounties()
  before = await counties.both.county.rows(...FACTS)
})
afterAll(() => counties.close())

const FACTS = [
  'regions',
  'operators',
  'operatorConditions',
  'contracts',
  'contractAmendments',
  'contractEnds',
  'payments',
  'paymentReversals',
  'subsidies',
  'subsidyStages',
  'disbursements',
  'petitions',
  'screenings',
  'repaymentPlans',
  'demands',
  'mediations',
  'operatorJoins',
  'cases',
  'caseEvents',
  'imports',
  'importMappings',
  'grainPrices',
  'policies',
  'alertRecipientLists',
] as const

const contract = {
  operatorId: '{operatorHere}',
  villageCode: VILLAGE,
  lessor: { kind: 'household', households: 3 },
  landUse: 'late_citrus',
  startOn: '2021-01-01',
  endOn: '2030-12-31',
  rent: { lines: [{ areaMu: 3, fenPerMu: 60_000 }] },
}
const petition = { villageCode: VILLAGE, occurredOn: '2022-02-05', channel: 'letter', people: 1 }
const subsidy = {
  operatorId: '{operatorHere}',
  programme: '烘干设备补助',
  year: 2021,
  standing: 'claimed',
  amountFen: 1000,
}
const correction = (fact: object) => ({ reason: '录入有误', fact })
const at = (by: string, method: string, path: string, body: object, headers = {}): Try => ({
  by,
  method,
  path,
  body,
  headers,
})

/** What each try is answered where the other township is, after it was found the same without. */
async function statusesOf(tries: readonly Try[]): Promise<string[]> {
  await counties.expectSame(tries)
  const statuses: string[] = []
  for (const one of tries) statuses.push((await answerTo(counties.both, one)).slice(0, 3))
  return statuses
}

describe('a body that names what lies there', () => {
  const VILLAGES = [VILLAGE_THERE, '519901102999', '519901777201', '510000101201']

  it('is refused for a village as one for a village that there is not', async () => {
    const tries = VILLAGES.flatMap((villageCode) => [
      at('recorder', 'POST', '/contracts', { ...contract, villageCode }),
      at('recorder', 'POST', '/petitions', { ...petition, villageCode }),
      at('recorder', 'POST', '/contracts/{contractHere}/correction', {
        ...correction({ ...contract, villageCode }),
      }),
      at('recorder', 'POST', '/petitions/{petitionHere}/correction', {
        ...correction({ ...petition, villageCode }),
      }),
      at('village', 'POST', '/contracts', { ...contract, villageCode: '519901101202' }),
    ])
    expect(new Set(await statusesOf(tries))).toEqual(new Set(['404']))
    for (const one of tries)
      expect(await answerTo(counties.both, one)).toContain('"field":"villageCode"')
  })

  it('is refused for an operator or a contract as one for what there is not', async () => {
    const operators = ['{operatorThere}', NOBODY].map((operatorId) => ({ operatorId }))
    const contracts = ['{contractThere}', '{sharedContractThere}', NOBODY].map((contractId) => ({
      contractId,
    }))
    const tries = [
      ...operators.flatMap((named) => [
        at('recorder', 'POST', '/contracts', { ...contract, ...named }),
        at('recorder', 'POST', '/contracts/{contractHere}/correction', {
          ...correction({ ...contract, ...named }),
        }),
      ]),
      ...[...operators, ...contracts].flatMap((named) => [
        at('recorder', 'POST', '/petitions', { ...petition, ...named }),
        at('recorder', 'POST', '/petitions/{petitionHere}/correction', {
          ...correction({ ...petition, ...named }),
        }),
        at('finance', 'POST', '/subsidies', { ...subsidy, ...named }),
        at('bureau', 'POST', '/subsidies', { ...subsidy, ...named }),
        at('finance', 'POST', '/subsidies/{subsidyHere}/correction', {
          ...correction({ ...subsidy, ...named }),
        }),
      ]),
      at('finance', 'POST', '/subsidies', {
        ...subsidy,
        operatorId: '{shared}',
        contractId: '{sharedContractThere}',
      }),
    ]
    expect(new Set(await statusesOf(tries))).toEqual(new Set(['422']))
  })

  it('is not warned of what somebody else there has too', async () => {
    const operator = { kind: 'company', phone: '13800002222' }
    const tries = [
      at('recorder', 'POST', '/operators', { ...operator, name: '甲', uscc: '91519901MA0000002X' }),
      at('recorder', 'POST', '/operators', { ...operator, name: '石桥果业有限公司' }),
      at('recorder', 'POST', '/contracts', { ...contract, contractNo: 'B-1' }),
      at('recorder', 'POST', '/contracts/{contractHere}/payments', {
        amountFen: 100,
        paidOn: '2022-02-03',
        receiptNo: 'R-B1',
      }),
    ]
    await counties.expectSame(tries)
  })
})

describe('what is put, moved or joined', () => {
  it('is nothing of another region', async () => {
    const named = { name: '改名' }
    const codes = [THERE, VILLAGE_THERE, '519901', '519901777', '519901102999']
    const tries = codes.map((code) => at('recorder', 'PUT', `/regions/${code}`, named))
    tries.push(at('village', 'PUT', `/regions/${TOWNSHIP}`, named))
    expect(new Set(await statusesOf(tries))).toEqual(new Set(['404']))
  })

  it('is no case there, whichever version is named', async () => {
    const fixes = { measure: '督促', deadlineOn: '2022-12-31' }
    const moves: [string, string, object][] = [
      ['PUT', 'fixes', fixes],
      ['POST', 'progress', { note: '上门' }],
      ['POST', 'resolution', { outcome: 'other', evidence: '无' }],
      ['POST', 'reopening', { reason: '反弹' }],
    ]
    const tries = moves.flatMap(([method, verb, body]) =>
      ['"1"', '"2"', '"3"', '*'].map((version) =>
        at('recorder', method, `/cases/{caseThere}/${verb}`, body, { 'if-match': version }),
      ),
    )
    expect(new Set(await statusesOf(tries))).toEqual(new Set(['404']))
  })

  it('is nothing that only the county may', async () => {
    const same = { sameAsId: '{operatorThere}', reason: '同一业主' }
    const tries = ['recorder', 'bureau', 'viewer', 'finance', 'village'].flatMap((by) => [
      at(by, 'POST', '/operators/{operatorHere}/joins', same),
      at(by, 'POST', '/operators/{operatorThere}/joins', { ...same, sameAsId: '{operatorHere}' }),
      at(by, 'POST', '/risk/runs', { asOf: '2022-02-28' }),
      at(by, 'PUT', '/alert-recipients', { items: [] }),
      at(by, 'PUT', '/grain-prices/rice/2022-01-01', { fenPer50kg: 1, source: '自定' }),
      at(by, 'POST', '/imports/{importThere}/withdrawal', { reason: '误' }),
      ...reads('/operator-join-proposals /risk/runs /risk/runs/2022-03-01 /alerts', [by]),
      ...reads('/alert-recipients', [by]),
    ])
    expect(new Set(await statusesOf(tries))).toEqual(new Set(['403', '404']))
  })

  it('is a mapping of one’s own, by a name that there has too', async () => {
    const mapping = { ledger: 'contracts', columns: { 租价: '租金标准' } }
    await counties.expectSame([
      at('recorder', 'PUT', '/import-mappings/石桥', mapping),
      ...reads('/import-mappings', ['recorder', 'village']),
    ])
  })
})

describe('an Idempotency-Key of another caller', () => {
  it('is as good as one that nobody has used', async () => {
    const there = { authorization: `Bearer ${counties.both.tokens['recorder there']}` }
    const operator = { name: '同名合作社', kind: 'cooperative' }
    const key = { 'idempotency-key': 'K-1' }
    const first = await counties.both.county.record('/operators', operator, { ...there, ...key })
    const tries = [
      at('recorder', 'POST', '/operators', operator, key),
      at('recorder', 'POST', '/operators', { ...operator, name: '另一个' }, key),
    ]
    await counties.expectSame(tries)
    const { items } = await counties.both.county.read('/operators?limit=500')
    const called = items.filter(({ name }: { name: string }) => name === operator.name)
    expect(called.map(({ id }: { id: string }) => id)).toContain(first.id)
    expect(called).toHaveLength(2)
  })
})

describe('a cursor that is made of what lies there', () => {
  it('shows nothing of it', async () => {
    const lists =
      '/operators /contracts /subsidies /petitions /imports /cases /risk/worklist /checks /regions'
    const { ids } = counties.both
    const places = Object.entries(ids).flatMap(([name, id]) =>
      name.endsWith('There')
        ? [[id], [0, 0, id], [100, 1, id], ['contract', id], ['subsidy', id], [THERE]]
        : [],
    )
    let shown = 0
    for (const place of places) {
      const cursor = Buffer.from(JSON.stringify(place)).toString('base64url')
      for (const one of reads(lists, ['recorder'])) {
        const answer = await answerTo(counties.both, {
          ...one,
          path: `${one.path}?cursor=${cursor}`,
        })
        expect([one.path, place, answer]).not.toEqual([
          one.path,
          place,
          expect.stringMatching(/There\}|柏林|519901102/),
        ])
        if (answer.startsWith('200')) shown += 1
      }
    }
    expect(shown).toBeGreaterThan(places.length)
  })
})

describe('an operator that leases in both', () => {
  it('is the county’s to correct and to withdraw, like what is recorded of it', async () => {
    const { county, ids } = counties.both
    const seen = { condition: 'ceased', observedOn: '2022-02-01', source: '摸排' }
    ids.sharedCondition = (await county.record(`/operators/${ids.shared}/conditions`, seen)).id
    const late = { ...subsidy, operatorId: ids.shared }
    ids.sharedSubsidy = (await county.record('/subsidies', late)).id
    ids.subsidyOfContract = (
      await county.record('/subsidies', { ...late, contractId: ids.sharedContractHere })
    ).id
    const of = async (one: Try) => (await answerTo(counties.both, one)).slice(0, 3)
    const fact = { name: '联合', kind: 'company' }
    const withdrawn = { reason: '误' }
    const tries: [Try, string][] = [
      [at('recorder', 'POST', '/operators/{shared}/correction', correction(fact)), '403'],
      [at('recorder', 'POST', '/operators/{shared}/withdrawal', withdrawn), '403'],
      [at('recorder', 'POST', '/conditions/{sharedCondition}/withdrawal', withdrawn), '403'],
      [at('finance', 'POST', '/subsidies/{sharedSubsidy}/withdrawal', withdrawn), '403'],
      // Of a contract here it is nobody else's.
      [at('finance', 'POST', '/subsidies/{subsidyOfContract}/withdrawal', withdrawn), '201'],
      [at('recorder', 'POST', '/operators/{operatorHere}/correction', correction(fact)), '201'],
    ]
    for (const [one, status] of tries) expect([one, await of(one)]).toEqual([one, status])
  })
})

it('is not corrected here when it was recorded there, though it leases here only', async () => {
  const { county, ids, tokens } = counties.both
  const there = { authorization: `Bearer ${tokens['recorder there']}` }
  const operator = { name: '外来公司', kind: 'company' }
  ids.newcomer = (await county.record('/operators', operator, there)).id
  ids.newContract = (await county.contract(ids.newcomer, { contractNo: 'N-77' })).id
  const of = async (one: Try) => (await answerTo(counties.both, one)).slice(0, 3)
  expect(await of({ by: 'recorder', method: 'GET', path: '/operators/{newcomer}' })).toBe('200')
  const path = '/operators/{newcomer}/correction'
  expect(await of(at('recorder', 'POST', path, correction(operator)))).toBe('403')
  const visit = { visitedOn: '2022-02-01', findings: [] }
  const visits = '/contracts/{newContract}/screenings'
  expect(await of(at('recorder', 'POST', visits, visit))).toBe('201')
})

it('leaves what is recorded there as it is, and records nothing there', async () => {
  const after = await counties.both.county.rows(...FACTS)
  for (const [table, rows] of Object.entries(before)) {
    const there = rows.filter((row) => lies(row))
    expect([table, after[table]]).toEqual([table, expect.arrayContaining(there)])
  }
  const ours = new Set(['recorder', 'viewer', 'finance', 'bureau', 'village'])
  const recorded = Object.values(after).flat().filter(lies)
  expect(recorded.filter(({ recordedBy }) => ours.has(recordedBy))).toEqual([])
  expect(recorded.length).toBeGreaterThan(20)
})

/** Whether a row of a table speaks of the other township. */
function lies(row: object): boolean {
  const ids = Object.entries(counties.both.ids).filter(([name]) => name.endsWith('There'))
  return new RegExp([...ids.map(([, id]) => id), THERE].join('|')).test(JSON.stringify(row))
}
