/** Two operators that turn out to be one: what goes over, what comes back, what becomes of cases. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { operatorsStandingFor } from '../../src/imports/operator-join.ts'
import {
  contractBody,
  NOBODY,
  OTHER_VILLAGE,
  openTestCounty,
  type TestCounty,
  VILLAGE,
} from '../support/test-county.ts'

let county: TestCounty
afterEach(() => county.close())

const REASON = '同一合作社的不同写法'
const join = (operatorId: string, sameAsId: string) =>
  county.record(`/operators/${operatorId}/joins`, { sameAsId, reason: REASON })
const named = async (name: string) => (await county.operator({ name })).id as string

/** An operator with one of everything that names it: two contracts, four years of rent owed. */
async function withEverything(name: string) {
  const operatorId = await named(name)
  const first = await county.contract(operatorId, { contractNo: `${name}一` })
  const other = { contractNo: `${name}二`, villageCode: OTHER_VILLAGE }
  const second = await county.contract(operatorId, other)
  const subsidy = await county.record('/subsidies', {
    operatorId,
    programme: '标准园补助',
    year: 2022,
    standing: 'recognised',
    amountFen: 700_000,
    payableOn: '2023-06-30',
  })
  const condition = await county.record(`/operators/${operatorId}/conditions`, {
    condition: 'mismanaged',
    observedOn: '2024-05-01',
    source: '镇摸排组',
  })
  const petition = await county.record('/petitions', {
    villageCode: VILLAGE,
    occurredOn: '2024-06-01',
    channel: 'visit',
    people: 6,
    operatorId,
  })
  return { operatorId, first, second, subsidy, condition, petition }
}

describe.each(['sqlite'] as const)('on %s', (database) => {
  beforeEach(async () => {
    county = await openTestCounty('2024-12-30', database)
  })

  it('a join takes over all that names the operator, and the risk of it', async () => {
    const { operatorId, first, second, ...facts } = await withEverything('青溪 合作社')
    const { subsidy, condition, petition } = facts
    const sameAsId = await named('青溪合作社')
    const own = await county.contract(sameAsId, { contractNo: '自有' })
    const alone = await county.read(`/contracts/${own.id}/risk`)
    const made = await join(operatorId, sameAsId)
    expect(made).toMatchObject({ operatorId, sameAsId, reason: REASON, version: 1 })
    expect(made.moved).toEqual([
      { kind: 'contracts', id: first.id },
      { kind: 'contracts', id: second.id },
      { kind: 'subsidies', id: subsidy.id },
      { kind: 'conditions', id: condition.id },
      { kind: 'petitions', id: petition.id },
    ])
    const { warnings: _, ...kept } = made
    expect(await county.read(`/operator-joins/${made.id}`)).toEqual(kept)
    expect((await county.read(`/operators/${operatorId}/joins`)).items).toEqual([kept])
    const version = { version: 2, changeReason: '同一业主合并', recordedBy: 'test' }
    for (const [path, before] of [
      ['contracts', first],
      ['contracts', second],
      ['subsidies', subsidy],
      ['conditions', condition],
      ['petitions', petition],
    ]) {
      const { warnings: _warnings, recordedAt: _at, ...same } = before
      const moved = { ...same, ...version, operatorId: sameAsId }
      expect(await county.read(`/${path}/${before.id}`)).toMatchObject(moved)
      const known = await county.read(`/${path}/${before.id}?knownAt=${petition.recordedAt}`)
      expect(known).toMatchObject({ operatorId, version: 1 })
    }
    expect((await county.read(`/contracts?operatorId=${operatorId}`)).items).toEqual([])
    const together = await county.read(`/contracts/${own.id}/risk`)
    expect(together.score).toBeGreaterThan(alone.score)
    expect(together.contributions.map(({ factor }: { factor: string }) => factor)).toEqual(
      expect.arrayContaining([
        'subsidy_delay',
        'households',
        'operator_condition',
        'petition_signs',
      ]),
    )
    const { items } = await county.read('/risk/worklist')
    expect(items.map((item: { operatorId: string }) => item.operatorId)).toEqual(
      Array(3).fill(sameAsId),
    )
    expect(await operatorsStandingFor(county.db.read)).toEqual(new Map([[operatorId, sameAsId]]))
  })

  it('a withdrawn join leaves scores and facts as they were', async () => {
    const one = await withEverything('青溪 合作社')
    const { operatorId: sameAsId } = await withEverything('青溪合作社')
    const before = await county.scores()
    const { id } = await join(one.operatorId, sameAsId)
    expect(await county.scores()).not.toEqual(before)
    const withdrawn = await county.withdraw('operator-joins', id)
    expect(withdrawn).toMatchObject({ version: 2, withdrawn: true })
    expect(await county.scores()).toEqual(before)
    expect(await county.read(`/contracts/${one.first.id}`)).toMatchObject({
      operatorId: one.operatorId,
      version: 3,
      changeReason: '撤销同一业主合并',
      rent: one.first.rent,
    })
    expect(await county.read(`/conditions/${one.condition.id}`)).toMatchObject({
      operatorId: one.operatorId,
    })
    expect(await operatorsStandingFor(county.db.read)).toEqual(new Map())
    const again = await join(one.operatorId, sameAsId)
    expect(again.moved).toHaveLength(5)
  })

  it('only what is still there comes back', async () => {
    const one = await withEverything('青溪 合作社')
    const sameAsId = await named('青溪合作社')
    const third = await named('第三家')
    const { id } = await join(one.operatorId, sameAsId)
    const { id: later } = await county.contract(sameAsId, { contractNo: '合并后' })
    await county.withdraw('petitions', one.petition.id)
    await county.correct('contracts', one.second.id, contractBody(third))
    await county.correct('contracts', one.first.id, contractBody(sameAsId, { insured: true }))
    await county.withdraw('operator-joins', id)
    const operatorOf = async (contractId: string) =>
      (await county.read(`/contracts/${contractId}`)).operatorId
    expect(await operatorOf(one.second.id)).toBe(third)
    expect(await operatorOf(later)).toBe(sameAsId)
    expect(await county.read(`/contracts/${one.first.id}`)).toMatchObject({
      operatorId: one.operatorId,
      insured: true,
    })
    expect((await county.send('GET', `/petitions/${one.petition.id}`)).status).toBe(404)
  })

  it('payments and the standing of a moved contract stay', async () => {
    const { operatorId, first } = await withEverything('青溪 合作社')
    await county.record(`/contracts/${first.id}/payments`, {
      amountFen: 700_000,
      paidOn: '2021-01-15',
      designatedDueOn: '2020-12-31',
    })
    const before = await county.read(`/contracts/${first.id}/standing?asOf=2024-12-30`)
    await join(operatorId, await named('青溪合作社'))
    const after = await county.read(`/contracts/${first.id}/standing?asOf=2024-12-30`)
    expect({ ...after, knownAt: '' }).toEqual({ ...before, knownAt: '' })
    expect(after.arrearsFen).toBe(1_700_000)
  })
})

