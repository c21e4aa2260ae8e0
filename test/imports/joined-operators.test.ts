/** What a join of operators means for what is recorded, imported, taken back and settled after it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { insertVersion } from '../../src/facts/fact-store.ts'
import type { ImportRecords } from '../../src/imports/import-row.ts'
import { importRecords, takeBack } from '../support/import-records.ts'
import { contractBody, openTestCounty, type TestCounty, VILLAGE } from '../support/test-county.ts'

type Contract = ImportRecords['contracts']

let county: TestCounty
afterEach(() => county.close())

const join = (operatorId: string, sameAsId: string) =>
  county.record(`/operators/${operatorId}/joins`, { sameAsId, reason: '同一合作社' })
const undo = ({ id }: { id: string }) => county.withdraw('operator-joins', id)
const named = async (name: string) => (await county.operator({ name })).id as string
const contractOf = async (contractNo: string) =>
  (await county.read('/contracts')).items.find(
    (contract: { contractNo: string }) => contract.contractNo === contractNo,
  )
const lease = (contractNo: string, over: Partial<Contract> = {}): Contract => ({
  contractNo,
  operatorName: '甲合作社',
  villageName: '青溪村',
  lessor: { kind: 'village_collective', households: 12 },
  landUse: 'late_citrus',
  startOn: '2020-01-01',
  endOn: '2029-12-31',
  rent: {
    lines: [{ areaMu: 10, fenPerMu: 60_000 }],
    frequency: 'annual',
    firstDueOn: '2020-12-31',
  },
  ...over,
})
const take = (...rows: Contract[]) => importRecords(county, 'contracts', rows)

describe.each(['sqlite'] as const)('while an import runs on %s', (database) => {
  beforeEach(async () => {
    county = await openTestCounty('2025-03-03', database)
    await county.put(`/regions/${VILLAGE}`, { name: '青溪村' })
  })
  /** An import of these rows, between whose first and second `act` takes place. */
  const between = (act: () => Promise<unknown>, ...rows: Contract[]) =>
    importRecords(county, 'contracts', rows, async ({ no }) => (no === 1 ? act() : undefined))

  it('rows after a join go to the operator that stays, after its withdrawal to the other', async () => {
    const [a, b] = [await named('甲合作社'), await named('乙合作社')]
    let made = { id: '' }
    const joins = async () => {
      made = await join(a, b)
    }
    const { said } = await between(joins, lease('一'), lease('二'))
    expect(said).toEqual(['kept', 'kept'])
    expect([(await contractOf('一')).operatorId, (await contractOf('二')).operatorId]).toEqual([
      b,
      b,
    ])
    await between(() => undo(made), lease('三'), lease('四'))
    expect([(await contractOf('三')).operatorId, (await contractOf('四')).operatorId]).toEqual([
      b,
      a,
    ])
  })

  it('rows find operators and contracts that others have recorded, renamed and renumbered', async () => {
    const a = await named('甲合作社')
    const { id } = await county.contract(a, { contractNo: '旧号' })
    const changes = async () => {
      await county.correct('contracts', id, contractBody(a, { contractNo: '新号' }))
      await county.correct('operators', a, { name: '甲公司', kind: 'company' })
      await named('丙合作社')
    }
    const { said } = await between(
      changes,
      lease('一'),
      lease('新号', { operatorName: '甲公司' }),
      lease('三', { operatorName: '丙合作社' }),
    )
    expect(said).toEqual(['kept', 'unchanged', 'kept'])
    const names = (await county.read('/operators')).items.map(({ name }: { name: string }) => name)
    expect(names).toEqual(['甲公司', '丙合作社'])
  })

  it('rows do not find what others have withdrawn', async () => {
    const { id } = await county.contract(await named('乙合作社'), { contractNo: '二' })
    const withdrawn = () => county.withdraw('contracts', id)
    const { rows } = await between(withdrawn, lease('一'), lease('二'))
    expect(rows[1]?.facts).toMatchObject([{ kind: 'contracts', version: 1 }])
  })
})

