import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ImportRecords } from '../../src/imports/import-row.ts'
import { sendFile } from '../support/import-file.ts'
import { importRecords } from '../support/import-records.ts'
import { openTestCounty, type TestCounty, VILLAGE } from '../support/test-county.ts'

type Subsidy = ImportRecords['subsidies']

const subsidy: Subsidy = {
  operatorName: '青溪合作社',
  programme: '晚熟柑桔标准园建设补助',
  year: 2023,
  standing: 'recognised',
  amountFen: 120_000_000,
  documentNo: '川农发〔2023〕1号',
  payableOn: '2024-06-30',
}

describe('rows of the subsidy ledger', () => {
  let county: TestCounty
  let operatorId: string
  beforeEach(async () => {
    county = await openTestCounty('2025-03-03')
    await county.put(`/regions/${VILLAGE}`, { name: '青溪村' })
    operatorId = (await county.operator()).id
  })
  afterEach(() => county.close())

  const take = async (...records: Subsidy[]) =>
    (await importRecords(county, 'subsidies', records)).said
  const subsidies = async () => (await county.read('/subsidies')).items
  const disbursements = async () => (await county.rows('disbursements')).disbursements ?? []

  it('record what is recognised or claimed, and what of it is paid out', async () => {
    const paidOut = { ...subsidy, disbursedFen: 60_000_000, disbursedOn: '2024-07-15' }
    expect(await take(paidOut, paidOut)).toEqual(['kept', 'unchanged'])
    const { operatorName: _, ...fact } = subsidy
    expect(await subsidies()).toMatchObject([
      { ...fact, operatorId, onDay: { outstandingFen: 60_000_000 } },
    ])
    expect(await disbursements()).toMatchObject([{ amountFen: 60_000_000, paidOn: '2024-07-15' }])
  })

  it('add what was paid out since, on the day of the import when none is given', async () => {
    await take({ ...subsidy, disbursedFen: 60_000_000, disbursedOn: '2024-07-15' })
    const { said, rows } = await importRecords(county, 'subsidies', [
      { ...subsidy, disbursedFen: 70_000_000 },
    ])
    expect(said).toEqual(['kept'])
    expect(rows[0]?.guessed).toMatchObject([{ column: 'disbursedFen', value: '70000000' }])
    expect(await disbursements()).toMatchObject([
      { amountFen: 60_000_000, paidOn: '2024-07-15' },
      { amountFen: 10_000_000, paidOn: '2025-03-03' },
    ])
    expect(await take({ ...subsidy, disbursedFen: 50_000_000 })).toEqual(['disbursed-less'])
  })

  it('name their contract by its number', async () => {
    const { id } = await county.contract(operatorId)
    const { rows } = await importRecords(county, 'subsidies', [
      { ...subsidy, contractNo: '2020-0001', operatorName: '青溪专业合作社' },
    ])
    expect(rows).toMatchObject([
      { status: 'kept', record: { contractId: id, operatorId, villageName: '青溪村' } },
    ])
    expect(rows[0]?.guessed).toMatchObject([{ readAs: '按合同编号读作青溪合作社' }])
    expect(await take({ ...subsidy, contractNo: '2020-0002' })).toEqual(['contract-unknown'])
  })

  it('never stand without the contract that they name without its number', async () => {
    const hidden = { ...subsidy, hiddenContract: '无编号' }
    expect(await take(hidden)).toEqual(['contract-unknown'])
    const { operatorName: _, ...fact } = subsidy
    const numbered = await county.contract(operatorId)
    await county.record('/subsidies', { ...fact, operatorId, contractId: numbered.id })
    await county.record('/subsidies', { ...fact, operatorId })
    expect(await take(hidden)).toEqual(['contract-unknown'])
    const over = { contractNo: undefined, startOn: '2021-01-01' }
    const { id: contractId } = await county.contract(operatorId, over)
    const own = await county.record('/subsidies', { ...fact, operatorId, contractId })
    const { rows } = await importRecords(county, 'subsidies', [hidden])
    expect(rows).toMatchObject([{ status: 'unchanged', record: { subsidyId: own.id, contractId } }])
    expect(await take({ ...hidden, reasonUnpaid: '资金未到位' })).toEqual(['kept'])
    expect(await subsidies()).toHaveLength(3)
    const other = await county.contract(operatorId, { ...over, startOn: '2022-01-01' })
    await county.record('/subsidies', { ...fact, operatorId, contractId: other.id })
    expect(await take({ ...hidden, responsibleUnit: '财政局' })).toEqual(['subsidy-ambiguous'])
    expect(await subsidies()).toHaveLength(4)
  })

  it('record an operator whom nobody has recorded', async () => {
    const { rows } = await importRecords(county, 'subsidies', [
      { ...subsidy, operatorName: '白果果业有限公司' },
    ])
    expect(rows).toMatchObject([{ status: 'kept', guessed: [{ readAs: '类型:公司' }] }])
    expect((await county.read('/operators')).items).toMatchObject([
      {},
      { name: '白果果业有限公司', kind: 'company' },
    ])
  })

  it.each<[string, Subsidy[], string[], number]>([
    [
      'recognised and claimed',
      [subsidy, { ...subsidy, standing: 'claimed', amountFen: 1 }],
      ['kept', 'kept'],
      2,
    ],
    [
      'another document',
      [subsidy, { ...subsidy, documentNo: '川农发〔2023〕2号' }],
      ['kept', 'kept'],
      2,
    ],
    ['another year', [subsidy, { ...subsidy, year: 2024 }], ['kept', 'kept'], 2],
    ['another amount', [subsidy, { ...subsidy, amountFen: 1 }], ['kept', 'row-repeats'], 1],
    ['a year that no ledger has', [{ ...subsidy, year: 202 }], ['malformed'], 0],
    [
      'paid out tomorrow',
      [{ ...subsidy, disbursedFen: 1, disbursedOn: '2025-03-04' }],
      ['day-in-future'],
      0,
    ],
  ])('of one file: %s', async (_what, rows, said, count) => {
    expect(await take(...rows)).toEqual(said)
    expect(await subsidies()).toHaveLength(count)
    expect((await county.rows('subsidies')).subsidies).toHaveLength(count)
  })

  describe('without a word on who recognised them', () => {
    const { standing: _, documentNo: _document, ...unsaid } = subsidy
    const proof = { field: 'documentNo', value: '川农发〔2023〕1号' }

    it('are guessed when they are new', async () => {
      const { rows } = await importRecords(county, 'subsidies', [
        unsaid,
        { ...unsaid, year: 2024, documentNo: '川农发〔2023〕1号', proof },
      ])
      expect(rows).toMatchObject([
        { record: { standing: 'claimed' }, guessed: [{ column: '认定口径', value: '' }] },
        { record: { standing: 'recognised' }, guessed: [{ column: 'documentNo', ...guessOf }] },
      ])
      expect((await subsidies()).map((one: Subsidy) => one.standing).sort()).toEqual([
        'claimed',
        'recognised',
      ])
    })
    const guessOf = { value: '川农发〔2023〕1号', readAs: '认定应付' }

    it.each(['recognised', 'claimed'])('leave what is recorded as %s', async (standing) => {
      const { documentNo } = subsidy
      await county.record('/subsidies', {
        ...unsaid,
        operatorName: undefined,
        operatorId,
        standing,
      })
      const other = { ...unsaid, operatorName: undefined, operatorId, standing, documentNo }
      await county.record('/subsidies', other)
      const proven = { ...unsaid, documentNo: '川农发〔2023〕1号', proof }
      const { said, rows } = await importRecords(county, 'subsidies', [unsaid, proven])
      expect(said).toEqual(['unchanged', 'unchanged'])
      expect(rows).toMatchObject([{ guessed: [] }, { guessed: [] }])
      expect(await take({ ...proven, amountFen: 1 })).toEqual(['kept'])
      expect(await subsidies()).toMatchObject([
        { standing, version: 1 },
        { standing, version: 2, amountFen: 1 },
      ])
    })

    it.each<[string, string[]]>([
      ['recognised', ['项目,年度,补助对象,应补金额', '奖补,2022,青溪合作社,10000']],
      ['claimed', ['项目,年度,补助对象,应补金额,文件依据', '奖补,2022,青溪合作社,10000,川农1号']],
    ])('in a file leave what is recorded as %s', async (standing, lines) => {
      const documentNo = lines[1]?.split(',')[4]
      const fact = { operatorId, programme: '奖补', year: 2022, amountFen: 1_000_000, documentNo }
      await county.record('/subsidies', { ...fact, standing, payableOn: '2023-01-01' })
      const { status } = await sendFile(county, 'subsidies', lines.join('\n'))
      expect(status).toBe(201)
      expect(await subsidies()).toMatchObject([{ standing, version: 1 }])
    })

    it('are reported where one of each kind is recorded', async () => {
      for (const standing of ['recognised', 'claimed'])
        await county.record('/subsidies', {
          ...unsaid,
          operatorName: undefined,
          operatorId,
          standing,
        })
      expect(await take(unsaid)).toEqual(['subsidy-ambiguous'])
      expect(await subsidies()).toMatchObject([{ version: 1 }, { version: 1 }])
    })

    it('are told apart within one file by what speaks for them', async () => {
      const stepped = { ...unsaid, proof: { field: 'approval', value: '已批复' } }
      const rows = [stepped, { ...unsaid, amountFen: 1 }]
      expect(await take(...rows)).toEqual(['kept', 'kept'])
      expect(await take(...rows)).toEqual(['unchanged', 'unchanged'])
      expect(await take({ ...unsaid, amountFen: 2 })).toEqual(['subsidy-ambiguous'])
      expect(await subsidies()).toHaveLength(2)
    })
  })

  it('correct what an earlier file said, but not what stages have moved', async () => {
    await take({ ...subsidy, standing: 'claimed', stage: '申报' })
    expect(await take({ ...subsidy, amountFen: 110_000_000 })).toEqual(['kept'])
    const [found] = await subsidies()
    expect(found).toMatchObject({
      standing: 'recognised',
      amountFen: 110_000_000,
      stage: '申报',
      version: 2,
      changeReason: '导入更正',
    })
    const moved = { stage: '县级验收', occurredOn: '2024-03-20', amountFen: 100_000_000 }
    await county.record(`/subsidies/${found.id}/stages`, moved)
    const asItStands = { ...subsidy, stage: '县级验收', amountFen: 100_000_000 }
    expect(await take(asItStands)).toEqual(['unchanged'])
    expect(await take({ ...asItStands, amountFen: 90_000_000 })).toEqual(['subsidy-moved-on'])
    expect(await take({ ...asItStands, responsibleUnit: '县财政局' })).toEqual(['kept'])
    expect(await subsidies()).toMatchObject([
      { amountFen: 110_000_000, responsibleUnit: '县财政局', onDay: { amountFen: 100_000_000 } },
    ])
  })
})
