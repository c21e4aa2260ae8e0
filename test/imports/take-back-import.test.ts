import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Refusal } from '../../src/errors.ts'
import type { ImportRecords } from '../../src/imports/import-row.ts'
import { importRecords, takeBack } from '../support/import-records.ts'
import { openTestCounty, type TestCounty, VILLAGE } from '../support/test-county.ts'
import { databaseKinds } from '../support/test-service.ts'

type Contract = ImportRecords['contracts']

const lease = (contractNo: string, over: Partial<Contract> = {}): Contract => ({
  contractNo,
  operatorName: `${contractNo}合作社`,
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

describe.each(databaseKinds)('an import that is taken back on %s', (database) => {
  let county: TestCounty
  beforeAll(async () => {
    county = await openTestCounty('2025-03-03', database)
    await county.put(`/regions/${VILLAGE}`, { name: '青溪村' })
  })
  afterAll(() => county.close())

  const standingOf = async (contractNo: string) =>
    (await county.read('/contracts')).items.find(
      (contract: { contractNo: string }) => contract.contractNo === contractNo,
    )
  const refusal = async (importId: string) => {
    const error = await takeBack(county, importId).catch((thrown: unknown) => thrown)
    if (error instanceof Refusal) return `${error.code} ${error.words.zh}`
    throw error ?? new Error('was taken back')
  }

  it('withdraws contracts, their operators, amendments and ends, and can be imported anew', async () => {
    const row = lease('一', {
      amendments: [{ effectiveOn: '2023-01-01', reason: '延期', endOn: '2031-12-31' }],
      end: { endedOn: '2024-06-30', reason: '解除' },
    })
    const { importId, rows } = await importRecords(county, 'contracts', [row, lease('二')])
    await takeBack(county, importId)
    expect(await county.read('/contracts')).toMatchObject({ items: [] })
    expect(await county.read('/operators')).toMatchObject({ items: [] })
    const [, ...facts] = rows[0]?.facts ?? []
    expect(facts.map(({ kind }) => kind)).toEqual([
      'contracts',
      'contractAmendments',
      'contractEnds',
    ])
    const {
      contractEnds = [],
      risks,
      imports = [],
    } = await county.rows('contractEnds', 'risks', 'imports')
    expect(contractEnds.map(({ withdrawn }) => withdrawn).sort()).toEqual([false, true])
    expect(risks).toEqual([])
    expect(imports).toMatchObject([
      { state: 'taken_back', takenBackBy: '乡镇经办', takenBackReason: '导错了文件' },
    ])
    expect(await refusal(importId)).toMatch('import-already-taken-back')
    expect((await importRecords(county, 'contracts', [row])).said).toEqual(['kept'])
  })

  it('restores what a correction had replaced, and takes no other import with it', async () => {
    await importRecords(county, 'contracts', [lease('三')])
    const { importId } = await importRecords(county, 'contracts', [
      lease('三', { endOn: '2034-12-31' }),
    ])
    expect(await standingOf('三')).toMatchObject({ endOn: '2034-12-31' })
    await takeBack(county, importId)
    expect(await standingOf('三')).toMatchObject({
      endOn: '2029-12-31',
      version: 3,
      changeReason: '导错了文件',
    })
    expect((await importRecords(county, 'contracts', [lease('三')])).said).toEqual(['unchanged'])
  })

  it('reverses payments, and records those again that it had reversed', async () => {
    await importRecords(county, 'contracts', [lease('四')])
    const { id } = await standingOf('四')
    const paid = { contractNo: '四', amountFen: 600_000, paidOn: '2021-01-05', receiptNo: '1' }
    await importRecords(county, 'payments', [paid])
    const { importId } = await importRecords(county, 'payments', [
      { ...paid, amountFen: 500_000 },
      { ...paid, receiptNo: '2' },
    ])
    const paidFen = async () => (await county.read(`/contracts/${id}/standing`)).paidFen
    expect(await paidFen()).toBe(1_100_000)
    await takeBack(county, importId)
    expect(await paidFen()).toBe(600_000)
    expect((await importRecords(county, 'payments', [paid])).said).toEqual(['unchanged'])
  })

  it('withdraws subsidies and what of them is paid out', async () => {
    const { importId } = await importRecords(county, 'subsidies', [
      {
        operatorName: '白果公司',
        programme: '标准园补助',
        year: 2023,
        standing: 'recognised',
        amountFen: 100,
        disbursedFen: 40,
        disbursedOn: '2024-07-15',
      },
    ])
    await takeBack(county, importId)
    expect(await county.read('/subsidies')).toMatchObject({ items: [] })
  })

  it('leaves what somebody has withdrawn since', async () => {
    const { importId } = await importRecords(county, 'contracts', [lease('五'), lease('六')])
    await county.withdraw('contracts', (await standingOf('五')).id)
    await takeBack(county, importId)
    expect(await standingOf('六')).toBeUndefined()
  })

  it('counts no more: what only found it recorded is recorded by the next import', async () => {
    const first = await importRecords(county, 'contracts', [lease('七')])
    expect((await importRecords(county, 'contracts', [lease('七')])).said).toEqual(['unchanged'])
    await takeBack(county, first.importId)
    expect((await importRecords(county, 'contracts', [lease('七')])).said).toEqual(['kept'])
  })

  it.each<[string, (contractId: string, operatorId: string) => Promise<unknown>]>([
    [
      'a payment',
      (id) => county.record(`/contracts/${id}/payments`, { amountFen: 1, paidOn: '2021-01-05' }),
    ],
    [
      'a visit',
      (id) =>
        county.record(`/contracts/${id}/screenings`, {
          visitedOn: '2025-03-01',
          findings: ['no_problem'],
        }),
    ],
    [
      'a correction',
      async (id) => {
        const { operatorName: _, villageName: __, ...fact } = lease('八')
        const { operatorId } = await county.read(`/contracts/${id}`)
        return county.correct('contracts', id, {
          ...fact,
          operatorId,
          villageCode: VILLAGE,
          insured: true,
        })
      },
    ],
    [
      'a contract of its operator',
      (_id, operatorId) => county.contract(operatorId, { contractNo: '八之二' }),
    ],
    [
      'a condition of its operator',
      (_id, operatorId) =>
        county.record(`/operators/${operatorId}/conditions`, {
          condition: 'mismanaged',
          observedOn: '2025-03-01',
          source: '摸排',
        }),
    ],
  ])('is refused when %s came after it', async (what, buildOn) => {
    const name = `八${what}`
    const { importId, rows } = await importRecords(county, 'contracts', [
      lease(`${name}甲`),
      lease(name),
    ])
    const said = rows[1]?.record as { contractId: string; operatorId: string }
    await buildOn(said.contractId, said.operatorId)
    expect(await refusal(importId)).toBe(
      'import-built-on 有 1 行登记的内容之后又有更正或后续登记(如"白果村"第 3 行),请先撤销这些登记',
    )
    expect(await standingOf(`${name}甲`)).toBeDefined()
  })

  it('is refused when nobody could say which of two payments is meant to stand', async () => {
    await importRecords(county, 'contracts', [lease('九')])
    const paid = { contractNo: '九', amountFen: 600_000, paidOn: '2021-01-05', receiptNo: '1' }
    await importRecords(county, 'payments', [paid])
    const { importId, rows } = await importRecords(county, 'payments', [{ ...paid, amountFen: 1 }])
    const payment = rows[0]?.facts.find(({ kind }) => kind === 'payments')
    await county.record(`/payments/${payment?.id}/reversal`, { reason: '退回' })
    expect(await refusal(importId)).toMatch('import-built-on')
  })

  it('is refused when there is none', async () => {
    expect(await refusal('01926d3e-7c00-7000-8000-0000000000ff')).toMatch('not-found')
  })
})
