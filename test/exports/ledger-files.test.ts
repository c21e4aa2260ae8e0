/** The files themselves: their form, their bytes, what they speak for, what is refused. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addToken } from '../../src/access/token-store.ts'
import { bookOf, csvOf, fileOf, NIGHT, openLedgerCounty } from '../support/ledger-files.ts'
import {
  OTHER_VILLAGE,
  openTestCounty,
  type TestCounty,
  TOWNSHIP,
  VILLAGE,
} from '../support/test-county.ts'

const LEDGERS = ['arrears', 'cases', 'subsidies', 'contracts', 'summary', 'worklist']
/** As field.md has them. */
const HEADINGS: Record<string, string> = {
  arrears:
    '序号 乡镇 村组 业主 法人 联系电话 产业 流转面积(亩) 合同起 合同止 租金标准 应付租金(元) 已付租金(元) ' +
    '欠租年度 欠租面积(亩) 欠租金额(元) 全额/部分 涉及户数 涉及人数 欠租原因 业主现状 应付未付补助(元) 信访情况 ' +
    '研判等级 化解措施 责任单位 包案领导 责任人 完成时限 进展 是否化解 备注 合同编号 村代码 统一社会信用代码',
  cases:
    '编号 业主 乡镇 关联合同 首次发现时间 等级 涉及金额 涉及户数 措施 责任单位 包案领导 责任人 时限 化解过程 状态 结果',
  subsidies:
    '序号 项目名称 文件依据 资金来源 年度 补助对象 统一社会信用代码 产业 补助标准 单位 核定数量 应补金额 已补金额 ' +
    '未补金额 申报 批复 验收 公示 拨付 所处环节 未兑付原因 责任单位 预计兑付时间 关联合同 备注 认定口径 合同编号 ' +
    '受理日期 已补日期',
  contracts:
    '合同编号 出租方 承租方 村组 地块 面积(亩) 田 土 用途 起 止 租金标准 支付方式 递增 保证金 备案 备注 ' +
    '统一社会信用代码 法人 联系电话 业主类型 乡镇 村 村代码 出租方类型 户数 人数 签订日期 违约金(‱/日) ' +
    '宽限期(天) 履约保险 变更 终止',
}

let county: TestCounty
let ids: { contract: string; operator: string }
beforeAll(async () => {
  const opened = await openLedgerCounty()
  county = opened.county
  ids = { contract: opened.contracts.farm.id, operator: opened.operators.person.id }
})
afterAll(() => county.close())

describe.each(LEDGERS)('%s', (ledger) => {
  it('has the headings of the county in their order', async () => {
    const { headings } = await bookOf(county, `${ledger}.xlsx`)
    if (HEADINGS[ledger]) expect(headings.join(' ')).toBe(HEADINGS[ledger])
    const [first] = await csvOf(county, `${ledger}.csv`)
    expect(Object.keys(first ?? {})).toEqual(headings)
  })

  it('has a title, what it is about, rows, a signature, notes', async () => {
    const { title, about, rows, signature, notes, sheet } = await bookOf(county, `${ledger}.xlsx`)
    expect(title).toMatch(/^示范县.*(台账|汇总表|清单)$/)
    expect(about).toMatch(/^填报单位:示范县 · 填报时间:2022-03-01 · 单位:/)
    expect(signature).toMatch(/^填表人:\s+审核人:\s+联系电话:$/)
    expect(rows.length).toBe((await csvOf(county, `${ledger}.csv`)).length)
    expect(sheet?.freezePane?.rows).toBe(3)
    expect(sheet?.pageSetup).toMatchObject({ paperSize: 'a4', orientation: 'landscape' })
    for (const words of [
      '数据日期:2022-03-01',
      '登记截至:2022-03-01T',
      '规则版本:2026-1',
      '范围:示范县(519901)',
      '导出人:test',
      '合计',
    ])
      expect(notes.join('\n')).toContain(words)
    const said = JSON.stringify([title, about, rows, notes])
    expect(said).not.toMatch(/预警|跑路|已过时效|柑橘|台帐|13800001234|王小二/)
  })

  it.each(['', '?asOf=2022-02-15'])('has the same bytes for the same facts%s', async (query) => {
    for (const format of ['xlsx', 'csv']) {
      const first = await fileOf(county, `${ledger}.${format}${query}`)
      const again = await fileOf(county, `${ledger}.${format}${query}`)
      expect(again.bytes.equals(first.bytes)).toBe(true)
      expect(again.headers['x-known-at']).toBe(first.headers['x-known-at'])
    }
  })

  it('is that of the region asked for', async () => {
    const township = await bookOf(county, `${ledger}.xlsx?region=${TOWNSHIP}`)
    expect(township.title).toContain('示范县青溪镇')
    const rowsOf = async (region: string) =>
      (await csvOf(county, `${ledger}.csv?region=${region}`)).length
    const [whole, here, village, there, nowhere] = await Promise.all(
      ['519901', TOWNSHIP, VILLAGE, OTHER_VILLAGE, '519901103'].map(rowsOf),
    )
    if (ledger === 'summary') return
    expect(here).toBe(village)
    expect(Number(here) + Number(there)).toBe(whole)
    expect(there).toBe(1)
    expect(nowhere).toBe(0)
  })

  it('is named in Chinese, and in letters for programs that know no other', async () => {
    const { headers } = await fileOf(county, `${ledger}.xlsx?region=${TOWNSHIP}`)
    expect(headers['content-disposition']).toMatch(
      new RegExp(
        `^attachment; filename="${ledger}_519901101_2022-03-01.xlsx"; filename\\*=UTF-8''%`,
      ),
    )
    const name = decodeURIComponent(String(headers['content-disposition']?.split("''")[1]))
    expect(name).toMatch(/^[\p{Script=Han}]+_示范县青溪镇_2022-03-01\.xlsx$/u)
    expect(headers['content-type']).toContain('spreadsheetml.sheet')
    expect(headers['x-as-of']).toBe(NIGHT)
  })

  it('of a county without facts has headings and no rows', async () => {
    const empty = await openTestCounty(NIGHT)
    try {
      const { headings, rows } = await bookOf(empty, `${ledger}.xlsx`)
      expect(headings.length).toBeGreaterThan(10)
      expect(rows.length).toBe(ledger === 'summary' ? 11 : 0)
      const { bytes } = await fileOf(empty, `${ledger}.csv?asOf=2022-01-01`)
      expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]))
      expect(bytes.toString().split('\r\n')[0]).toBe(`\ufeff${headings.join(',')}`)
    } finally {
      await empty.close()
    }
  })
})

