/** A fact is in the risk at once, without a night: of every contract that it touches, and no other. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { contractBody, openTestCounty, type TestCounty, VILLAGE } from '../support/test-county.ts'

const ONE_YEAR = {
  startOn: '2024-01-01',
  rent: { lines: [{ areaMu: 10, fenPerMu: 60_000 }], firstDueOn: '2024-12-31' },
}

describe.each(['sqlite'] as const)('on %s', (database) => {
  let county: TestCounty
  beforeAll(async () => {
    county = await openTestCounty('2025-03-01', database)
    const bystander = await county.contract((await county.operator()).id, ONE_YEAR)
    ids.bystander = bystander.id
    await county.night('2025-03-01')
    county.clockOf.goTo('2025-03-03')
  })
  afterAll(() => county.close())
  const ids = { operator: '', contract: '', sibling: '', bystander: '' }
  beforeEach(async () => {
    ids.operator = (await county.operator()).id
    ids.contract = (await county.contract(ids.operator, ONE_YEAR)).id
    ids.sibling = (await county.contract(ids.operator, ONE_YEAR)).id
  })

  const pointsOf = async (contractId: string, query = '') => {
    const { contributions } = await county.read(`/contracts/${contractId}/risk${query}`)
    return Object.fromEntries(
      contributions.map((one: { factor: string; points: number }) => [one.factor, one.points]),
    )
  }
  /** The stored points, which must be those computed from the facts, of both contracts. */
  const points = async () => {
    for (const id of [ids.contract, ids.sibling]) {
      const computed = await pointsOf(id, '?asOf=2025-03-03')
      expect(await pointsOf(id)).toEqual(computed)
    }
    return [await pointsOf(ids.contract), await pointsOf(ids.sibling)]
  }
  // 12 + 12 households in arrears
  const BASE = { years_owed: 18, households: 6 }

  it('a new contract', async () => {
    expect(await points()).toEqual([BASE, BASE])
    expect(await county.read(`/contracts/${ids.contract}/risk`)).toMatchObject({
      asOf: '2025-03-03',
      changes: [
        { factor: 'years_owed', from: 0, to: 18, since: '2025-03-03' },
        { factor: 'households', from: 0, to: 6, since: '2025-03-03' },
      ],
    })
    const { items } = await county.read(`/risk/worklist?operatorId=${ids.operator}`)
    expect(items).toHaveLength(2)
  })

  it('a payment, which counts for the households of the operator’s other contracts too', async () => {
    const more = await county.contract(ids.operator, {
      ...ONE_YEAR,
      lessor: { kind: 'village_collective', households: 90 },
    })
    expect(await points()).toEqual([
      { ...BASE, households: 15 },
      { ...BASE, households: 15 },
    ])
    const paid = { amountFen: 600_000, paidOn: '2025-03-03' }
    const payment = await county.record(`/contracts/${more.id}/payments`, paid)
    expect(await points()).toEqual([BASE, BASE])
    await county.record(`/payments/${payment.id}/reversal`, { reason: '退回' })
    expect((await points())[0]).toEqual({ ...BASE, households: 15 })
  })

  it('a condition of the operator, its recovery, and the withdrawal of that', async () => {
    const seen = { condition: 'mismanaged', observedOn: '2025-03-01', source: '村' }
    await county.record(`/operators/${ids.operator}/conditions`, seen)
    const WORSE = { ...BASE, operator_condition: 8 }
    expect(await points()).toEqual([WORSE, WORSE])
    const recovered = await county.record(`/operators/${ids.operator}/conditions`, {
      ...seen,
      condition: 'recovered',
    })
    expect(await points()).toEqual([BASE, BASE])
    await county.withdraw('conditions', recovered.id)
    expect(await points()).toEqual([WORSE, WORSE])
  })

  it('a subsidy of the operator, its disbursement, its stages', async () => {
    const subsidy = await county.record('/subsidies', {
      operatorId: ids.operator,
      programme: '补助',
      year: 2024,
      standing: 'recognised',
      amountFen: 1000,
      payableOn: '2024-12-01',
    })
    const LATE = { ...BASE, subsidy_delay: 10 }
    expect(await points()).toEqual([LATE, LATE])
    const path = `/subsidies/${subsidy.id}`
    const paid = { amountFen: 999, paidOn: '2025-03-03' }
    const disbursement = await county.record(`${path}/disbursements`, paid)
    expect(await points()).toEqual([LATE, LATE])
    await county.correct('disbursements', disbursement.id, { ...paid, amountFen: 1000 })
    expect(await points()).toEqual([BASE, BASE])
    await county.withdraw('disbursements', disbursement.id)
    const moved = { stage: '公示', occurredOn: '2025-03-01', payableOn: '2025-03-02' }
    const stage = await county.record(`${path}/stages`, moved)
    expect((await points())[0]).toEqual({ ...BASE, subsidy_delay: 5 })
    await county.withdraw('stages', stage.id)
    await county.withdraw('subsidies', subsidy.id)
    expect(await points()).toEqual([BASE, BASE])
  })

  it('a subsidy that names one contract counts for that one only', async () => {
    await county.record('/subsidies', {
      operatorId: ids.operator,
      contractId: ids.contract,
      programme: '补助',
      year: 2024,
      standing: 'claimed',
      amountFen: 1000,
      payableOn: '2020-12-01',
    })
    expect(await points()).toEqual([{ ...BASE, subsidy_delay: 5 }, BASE])
  })

  it('a petition sign, corrected to name another contract', async () => {
    const sign = {
      villageCode: VILLAGE,
      occurredOn: '2025-03-01',
      channel: 'visit',
      people: 5,
      contractId: ids.contract,
    }
    const petition = await county.record('/petitions', sign)
    expect(await points()).toEqual([{ ...BASE, petition_signs: 10 }, BASE])
    await county.correct('petitions', petition.id, { ...sign, people: 4, contractId: ids.sibling })
    expect(await points()).toEqual([BASE, { ...BASE, petition_signs: 4 }])
    await county.withdraw('petitions', petition.id)
    expect(await points()).toEqual([BASE, BASE])
  })

  it('an amendment, an end, a correction, each taken back', async () => {
    const amendment = await county.record(`/contracts/${ids.contract}/amendments`, {
      effectiveOn: '2024-01-01',
      reason: '免租',
      rent: { lines: [{ areaMu: 10 }], firstDueOn: '2024-12-31' },
    })
    expect(await points()).toEqual([{}, BASE])
    await county.withdraw('amendments', amendment.id)
    const ending = { endedOn: '2024-06-30', reason: '退地' }
    const end = await county.record(`/contracts/${ids.contract}/end`, ending)
    // half a year: in arrears with no whole year owed
    expect(await points()).toEqual([{ ...BASE, years_owed: 8 }, BASE])
    await county.withdraw('ends', end.id)
    const fact = contractBody(ids.operator, { ...ONE_YEAR, insured: true })
    await county.correct('contracts', ids.contract, fact)
    expect(await points()).toEqual([{ ...BASE, secured: -5 }, BASE])
  })

  it('a screening takes the mark of stale records off the whole township', async () => {
    const staleIn = async (villageCode: string) => {
      const { id } = await county.contract(ids.operator, { ...ONE_YEAR, villageCode })
      return { id, stale: (await county.read(`/contracts/${id}/risk`)).stale }
    }
    const first = await staleIn('519901130201')
    const second = await staleIn('519901130202')
    expect([first.stale, second.stale]).toEqual([true, true])
    const visit = { visitedOn: '2025-03-03', findings: ['no_problem'] }
    await county.record(`/contracts/${first.id}/screenings`, visit)
    for (const { id } of [first, second])
      expect(await county.read(`/contracts/${id}/risk`)).toMatchObject({ stale: false })
    const { staleTownships } = await county.read('/risk/summary')
    expect(staleTownships).not.toContain('519901130')
  })

  it('leaves the contracts of others at the last run', async () => {
    expect(await county.read(`/contracts/${ids.bystander}/risk`)).toMatchObject({
      asOf: '2025-03-01',
      score: 24,
    })
  })
})

it('a fact that touches more contracts than a statement can name is kept, like any other', async () => {
  const county = await openTestCounty('2025-03-03')
  const { id: operatorId } = await county.operator()
  const { id: contractId } = await county.contract(operatorId)
  const { contracts } = county.db.read.tables
  const [row] = await county.db.read.select().from(contracts)
  if (!row) throw new Error('no contract')
  const copies = Array.from({ length: 33_000 }, (_, i) => ({
    ...row,
    id: `01926d3e-7c00-7000-8000-${String(i).padStart(12, '0')}`,
  }))
  await county.db.transaction(async (tx) => {
    for (let at = 0; at < copies.length; at += 1000)
      await tx.insert(contracts).values(copies.slice(at, at + 1000))
  })
  const seen = { condition: 'ceased', observedOn: '2025-03-03', source: '村' }
  const reply = await county.send('POST', `/operators/${operatorId}/conditions`, seen)
  const listed = await county.send('GET', `/risk/worklist?operatorId=${operatorId}&limit=1`)
  await county.close()
  expect(reply.status).toBe(201)
  expect(listed.body.items).toMatchObject([{ contractId }])
})
