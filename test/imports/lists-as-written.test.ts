import { afterEach, beforeEach, expect, it } from 'vitest'
import { sendFile } from '../support/import-file.ts'
import { openTestCounty, type TestCounty } from '../support/test-county.ts'

let county: TestCounty
beforeEach(async () => {
  county = await openTestCounty('2024-12-20')
})
afterEach(() => county.close())

async function rowsOf(ledger: string, ...lines: string[]) {
  const { status, body } = await sendFile(county, ledger, lines.join('\r\n'))
  expect(status, JSON.stringify(body)).toBe(201)
  return body.rows.slice(1)
}

it('operators: a code or an ID number in one column, words beside a telephone number', async () => {
  const rows = await rowsOf(
    'operators',
    '业主名称,主体类型,统一社会信用代码/身份证号,法人,联系电话',
    '柑源果业有限公司,公司,91519901MA0000001X,王五,0825—6123456',
    '张三,大户,519901196505051234,本人,138 1234 5678(微信同号)',
  )
  expect(rows).toMatchObject([{ status: 'kept', guessed: [] }, { status: 'kept' }])
  expect(rows[1].guessed).toEqual([
    { column: '法人', value: expect.any(String), readAs: '即业主本人,未另登记' },
    { column: '联系电话', value: expect.any(String), readAs: '取其中的号码' },
  ])
  const operators = (await county.read('/operators')).items
  expect(operators).toMatchObject([{ name: '柑源果业有限公司' }, { name: '张三' }])
  expect(operators[0].uscc).toBe('91519901MA0000001X')
  expect(operators[1].uscc).toMatch(/^519\*+1234$/)
  expect(operators[1].representative).toBeUndefined()
})

it('regions: a code of a group, or one that lost a digit, is reported with what it should be', async () => {
  const rows = await rowsOf(
    'regions',
    '代码,名称',
    '51990110120101,青溪村1组',
    '51990110120,青溪村',
  )
  for (const row of rows)
    expect(row).toMatchObject({
      status: 'reported',
      problems: [
        { column: '代码', code: 'malformed', reason: expect.stringContaining('12 位(村)') },
      ],
    })
})

it('grain prices: the state writes 中晚稻, too', async () => {
  const [row] = await rowsOf('grain-prices', '年份,品种,最低收购价,依据', '2021,中晚稻,128,公告')
  expect(row).toMatchObject({ status: 'kept', record: { grain: 'mid_late_indica' } })
  expect(row.guessed).toContainEqual({ column: '品种', value: '中晚稻', readAs: '中晚籼稻' })
})

it('subsidies: a hope without a day is no reason to leave a row out', async () => {
  const [row, broken] = await rowsOf(
    'subsidies',
    '补助对象,项目名称,年度,文件依据,应补金额(万元),已补金额(万元),预计兑付时间',
    '柑源果业有限公司,园区道路,2021,柑农发5号,8,3,待定',
    '柑源果业有限公司,蓄水池,2021,柑农发5号,8,,#N/A',
  )
  expect(row).toMatchObject({ status: 'kept', record: { amountFen: 8_000_000 } })
  expect(row.record.payableOn).toBeUndefined()
  expect(row.guessed).toContainEqual({
    column: '预计兑付时间',
    value: '待定',
    readAs: '不是日期,未登记',
  })
  expect(row.guessed).toContainEqual({
    column: '已补金额(万元)',
    value: '3',
    readAs: '未写拨付日期,按导入日 2024-12-20 登记',
  })
  expect(broken).toMatchObject({ status: 'reported', problems: [{ column: '预计兑付时间' }] })
})