it('of another county’s region has the name that it is registered with', async () => {
  const elsewhere = await openTestCounty(NIGHT)
  try {
    const titleOf = async (region: string) => {
      const { title, about } = await bookOf(elsewhere, `contracts.xlsx?region=${region}`)
      return [title, String(about).split(' · ')[0]]
    }
    expect(await titleOf('519970')).toEqual(['519970流转台账', '填报单位:519970'])
    await elsewhere.put('/regions/519970', { name: '邻县' })
    await elsewhere.put('/regions/519970101', { name: '河口镇' })
    expect(await titleOf('519970')).toEqual(['邻县流转台账', '填报单位:邻县'])
    expect(await titleOf('519970101')).toEqual(['邻县河口镇流转台账', '填报单位:邻县河口镇'])
    const { headers } = await fileOf(elsewhere, 'monthly-brief.docx?region=519970101')
    const name = decodeURIComponent(String(headers['content-disposition']?.split("''")[1]))
    expect(name).toMatch(/^邻县河口镇土地流转/)
  } finally {
    await elsewhere.close()
  }
})

describe('csv', () => {
  it('may be in GB18030, with the same words', async () => {
    const { bytes, headers } = await fileOf(county, 'arrears.csv?charset=gb18030')
    expect(headers['content-type']).toBe('text/csv; charset=gb18030')
    const plain = await fileOf(county, 'arrears.csv')
    expect(plain.headers['content-type']).toBe('text/csv; charset=utf-8')
    const text = new TextDecoder('gb18030').decode(bytes)
    expect(`\ufeff${text}`).toBe(plain.bytes.toString())
  })

  it('keeps codes whole and shows formulas as text', async () => {
    const text = (await fileOf(county, 'arrears.csv')).bytes.toString()
    expect(text).toContain(`,${VILLAGE},`)
    expect(text).toContain(",'+2020,")
    expect(text).toContain(",'=柑源果业有限公司,")
    expect(text).not.toMatch(/(^|[,\n])[=+@-]/)
    const { rows } = await bookOf(county, 'arrears.xlsx')
    expect(rows.flat()).toEqual(expect.arrayContaining(['+2020', '=柑源果业有限公司', VILLAGE]))
  })
})

