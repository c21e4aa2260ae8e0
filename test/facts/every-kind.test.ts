/** What holds for every kind of fact: recorded, read, listed, corrected, withdrawn, never changed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  contractBody,
  NOBODY,
  openTestCounty,
  type TestCounty,
  VILLAGE,
} from '../support/test-county.ts'

interface Parents {
  operatorId: string
  contractId: string
  subsidyId: string
}
interface Kind {
  facts: string
  url: (parents: Parents) => string
  fact: (parents: Parents) => object
  corrected: (parents: Parents) => object
}

/** A plan is corrected, withdrawn and read under either name. */
const PLANS: Kind[] = ['repayment-plans', 'plans'].map((facts) => ({
  facts,
  url: ({ contractId }) => `/contracts/${contractId}/repayment-plans`,
  fact: () => ({
    agreedOn: '2025-01-10',
    instalments: [
      { dueOn: '2025-06-30', amountFen: 300_000 },
      { dueOn: '2025-03-31', amountFen: 1 },
    ],
    evidence: '还款协议',
  }),
  corrected: () => ({
    agreedOn: '2025-01-10',
    instalments: [{ dueOn: '2025-01-10', amountFen: 2 }],
    evidence: '还款协议(补正)',
  }),
}))
const KINDS: Kind[] = [
  {
    facts: 'operators',
    url: () => '/operators',
    fact: () => ({ name: '白云合作社', kind: 'cooperative', representative: '王*', phone: '1' }),
    corrected: () => ({ name: '白云家庭农场', kind: 'family_farm' }),
  },
  {
    facts: 'conditions',
    url: ({ operatorId }) => `/operators/${operatorId}/conditions`,
    fact: () => ({
      condition: 'ceased',
      observedOn: '2025-01-05',
      source: '村',
      note: '大门\n紧闭',
    }),
    corrected: () => ({ condition: 'mismanaged', observedOn: '2025-01-06', source: '镇' }),
  },
  {
    facts: 'contracts',
    url: () => '/contracts',
    fact: ({ operatorId }) => contractBody(operatorId, { signedOn: '2019-12-20' }),
    corrected: ({ operatorId }) =>
      contractBody(operatorId, { landUse: 'rice_fish', insured: true }),
  },
  {
    facts: 'amendments',
    url: ({ contractId }) => `/contracts/${contractId}/amendments`,
    fact: () => ({ effectiveOn: '2024-01-01', reason: '续签', endOn: '2031-12-31' }),
    corrected: () => ({ effectiveOn: '2024-01-01', reason: '续签', endOn: '2032-12-31' }),
  },
  {
    facts: 'ends',
    url: ({ contractId }) => `/contracts/${contractId}/end`,
    fact: () => ({ endedOn: '2024-06-30', reason: '退地' }),
    corrected: () => ({ endedOn: '2024-07-31', reason: '退地' }),
  },
  {
    facts: 'subsidies',
    url: () => '/subsidies',
    fact: ({ operatorId, contractId }) => ({
      operatorId,
      contractId,
      programme: '标准园补助',
      year: 2024,
      standing: 'recognised',
      amountFen: 0,
      documentNo: '县农〔2024〕1号',
      fundingSource: 'county',
      acceptedOn: '2024-05-01',
      payableOn: '2024-06-30',
      stage: '验收',
      reasonUnpaid: '资金未到',
      responsibleUnit: '县农业农村局',
    }),
    corrected: ({ operatorId }) => ({
      operatorId,
      programme: '标准园补助',
      year: 2024,
      standing: 'claimed',
      amountFen: 70,
    }),
  },
  {
    facts: 'stages',
    url: ({ subsidyId }) => `/subsidies/${subsidyId}/stages`,
    fact: () => ({ stage: '公示', occurredOn: '2024-07-01', standing: 'claimed', amountFen: 5 }),
    corrected: () => ({ stage: '公示', occurredOn: '2024-07-02', payableOn: '2024-09-01' }),
  },
  {
    facts: 'disbursements',
    url: ({ subsidyId }) => `/subsidies/${subsidyId}/disbursements`,
    fact: () => ({ amountFen: 1, paidOn: '2024-07-15' }),
    corrected: () => ({ amountFen: 2, paidOn: '2024-07-16' }),
  },
  {
    facts: 'petitions',
    url: () => '/petitions',
    fact: ({ operatorId }) => ({
      villageCode: VILLAGE,
      occurredOn: '2025-02-05',
      channel: 'visit',
      people: 5,
      operatorId,
      repeat: true,
      summary: '反映租金未付',
    }),
    corrected: ({ contractId }) => ({
      villageCode: VILLAGE,
      occurredOn: '2025-02-06',
      channel: 'hotline',
      people: 1,
      contractId,
      repeat: false,
    }),
  },
  {
    facts: 'screenings',
    url: ({ contractId }) => `/contracts/${contractId}/screenings`,
    fact: () => ({
      visitedOn: '2025-02-01',
      findings: ['facility_idle'],
      nextVisitOn: '2025-04-01',
    }),
    corrected: () => ({ visitedOn: '2025-02-02', findings: [], note: '地已复耕' }),
  },
  ...PLANS,
  {
    facts: 'demands',
    url: ({ contractId }) => `/contracts/${contractId}/demands`,
    fact: () => ({ deliveredOn: '2019-05-01', manner: '邮寄', evidence: '回执\n第 2 页' }),
    corrected: () => ({ deliveredOn: '2025-03-03', manner: '当面送达', evidence: '签收单' }),
  },
  {
    facts: 'mediations',
    url: ({ contractId }) => `/contracts/${contractId}/mediations`,
    fact: () => ({ requestedOn: '2025-02-10', institution: '镇调解委员会', evidence: '受理单' }),
    corrected: () => ({ requestedOn: '2025-02-11', institution: '县仲裁委员会' }),
  },
]

