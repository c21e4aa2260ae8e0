import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ImportRecords } from '../../src/imports/import-row.ts'
import { sendFile } from '../support/import-file.ts'
import { importRecords } from '../support/import-records.ts'
import { OTHER_VILLAGE, openTestCounty, type TestCounty, VILLAGE } from '../support/test-county.ts'

type Contract = ImportRecords['contracts']

/** 10 mu at 600 yuan in 青溪村, due every 31 December of 2020 to 2029. */
const lease: Contract = {
  contractNo: '2020-0001',
  operatorName: '青溪柑桔专业合作社',
  township: '青溪镇',
  villageName: '青溪村',
  lessor: { kind: 'village_collective', households: 12 },
  landUse: 'late_citrus',
  startOn: '2020-01-01',
  endOn: '2029-12-31',
  rent: {
    lines: [{ areaMu: 10, fenPerMu: 60_000 }],
    escalation: { everyYears: 3, percent: 5 },
    frequency: 'annual',
    firstDueOn: '2020-12-31',
  },
}
const { operatorName: _a, township: _b, villageName: _c, ...terms } = lease
const { contractNo: _no, ...unnumbered } = lease
const { township: _t, villageName: _v, ...unplaced } = lease
const { operatorName: _o, ...unleased } = lease
const inShiqiao = { township: '青溪镇', villageName: '石桥村' }
const withRent = (rent: Partial<Contract['rent']>) => ({
  ...lease,
  rent: { ...lease.rent, ...rent },
})

