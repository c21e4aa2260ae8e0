/** What real ledgers lack, or have wrong, is kept with a warning and never refused. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  contractBody,
  NOBODY,
  openTestCounty,
  type TestCounty,
  VILLAGE,
} from '../support/test-county.ts'

let county: TestCounty
let operatorId: string
beforeAll(async () => {
  county = await openTestCounty('2025-03-03')
  await county.put('/regions/519901', { name: '示范县' })
  await county.put('/regions/519901101', { name: '青溪镇' })
  await county.put(`/regions/${VILLAGE}`, { name: '青溪村', secondRoundExpiresOn: '2029-12-31' })
  operatorId = (await county.operator()).id
})
afterAll(() => county.close())

const codesOf = ({ warnings }: { warnings: { code: string; field: string }[] }) =>
  warnings.map(({ code, field }) => `${code} ${field}`)

it('a contract in order has no warning', async () => {
  expect(codesOf(await county.contract(operatorId))).toEqual([])
})

it.each<[string, object, string]>([
  ['no contract number', { contractNo: undefined }, 'contract-no-missing contractNo'],
  [
    'a village that is not recorded',
    { villageCode: '519901199299' },
    'village-unknown villageCode',
  ],
  ['a term one day past the second round', { endOn: '2030-01-01' }, 'term-past-second-round endOn'],
  ['a rent of zero', { rent: { lines: [{ areaMu: 10, fenPerMu: 0 }] } }, 'rent-missing rent.lines'],
  ['a rent nobody wrote down', { rent: { lines: [{ areaMu: 10 }] } }, 'rent-missing rent.lines'],
  [
    'an area of zero',
    { rent: { lines: [{ areaMu: 0, fenPerMu: 60_000 }] } },
    'area-zero rent.lines',
  ],
  [
    'grain without its kind',
    { rent: { lines: [{ areaMu: 10, basis: 'grain', jinPerMu: 400 }] } },
    'grain-missing rent.lines',
  ],
  [
    'a collective without households',
    { lessor: { kind: 'village_collective', name: '青溪村' } },
    'households-missing lessor.households',
  ],
  ['a signature after the start', { signedOn: '2020-01-02' }, 'signed-after-start signedOn'],
])('a contract with %s is kept, and warned of', async (_what, over, warning) => {
  const contract = await county.contract(operatorId, over)
  expect(codesOf(contract)).toEqual([warning])
  expect(await county.read(`/contracts/${contract.id}`)).toMatchObject({ id: contract.id })
})

it.each<[string, object]>([
  ['a term that ends with the second round', { endOn: '2029-12-31' }],
  ['one household that is not counted', { lessor: { kind: 'household' } }],
  ['a signature on the first day', { signedOn: '2020-01-01' }],
  [
    'one line without rent beside one with',
    {
      rent: { lines: [{ areaMu: 1 }, { areaMu: 9, fenPerMu: 60_000 }] },
    },
  ],
])('a contract with %s has no warning', async (_what, over) => {
  expect(codesOf(await county.contract(operatorId, over))).toEqual([])
})

it('everything that can be missing may be missing at once', async () => {
  const contract = await county.record('/contracts', {
    operatorId,
    villageCode: '519901199299',
    lessor: { kind: 'village_collective' },
    landUse: 'other',
    startOn: '2020-01-01',
    endOn: '2049-12-31',
    rent: { lines: [{ areaMu: 0 }] },
  })
  expect(codesOf(contract).sort()).toEqual([
    'area-zero rent.lines',
    'contract-no-missing contractNo',
    'households-missing lessor.households',
    'rent-missing rent.lines',
    'village-unknown villageCode',
  ])
})

it('a correction is warned of like a record', async () => {
  const { id } = await county.contract(operatorId)
  const corrected = await county.correct('contracts', id, {
    ...contractBody(operatorId),
    contractNo: undefined,
  })
  expect(codesOf(corrected)).toEqual(['contract-no-missing contractNo'])
})

describe('an operator', () => {
  it.each([
    ['91350100M000100Y43', []],
    ['91350100M000100Y44', ['uscc-checksum uscc']],
    ['91350100M000100Y4', ['uscc-checksum uscc']],
    ['11010519491231002X', []],
    ['110105491231002', []],
    ['110105194912310021', ['id-checksum uscc']],
    ['无', ['uscc-checksum uscc']],
  ])('with the code %s has the warnings %j', async (uscc, warnings) => {
    expect(codesOf(await county.operator({ uscc }))).toEqual(warnings)
  })

  it('with a code that another one has is kept, and warned of', async () => {
    const uscc = '913501007821000000'
    const first = await county.operator({ uscc })
    expect(codesOf(await county.operator({ uscc }))).toContain('uscc-already-recorded uscc')
    const body = { name: '改名', kind: 'company', uscc }
    const second = await county.operator({ uscc: undefined })
    expect(codesOf(await county.correct('operators', second.id, body))).toContain(
      'uscc-already-recorded uscc',
    )
    expect((await county.read(`/operators/${first.id}`)).uscc).toBe(uscc)
  })

  it('corrected without touching its own code is not warned of itself', async () => {
    const uscc = '91350100M000100Y43'
    const alone = await openTestCounty('2025-03-03')
    const { id } = await alone.operator({ uscc })
    const corrected = await alone.correct('operators', id, { name: '改名', kind: 'company', uscc })
    await alone.close()
    expect(codesOf(corrected)).toEqual([])
  })
})

describe('other facts', () => {
  it('an end after the term is kept, and warned of', async () => {
    const { id } = await county.contract(operatorId)
    const end = await county.record(`/contracts/${id}/end`, { endedOn: '2030-01-01', reason: '迟' })
    expect(codesOf(end)).toEqual(['ended-after-term endedOn'])
  })

  it('a subsidy without a payable day, or on the contract of another operator', async () => {
    const other = await county.operator({ name: '另一业主' })
    const { id } = await county.contract(operatorId)
    const body = { programme: '补助', year: 2024, standing: 'claimed', amountFen: 1 }
    const subsidy = await county.record('/subsidies', {
      ...body,
      operatorId: other.id,
      contractId: id,
    })
    expect(codesOf(subsidy).sort()).toEqual([
      'contract-of-another-operator contractId',
      'payable-on-missing payableOn',
    ])
  })

  it('a petition that names nobody, in a village that nobody recorded', async () => {
    const body = { villageCode: '519901199299', occurredOn: '2025-01-01', channel: 'letter' }
    expect(await county.record('/petitions', { ...body, people: 1 })).toMatchObject({
      repeat: false,
    })
  })
})

it('what is named and is not there is no gap but a mistake', async () => {
  const contract = await county.send('POST', '/contracts', contractBody(NOBODY))
  expect([contract.status, contract.body.errors[0].field]).toEqual([422, 'operatorId'])
})

describe('the words of a warning', () => {
  it.each([
    ['', '没有合同编号'],
    ['zh-CN,en;q=0.5', '没有合同编号'],
    ['en', 'no contract number'],
    ['en-GB,en;q=0.9,zh;q=0.8', 'no contract number'],
    ['en;q=0.1,zh;q=0.2', '没有合同编号'],
    ['fr', '没有合同编号'],
  ])('asked for with "%s" are %s', async (language, message) => {
    const body = contractBody(operatorId, { contractNo: undefined })
    const headers: Record<string, string> = language ? { 'accept-language': language } : {}
    const { warnings } = await county.record('/contracts', body, headers)
    expect(warnings).toEqual([{ code: 'contract-no-missing', field: 'contractNo', message }])
  })
})

describe('a disbursement', () => {
  it('of more than is outstanding is kept, and warned of', async () => {
    const { id } = await county.record('/subsidies', {
      ...{ operatorId, programme: '标准园', year: 2024, standing: 'recognised' },
      ...{ amountFen: 100, payableOn: '2024-06-30' },
    })
    const pay = (amountFen: number) =>
      county.record(`/subsidies/${id}/disbursements`, { amountFen, paidOn: '2024-07-01' })
    const more = ['more-than-outstanding amountFen']
    expect(codesOf(await pay(40))).toEqual([])
    const second = await pay(60)
    expect(codesOf(second)).toEqual([])
    const third = await pay(1)
    expect(codesOf(third)).toEqual(more)
    expect(third.warnings[0].message).toMatch(/超过该项补助未兑付/)
    expect((await county.read(`/subsidies/${id}`)).onDay.outstandingFen).toBe(0)
    const paid = (amountFen: number) => ({ amountFen, paidOn: '2024-07-01' })
    expect(codesOf(await county.correct('disbursements', second.id, paid(60)))).toEqual(more)
    expect(codesOf(await county.correct('disbursements', second.id, paid(59)))).toEqual([])
    await county.withdraw('disbursements', third.id)
    expect(codesOf(await pay(2))).toEqual(more)
    const assessed = { stage: '县级验收', occurredOn: '2024-08-01', amountFen: 200 }
    await county.record(`/subsidies/${id}/stages`, assessed)
    expect(codesOf(await pay(99))).toEqual([])
    expect(codesOf(await pay(1))).toEqual(more)
  })
})