describe('an operator that was joined to another', () => {
  let [a, b] = ['', '']
  let made: { id: string }
  let facts: [string, string, object][]
  beforeEach(async () => {
    county = await openTestCounty('2025-03-03')
    await county.put(`/regions/${VILLAGE}`, { name: '青溪村' })
    ;[a, b] = [await named('甲合作社'), await named('乙合作社')]
    await county.contract(b, { contractNo: '自有' })
    made = await join(a, b)
    const subsidy = { programme: '标准园', year: 2023, standing: 'claimed', amountFen: 100 }
    const petition = {
      villageCode: VILLAGE,
      occurredOn: '2025-03-01',
      channel: 'visit',
      people: 5,
      repeat: false,
    }
    const condition = { condition: 'mismanaged', observedOn: '2025-03-01', source: '摸排' }
    facts = [
      ['contracts', '/contracts', contractBody(a)],
      ['subsidies', '/subsidies', { operatorId: a, ...subsidy }],
      ['petitions', '/petitions', { operatorId: a, ...petition }],
      ['conditions', `/operators/${a}/conditions`, condition],
    ]
  })
  const ofOther = (path: string, body: object): [string, object] => [
    path.replace(a, b),
    'operatorId' in body ? { ...body, operatorId: b } : body,
  ]

  it('takes no new facts, and none by a correction', async () => {
    for (const [kind, path, body] of facts) {
      const reply = await county.send('POST', path, body)
      expect([kind, reply.status, reply.body.code]).toEqual([kind, 409, 'operator-joined'])
      expect(reply.body).toMatchObject({
        detail: '该业主已并入另一业主,请登记到合并后的业主名下',
        errors: [{ field: 'operatorId' }],
      })
      const { id } = await county.record(...ofOther(path, body))
      if (!('operatorId' in body)) continue
      const correction = { reason: '写错', fact: body }
      const corrected = await county.send('POST', `/${kind}/${id}/correction`, correction)
      expect([kind, corrected.status, corrected.body.code]).toEqual([kind, 409, 'operator-joined'])
    }
  })

  it('takes them again when the join is withdrawn', async () => {
    await undo(made)
    for (const [, path, body] of facts) await county.record(path, body)
  })

  it('leaves what came over with the join to be corrected', async () => {
    await undo(made)
    const recorded: string[] = []
    for (const [, path, body] of facts) recorded.push((await county.record(path, body)).id)
    await join(a, b)
    for (const [at, [kind, path, body]] of facts.entries()) {
      const [, fact] = ofOther(path, body)
      await county.correct(kind, recorded[at] as string, fact)
    }
  })

  it('is not withdrawn, nor is the other, before the join is', async () => {
    const withdrawal = (id: string) =>
      county.send('POST', `/operators/${id}/withdrawal`, { reason: '重复登记' })
    for (const id of [a, b]) {
      const reply = await withdrawal(id)
      expect([reply.status, reply.body.code]).toEqual([409, 'operator-joined'])
    }
    await undo(made)
    for (const id of [a, b]) expect((await withdrawal(id)).status).toBe(201)
  })

  it('is itself again in imports should the other be gone', async () => {
    const { operators = [] } = await county.rows('operators')
    const other = operators.find(({ id }) => id === b)
    await county.db.transaction((tx) => {
      const { recordedAt } = tx
      return insertVersion(tx, 'operators', { ...other, version: 2, withdrawn: true, recordedAt })
    })
    expect((await take(lease('一'))).said).toEqual(['kept'])
    expect((await contractOf('一')).operatorId).toBe(a)
  })
})

