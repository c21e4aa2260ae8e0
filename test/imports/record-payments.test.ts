import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ImportRecords } from '../../src/imports/import-row.ts'
import { importRecords, takeBack } from '../support/import-records.ts'
import { OTHER_VILLAGE, openTestCounty, type TestCounty, VILLAGE } from '../support/test-county.ts'

type Payment = ImportRecords['payments']

const paid: Payment = { contractNo: '2020-0001', amountFen: 600_000, paidOn: '2021-01-05' }
const receipted: Payment = { ...paid, receiptNo: '0001203' }

describe('rows of a list of payments', () => {
  let county: TestCounty
  let contractId: string
  beforeEach(async () => {
    county = await openTestCounty('2025-03-03')
    await county.put('/regions/519901101', { name: '青溪镇' })
    await county.put(`/regions/${VILLAGE}`, { name: '青溪村' })
    await county.put(`/regions/${OTHER_VILLAGE}`, { name: '白果村' })
    contractId = (await county.contract((await county.operator()).id)).id
  })
  afterEach(() => county.close())

  const take = async (...records: Payment[]) =>
    (await importRecords(county, 'payments', records)).said
  const payments = async () => (await county.read(`/contracts/${contractId}/payments`)).items
  const standing = async () =>
    (await payments()).filter((payment: { reversal?: object }) => !payment.reversal)
  const paidFen = async () => (await county.read(`/contracts/${contractId}/standing`)).paidFen

  it('are recorded as they stand, and mark the township', async () => {
    const row = { ...receipted, designatedDueOn: '2020-12-31', method: '转账', note: '代付' }
    const { rows } = await importRecords(county, 'payments', [row])
    const { contractNo: _, ...body } = row
    expect(await payments()).toMatchObject([{ ...body, recordedBy: '乡镇经办' }])
    expect(rows).toMatchObject([
      {
        status: 'kept',
        record: {
          contractId,
          operatorName: '青溪合作社',
          villageName: '青溪村',
          township: '青溪镇',
        },
        facts: [{ kind: 'payments', version: 1 }],
      },
    ])
    const { townshipActivity } = await county.rows('townshipActivity')
    expect(townshipActivity).toHaveLength(1)
  })

  it('that are equal count as often as they stand in one file, and no more with the next', async () => {
    expect(await take(paid, paid, receipted)).toEqual(['kept', 'kept', 'kept'])
    expect(await paidFen()).toBe(1_800_000)
    expect(await take(receipted, paid, paid)).toEqual(['unchanged', 'unchanged', 'unchanged'])
    const [, , , fourth] = await take(paid, paid, paid, paid)
    expect(fourth).toBe('kept')
    expect(await paidFen()).toBe(2_400_000)
  })

  it('are those that were recorded by hand, with a receipt or without', async () => {
    await county.record(`/contracts/${contractId}/payments`, {
      amountFen: 600_000,
      paidOn: '2021-01-05',
    })
    await county.record(`/contracts/${contractId}/payments`, {
      amountFen: 600_000,
      paidOn: '2021-01-05',
      receiptNo: '7',
    })
    expect(await take(paid, paid, paid)).toEqual(['unchanged', 'unchanged', 'kept'])
  })

  it('are those recorded by hand without a receipt, of which they tell one', async () => {
    const byHand = { amountFen: 600_000, paidOn: '2021-01-05', note: '现金' }
    await county.record(`/contracts/${contractId}/payments`, byHand)
    const row = { ...receipted, method: '转账' }
    for (const said of ['unchanged', 'unchanged']) {
      const { rows } = await importRecords(county, 'payments', [row])
      expect(rows).toMatchObject([{ status: said, facts: [] }])
      expect(rows[0]?.guessed).toEqual([
        { column: 'receiptNo', value: '0001203', readAs: expect.stringContaining('按同一笔认定') },
        { column: 'method', value: '转账', readAs: expect.stringContaining('未登记') },
      ])
    }
    expect(await payments()).toMatchObject([byHand])
    expect(await take({ ...receipted, receiptNo: '0001204' }, receipted)).toEqual([
      'unchanged',
      'kept',
    ])
    expect(await paidFen()).toBe(1_200_000)
  })

  describe('that told the receipt of one recorded by hand', () => {
    const byHand = { amountFen: 600_000, paidOn: '2021-01-05', note: '现金' }
    beforeEach(async () => {
      await county.record(`/contracts/${contractId}/payments`, byHand)
      expect(await take(receipted)).toEqual(['unchanged'])
    })

    it.each<[string, Partial<Payment>, string[][]]>([
      [
        'another day',
        { paidOn: '2021-06-05' },
        [
          ['paidOn', '2021-06-05', '与已登记的 2021-01-05 不同,按本行更正'],
          ['receiptNo', '0001203', '已登记的没有这一项,按本行更正'],
        ],
      ],
      [
        'another amount',
        { amountFen: 700_000 },
        [
          ['amountFen', '700000', '与已登记的 6000.00 元不同,按本行更正'],
          ['receiptNo', '0001203', '已登记的没有这一项,按本行更正'],
        ],
      ],
      [
        'both',
        { amountFen: 700_000, paidOn: '2021-06-05' },
        [
          ['amountFen', '700000', '与已登记的 6000.00 元不同,按本行更正'],
          ['paidOn', '2021-06-05', '与已登记的 2021-01-05 不同,按本行更正'],
          ['receiptNo', '0001203', '已登记的没有这一项,按本行更正'],
        ],
      ],
    ])('correct it, and say so: %s', async (_what, over, told) => {
      const after = { ...receipted, ...over }
      const { rows } = await importRecords(county, 'payments', [after])
      expect(rows).toMatchObject([{ status: 'kept' }])
      const said = rows[0]?.guessed.map((one) => [one.column, one.value, one.readAs])
      expect(said?.sort()).toEqual(told.sort())
      const { contractNo: _, ...paidThen } = after
      expect(await standing()).toMatchObject([{ ...paidThen, note: '现金' }])
      expect(await take(after)).toEqual(['unchanged'])
      // Whichever was handed in last counts.
      expect(await take(receipted)).toEqual(['kept'])
      expect(await take(receipted)).toEqual(['unchanged'])
      expect(await take(after)).toEqual(['kept'])
      expect(await paidFen()).toBe(after.amountFen)
    })

    it('leave it to people what they have recorded since', async () => {
      const corrected = { ...receipted, paidOn: '2021-06-05' }
      expect(await take(corrected)).toEqual(['kept'])
      const [{ id }] = await standing()
      await county.record(`/payments/${id}/reversal`, { reason: '日期有误' })
      await county.record(`/contracts/${contractId}/payments`, {
        ...{ amountFen: 600_000, paidOn: '2021-07-05', receiptNo: '0001203' },
      })
      expect(await take(receipted, corrected)).toEqual(['unchanged', 'unchanged'])
      expect(await standing()).toMatchObject([{ paidOn: '2021-07-05' }])
    })

    it('can be taken back', async () => {
      const { importId } = await importRecords(county, 'payments', [
        { ...receipted, paidOn: '2021-06-05' },
      ])
      await takeBack(county, importId)
      expect(await standing()).toMatchObject([byHand])
      expect(await paidFen()).toBe(600_000)
      expect(await take({ ...receipted, paidOn: '2021-06-05' })).toEqual(['kept'])
      expect(await paidFen()).toBe(600_000)
    })

    it('do not take it for one of another receipt, nor for one that another row is about', async () => {
      const other = { ...receipted, receiptNo: '0001204' }
      expect(await take(receipted, { ...other, paidOn: '2022-01-05' })).toEqual([
        'unchanged',
        'kept',
      ])
      expect(await paidFen()).toBe(1_200_000)
      expect(await take(other, { ...receipted, paidOn: '2021-06-05' })).toEqual(['kept', 'kept'])
    })

    it.each<[string, Partial<Payment>, boolean]>([
      ['with another note on another day', { paidOn: '2021-01-25', note: '转账' }, true],
      ['of another receipt on the day', { receiptNo: '9', amountFen: 650_000 }, true],
      ['of another receipt a year later', { receiptNo: '9', paidOn: '2022-01-05' }, false],
    ])('are new, and may be the same: %s', async (_what, over, isTold) => {
      const { rows } = await importRecords(county, 'payments', [{ ...receipted, ...over }])
      expect(rows).toMatchObject([{ status: 'kept' }])
      const readAs = expect.stringContaining('可能与人工登记的 2021-01-05 收款 6000.00 元')
      const told = isTold ? [{ column: 'receiptNo', readAs }] : []
      expect(rows[0]?.guessed).toMatchObject(told)
      expect(rows[0]?.guessed).toHaveLength(told.length)
    })
  })

  it('are those recorded by hand, with what a row without a receipt says beside', async () => {
    const byHand = { amountFen: 600_000, paidOn: '2021-01-05', note: '现金' }
    await county.record(`/contracts/${contractId}/payments`, byHand)
    const { rows } = await importRecords(county, 'payments', [{ ...paid, method: '转账' }])
    expect(rows).toMatchObject([{ status: 'unchanged', facts: [] }])
    expect(rows[0]?.guessed).toEqual([
      { column: 'method', value: '转账', readAs: expect.stringContaining('未登记') },
    ])
    expect(await payments()).toHaveLength(1)
  })

  it.each<[string, Payment, Payment, object, string[][]]>([
    [
      'another amount under a receipt',
      receipted,
      { ...receipted, amountFen: 700_000 },
      { amountFen: 700_000, receiptNo: '0001203' },
      [['amountFen', '700000', '与已登记的 6000.00 元不同,按本行更正']],
    ],
    [
      'another day under a receipt',
      receipted,
      { ...receipted, paidOn: '2021-02-05' },
      { paidOn: '2021-02-05' },
      [['paidOn', '2021-02-05', '与已登记的 2021-01-05 不同,按本行更正']],
    ],
    [
      'a receipt at last',
      { ...paid, note: '现金' },
      receipted,
      { receiptNo: '0001203', note: '现金' },
      [['receiptNo', '0001203', '已登记的没有这一项,按本行更正']],
    ],
    [
      'an instalment named',
      paid,
      { ...paid, designatedDueOn: '2021-12-31' },
      { designatedDueOn: '2021-12-31' },
      [['designatedDueOn', '2021-12-31', '已登记的没有这一项,按本行更正']],
    ],
  ])('correct a payment, and say so: %s', async (_what, before, after, found, told) => {
    await take(before)
    const { rows } = await importRecords(county, 'payments', [after])
    expect(rows).toMatchObject([{ status: 'kept' }])
    expect(rows[0]?.guessed.map((one) => [one.column, one.value, one.readAs])).toEqual(told)
    expect(await standing()).toMatchObject([found])
    expect(await payments()).toMatchObject([{ reversal: { reason: '导入更正' } }, found])
    expect(await take(after)).toEqual(['unchanged'])
    if ('receiptNo' in before) {
      expect(await take(before)).toEqual(['kept'])
      expect(await standing()).toMatchObject([{ amountFen: 600_000, paidOn: '2021-01-05' }])
    }
  })

  it('that somebody reversed since stay reversed', async () => {
    await take(receipted, paid)
    for (const { id } of await payments())
      await county.record(`/payments/${id}/reversal`, { reason: '退回' })
    expect(await take(receipted, paid)).toEqual(['unchanged', 'unchanged'])
    expect(await standing()).toEqual([])
  })

  it('leave the payment standing when its correction is refused', async () => {
    await take(receipted)
    const wrong = { ...receipted, amountFen: 1, designatedDueOn: '2021-06-30' }
    expect(await take(wrong, { ...receipted, paidOn: '2025-03-04' })).toEqual([
      'no-such-due-day',
      'day-in-future',
    ])
    expect(await payments()).toMatchObject([{ amountFen: 600_000 }])
    expect(await paidFen()).toBe(600_000)
  })

  it.each<[string, Partial<Payment>, string]>([
    ['by number, in any width', { contractNo: '２０２０-０００１' }, 'kept'],
    ['by number and village', { contractNo: '2020-0001', villageName: '青溪村' }, 'kept'],
    [
      'by number, the operator spelled in another way',
      { contractNo: '2020-0001', operatorName: '青溪专业合作社' },
      'kept',
    ],
    [
      'by number and operator, in another village',
      { contractNo: '2020-0001', operatorName: '青溪合作社', villageName: '白果村' },
      'kept',
    ],
    [
      'by operator, village, start and area',
      { operatorName: '青溪合作社', villageName: '青溪村', startOn: '2020-01-01', areaMu: 10 },
      'kept',
    ],
    ['by operator, who has no other', { operatorName: '青溪合作社' }, 'kept'],
    ['not by another number', { contractNo: '2020-0002' }, 'contract-unknown'],
    [
      'not by number in another village',
      { contractNo: '2020-0001', villageName: '白果村' },
      'contract-differs',
    ],
    [
      'not by number of another operator',
      { contractNo: '2020-0001', operatorName: '白果公司' },
      'contract-differs',
    ],
    ['not by another area', { operatorName: '青溪合作社', areaMu: 11 }, 'contract-unknown'],
    ['not by an operator who is not known', { operatorName: '白果公司' }, 'contract-unknown'],
    ['not by nothing', {}, 'contract-unknown'],
  ])('find their contract %s', async (_how, named, said) => {
    expect(await take({ amountFen: 1, paidOn: '2021-01-05', ...named })).toEqual([said])
    expect(await payments()).toHaveLength(said === 'kept' ? 1 : 0)
    expect((await county.read('/operators')).items).toHaveLength(1)
  })

  it('do not choose between two contracts', async () => {
    const other = await county.operator({ name: '白果公司', kind: 'company' })
    await county.contract(other.id, { villageCode: OTHER_VILLAGE })
    await county.contract(other.id, { villageCode: OTHER_VILLAGE, contractNo: '2020-0003' })
    const row = { amountFen: 1, paidOn: '2021-01-05' }
    expect(
      await take(paid, { ...paid, villageName: '白果村' }, { ...row, operatorName: '白果公司' }),
    ).toEqual(['contract-ambiguous', 'kept', 'contract-ambiguous'])
  })

  it.each<[string, Partial<Payment>, string]>([
    ['nothing paid', { amountFen: 0 }, 'malformed'],
    ['paid tomorrow', { paidOn: '2025-03-04' }, 'day-in-future'],
    ['no instalment of that day', { designatedDueOn: '2021-06-30' }, 'no-such-due-day'],
  ])('are reported: %s', async (_what, over, code) => {
    expect(await take({ ...paid, ...over })).toEqual([code])
    expect(await payments()).toEqual([])
  })

  it('are reported when one file says two things of a receipt', async () => {
    expect(await take(receipted, { ...receipted, amountFen: 1 }, receipted)).toEqual([
      'kept',
      'row-repeats',
      'unchanged',
    ])
  })
})