describe('the day and the knowledge that a ledger speaks for', () => {
  it('are those of the last night, as facts have refreshed it, when none are asked for', async () => {
    const { headers } = await fileOf(county, 'arrears.csv')
    expect(headers['x-as-of']).toBe(NIGHT)
    const stored = await csvOf(county, 'arrears.csv')
    expect(await csvOf(county, `arrears.csv?asOf=${NIGHT}`)).toEqual(stored)
  })

  it('are those asked for: a past day has what was owed then', async () => {
    const rows = await csvOf(county, 'arrears.csv?asOf=2021-01-01')
    expect(rows.map((row) => row['欠租金额(元)'])).toEqual([
      '6000.00',
      '6000.00',
      '6000.00',
      '6000.00',
      '6000.00',
    ])
    expect(rows.map((row) => row.是否化解)).toEqual(['', '', '', '', ''])
    expect(await csvOf(county, 'cases.csv?asOf=2021-01-01')).toEqual([])
    const [subsidy] = await csvOf(county, 'subsidies.csv?asOf=2021-07-01')
    expect(subsidy).toMatchObject({
      已补金额: '0.00',
      未补金额: '3000.50',
      已补日期: '',
      备注: '逾期 1 天未兑付',
    })
  })

  it('stay what they were: facts recorded later change no byte', async () => {
    const knownAt = (await fileOf(county, 'arrears.csv')).headers['x-known-at']
    const query = `?asOf=${NIGHT}&knownAt=${knownAt}`
    const filesNow = () =>
      Promise.all(
        LEDGERS.map(async (ledger) => (await fileOf(county, `${ledger}.xlsx${query}`)).bytes),
      )
    const before = await filesNow()
    county.clockOf.goTo('2022-03-10')
    await county.record(`/contracts/${ids.contract}/payments`, {
      amountFen: 100_000,
      paidOn: NIGHT,
    })
    await county.correct('operators', ids.operator, { name: '张三峰', kind: 'individual' })
    await county.put(`/regions/${TOWNSHIP}`, { name: '清溪镇' })
    const { items } = await county.read('/cases')
    await county.put(`/cases/${items[0].id}/fixes`, FIXES)
    const after = await filesNow()
    expect(after.map((bytes, at) => bytes.equals(before[at] as Buffer))).toEqual(
      LEDGERS.map(() => true),
    )
    await county.night('2022-03-10')
    const [now] = await csvOf(county, 'cases.csv')
    expect(now).toMatchObject({
      乡镇: '清溪镇',
      措施: '督促还款',
      时限: '2030-06-30',
      状态: '化解中',
    })
    expect((await csvOf(county, 'arrears.csv'))[0]).toMatchObject({
      化解措施: '督促还款',
      是否化解: '化解中',
    })
  })
})

const FIXES = {
  measure: '督促还款',
  responsibleUnit: '青溪镇人民政府',
  leadOfficial: '分管副镇长',
  responsiblePerson: '农业服务中心主任',
  deadlineOn: '2030-06-30',
}

describe('what cannot be exported', () => {
  it.each([
    ['nothing.xlsx', 404, 'no-such-ledger', undefined],
    ['arrears.pdf', 404, 'no-such-ledger', undefined],
    ['constructor.csv', 404, 'no-such-ledger', undefined],
    ['arrears', 404, 'no-such-route', undefined],
    ['arrears.csv?region=5199', 400, 'invalid-request', 'region'],
    ['arrears.csv?charset=gbk2', 400, 'invalid-request', 'charset'],
    ['arrears.csv?asOf=2022-02-30', 400, 'invalid-request', 'asOf'],
    ['arrears.csv?knownAt=yesterday', 400, 'invalid-request', 'knownAt'],
    ['arrears.csv?level=red', 400, 'invalid-request', 'level'],
    ['arrears.csv?asOf=2031-01-01', 422, 'as-of-in-future', 'asOf'],
  ])('%s', async (path, status, code, field) => {
    const reply = await county.send('GET', `/exports/${path}`)
    expect([reply.status, reply.body.code]).toEqual([status, code])
    if (field !== undefined) expect(reply.body.errors[0].field).toBe(field)
  })

  it('without a token', async () => {
    expect((await county.inject({ url: '/api/v1/exports/arrears.csv' })).status).toBe(401)
  })

  it('names who exported it', async () => {
    const token = await county.db.transaction((tx) =>
      addToken(tx, { label: '县农业农村局', role: 'viewer' }),
    )
    const ask = (bearer: string) =>
      county.inject({
        url: '/api/v1/exports/arrears.xlsx',
        headers: { authorization: `Bearer ${bearer}` },
      })
    const [own, others] = [await ask(county.token), await ask(token)]
    expect([own.status, others.status]).toEqual([200, 200])
    expect(own.bytes.equals(others.bytes)).toBe(false)
  })
})
