import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ImportRecords } from '../../src/imports/import-row.ts'
import { sendFile } from '../support/import-file.ts'
import { importRecords } from '../support/import-records.ts'
import { openTestCounty, type TestCounty, VILLAGE } from '../support/test-county.ts'

let county: TestCounty
beforeEach(async () => {
  county = await openTestCounty('2025-03-03')
})
afterEach(() => county.close())

describe('rows of a list of regions', () => {
  const take = async (...records: ImportRecords['regions'][]) =>
    (await importRecords(county, 'regions', records)).said
  const regions = async () => (await county.read('/regions')).items

  it('name townships and villages, and find them again', async () => {
    const { said, rows } = await importRecords(county, 'regions', [
      { code: '519901101000', name: '青溪镇' },
      { code: VILLAGE, name: '青溪村', secondRoundExpiresOn: '2028-12-31' },
    ])
    expect(said).toEqual(['kept', 'kept'])
    expect(rows[0]?.guessed).toEqual([
      { column: 'code', value: '519901101000', readAs: '519901101' },
    ])
    expect(await regions()).toMatchObject([
      { code: '519901101', name: '青溪镇' },
      { code: VILLAGE, name: '青溪村', secondRoundExpiresOn: '2028-12-31' },
    ])
    expect(
      await take({ code: '519901101', name: '青溪镇' }, { code: VILLAGE, name: '青溪村' }),
    ).toEqual(['unchanged', 'unchanged'])
  })

  it('name a village anew, and keep the day that the row does not give', async () => {
    await county.put(`/regions/${VILLAGE}`, { name: '青溪村', secondRoundExpiresOn: '2028-12-31' })
    expect(await take({ code: VILLAGE, name: '青溪社区' })).toEqual(['kept'])
    expect(await regions()).toMatchObject([
      { name: '青溪社区', secondRoundExpiresOn: '2028-12-31' },
    ])
  })

  it('are reported when they cannot be', async () => {
    expect(
      await take(
        { code: '5199', name: '示范县' },
        { code: VILLAGE, name: '村'.repeat(101) },
        { code: VILLAGE, name: '青溪村' },
        { code: VILLAGE, name: '白果村' },
      ),
    ).toEqual(['malformed', 'malformed', 'kept', 'row-repeats'])
  })
})

describe('rows of a list of operators', () => {
  const take = async (...records: ImportRecords['operators'][]) =>
    (await importRecords(county, 'operators', records)).said
  const operators = async () => (await county.read('/operators?reveal=true&reason=test')).items
  const company = { name: '青溪果业有限公司', kind: 'company', phone: '0000-1234567' } as const
  const USCC = '91519901MA00000001'

  it('record, find again, complete and correct', async () => {
    expect(await take(company, company)).toEqual(['kept', 'unchanged'])
    expect(await take({ name: '青溪果业有限公司', kind: 'company', uscc: USCC })).toEqual(['kept'])
    expect(await operators()).toMatchObject([{ ...company, uscc: USCC, version: 2 }])
    const renamed = { name: '青溪果业公司', kind: 'company' as const, uscc: USCC }
    const { rows } = await importRecords(county, 'operators', [renamed])
    expect(rows).toMatchObject([{ status: 'kept' }])
    expect(rows[0]?.guessed).toEqual([
      { column: 'name', value: '青溪果业公司', readAs: '与已登记的不同,按本行更正' },
    ])
    expect(await operators()).toMatchObject([
      { name: '青溪果业公司', phone: '0000-1234567', version: 3, changeReason: '导入更正' },
    ])
  })

  it('are two operators when their codes differ, though not their names', async () => {
    const other = { ...company, uscc: '91519901MA00000002' }
    expect(await take({ ...company, uscc: USCC }, other)).toEqual(['kept', 'kept'])
    expect(await take(company)).toEqual(['operator-ambiguous'])
    expect(await operators()).toHaveLength(2)
  })

  it('keep the ID number of a person as its code, sealed and shown masked', async () => {
    const rows = [
      '业主名称,业主类型,统一社会信用代码,身份证号',
      '谯志军,个人,511021199001011234,',
      '谯志国,个人,11010519491231002X,',
      '谯志民,个人,,510901198001011234',
      '谯老大,个人,,510901800101123',
      '青溪果业有限公司,公司,91519901MA00000001,510901197001011234',
    ]
    const { body } = await sendFile(county, 'operators', rows.join('\n'))
    expect(body.counts).toMatchObject({ read: 5, kept: 5 })
    expect((await operators()).map(({ uscc }: { uscc: string }) => uscc)).toEqual([
      '511021199001011234',
      '11010519491231002X',
      '510901198001011234',
      '510901800101123',
      '91519901MA00000001',
    ])
    expect(body.rows.at(-1).guessed).toEqual([
      {
        column: '身份证号',
        value: '510***********1234',
        readAs: expect.stringContaining('未使用'),
      },
    ])
    const shown = JSON.stringify([body, await county.read('/operators')])
    expect(shown.match(/\d{17}[\dX]|\d{15}|19900101|19491231/g)).toBeNull()
    const again = await sendFile(county, 'operators', rows.join('\n'))
    expect(again.body.counts).toMatchObject({ kept: 0, unchanged: 5 })
  })

  it('are reported when one file says two things of an operator', async () => {
    expect(await take(company, { ...company, phone: '0000-7654321' })).toEqual([
      'kept',
      'row-repeats',
    ])
  })
})

describe('rows of a list of grain prices', () => {
  const price = {
    grain: 'mid_late_indica',
    effectiveOn: '2020-01-01',
    fenPer50kg: 12_700,
    source: '最低收购价',
  }
  const take = async (...records: ImportRecords['grain-prices'][]) =>
    (await importRecords(county, 'grain-prices', records)).said

  it('price the rents that are paid in grain', async () => {
    const rent = { lines: [{ areaMu: 10, jinPerMu: 400, grain: 'mid_late_indica' }] }
    const { id } = await county.contract((await county.operator()).id, { rent })
    expect(await take(price, price)).toEqual(['kept', 'unchanged'])
    const { instalments } = await county.read(`/contracts/${id}/standing`)
    expect(instalments[0]).toMatchObject({ priced: true, amountFen: 10 * 400 * 127 })
    expect(await take({ ...price, fenPer50kg: 12_800 }, { ...price, fenPer50kg: 12_900 })).toEqual([
      'kept',
      'row-repeats',
    ])
    expect((await county.read('/grain-prices')).items).toMatchObject([{ fenPer50kg: 12_800 }])
  })

  it('are reported when they cost nothing', async () => {
    expect(await take({ ...price, fenPer50kg: 0 })).toEqual(['malformed'])
  })
})