describe('an import whose contracts a join has moved', () => {
  let b = ''
  beforeEach(async () => {
    county = await openTestCounty('2025-03-03')
    await county.put(`/regions/${VILLAGE}`, { name: '青溪村' })
    b = await named('乙合作社')
  })
  const idOf = ({ rows }: Awaited<ReturnType<typeof take>>) =>
    (rows.map(({ record }) => record)[0] as { operatorId: string }).operatorId

  it('is taken back once the join is withdrawn, and not before', async () => {
    const imported = await take(lease('一'), lease('二'))
    const made = await join(idOf(imported), b)
    await expect(takeBack(county, imported.importId)).rejects.toThrow('built on')
    await undo(made)
    await undo(await join(idOf(imported), b))
    await takeBack(county, imported.importId)
    expect((await county.read('/contracts')).items).toEqual([])
    expect((await county.read('/operators')).items).toMatchObject([{ id: b }])
  })

  it('gives a correction back too, and what stood before it', async () => {
    const first = await take(lease('一'))
    const second = await take(lease('一', { endOn: '2034-12-31' }))
    await undo(await join(idOf(first), b))
    await takeBack(county, second.importId)
    expect(await contractOf('一')).toMatchObject({ endOn: '2029-12-31', version: 5 })
  })

  it('is not taken back when somebody corrected one meanwhile, whatever the reason', async () => {
    const imported = await take(lease('一'))
    const made = await join(idOf(imported), b)
    const { id } = await contractOf('一')
    const fact = contractBody(b, { contractNo: '一', insured: true })
    await county.record(`/contracts/${id}/correction`, { reason: '同一业主合并', fact })
    await undo(made)
    await expect(takeBack(county, imported.importId)).rejects.toThrow('built on')
  })

  it('is corrected by the same file again, as if there had been no join', async () => {
    const subsidy = {
      operatorName: '甲合作社',
      programme: '标准园补助',
      year: 2023,
      standing: 'recognised' as const,
    }
    const files = [100, 200].map((amountFen) => [{ ...subsidy, amountFen }])
    const imported = await take(lease('一'))
    await take(lease('一', { endOn: '2034-12-31' }))
    for (const file of files) await importRecords(county, 'subsidies', file)
    const made = await join(idOf(imported), b)
    expect((await take(lease('一'))).said).toEqual(['kept'])
    expect((await importRecords(county, 'subsidies', files[0] ?? [])).said).toEqual(['kept'])
    expect(await contractOf('一')).toMatchObject({ endOn: '2029-12-31', operatorId: b })
    await undo(made)
    expect((await take(lease('一', { endOn: '2034-12-31' }))).said).toEqual(['kept'])
    expect(await contractOf('一')).toMatchObject({ operatorId: idOf(imported) })
  })

  it('leaves what somebody corrected by hand before the join', async () => {
    const imported = await take(lease('一'))
    const { id } = await contractOf('一')
    const fact = contractBody(idOf(imported), { contractNo: '一', insured: true })
    await county.correct('contracts', id, fact)
    await join(idOf(imported), b)
    expect((await take(lease('一', { insured: false }))).said).toEqual(['kept'])
    await county.correct('contracts', id, { ...fact, operatorId: b })
    expect((await take(lease('一', { insured: false }))).said).toEqual(['unchanged'])
  })
})

