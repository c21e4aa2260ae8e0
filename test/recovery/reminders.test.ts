import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { remindersOf } from '../../src/recovery/contract-reminders.ts'
import { NOBODY, openTestCounty, type TestCounty } from '../support/test-county.ts'
import { databaseKinds } from '../support/test-service.ts'

const TODAY = '2024-06-30'
const LINES = [{ areaMu: 10, fenPerMu: 60_000 }]

describe.each(databaseKinds)('on %s', (database) => {
  let county: TestCounty
  let operatorId: string
  beforeAll(async () => {
    county = await openTestCounty(TODAY, database)
    operatorId = (await county.operator()).id
  })
  afterAll(() => county.close())

  /** 600,000 fen due every 31 December from 2020; the first year is paid. */
  async function contract(over: object = {}) {
    const { id } = await county.contract(operatorId, {
      penaltyPer10kPerDay: 5,
      toleranceDays: 30,
      ...over,
    })
    await county.record(`/contracts/${id}/payments`, { amountFen: 600_000, paidOn: '2020-12-30' })
    return id as string
  }
  const demand = (id: string, deliveredOn: string) =>
    county.record(`/contracts/${id}/demands`, { deliveredOn, manner: '书面', evidence: '回执' })
  const reminders = (id: string, query = '') => county.read(`/contracts/${id}/reminders${query}`)
  const starts = async (id: string, query = '') =>
    (await reminders(id, query)).instalments.map(
      // biome-ignore lint/suspicious/noExplicitAny: replies are looked into freely by tests
      (one: any) => [one.no, one.restartedBy, one.restartedOn, one.courtUntilOn],
    )

  it('answers everything of a contract in arrears, for which nothing was done', async () => {
    const id = await contract()
    const found = await reminders(id)
    expect(found).toEqual({
      contractId: id,
      asOf: TODAY,
      knownAt: expect.any(String),
      arrearsFen: 1_800_000,
      instalments: [
        {
          no: 2,
          rentYear: 1,
          dueOn: '2021-12-31',
          unpaidFen: 600_000,
          courtUntilOn: '2024-12-31',
          arbitrationUntilOn: '2023-12-31',
          restartedOn: null,
          restartedBy: null,
          arbitrationRestartedOn: null,
          courtDaysLeft: 184,
          arbitrationDaysLeft: -182,
          note:
            '时效风险提示:第 2 期(2021-12-31 到期)按诉讼时效 3 年计,提示日为 2024-12-31(还有 184 天),' +
            '自到期日起算;按仲裁时效 2 年计,提示日为 2023-12-31(182 天前),自到期日起算',
        },
        expect.objectContaining({ no: 3, courtUntilOn: '2025-12-31', courtDaysLeft: 549 }),
        expect.objectContaining({ no: 4, courtUntilOn: '2026-12-31', courtDaysLeft: 914 }),
      ],
      termination: null,
      penaltyFen: 273_600 + 164_100 + 54_600,
      penaltyPer10kPerDay: 5,
      penaltyYears: [
        { rentYear: 1, annualRentFen: 600_000, days: 912, fen: 273_600 },
        { rentYear: 2, annualRentFen: 600_000, days: 547, fen: 164_100 },
        { rentYear: 3, annualRentFen: 600_000, days: 182, fen: 54_600 },
      ],
      nextLimitationOn: '2024-12-31',
      notes: [
        expect.stringContaining('未计节假日顺延'),
        expect.stringContaining('尚无催告送达记录'),
        expect.stringContaining('日万分之 5 '),
      ],
    })
    const standing = await county.read(`/contracts/${id}/standing`)
    expect([standing.arrearsFen, standing.oldestUnpaidDueOn]).toEqual([1_800_000, '2021-12-31'])
  })

  it('says nothing of a contract that owes nothing', async () => {
    const id = await contract()
    await demand(id, '2021-06-01')
    expect(await reminders(id, '?asOf=2021-12-31')).toMatchObject({
      arrearsFen: 0,
      instalments: [],
      termination: null,
      penaltyFen: 0,
      penaltyYears: [],
      nextLimitationOn: null,
      notes: [],
    })
    expect(await reminders(id, '?asOf=2022-01-01')).toMatchObject({
      arrearsFen: 600_000,
      penaltyFen: 300,
    })
  })

  it('each fact restarts what it reaches; its correction and its withdrawal count too', async () => {
    const id = await contract()
    const first = await demand(id, '2023-03-01')
    const from = ['demand', '2023-03-01', '2026-03-01']
    const fourth = [4, null, null, '2026-12-31']
    expect(await starts(id)).toEqual([[2, ...from], [3, ...from], fourth])
    await county.correct('demands', first.id, {
      deliveredOn: '2022-12-31',
      manner: '书面',
      evidence: '回执',
    })
    const third = [3, null, null, '2025-12-31']
    expect(await starts(id)).toEqual([[2, 'demand', '2022-12-31', '2025-12-31'], third, fourth])
    await county.withdraw('demands', first.id)
    const second = [2, null, null, '2024-12-31']
    expect(await starts(id)).toEqual([second, third, fourth])
    const request = { requestedOn: '2024-01-10', institution: '乡镇调解委员会' }
    await county.record(`/contracts/${id}/mediations`, request)
    const mediation = ['mediation', '2024-01-10', '2027-01-10']
    expect(await starts(id)).toEqual([2, 3, 4].map((no) => [no, ...mediation]))
    await county.record(`/contracts/${id}/repayment-plans`, {
      agreedOn: '2024-02-10',
      instalments: [{ dueOn: '2024-12-31', amountFen: 1_800_000 }],
      evidence: '协议',
    })
    const plan = ['plan', '2024-02-10', '2027-02-10']
    expect(await starts(id)).toEqual([2, 3, 4].map((no) => [no, ...plan]))
  })

  it('a part payment restarts the instalment that it reaches, until it is reversed', async () => {
    const id = await contract()
    const { id: paymentId } = await county.record(`/contracts/${id}/payments`, {
      amountFen: 1,
      paidOn: '2024-05-01',
      designatedDueOn: '2022-12-31',
    })
    expect(await starts(id)).toEqual([
      [2, null, null, '2024-12-31'],
      [3, 'payment', '2024-05-01', '2027-05-01'],
      [4, null, null, '2026-12-31'],
    ])
    await county.record(`/payments/${paymentId}/reversal`, { reason: '退票' })
    expect((await starts(id))[1]).toEqual([3, null, null, '2025-12-31'])
  })

  it('an interruption counts from its day on, and from when it was known', async () => {
    const id = await contract()
    const { recordedAt } = await county.record(`/contracts/${id}/payments`, {
      amountFen: 1,
      paidOn: '2024-06-01',
    })
    await demand(id, '2024-06-20')
    const days = async (query: string) => (await reminders(id, query)).instalments[0].restartedOn
    expect(await days('')).toBe('2024-06-20')
    expect(await days('?asOf=2024-06-19')).toBe('2024-06-01')
    expect(await days('?asOf=2024-05-31')).toBeNull()
    expect(await days(`?knownAt=${recordedAt}`)).toBe('2024-06-01')
  })

  it('what was believed of the schedule and the clauses is kept', async () => {
    const id = await contract()
    const {
      version,
      recordedAt,
      recordedBy,
      warnings,
      areaMu,
      id: _,
      ...fact
    } = await county.read(`/contracts/${id}`)
    expect([version, typeof recordedBy, warnings, areaMu]).toEqual([1, 'string', undefined, 10])
    await county.correct('contracts', id, {
      ...fact,
      rent: { lines: LINES, firstDueOn: '2021-06-30' },
      penaltyPer10kPerDay: 0,
    })
    expect(await reminders(id)).toMatchObject({
      arrearsFen: 1_200_000,
      penaltyFen: 0,
      penaltyPer10kPerDay: 0,
      notes: [{}, {}, '合同未约定违约金(属双方自行约定的事项)'],
    })
    // Before the payment was recorded, too.
    expect(await reminders(id, `?knownAt=${recordedAt}`)).toMatchObject({
      arrearsFen: 2_400_000,
      penaltyPer10kPerDay: 5,
      instalments: [{ dueOn: '2020-12-31' }, {}, {}, { dueOn: '2023-12-31' }],
    })
  })

  it('termination may be raised the day after the tolerance, by the first demand', async () => {
    const id = await contract()
    await demand(id, '2021-12-31')
    expect((await reminders(id)).termination).toBeNull()
    await demand(id, '2024-05-01')
    await demand(id, '2024-03-01')
    const { termination, notes } = await reminders(id)
    expect(termination).toEqual({
      demandedOn: '2024-03-01',
      fromOn: '2024-04-01',
      note: expect.stringContaining('由双方协商或法院认定'),
    })
    expect(notes.join()).not.toContain('宽限期未起算')
    const byAgreement = await contract({ toleranceDays: undefined })
    await demand(byAgreement, '2024-03-01')
    const other = await reminders(byAgreement)
    expect(other.termination).toBeNull()
    expect(other.notes).toContain('合同未约定催告后的宽限期:解除由双方协商或法院认定')
  })

  it('the next limitation day is the nearest ahead, or the last when all lie behind', async () => {
    const id = await contract({ endOn: '2021-12-31', startOn: '2020-01-01' })
    const next = async (asOf: string) => (await reminders(id, `?asOf=${asOf}`)).nextLimitationOn
    expect(await next('2023-12-31')).toBe('2023-12-31')
    expect(await next('2024-01-01')).toBe('2024-12-31')
    county.clockOf.goTo('2025-06-30')
    expect(await next('2024-12-31')).toBe('2024-12-31')
    const past = await reminders(id, '?asOf=2025-01-01')
    expect(past.nextLimitationOn).toBe('2024-12-31')
    expect(past.notes[1]).toMatch(/^1 期的诉讼时效提示日已到:/)
    county.clockOf.goTo(TODAY)
  })

  it('paid once: the penalty goes by a year, not by the term', async () => {
    const rent = { lines: LINES, frequency: 'once' }
    const { id } = await county.contract(operatorId, { rent, penaltyPer10kPerDay: 5 })
    expect(await reminders(id, '?asOf=2020-01-31')).toMatchObject({
      arrearsFen: 6_000_000,
      penaltyFen: 9000,
      penaltyYears: [{ rentYear: 0, annualRentFen: 600_000, days: 30, fen: 9000 }],
    })
  })

  it('the largest clauses and the oldest rent that a contract may have are answered', async () => {
    const id = await contract({
      startOn: '1900-01-01',
      endOn: '1900-12-31',
      rent: { lines: [{ areaMu: 1_000_000, fenPerMu: 2_000_000 }] },
      penaltyPer10kPerDay: 10_000,
      toleranceDays: 10_000_000,
    })
    await demand(id, '2024-03-01')
    expect(await reminders(id)).toMatchObject({
      arrearsFen: 1_999_999_400_000,
      termination: null,
      penaltyFen: Number.MAX_SAFE_INTEGER,
    })
  })

  it.each([
    [404, `/contracts/${NOBODY}/reminders`, 'not-found'],
    [400, '/contracts/1/reminders', 'invalid-request'],
    [400, `/contracts/${NOBODY}/reminders?on=2024-01-01`, 'invalid-request'],
    [422, `/contracts/${NOBODY}/reminders?asOf=2024-07-01`, 'as-of-in-future'],
  ])('%i for %s', async (status, path, code) => {
    const reply = await county.send('GET', path)
    expect([reply.status, reply.body.code]).toEqual([status, code])
  })

  it('a contract that was withdrawn, or not yet known, is not there', async () => {
    const id = await contract()
    const { recordedAt } = await county.read(`/contracts/${id}`)
    await county.withdraw('contracts', id)
    const path = `/contracts/${id}/reminders`
    expect((await county.send('GET', path)).status).toBe(404)
    expect((await county.send('GET', `${path}?knownAt=2020-01-01T00:00:00Z`)).status).toBe(404)
    expect((await county.send('GET', `${path}?knownAt=${recordedAt}`)).status).toBe(200)
  })

  it('many contracts are answered at once, each with its own facts', async () => {
    const ids = [await contract(), await contract(), await contract()]
    await demand(ids[1] as string, '2024-03-01')
    const many = [...ids, ...Array.from({ length: 2000 }, (_, n) => NOBODY.replace('00ff', pad(n)))]
    const found = await remindersOf(county.db.read, many.reverse(), {
      asOf: TODAY,
      knownAt: '9999-12-31T23:59:59.999Z',
    })
    expect([...found.keys()].sort()).toEqual([...ids].sort())
    expect(ids.map((id) => found.get(id)?.instalments[0]?.restartedBy)).toEqual([
      null,
      'demand',
      null,
    ])
  })
})

const pad = (n: number) => String(n).padStart(4, '0')