describe('a join is refused, and nothing is kept,', () => {
  let [a, b, c, d] = ['', '', '', '']
  beforeEach(async () => {
    county = await openTestCounty('2024-12-30')
    ;[a, b, c, d] = [await named('甲'), await named('乙'), await named('丙'), await named('丁')]
    await county.contract(a)
    await join(a, b)
  })
  it.each<[string, () => [string, string], number, string]>([
    ['with itself', () => [c, c], 422, 'join-with-itself'],
    ['with an operator that is not there', () => [c, NOBODY], 422, 'operator-unknown'],
    ['of an operator that is not there', () => [NOBODY, c], 404, 'not-found'],
    ['a second time', () => [a, b], 409, 'operator-already-joined'],
    ['with another one too', () => [a, c], 409, 'operator-already-joined'],
    ['the other way round', () => [b, a], 409, 'join-chain'],
    ['with one that is joined itself', () => [c, a], 409, 'join-chain'],
    ['of one that others are joined to', () => [b, c], 409, 'join-chain'],
  ])('%s', async (_, operators, status, code) => {
    const [operatorId, sameAsId] = operators()
    const before = await county.rows('operatorJoins', 'contracts', 'risks')
    const body = { sameAsId, reason: REASON }
    const reply = await county.send('POST', `/operators/${operatorId}/joins`, body)
    expect([reply.status, reply.body.code]).toEqual([status, code])
    expect(await county.rows('operatorJoins', 'contracts', 'risks')).toEqual(before)
  })

  it('and taken by one that others are joined to, and after a withdrawal', async () => {
    const second = await join(c, b)
    expect(second.moved).toEqual([])
    await county.withdraw('operator-joins', second.id)
    expect((await join(c, d)).sameAsId).toBe(d)
  })

  it('with an operator that was withdrawn', async () => {
    await county.withdraw('operators', d)
    const reply = await county.send('POST', `/operators/${c}/joins`, { sameAsId: d, reason: '同' })
    expect([reply.status, reply.body.code]).toEqual([422, 'operator-unknown'])
  })

  it('as a correction, and as a second withdrawal', async () => {
    const { id } = await join(c, d)
    const path = `/operator-joins/${id}`
    const fact = { sameAsId: b, reason: REASON }
    const corrected = await county.send('POST', `${path}/correction`, { reason: '写错', fact })
    expect([corrected.status, corrected.body.code]).toEqual([409, 'join-not-correctable'])
    await county.withdraw('operator-joins', id)
    const again = await county.send('POST', `${path}/withdrawal`, { reason: '再撤' })
    expect([again.status, again.body.code]).toEqual([409, 'fact-withdrawn'])
  })
})

