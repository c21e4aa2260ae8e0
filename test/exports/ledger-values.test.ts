/** Every ledger has what the API answers, in the words and the units of the county. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CASE_STATE_NAMES } from '../../src/domain/case-sentence.ts'
import { LAND_USE_NAMES } from '../../src/domain/land-use-names.ts'
import { LEVEL_NAMES } from '../../src/domain/levels.ts'
import { bookOf, csvOf, openLedgerCounty } from '../support/ledger-files.ts'
import { OTHER_VILLAGE, type TestCounty, VILLAGE } from '../support/test-county.ts'
import { databaseKinds } from '../support/test-service.ts'

const yuan = (fen: number) => (fen / 100).toFixed(2)
// biome-ignore lint/suspicious/noExplicitAny: replies are looked into freely
type Item = any

describe.each(databaseKinds)('on %s', (kind) => {
  let county: TestCounty
  beforeAll(async () => {
    ;({ county } = await openLedgerCounty(kind))
  })
  afterAll(() => county.close())

  it('the worklist', async () => {
    const { items } = await county.read('/risk/worklist')
    const rows = await csvOf(county, 'worklist.csv')
    expect(rows.map((row) => row.分值)).toEqual(items.map((item: Item) => String(item.score)))
    for (const [at, item] of (items as Item[]).entries())
      expect(rows[at]).toMatchObject({
        序号: String(at + 1),
        等级: LEVEL_NAMES[item.level as keyof typeof LEVEL_NAMES],
        业主: item.operatorName.replace(/^=/, "'="),
        '面积(亩)': item.areaMu.toFixed(2),
        '欠租金额(元)': yuan(item.arrearsFen),
        逾期天数: String(item.daysOverdue),
        '可覆盖补助(元)': yuan(item.coverageFen),
      })
  })

  it('the arrears ledger: every contract in arrears, the ended one too', async () => {
    const { items } = await county.read('/risk/worklist')
    const owing = (items as Item[]).filter(({ arrearsFen }) => arrearsFen > 0)
    const rows = await csvOf(county, 'arrears.csv')
    expect(rows).toHaveLength(4)
    expect(rows).toHaveLength(owing.length)
    for (const [at, item] of owing.entries()) {
      const standing = await county.read(`/contracts/${item.contractId}/standing?asOf=${item.asOf}`)
      expect(rows[at]).toMatchObject({
        业主: item.operatorName.replace(/^=/, "'="),
        产业: LAND_USE_NAMES[item.landUse as keyof typeof LAND_USE_NAMES],
        '应付租金(元)': yuan(standing.dueFen),
        '已付租金(元)': yuan(standing.paidFen),
        '欠租金额(元)': yuan(standing.arrearsFen),
        '欠租面积(亩)': item.areaMu.toFixed(2),
        '全额/部分': standing.arrearsClass === 'years' ? '全额' : '部分',
        研判等级: LEVEL_NAMES[item.level as keyof typeof LEVEL_NAMES],
      })
    }
  })

  it('the arrears ledger: what is recorded beside the money', async () => {
    const rows = await csvOf(county, 'arrears.csv')
    const by = (field: string, words: string) => rows.find((row) => row[field] === words) ?? {}
    expect(by('业主', '张三丰')).toMatchObject({
      乡镇: '青溪镇',
      村组: '红岩村',
      法人: '张*丰',
      联系电话: '138****1234',
      '流转面积(亩)': '12.50',
      合同起: '2020-01-01',
      合同止: '2029-12-31',
      租金标准: '500元/亩',
      欠租年度: '2020—2021',
      涉及户数: '35',
      涉及人数: '120',
      业主现状: '失联(2022-01-10 起,据村民赵六 138****1234)',
      '应付未付补助(元)': '',
      是否化解: '未化解',
      化解措施: '',
      合同编号: '519901101201',
      村代码: VILLAGE,
      统一社会信用代码: '',
    })
    expect(by('合同编号', "'+2020")).toMatchObject({
      欠租年度: '2021',
      欠租原因: '摸排(2022-01-20):设施闲置、作物失收',
      '应付未付补助(元)': '2000.50',
      信访情况: '近一年 1 次信访反映,6 人,最近 2022-01-12',
      备注: '',
    })
    expect(by('合同编号', '2020-0003')).toMatchObject({
      合同止: '2021-06-30',
      备注: '合同已于 2021-06-30 终止',
      欠租年度: '2020—2021',
    })
    // A collective that does not say how many households it leases for.
    expect(by('村代码', OTHER_VILLAGE)).toMatchObject({
      乡镇: '519901102',
      涉及户数: '',
      合同编号: '',
      法人: '王*',
      联系电话: '082****3456',
      统一社会信用代码: '91519901MA0000001X',
      备注: '村集体未填涉及户数,按 0 户计;本乡镇久未填报,等级为暂定',
    })
  })

  it('the ledger of risks', async () => {
    const { items } = await county.read('/cases')
    const rows = await csvOf(county, 'cases.csv')
    expect(rows.map((row) => row.编号)).toEqual(items.map(({ number }: Item) => number))
    for (const [at, item] of (items as Item[]).entries())
      expect(rows[at]).toMatchObject({
        业主: item.operatorName.replace(/^=/, "'="),
        乡镇: item.townshipName ?? item.townshipCode,
        首次发现时间: item.openedOn,
        等级: LEVEL_NAMES[item.level as keyof typeof LEVEL_NAMES],
        涉及金额: yuan(item.arrearsFen),
        涉及户数: String(item.households),
        状态: CASE_STATE_NAMES[item.state as keyof typeof CASE_STATE_NAMES],
        结果: '',
      })
    const farm = rows.find((row) => row.业主 === '李四海家庭农场')
    expect(farm?.关联合同?.split('\n').sort()).toEqual(["'+2020", '2020-0003'].sort())
    expect(farm?.化解过程).toMatch(/^2022-03-01 列入风险台账:/)
    const company = rows.find((row) => row.乡镇 === '519901102')
    expect(company?.关联合同).toBe('无编号 1 份')
  })

  it('the ledger of subsidies: what is not recorded stays empty', async () => {
    const rows = await csvOf(county, 'subsidies.csv')
    expect(rows).toHaveLength(2)
    expect(rows[0]).toEqual({
      序号: '1',
      项目名称: '标准园建设补助',
      文件依据: '农发〔2020〕5号',
      资金来源: '省级',
      年度: '2020',
      补助对象: '李四海家庭农场',
      统一社会信用代码: '',
      产业: '蚕桑',
      补助标准: '',
      单位: '',
      核定数量: '',
      应补金额: '3000.50',
      已补金额: '1000.00',
      未补金额: '2000.50',
      申报: '',
      批复: '',
      验收: '2021-03-20',
      公示: '',
      拨付: '',
      所处环节: '县级验收',
      未兑付原因: '资金未到位,联系 138****1234',
      责任单位: '',
      预计兑付时间: '2021-06-30',
      关联合同: "'+2020",
      备注: '逾期 244 天未兑付',
      认定口径: '认定应付',
      合同编号: "'+2020",
      受理日期: '2020-09-01',
      已补日期: '2021-12-01',
    })
    expect(rows[1]).toMatchObject({
      补助对象: "'=柑源果业有限公司",
      已补金额: '0.00',
      认定口径: '业主主张',
      产业: '',
      备注: '业主主张,未经认定,所称应付日已过 60 天',
    })
    const { sums } = await bookOf(county, 'subsidies.xlsx')
    expect(sums.map((row) => [...row.slice(0, 2), ...row.slice(11, 14)])).toEqual([
      ['合计', '认定应付', 3000.5, 1000, 2000.5],
      ['合计', '业主主张', 9000, 0, 9000],
    ])
  })

  it('the county’s table', async () => {
    const rows = await csvOf(county, 'summary.csv')
    const cellsOf = (figures: Item) => ({
      '合同数(份)': String(figures.contracts),
      '流转面积(亩)': figures.areaMu.toFixed(2),
      '问题面积(亩)': figures.problemAreaMu.toFixed(2),
      '全额欠租面积(亩)': figures.yearsAreaMu.toFixed(2),
      '部分欠租面积(亩)': figures.partialAreaMu.toFixed(2),
      '问题面积占比(%)': figures.problemSharePercent.toFixed(2),
      '欠租金额(元)': yuan(figures.arrearsFen),
      '涉及户数(户次)': String(figures.households),
      '可覆盖补助(元)': yuan(figures.coverageFen),
      '已到期或终止的欠租合同(份)': String(figures.endedInArrears.contracts),
      '其欠租金额(元)': yuan(figures.endedInArrears.arrearsFen),
    })
    for (const [by, section] of [
      ['landUse', '按产业'],
      ['township', '按乡镇'],
    ] as const) {
      const { groups, ...total } = await county.read(`/risk/summary?by=${by}`)
      const listed = rows.filter((row) => row.分组 === section)
      expect(listed).toHaveLength(groups.length + 1)
      for (const [at, group] of [...groups, total].entries())
        expect(listed[at]).toMatchObject(cellsOf(group))
    }
    expect(rows.find((row) => row.分组 === '按产业' && row.项目 === '合计')).toMatchObject({
      '问题面积占比(%)': '76.47',
      '已到期或终止的欠租合同(份)': '1',
    })
    const { byUnpaidYears } = await county.read('/risk/summary')
    const years = rows.filter((row) => row.分组 === '按欠租年数')
    expect(years.slice(0, -1).map((row) => row['欠租合同(份)'])).toEqual(
      byUnpaidYears.map((one: Item) => String(one.contracts)),
    )
    expect(years.map((row) => row.项目)).toEqual([
      '部分欠租',
      ...[1, 2, 3, 4, 5, 6].map((n) => `${n} 年`),
      '超过 6 年',
      '合计',
    ])
  })

  it('the ledger of contracts: as agreed, with what changed them beside it', async () => {
    const rows = await csvOf(county, 'contracts.csv')
    expect(rows.map((row) => row.承租方)).toEqual([
      '张三丰',
      '李四海家庭农场',
      '李四海家庭农场',
      '守约合作社',
      "'=柑源果业有限公司",
    ])
    expect(rows[0]).toMatchObject({
      合同编号: '519901101201',
      出租方: '王*二等35户',
      村组: '红岩村',
      '面积(亩)': '10.00',
      用途: '晚熟柑桔',
      起: '2020-01-01',
      止: '2029-12-31',
      租金标准: '按600元/亩',
      支付方式: '按年,首期2020-12-31',
      保证金: '',
      法人: '张*丰',
      联系电话: '138****1234',
      业主类型: '个人',
      出租方类型: '农户',
      户数: '35',
      人数: '120',
      变更: '2022-01-01起 租金 12.50亩 500元/亩 按年,首期2022-12-31 (经协商下调租金)',
      终止: '',
    })
    expect(rows.find((row) => row.合同编号 === '2020-0003')).toMatchObject({
      止: '2029-12-31',
      备注: '已于 2021-06-30 终止',
      终止: '2021-06-30终止 (双方协商解除)',
    })
  })
})