describe('rows of the transfer ledger', () => {
  let county: TestCounty
  beforeEach(async () => {
    county = await openTestCounty('2025-03-03')
    await county.put('/regions/519901101', { name: '青溪镇' })
    await county.put(`/regions/${VILLAGE}`, { name: '青溪村' })
    await county.put('/regions/519901102', { name: '白果镇' })
    await county.put(`/regions/${OTHER_VILLAGE}`, { name: '白果村' })
    await county.put('/regions/519901101202', { name: '石桥村' })
    await county.put('/regions/519901102202', { name: '石桥村' })
  })
  afterEach(() => county.close())

  const take = async (...records: Contract[]) =>
    (await importRecords(county, 'contracts', records)).said
  const contracts = async () => (await county.read('/contracts?reveal=true&reason=test')).items
  const operators = async () => (await county.read('/operators?reveal=true&reason=test')).items

  it('record contract and operator, say what was guessed, and mark the township', async () => {
    const { rows } = await importRecords(county, 'contracts', [
      { ...lease, representative: '李四', phone: '0000-1234567' },
    ])
    const [operator] = await operators()
    const [contract] = await contracts()
    expect(operator).toMatchObject({
      name: '青溪柑桔专业合作社',
      kind: 'cooperative',
      representative: '李四',
      phone: '0000-1234567',
      recordedBy: '乡镇经办',
    })
    expect(contract).toMatchObject({
      contractNo: '2020-0001',
      operatorId: operator.id,
      villageCode: VILLAGE,
      lessor: lease.lessor,
      rent: lease.rent,
      areaMu: 10,
    })
    expect(rows).toMatchObject([
      {
        status: 'kept',
        guessed: [{ column: 'operatorName', value: '青溪柑桔专业合作社', readAs: '类型:合作社' }],
        record: {
          contractId: contract.id,
          operatorId: operator.id,
          villageCode: VILLAGE,
          villageName: '青溪村',
          township: '青溪镇',
        },
        facts: [
          { kind: 'operators', id: operator.id, version: 1 },
          { kind: 'contracts', id: contract.id, version: 1 },
        ],
      },
    ])
    const { townshipActivity } = await county.rows('townshipActivity')
    expect(townshipActivity).toMatchObject([{ townshipCode: '519901101', day: '2025-03-03' }])
  })

  it.each<[string, string | undefined, string]>([
    ['沙镇枫叶村', undefined, '519901103201'],
    ['沙镇枫叶村', '沙镇', '519901103201'],
    ['沙镇枫叶村', '青溪镇', 'village-unknown'],
    ['古镇桥村', undefined, '519901101203'],
    ['519901103201', undefined, '519901103201'],
    ['519901103201', '沙镇', '519901103201'],
    ['519901103201', '青溪镇', 'township-differs'],
    ['519901103999', undefined, 'village-unknown'],
  ])('lie in %s of the township %s: %s', async (villageName, township, found) => {
    await county.put('/regions/519901103', { name: '沙镇' })
    await county.put('/regions/519901103201', { name: '枫叶村' })
    await county.put('/regions/519901101203', { name: '古镇桥村' })
    const row = { ...unplaced, villageName, ...(township !== undefined && { township }) }
    const isFound = /^\d+$/.test(found)
    expect(await take(row)).toEqual([isFound ? 'kept' : found])
    if (!isFound) return
    expect(await contracts()).toMatchObject([{ villageCode: found }])
    const { operatorName, contractNo } = lease
    const payment = { contractNo, operatorName, villageName, amountFen: 1, paidOn: '2021-01-05' }
    const paid = await importRecords(county, 'payments', [payment])
    expect(paid.rows).toMatchObject([{ status: 'kept', guessed: [] }])
  })

  it('guess no kind of operator where the file has a column for it', async () => {
    const row = { ...lease, operatorName: '李四海', operatorKind: 'family_farm' as const }
    const { rows } = await importRecords(county, 'contracts', [row])
    expect(rows).toMatchObject([{ status: 'kept', guessed: [] }])
    expect(await operators()).toMatchObject([{ name: '李四海', kind: 'family_farm' }])
  })

  it('carry amendments and the end, and owe what the same contract recorded by hand owes', async () => {
    const amendments = [
      {
        effectiveOn: '2022-01-01',
        reason: '经协商下调',
        rent: { lines: [{ areaMu: 10, fenPerMu: 50_000 }], firstDueOn: '2022-12-31' },
      },
      { effectiveOn: '2023-06-01', reason: '延期', endOn: '2031-12-31' },
    ]
    const end = { endedOn: '2024-06-30', reason: '协商解除' }
    expect(await take({ ...lease, amendments, end })).toEqual(['kept'])
    const [imported] = await contracts()
    const byHand = await county.contract(imported.operatorId, { ...terms, contractNo: '2020-0099' })
    for (const amendment of amendments)
      await county.record(`/contracts/${byHand.id}/amendments`, amendment)
    await county.record(`/contracts/${byHand.id}/end`, end)
    const [one, other] = await Promise.all(
      [imported, byHand].map(({ id }) => county.read(`/contracts/${id}/standing`)),
    )
    expect(one.arrearsFen).toBeGreaterThan(0)
    expect({ ...one, knownAt: '' }).toEqual({ ...other, knownAt: '' })
    expect(await take({ ...lease, amendments, end })).toEqual(['unchanged'])
    expect(await take({ ...lease, amendments, end: { ...end, endedOn: '2024-09-30' } })).toEqual([
      'kept',
    ])
    const { contractEnds, contractAmendments } = await county.rows(
      'contractEnds',
      'contractAmendments',
    )
    expect(contractEnds?.filter(({ contractId }) => contractId === imported.id)).toMatchObject([
      { version: 1, endedOn: '2024-06-30' },
      { version: 2, endedOn: '2024-09-30', changeReason: '导入更正' },
    ])
    expect(contractAmendments).toHaveLength(4)
  })

  it('are recorded once, whichever file they come in', async () => {
    const others = [unnumbered, { ...lease, contractNo: '2020-0002' }]
    expect(await take(lease, lease, ...others)).toEqual(['kept', 'unchanged', 'unchanged', 'kept'])
    expect(await take(lease, ...others)).toEqual(['unchanged', 'unchanged', 'unchanged'])
    expect(await contracts()).toHaveLength(2)
    expect(await operators()).toHaveLength(1)
  })

  it('that say nothing new are a sign of life of their township all the same', async () => {
    await take(lease)
    county.clockOf.goTo('2025-04-01')
    expect(await take(lease)).toEqual(['unchanged'])
    const { townshipActivity = [] } = await county.rows('townshipActivity')
    expect(townshipActivity.map(({ day }) => day)).toEqual(['2025-03-03', '2025-04-01'])
  })

  it.each<[string, Contract, object]>([
    [
      'another rent',
      withRent({ lines: [{ areaMu: 10, fenPerMu: 65_000 }] }),
      { rent: { ...lease.rent, lines: [{ areaMu: 10, fenPerMu: 65_000 }] } },
    ],
    ['another end of the term', { ...lease, endOn: '2034-12-31' }, { endOn: '2034-12-31' }],
    [
      'more households',
      { ...lease, lessor: { kind: 'village_collective', households: 30 } },
      { lessor: { kind: 'village_collective', households: 30 } },
    ],
    [
      'a village corrected',
      { ...lease, township: '白果镇', villageName: '白果村' },
      { villageCode: OTHER_VILLAGE },
    ],
    ['a number at last', { ...lease, contractNo: '青2020-1' }, { contractNo: '青2020-1' }],
    [
      'only another area',
      withRent({ lines: [{ areaMu: 12 }] }),
      { rent: { ...lease.rent, lines: [{ areaMu: 12, fenPerMu: 60_000 }] }, areaMu: 12 },
    ],
    [
      'a deposit',
      { ...lease, riskDepositFen: 500_000, insured: true },
      { riskDepositFen: 500_000, insured: true },
    ],
  ])('correct a contract: %s', async (what, row, corrected) => {
    await take({ ...(what === 'a number at last' ? unnumbered : lease), toleranceDays: 15 })
    expect(await take(row)).toEqual(['kept'])
    const found = await contracts()
    expect(found).toMatchObject([
      { toleranceDays: 15, version: 2, changeReason: '导入更正', ...corrected },
    ])
    expect(await take(row)).toEqual(['unchanged'])
  })

  it('keep what the file has no column for', async () => {
    await take({ ...lease, signedOn: '2019-12-01', penaltyPer10kPerDay: 5 })
    const { escalation: __, firstDueOn: ___, frequency: ____, ...rent } = lease.rent
    expect(await take({ ...lease, rent })).toEqual(['unchanged'])
    expect(await contracts()).toMatchObject([
      { version: 1, signedOn: '2019-12-01', penaltyPer10kPerDay: 5, rent: lease.rent },
    ])
  })

  it('say the same in other words: no correction', async () => {
    await take(lease)
    const line = { land: 'all', areaMu: 10, basis: 'cash', fenPerMu: 60_000 } as const
    expect(await take(withRent({ lines: [line] }))).toEqual(['unchanged'])
  })

  it('that somebody corrected by hand since stay so', async () => {
    await take(lease)
    const [contract] = await contracts()
    const { operatorId, villageCode } = contract
    const { operatorName: __, township: ___, villageName: ____, ...fact } = lease
    await county.correct('contracts', contract.id, {
      ...fact,
      operatorId,
      villageCode,
      endOn: '2030-12-31',
    })
    expect(await take(lease)).toEqual(['unchanged'])
    expect(await contracts()).toMatchObject([{ endOn: '2030-12-31', version: 2 }])
    await county.withdraw('contracts', contract.id)
    expect(await take(lease)).toEqual(['unchanged'])
    expect(await contracts()).toEqual([])
  })

  it('go back to what an earlier file said when that file comes after another one', async () => {
    const other = { ...lease, endOn: '2034-12-31' }
    expect(await take(lease)).toEqual(['kept'])
    expect(await take(other)).toEqual(['kept'])
    expect(await take(lease)).toEqual(['kept'])
    expect(await take(other)).toEqual(['kept'])
    expect(await contracts()).toMatchObject([{ endOn: '2034-12-31', version: 4 }])
  })

  it.each<[string, Contract[], string[]]>([
    [
      'the same number, another area',
      [lease, withRent({ lines: [{ areaMu: 11, fenPerMu: 60_000 }] })],
      ['kept', 'row-repeats'],
    ],
    [
      'the same number in another township',
      [lease, { ...lease, operatorName: '白果公司', township: '白果镇', villageName: '白果村' }],
      ['kept', 'kept'],
    ],
    [
      'the same number of another operator',
      [lease, { ...lease, operatorName: '石桥公司' }],
      ['kept', 'kept'],
    ],
    [
      'one contract over two villages',
      [lease, { ...withRent({ lines: [{ areaMu: 7 }] }), villageName: '石桥村' }],
      ['kept', 'kept'],
    ],
    [
      'two households without numbers',
      [household('张三'), household('李四'), household('李四')],
      ['kept', 'kept', 'unchanged'],
    ],
    [
      'two spellings of an operator',
      [lease, { ...lease, contractNo: '2', operatorName: '青溪柑橘专业合作社' }],
      ['kept', 'kept'],
    ],
    ['no village of that name', [{ ...lease, villageName: '没有村' }], ['village-unknown']],
    ['a village of another township', [{ ...lease, villageName: '白果村' }], ['village-unknown']],
    [
      'a village that two townships have',
      [{ ...unplaced, villageName: '石桥村' }],
      ['village-ambiguous'],
    ],
    ['no village at all', [unplaced], ['village-missing']],
    ['a code that is none', [{ ...lease, villageCode: '5199011012' }], ['village-code-malformed']],
    ['no operator', [unleased], ['operator-missing']],
    ['a code without a name', [{ ...unleased, uscc: '91519901MA00000001' }], ['operator-unknown']],
    [
      'a term that ends before it starts',
      [{ ...lease, endOn: '2019-12-31' }],
      ['end-before-start'],
    ],
    [
      'an amendment that cannot be',
      [
        {
          ...lease,
          amendments: [
            {
              effectiveOn: '2022-06-01',
              reason: '改季付',
              rent: { ...lease.rent, frequency: 'quarterly' },
            },
          ],
        },
      ],
      ['frequency-change-within-rent-year'],
    ],
    [
      'an end before the start',
      [{ ...lease, end: { endedOn: '2019-06-30', reason: '解除' } }],
      ['end-before-start'],
    ],
    ['a name too long', [{ ...lease, operatorName: '社'.repeat(201) }], ['malformed']],
    ['a day that no ledger has', [{ ...lease, endOn: '2399-12-31' }], ['malformed']],
  ])('%s', async (_what, rows, said) => {
    expect(await take(...rows)).toEqual(said)
    const kept = said.filter((word) => word === 'kept').length
    expect(await contracts()).toHaveLength(kept)
    expect((await operators()).length).toBeLessThanOrEqual(kept)
  })

  it('name the column, the value and the reason in Chinese', async () => {
    const { rows } = await importRecords(county, 'contracts', [{ ...lease, villageName: '没有村' }])
    expect(rows).toMatchObject([
      {
        fingerprint: null,
        facts: [],
        problems: [
          {
            column: 'villageName',
            value: '没有村',
            code: 'village-unknown',
            reason: expect.stringContaining('请先导入或登记区划'),
          },
        ],
      },
    ])
  })

  it('of a village under its old name, or under a code that nobody has named yet', async () => {
    await county.put(`/regions/${VILLAGE}`, { name: '青溪社区' })
    const { rows } = await importRecords(county, 'contracts', [
      lease,
      { ...lease, contractNo: '2', villageCode: '519901103201' },
    ])
    expect(rows[0]?.guessed).toContainEqual({
      column: 'villageName',
      value: '青溪村',
      readAs: '青溪社区(原名青溪村)',
    })
    expect(rows[1]).toMatchObject({ status: 'kept', record: { villageCode: '519901103201' } })
  })

  it('find the operator by its code, by its name where it leases, or say that there are two', async () => {
    const zhang = { name: '张伟', kind: 'individual' }
    const here = await county.operator(zhang)
    const there = await county.operator(zhang)
    const coded = await county.operator({
      name: '青溪公司',
      kind: 'company',
      uscc: '91519901MA00000001',
    })
    await county.contract(there.id, { villageCode: OTHER_VILLAGE })
    const inBaiguo = { ...lease, township: '白果镇', villageName: '白果村', contractNo: '9' }
    const { rows, said } = await importRecords(county, 'contracts', [
      { ...inBaiguo, operatorName: '张伟' },
      { ...lease, operatorName: '张伟' },
      { ...lease, contractNo: '10', operatorName: '青溪有限公司', uscc: '91519901MA00000001' },
    ])
    expect(said).toEqual(['kept', 'operator-ambiguous', 'kept'])
    expect(rows[0]?.record).toMatchObject({ operatorId: there.id })
    expect(rows[2]).toMatchObject({
      record: { operatorId: coded.id, operatorName: '青溪公司' },
      guessed: [{ value: '青溪有限公司', readAs: '按统一社会信用代码读作青溪公司' }],
    })
    expect(await operators()).toHaveLength(3)
    expect(here.id).not.toBe(there.id)
  })

  it('leave the lessor that is recorded where the file names none, and guess a new one', async () => {
    const { id } = await county.operator({ name: lease.operatorName })
    const lessor = { kind: 'household', name: '张三等35户', households: 35 }
    const { contractNo, villageName: _, township: _t, operatorName: _o, ...body } = lease
    await county.record('/contracts', {
      ...{ ...body, contractNo, lessor, operatorId: id, villageCode: VILLAGE },
    })
    const { said, rows } = await importRecords(county, 'contracts', [
      { ...lease, lessor: {} },
      { ...lease, contractNo: '2020-0002', lessor: { households: 3 } },
    ])
    expect(said).toEqual(['unchanged', 'kept'])
    expect(rows[0]?.guessed).toEqual([])
    expect(rows[1]).toMatchObject({
      record: { lessor: { kind: 'village_collective', households: 3 } },
      guessed: [{ column: 'lessor', value: '', readAs: '未写明,按村集体' }],
    })
    expect(await contracts()).toMatchObject([
      { version: 1, lessor },
      { lessor: { kind: 'village_collective', households: 3 } },
    ])
    expect(await take({ ...lease, lessor: { households: 36 } })).toEqual(['kept'])
    const [corrected] = await contracts()
    expect(corrected.lessor).toEqual({ ...lessor, households: 36 })
  })

  it('of a file without a column for the lessor leave the one that is recorded', async () => {
    const { id } = await county.operator({ name: '青溪果业有限公司', kind: 'company' })
    const lessor = { kind: 'household', name: '张三等35户', households: 35 }
    await county.contract(id, { contractNo: 'A1', lessor })
    const file = [
      '合同编号,承租方,村组,面积(亩),用途,起,止,租金标准,支付方式',
      'A1,青溪果业有限公司,青溪村,10,晚熟柑桔,2020-01-01,2029-12-31,600元/亩,每年12月31日前',
    ]
    const { body } = await sendFile(county, 'contracts', file.join('\n'))
    expect(body.counts).toMatchObject({ read: 1, reported: 0 })
    expect(await contracts()).toMatchObject([{ lessor }])
  })

  describe('of persons with one name', () => {
    const zhang = { ...lease, operatorName: '张伟', phone: '13800000001' }
    const elsewhere = { ...zhang, contractNo: '2', township: '白果镇', villageName: '白果村' }
    const { phone: _p, ...withoutPhone } = elsewhere

    it.each<[string, Contract, number]>([
      ['another telephone, another township', { ...elsewhere, phone: '13900000002' }, 2],
      ['no telephone, another township', withoutPhone, 1],
      ['the same telephone', elsewhere, 1],
      ['another village of the township', { ...withoutPhone, ...inShiqiao }, 1],
      ['a family farm', { ...withoutPhone, operatorKind: 'family_farm' }, 1],
    ])('%s', async (_what, row, count) => {
      expect(await take(zhang, row)).toEqual(['kept', 'kept'])
      expect(await operators()).toHaveLength(count)
      expect(await take(zhang, row)).toEqual(['unchanged', 'unchanged'])
      expect(await operators()).toHaveLength(count)
    })

    it('tell that another one is recorded, and find each again', async () => {
      const third = { ...elsewhere, villageName: '石桥村', contractNo: '3', phone: '13900000002' }
      const rows = [zhang, { ...elsewhere, phone: '13900000002' }, third]
      const imported = await importRecords(county, 'contracts', rows)
      expect(imported.said).toEqual(['kept', 'kept', 'kept'])
      expect(imported.rows[1]?.guessed).toContainEqual({
        column: 'operatorName',
        value: '张伟',
        readAs: '已登记有同名业主,未见为同一业主,另行登记',
      })
      expect((await contracts()).map(({ operatorName }: Contract) => operatorName)).toHaveLength(3)
      expect(await operators()).toHaveLength(2)
    })

    it('tell that only the name says it is one', async () => {
      const { rows } = await importRecords(county, 'contracts', [zhang, withoutPhone])
      expect(rows[1]?.guessed).toContainEqual({
        column: 'operatorName',
        value: '张伟',
        readAs: '与其他乡镇的同名业主按同一人读取',
      })
    })

    it('one who leases nowhere yet is taken unless the telephone differs', async () => {
      await county.operator({ name: '张伟', kind: 'individual', phone: '13800000001' })
      await take(withoutPhone)
      expect(await operators()).toHaveLength(1)
      await county.operator({ name: '李伟', kind: 'individual', phone: '13800000003' })
      await take({ ...zhang, contractNo: '4', operatorName: '李伟' })
      expect(await operators()).toHaveLength(3)
    })

    it('a company may lease in several townships', async () => {
      await take(lease, { ...elsewhere, operatorName: lease.operatorName as string })
      expect(await operators()).toHaveLength(1)
    })
  })

  it('tell that a contract had another operator, and what of the operator is not taken', async () => {
    await take({ ...lease, phone: '0000-1' })
    const other = { ...lease, operatorName: '白果果业有限公司' }
    const { rows } = await importRecords(county, 'contracts', [
      { ...other, representative: '李四' },
      { ...other, contractNo: '7', representative: '李四', phone: '0000-2' },
    ])
    expect(rows[0]?.guessed[0]).toEqual({
      column: 'operatorName',
      value: '白果果业有限公司',
      readAs: '与已登记的业主不同,按本行更正',
    })
    expect(rows[1]?.guessed).toEqual([
      { column: 'phone', value: '0000-2', readAs: '该列仅用于新登记业主' },
    ])
  })

  it('find the operator that another one was joined to', async () => {
    const one = await county.operator({ name: '青溪柑桔专业合作社' })
    const other = await county.operator({ name: '青溪柑橘合作社' })
    await county.record(`/operators/${other.id}/joins`, { sameAsId: one.id, reason: '同一合作社' })
    const { rows } = await importRecords(county, 'contracts', [
      { ...lease, operatorName: '青溪柑橘合作社' },
    ])
    expect(rows[0]?.record).toMatchObject({
      operatorId: one.id,
      operatorName: '青溪柑桔专业合作社',
    })
    expect(rows[0]?.guessed).toMatchObject([{ readAs: '青溪柑桔专业合作社(已合并为同一业主)' }])
  })

  it('that leave payments without their instalment are reported, and change nothing', async () => {
    await take(lease)
    const [{ id }] = await contracts()
    await county.record(`/contracts/${id}/payments`, {
      amountFen: 100,
      paidOn: '2021-01-05',
      designatedDueOn: '2020-12-31',
    })
    expect(await take(withRent({ firstDueOn: '2020-11-30' }))).toEqual(['payments-stranded'])
    expect(await contracts()).toMatchObject([{ version: 1 }])
  })
})

function household(name: string): Contract {
  return { ...unnumbered, lessor: { kind: 'household', name } }
}