describe('a resolved case', () => {
  let [a, b] = ['', '']
  let [contractId, ownId] = ['', '']
  const FIXES = {
    measure: '分期还款',
    responsibleUnit: '青溪镇人民政府',
    leadOfficial: '王镇长',
    responsiblePerson: '李主任',
    deadlineOn: '2025-06-30',
  }
  /** Both operators owe four years; that of the one is being resolved, that of the other is. */
  beforeEach(async () => {
    county = await openTestCounty('2024-12-02')
    ;[a, b] = [await named('甲合作社'), await named('甲 合作社')]
    contractId = (await county.contract(a, { contractNo: '甲一' })).id
    ownId = (await county.contract(b, { contractNo: '乙一' })).id
    await county.night('2024-12-02')
    for (const { id } of (await county.read('/cases')).items)
      await county.put(`/cases/${id}/fixes`, FIXES)
    await resolve(b)
  })
  const caseOf = async (operatorId: string) =>
    (await county.read(`/cases?operatorId=${operatorId}`)).items[0]
  const resolve = async (operatorId: string) =>
    county.record(`/cases/${(await caseOf(operatorId)).id}/resolution`, {
      outcome: 'agreed',
      evidence: '还款协议',
    })
  const nightOf = async (day: string) => {
    county.clockOf.goTo(day)
    return (await county.night(day)).counts
  }
  const states = async () => [(await caseOf(a)).state, (await caseOf(b)).state]
  const whyRelapsed = async () => {
    const { history } = await county.read(`/cases/${(await caseOf(b)).id}`)
    return history.find(({ kind }: { kind: string }) => kind === 'relapsed').detail.because
  }

  it('relapses by what comes over to it and was not resolved', async () => {
    await join(a, b)
    expect(await nightOf('2024-12-03')).toMatchObject({ casesRelapsed: 1, casesOpened: 0 })
    expect(await states()).toEqual(['resolving', 'relapsed'])
    expect(await whyRelapsed()).toEqual([
      {
        contractId,
        arrears: { fromFen: 0, toFen: 2_400_000 },
        level: { from: 'none', to: 'orange' },
      },
    ])
  })

  it('rests when what comes over was resolved there, and after the withdrawal', async () => {
    await resolve(a)
    const made = await join(a, b)
    expect(await nightOf('2024-12-03')).toMatchObject({ casesRelapsed: 0, casesOpened: 0 })
    await undo(made)
    expect(await nightOf('2024-12-04')).toMatchObject({ casesRelapsed: 0, casesOpened: 0 })
    expect(await states()).toEqual(['resolved', 'resolved'])
  })

  it('relapses when one that came over owes more than its resolution stored', async () => {
    await resolve(a)
    await join(a, b)
    expect(await nightOf('2024-12-31')).toMatchObject({ casesRelapsed: 0 })
    expect(await nightOf('2025-01-01')).toMatchObject({ casesRelapsed: 1 })
    expect(await whyRelapsed()).toContainEqual(
      expect.objectContaining({
        contractId,
        arrears: { fromFen: 2_400_000, toFen: 3_000_000 },
      }),
    )
  })

  it('relapses when the join raises the grade of its own', async () => {
    const observed = { observedOn: '2024-12-01', source: '摸排' }
    await county.record(`/operators/${a}/conditions`, { condition: 'unreachable', ...observed })
    await resolve(a)
    await join(a, b)
    expect(await nightOf('2024-12-03')).toMatchObject({ casesRelapsed: 1 })
    expect(await whyRelapsed()).toEqual([
      { contractId: ownId, level: { from: 'orange', to: 'red' } },
    ])
  })

  it('rests over a promise broken before its resolution, not over one broken since', async () => {
    const promise = (on: string) =>
      county.record(`/contracts/${contractId}/repayment-plans`, {
        agreedOn: on,
        instalments: [{ dueOn: on, amountFen: 100_000 }],
        evidence: '还款协议',
      })
    await promise('2024-12-02')
    county.clockOf.goTo('2024-12-09')
    const { items } = await county.read(`/contracts/${contractId}/repayment-plans`)
    expect(items).toMatchObject([{ onDay: { state: 'breached', breachedOn: '2024-12-08' } }])
    await resolve(a)
    await join(a, b)
    expect(await nightOf('2024-12-09')).toMatchObject({ casesRelapsed: 0 })
    await promise('2024-12-09')
    expect(await nightOf('2024-12-15')).toMatchObject({ casesRelapsed: 1 })
  })

  it('is not settled as paid when its contracts went to another operator unpaid', async () => {
    await join(a, b)
    const path = `/cases/${(await caseOf(a)).id}/resolution`
    const paid = { outcome: 'paid', evidence: '收据' }
    await expect(county.record(path, paid)).rejects.toThrow('no-contracts')
    await county.record(path, { outcome: 'other', evidence: '已并入同一业主' })
    expect(await states()).toEqual(['resolved', 'resolved'])
  })

  it('is named in the reply to the join and to its withdrawal, with the other', async () => {
    const warning = {
      code: 'cases-touched',
      field: 'sameAsId',
      message: '请核对案件 FX2024-0001、FX2024-0002 的四定',
    }
    const made = await join(a, b)
    expect(made.warnings).toEqual([warning])
    expect((await undo(made as { id: string })).warnings).toEqual([warning])
    const none = await join(await named('丙'), await named('丁'))
    expect(none.warnings).toEqual([])
  })
})