describe('cases', () => {
  interface Case {
    operatorId: string
    townshipCode: string
    state: string
    level: string
    proposedOn: string | null
    arrearsFen: number
  }
  const cases = async () =>
    ((await county.read('/cases?limit=500')).items as Case[])
      .map(({ operatorId, townshipCode, state, level, proposedOn, arrearsFen }) => ({
        operatorId,
        townshipCode,
        state,
        level,
        settles: proposedOn !== null,
        arrearsFen,
      }))
      .sort((x, y) => (JSON.stringify(x) < JSON.stringify(y) ? -1 : 1))
  const night = async (asOf: string) => {
    county.clockOf.goTo(asOf)
    return county.night(asOf)
  }

  beforeEach(async () => {
    county = await openTestCounty('2024-12-26')
  })

  it('of the joined operator come to rest, those of the other take its contracts', async () => {
    const one = await withEverything('青溪 合作社')
    const sameAsId = await named('青溪合作社')
    await county.contract(sameAsId, { contractNo: '自有' })
    await night('2024-12-26')
    const before = await cases()
    expect(before.map(({ operatorId }) => operatorId).sort()).toEqual(
      [one.operatorId, one.operatorId, sameAsId].sort(),
    )
    const { id } = await join(one.operatorId, sameAsId)
    const run = await night('2024-12-27')
    expect(run).toMatchObject({ status: 'completed', failures: [], counts: { casesOpened: 1 } })
    const joined = await cases()
    const old = joined.filter(({ operatorId }) => operatorId === one.operatorId)
    expect(old).toMatchObject([
      { state: 'unresolved', level: 'none', settles: true, arrearsFen: 0 },
      { state: 'unresolved', level: 'none', settles: true, arrearsFen: 0 },
    ])
    const taken = joined.filter(({ operatorId }) => operatorId === sameAsId)
    expect(taken.map(({ arrearsFen }) => arrearsFen)).toEqual([4_800_000, 2_400_000])
    for (const { id: caseId } of (await county.read('/cases')).items)
      expect(await county.read(`/cases/${caseId}`)).toMatchObject({ state: 'unresolved' })

    county.clockOf.goTo('2024-12-28')
    await county.withdraw('operator-joins', id)
    await night('2024-12-28')
    const after = await cases()
    // The case that was opened for the join stays in the ledger and rests.
    const rests = ({ operatorId, settles }: { operatorId: string; settles: boolean }) =>
      operatorId === sameAsId && settles
    expect(after.filter((found) => !rests(found))).toEqual(before)
    expect(after.filter(rests)).toMatchObject([{ level: 'none', arrearsFen: 0 }])
  })

  it('that were resolved rest through a join and its withdrawal', async () => {
    const one = await withEverything('青溪 合作社')
    const sameAsId = await named('青溪合作社')
    await night('2024-12-26')
    const { items } = await county.read(`/cases?operatorId=${one.operatorId}`)
    for (const { id } of items) {
      await county.put(`/cases/${id}/fixes`, {
        measure: '分期还款',
        responsibleUnit: '青溪镇人民政府',
        leadOfficial: '王镇长',
        responsiblePerson: '李主任',
        deadlineOn: '2025-06-30',
      })
      const resolution = { outcome: 'agreed', evidence: '还款协议' }
      await county.record(`/cases/${id}/resolution`, resolution)
    }
    const { id } = await join(one.operatorId, sameAsId)
    expect((await night('2024-12-27')).counts).toMatchObject({ casesOpened: 2, casesRelapsed: 0 })
    county.clockOf.goTo('2024-12-28')
    await county.withdraw('operator-joins', id)
    expect((await night('2024-12-28')).counts).toMatchObject({ casesOpened: 0, casesRelapsed: 0 })
    const states = (await cases()).filter(({ operatorId }) => operatorId === one.operatorId)
    expect(states.map(({ state }) => state)).toEqual(['resolved', 'resolved'])
  })
})