describe.each(['sqlite'] as const)('on %s', (database) => {
  let county: TestCounty
  let shared: Parents
  beforeAll(async () => {
    county = await openTestCounty('2025-03-03', database)
    const operator = await county.operator()
    const contract = await county.contract(operator.id)
    const about = { operatorId: operator.id, programme: '补助', year: 2024, standing: 'claimed' }
    const subsidy = await county.record('/subsidies', { ...about, amountFen: 100 })
    shared = { operatorId: operator.id, contractId: contract.id, subsidyId: subsidy.id }
  })
  afterAll(() => county.close())

  /** What a fact of some kind is about; a contract ends once, so its end gets one of its own. */
  async function parentsOf(facts: string): Promise<Parents> {
    if (facts !== 'ends') return shared
    const { id: operatorId } = await county.operator()
    return { ...shared, operatorId, contractId: (await county.contract(operatorId)).id }
  }

  describe.each(KINDS)('$facts', ({ facts, url, fact, corrected }) => {
    it('are answered with everything that was recorded, an id and who recorded it when', async () => {
      const parents = await parentsOf(facts)
      const recorded = await county.record(url(parents), fact(parents))
      expect(recorded).toMatchObject(fact(parents))
      expect(recorded.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-/)
      expect(recorded.recordedBy).toBe('test')
      expect(recorded.recordedAt).toMatch(/^2025-03-03T01:0\d:\d\d\.\d{3}Z$/)
      expect(recorded.warnings).toBeInstanceOf(Array)
      const { warnings: _warnings, ...kept } = recorded
      expect(await county.read(`/${facts}/${recorded.id}`)).toMatchObject(kept)
    })

    it('are listed once, as they stand after a correction, and not after a withdrawal', async () => {
      const parents = await parentsOf(facts)
      const recorded = await county.record(url(parents), fact(parents))
      const mine = async () => {
        const { items } = await county.read(`${url(parents)}?limit=500`)
        return items.filter(({ id }: { id: string }) => id === recorded.id)
      }
      expect(await mine()).toMatchObject([fact(parents)])
      await county.correct(facts, recorded.id, corrected(parents))
      expect(await mine()).toMatchObject([corrected(parents)])
      await county.withdraw(facts, recorded.id)
      expect(await mine()).toEqual([])
    })

    it('stay known as they were before a correction and before a withdrawal', async () => {
      const parents = await parentsOf(facts)
      const recorded = await county.record(url(parents), fact(parents))
      const path = `/${facts}/${recorded.id}`
      const better = await county.correct(facts, recorded.id, corrected(parents))
      expect(better).toMatchObject({ ...corrected(parents), id: recorded.id, version: 2 })
      expect(better.recordedAt > recorded.recordedAt).toBe(true)
      const gone = Object.keys(fact(parents)).filter((key) => !(key in corrected(parents)))
      for (const key of gone) if (key !== 'repeat') expect(better).not.toHaveProperty(key)
      const withdrawn = await county.withdraw(facts, recorded.id)
      expect(withdrawn).toMatchObject({ version: 3, withdrawn: true, changeReason: '重复登记' })

      const justBefore = new Date(Date.parse(recorded.recordedAt) - 1).toISOString()
      const statusAt = async (at: string) =>
        (await county.send('GET', `${path}?knownAt=${at}`)).status
      expect(await statusAt(justBefore)).toBe(404)
      expect(await county.read(`${path}?knownAt=${recorded.recordedAt}`)).toMatchObject(
        fact(parents),
      )
      expect(await county.read(`${path}?knownAt=${better.recordedAt}`)).toMatchObject({
        ...corrected(parents),
        changeReason: '录入有误',
      })
      expect(await statusAt(withdrawn.recordedAt)).toBe(404)
      expect((await county.send('GET', path)).status).toBe(404)
    })

    it('are corrected by what was answered, with a change in it', async () => {
      const parents = await parentsOf(facts)
      const { id } = await county.record(url(parents), fact(parents))
      const read = await county.read(`/${facts}/${id}`)
      const better = await county.correct(facts, id, { ...read, ...corrected(parents) })
      expect(better).toMatchObject({ ...corrected(parents), id, version: 2 })
      const unknown = { reason: '改', fact: { ...read, recordedOn: '2025-01-01' } }
      const refused = await county.send('POST', `/${facts}/${id}/correction`, unknown)
      expect([refused.status, refused.body.errors[0].field]).toEqual([400, 'fact.recordedOn'])
    })

    it('are not corrected by what would be lost without a word', async () => {
      const parents = await parentsOf(facts)
      const { id } = await county.record(url(parents), fact(parents))
      const read = await county.read(`/${facts}/${id}`)
      const beside = Object.keys({ ...parents, areaMu: 10, id }).filter(
        (name) => name in read && !(name in fact(parents)),
      )
      for (const name of beside) {
        const other = { ...read, [name]: name === 'areaMu' ? 11 : NOBODY }
        const body = { reason: '改', fact: other }
        const refused = await county.send('POST', `/${facts}/${id}/correction`, body)
        const { code, errors } = refused.body
        expect([refused.status, code]).toEqual([422, 'not-corrected'])
        expect(errors).toMatchObject([{ field: `fact.${name}` }])
      }
      expect(await county.read(`/${facts}/${id}`)).toEqual(read)
    })

    it('are neither corrected nor withdrawn once they are withdrawn', async () => {
      const parents = await parentsOf(facts)
      const recorded = await county.record(url(parents), fact(parents))
      await county.withdraw(facts, recorded.id)
      const path = `/${facts}/${recorded.id}`
      const before = await county.rows()
      const again = await county.send('POST', `${path}/withdrawal`, { reason: '再撤' })
      expect([again.status, again.body.code]).toEqual([409, 'fact-withdrawn'])
      const correction = { reason: '再改', fact: corrected(parents) }
      const late = await county.send('POST', `${path}/correction`, correction)
      expect([late.status, late.body.code]).toEqual([409, 'fact-withdrawn'])
      expect(await county.rows()).toEqual(before)
    })

    it('cannot be read, corrected or withdrawn under an id that nothing has', async () => {
      const parents = await parentsOf(facts)
      const before = await county.rows()
      const path = `/${facts}/${NOBODY}`
      const replies = [
        await county.send('GET', path),
        await county.send('POST', `${path}/correction`, { reason: '改', fact: corrected(parents) }),
        await county.send('POST', `${path}/withdrawal`, { reason: '撤' }),
      ]
      for (const { status, body } of replies)
        expect([status, body.code]).toEqual([404, 'not-found'])
      expect(await county.rows()).toEqual(before)
    })
  })
})
