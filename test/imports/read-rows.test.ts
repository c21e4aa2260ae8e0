import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { amendmentWords, endWords } from '../../src/domain/amendment-words.ts'
import { dueWords } from '../../src/domain/due-words.ts'
import { escalationWords } from '../../src/domain/escalation-words.ts'
import { lessorWords } from '../../src/domain/lessor-words.ts'
import { rentWords } from '../../src/domain/rent-words.ts'
import { IMPORT_LEDGERS } from '../../src/imports/import-row.ts'
import { LEDGER_COLUMNS } from '../../src/imports/ledger-columns.ts'
import {
  type Cells,
  dataOf,
  guessesOf,
  merged,
  problemsOf,
  rowsOf,
  sheet,
} from './read-rows-sheets.ts'

const FARM = '青溪果业有限公司'
const LEASE = ['承租方', '出租方', '村', '用途', '面积(亩)', '起', '止', '租金标准'] as const
const lease = (changed: Partial<Record<(typeof LEASE)[number], string | number | null>> = {}) => {
  const cells = {
    承租方: FARM,
    出租方: '张三',
    村: '青溪村',
    用途: '蚕桑',
    '面积(亩)': 30,
    起: '2015-01-01',
    止: '2034-12-31',
    租金标准: 600,
    ...changed,
  }
  return LEASE.map((heading) => cells[heading])
}

describe('rows that are no data are skipped', () => {
  it.each([
    ['a sum', ['合计', null, null, null, 30]],
    ['a sum with spaces', ['合 计', null, null, null, 30]],
    ['a sum of a village', ['青溪村小计', null, null, null, 30]],
    ['a sum of a page', ['本页小计:', null, null, null, 30]],
    ['a sum in its second cell', [null, '总计', null, null, 30]],
    ['a running sum', ['累计(2户)', null, null, null, 30]],
    ['the headings again', LEASE],
    ['numbers of columns', [1, 2, 3, 4, 5, 6, 7, 8]],
    ['signatures', ['填表人:李四', null, '审核人:王五']],
    ['a signature without a name', ['填表人', null, null, '审核人']],
    ['a note', ['注:面积以确权面积为准', null]],
    ['a note in prose', ['以上面积均为二轮承包确权面积,不含田埂。']],
  ])('%s', async (_what, cells) => {
    const read = await rowsOf('contracts', [sheet('流转', [LEASE, lease(), cells, lease()])])
    expect(read.map(({ status }) => status)).toEqual(['skipped', 'read', 'skipped', 'read'])
  })

  it('the title again, where a printed page begins', async () => {
    const title = ['青溪村土地流转台账']
    const rows = [title, LEASE, lease(), title, LEASE, lease()]
    const read = await rowsOf('contracts', [sheet('流转', rows)])
    expect(read.map(({ status }) => status === 'read')).toEqual([
      ...[false, false, true],
      ...[false, false, true],
    ])
  })

  it('rows that are only numbered, in a form that was not filled', async () => {
    const rows = [
      ['序号', ...LEASE],
      [1, ...lease()],
      [2, ...lease().map(() => null)],
    ]
    const read = await rowsOf('contracts', [sheet('流转', rows)])
    expect(read.map(({ status }) => status)).toEqual(['skipped', 'read', 'skipped'])
  })

  it('a sheet that is named for another ledger is one row that says so', async () => {
    const read = await rowsOf('contracts', [
      sheet('业主名册', [['业主名称'], ['青溪合作社'], ['白果合作社']]),
      sheet('流转', [LEASE, lease()]),
      sheet('收款', [LEASE, lease(), lease()]),
    ])
    expect(read.map(({ sheet, status, problems }) => [sheet, status, problems[0]?.code])).toEqual([
      ['业主名册', 'skipped', 'sheet-of-another-ledger'],
      ['流转', 'skipped', undefined],
      ['流转', 'read', undefined],
      ['收款', 'skipped', 'sheet-of-another-ledger'],
    ])
    expect(read[0]?.problems[0]?.reason).toContain('表头')
  })

  it('empty rows are not counted at all', async () => {
    const read = await rowsOf('contracts', [
      sheet('流转', [LEASE, [], lease(), [null, ''], lease()]),
    ])
    expect(read.map(({ row, status }) => [row, status])).toEqual([
      [1, 'skipped'],
      [3, 'read'],
      [5, 'read'],
    ])
  })

  it.each([
    ['a company that is called so', { 承租方: '总计量器具有限公司' }],
    ['a village that is called so', { 村: '合计村' }],
  ])('but not %s', async (_what, changed) => {
    expect(await dataOf('contracts', [LEASE, lease(changed)])).toMatchObject([{ status: 'read' }])
  })
})

describe('merged cells', () => {
  it('are filled down, which is no guess', async () => {
    const rows = [LEASE, lease(), lease({ 承租方: null, 用途: null }), lease({ 承租方: null })]
    const read = await dataOf('contracts', rows, ['A2:A4', 'D2:D3'].map(merged))
    expect(read.map(({ record }) => record?.operatorName)).toEqual([FARM, FARM, FARM])
    expect(read[1]).toMatchObject({
      status: 'read',
      record: { landUse: 'sericulture' },
      guessed: [],
    })
  })

  it('end where they end', async () => {
    const rows = [LEASE, lease(), lease({ 承租方: null }), lease({ 承租方: null })]
    const [, second, third] = await dataOf('contracts', rows, [merged('A2:A3')])
    expect(second?.status).toBe('read')
    expect(problemsOf(third as never)).toEqual([['承租方', '', 'cell-missing']])
  })

  it('of a sum are not counted on each row', async () => {
    const headings = [...LEASE, '户数']
    const rows = [headings, [...lease(), 12], [...lease(), null], [...lease(), 3]]
    const [first, second, third] = await dataOf('contracts', rows, [merged('I2:I3')])
    expect(first).toMatchObject({ status: 'read', record: { lessor: { households: 12 } } })
    expect(guessesOf(first as never)).toEqual([['户数', '12', '合并单元格,全部计在本行']])
    expect(second?.record?.lessor).toEqual({ kind: 'household', name: '张三' })
    expect(guessesOf(second as never)).toEqual([['户数', '12', '合并单元格,已计在首行']])
    expect(third).toMatchObject({ record: { lessor: { households: 3 } }, guessed: [] })
  })

  it('of the money that the row is about are refused', async () => {
    const rows = [
      ['合同编号', '欠租年度', '欠租金额'],
      ['1-01', 2019, 5000],
      ['1-02', 2020, null],
    ]
    const read = await dataOf('arrears', rows, [merged('C2:C3')])
    expect(read.map(({ status }) => status)).toEqual(['reported', 'reported'])
    expect(read.flatMap(problemsOf)).toEqual([
      ['欠租金额', '5000', 'cell-merged'],
      ['欠租金额', '5000', 'cell-merged'],
    ])
  })
})

describe('what a cell says is read, guessed or reported', () => {
  it.each<[string, Parameters<typeof lease>[0], object, string[][]]>([
    [
      'grain in the money column',
      { 租金标准: '500斤黄谷' },
      { rent: { lines: [{ areaMu: 30, jinPerMu: 500, grain: 'mid_late_indica' }] } },
      [['租金标准', '500斤黄谷']],
    ],
    [
      'about',
      { '面积(亩)': '约30亩' },
      { rent: { lines: [{ areaMu: 30 }] } },
      [['面积(亩)', '约30亩']],
    ],
    ['full-width digits', { '面积(亩)': '３０．５' }, { rent: { lines: [{ areaMu: 30.5 }] } }, []],
    ['a season', { 起: '2014年春' }, { startOn: '2014-03-01' }, [['起', '2014年春']]],
    ['no end', { 止: '长期' }, { endOn: '2034-12-31' }, [['止', '长期']]],
    ['a serial', { 起: 42005 }, { startOn: '2015-01-01' }, [['起', '42005']]],
    ['dots', { 起: '2015.1.1' }, { startOn: '2015-01-01' }, []],
    ['eight digits', { 起: 20150101 }, { startOn: '2015-01-01' }, []],
    [
      'one who signs for many',
      { 出租方: '张三等35户' },
      { lessor: { kind: 'household', name: '张三等35户', households: 35 } },
      [],
    ],
    ['a group of the village', { 村: '青溪村３组' }, { villageName: '青溪村' }, []],
    ['groups of the village', { 村: '青溪村一、二组' }, { villageName: '青溪村' }, []],
    ['a plot in the village', { 村: '青溪村3组大田湾' }, { villageName: '青溪村' }, []],
    [
      'a village in its township',
      { 村: '云栎镇青溪村' },
      { township: '云栎镇', villageName: '青溪村' },
      [],
    ],
    ['a use by another name', { 用途: '稻虾' }, { landUse: 'rice_fish' }, [['用途', '稻虾']]],
    ['zero rent', { 租金标准: 0 }, { rent: { lines: [{ areaMu: 30, fenPerMu: 0 }] } }, []],
    ['zero rent in words', { 租金标准: '零租金' }, { rent: { lines: [{ fenPerMu: 0 }] } }, []],
    ['no rent', { 租金标准: '/' }, { rent: { lines: [{ areaMu: 30 }] } }, []],
  ])('%s', async (_what, changed, record, guessed) => {
    const [row] = await dataOf('contracts', [LEASE, lease(changed)])
    expect(row).toMatchObject({ status: 'read', record, problems: [] })
    expect(guessesOf(row as never).map((guess) => guess.slice(0, 2))).toEqual(guessed)
    for (const { readAs } of row?.guessed ?? []) expect(readAs).not.toBe('')
  })

  it.each<[string, Parameters<typeof lease>[0], string[][]]>([
    ['no operator', { 承租方: null }, [['承租方', '', 'cell-missing']]],
    ['no start', { 起: '/' }, [['起', '/', 'cell-missing']]],
    ['no end', { 止: null }, [['止', '', 'cell-missing']]],
    ['no use', { 用途: null }, [['用途', '', 'cell-missing']]],
    ['no area', { '面积(亩)': null }, [['面积(亩)', '', 'cell-missing']]],
    ['an area in words', { '面积(亩)': '一大片' }, [['面积(亩)', '一大片', 'number-unreadable']]],
    ['an end before the start', { 止: '2014-12-31' }, [['止', '2014-12-31', 'end-before-start']]],
    ['a day that is none', { 起: '2015-02-30' }, [['起', '2015-02-30', 'day-impossible']]],
    [
      'a rent that a market tells',
      { 租金标准: '按市场价' },
      [['租金标准', '按市场价', 'rent-unreadable']],
    ],
    [
      'several at once',
      { 承租方: null, '面积(亩)': '#REF!', 止: '不详' },
      [
        ['承租方', '', 'cell-missing'],
        ['止', '不详', 'day-unreadable'],
        ['面积(亩)', '#REF!', 'cell-error'],
      ],
    ],
  ])('reported: %s', async (_what, changed, problems) => {
    const [row] = await dataOf('contracts', [LEASE, lease(changed)])
    expect(row?.status).toBe('reported')
    expect(problemsOf(row as never)).toEqual(problems)
    for (const { reason } of row?.problems ?? []) expect(reason).toMatch(/\p{Script=Han}/u)
  })

  it('shows at most two hundred characters of a cell', async () => {
    const [row] = await dataOf('contracts', [LEASE, lease({ '面积(亩)': '很'.repeat(5000) })])
    expect(row?.problems[0]?.value).toHaveLength(200)
  })

  it.each([
    ['面积', 30, 10, 20, undefined],
    ['面积', 30, 10, 20.01, undefined],
    ['面积', 30, 10, 21, 'areas-differ'],
    ['面积', null, 10, 20, undefined],
    ['面积', 30, 10, null, undefined],
  ])('%s %s with 田 %s and 土 %s', async (_heading, areaMu, paddyMu, dryMu, code) => {
    const rows = [
      [...LEASE.map((heading) => (heading === '面积(亩)' ? '面积' : heading)), '田', '土'],
      [...lease({ '面积(亩)': areaMu, 租金标准: null }), paddyMu, dryMu],
    ]
    const [row] = await dataOf('contracts', rows)
    expect(row?.problems[0]?.code).toBe(code)
    if (code) return
    const area = row?.record?.rent?.lines.reduce((sum, line) => sum + line.areaMu, 0)
    expect(area).toBe(areaMu ?? 10 + (dryMu ?? 0))
  })

  it.each([
    ['2015-01-01至2034-12-31', '2015-01-01', '2034-12-31', 0],
    ['2015.1-2034.12', '2015-01-01', '2034-12-31', 2],
  ])('a term in one cell: %s', async (term, startOn, endOn, guesses) => {
    const rows = [
      ['业主', '出租方', '村', '用途', '面积', '流转期限'],
      [FARM, '张三', '青溪村', '蚕桑', 3, term],
    ]
    const [row] = await dataOf('contracts', rows)
    expect(row).toMatchObject({ status: 'read', record: { startOn, endOn } })
    expect(row?.guessed).toHaveLength(guesses)
  })

  it('a number of years is counted from the start', async () => {
    const rows = [
      ['业主', '出租方', '村', '用途', '面积', '起', '流转年限'],
      [FARM, '张三', '青溪村', '蚕桑', 3, '2015-03-01', '20年'],
    ]
    const [row] = await dataOf('contracts', rows)
    expect(row).toMatchObject({ status: 'read', record: { endOn: '2035-02-28' } })
    expect(row?.guessed).toMatchObject([{ column: '流转年限', value: '20年' }])
  })

  it.each([
    [18000, [['年租金', '18000', '600.00元/亩']], { fenPerMu: 60000 }, undefined],
    [1.8, [['年租金', '1.8', '0.06元/亩']], { fenPerMu: 6 }, undefined],
    [18000.01, [], undefined, 'rent-not-per-mu'],
  ])("a year's rent of %s for all of it", async (yuan, guessed, line, code) => {
    const rows = [
      ['业主', '出租方', '村', '用途', '面积', '起', '止', '年租金'],
      [FARM, '张三', '青溪村', '蚕桑', 30, '2015-01-01', '2034-12-31', yuan],
    ]
    const [row] = await dataOf('contracts', rows)
    expect(row?.problems[0]?.code).toBe(code)
    expect(guessesOf(row as never)).toEqual(guessed)
    if (line) expect(row?.record?.rent?.lines).toMatchObject([line])
  })

  it('how often and when may stand in two columns', async () => {
    const rows = [
      [...LEASE, '支付方式', '付款时间'],
      [...lease(), '按年', '每年6月30日前'],
    ]
    const [row] = await dataOf('contracts', rows)
    expect(row?.record?.rent).toMatchObject({ frequency: 'annual', firstDueOn: '2015-06-30' })
    expect(row?.guessed).toMatchObject([{ column: '付款时间', value: '每年6月30日前' }])
  })

  it('a ledger that names no lessor says nothing of one', async () => {
    const rows = [
      ['业主', '村', '用途', '面积', '起', '止'],
      [FARM, '青溪村', '蚕桑', 3, '2020-01-01', '2029-12-31'],
    ]
    const [row] = await dataOf('contracts', rows)
    expect(row).toMatchObject({ status: 'read', guessed: [] })
    expect(row?.record?.lessor).toEqual({})
  })

  it('an ID number in the code column is the code of a person, unless it was masked', async () => {
    const rows = [
      [...LEASE, '统一社会信用代码(身份证号)'],
      [...lease({ 承租方: '谯志军' }), '511021199001011234'],
      [...lease({ 承租方: '谯志军' }), '511***********1234'],
    ]
    const read = await dataOf('contracts', rows)
    expect(read.map(({ record }) => record?.uscc)).toEqual(['511021199001011234', undefined])
  })

  it.each([
    ['国企', 'company', []],
    ['集体企业', 'company', []],
    ['村办', 'individual', [['业主类型', '村办', '个人']]],
    [null, 'individual', [['承租方', '谯志军', '个人']]],
  ])('a kind of %s', async (kind, operatorKind, guessed) => {
    const rows = [
      ['业主名称', '业主类型'],
      ['谯志军', kind],
    ]
    const [row] = await dataOf('operators', rows)
    expect(row?.record).toMatchObject({ kind: operatorKind })
    expect(guessesOf(row as never).map(([, ...said]) => said)).toEqual(
      guessed.map(([, ...said]) => said),
    )
    const leases = [
      [...LEASE, '业主类型'],
      [...lease({ 承租方: '谯志军' }), kind],
    ]
    const [leased] = await dataOf('contracts', leases)
    expect(guessesOf(leased as never)).toEqual(kind === null ? [] : guessed)
  })
})

describe('what stands outside the table', () => {
  const ROWS: Cells[] = [
    ['业主', '出租方', '面积', '起', '止', '保证金'],
    [FARM, '张三', 3, '2020-01-01', '2029-12-31', 5],
  ]
  const read = async (titles: Cells[], sheetName: string, fileName: string) => {
    const rows = [...titles, ...ROWS]
    const [row] = await dataOf('contracts', rows, [], { sheetName, fileName })
    return row
  }

  it.each([
    ['柑源县云栎镇青溪村蚕桑基地土地流转台账', 'Sheet1', '台账.xlsx', '标题', '云栎镇', '青溪村'],
    ['农村土地流转统计表(蚕桑)', '青溪村', '云栎镇各村台账.xlsx', '工作表名', '云栎镇', '青溪村'],
    ['各乡镇土地流转台账 蚕桑', 'Sheet1', '柑源县云栎镇青溪村.xlsx', '文件名', '云栎镇', '青溪村'],
    ['填报单位:云栎镇青溪村村民委员会 蚕桑', 'Sheet1', '1.xlsx', '标题', '云栎镇', '青溪村'],
    ['2021年柑源县青溪社区蚕桑流转台账', 'Sheet1', '1.xlsx', '标题', undefined, '青溪社区'],
    ['蚕桑土地流转', '白果', '1.xlsx', '工作表名', undefined, '白果'],
  ])('%s, %s, %s', async (title, sheetName, fileName, column, township, villageName) => {
    const row = await read([[title]], sheetName, fileName)
    expect(row?.problems).toEqual([])
    expect(row?.record).toMatchObject({ villageName, landUse: 'sericulture' })
    expect(row?.record?.township).toBe(township)
    expect(guessesOf(row as never)).toContainEqual([column, villageName, `村:${villageName}`])
    expect(guessesOf(row as never)).toContainEqual(['标题', '蚕桑', '用途:蚕桑'])
  })

  it.each([
    ['全县农村土地流转台账', 'Sheet1', '1.xlsx'],
    ['美丽乡村示范村流转台账', '流转台账', '各村汇总.xlsx'],
    ['各乡镇土地流转情况', '汇总', '2021.xlsx'],
  ])('names no village: %s, %s, %s', async (title, sheetName, fileName) => {
    const row = await read([[title], ['蚕桑']], sheetName, fileName)
    expect(row?.record?.villageName).toBeUndefined()
    expect(row?.record?.township).toBeUndefined()
  })

  it.each([
    ['单位:万元', 5_000_000],
    ['单位:亩、万元', 5_000_000],
    ['填报单位:青溪村 填报时间:2021年9月 单位:亩、元', 500],
    ['填报单位:万元村', 500],
  ])('%s: a deposit of 5 is %s fen', async (title, riskDepositFen) => {
    const row = await read([['蚕桑'], [title]], 'Sheet1', '1.xlsx')
    expect(row).toMatchObject({ record: { riskDepositFen } })
  })

  it('a rent of 600 is yuan, whatever the title counts in, and says so', async () => {
    const rows = [['单位:万元'], LEASE, lease(), lease({ 租金标准: 0.06 })]
    const [first, second] = await dataOf('contracts', rows)
    expect(first?.record?.rent?.lines).toMatchObject([{ fenPerMu: 60000 }])
    expect(guessesOf(first as never)).toEqual([['租金标准', '600', '600元/亩']])
    expect(second).toMatchObject({
      record: { rent: { lines: [{ fenPerMu: 60000 }] } },
      guessed: [],
    })
  })

  it('the heading of a section names the village of the rows below it', async () => {
    const rows = [
      ['云栎镇蚕桑流转台账'],
      ROWS[0] as Cells,
      ['一、青溪村'],
      ROWS[1] as Cells,
      ['二、白果村'],
      ROWS[1] as Cells,
    ]
    const read = await dataOf('contracts', rows, [merged('A3:F3'), merged('A5:F5')])
    expect(read.map(({ record }) => record?.villageName)).toEqual(['青溪村', '白果村'])
    expect(read[1]?.guessed).toContainEqual({
      column: '标题',
      value: '白果村',
      readAs: '村:白果村',
    })
  })

  it.each([
    ['填报时间:2021年9月30日', '2021-09-30', undefined],
    ['填报单位:云栎镇 · 填报时间:2021-09-30 · 单位:元', '2021-09-30', undefined],
    ['填报时间:2021 年 9 月 30 日', '2021-09-30', undefined],
    ['(截至2021年9月底)', '2021-09-30', '2021年9月底'],
    ['填报时间:   年  月  日', '2021-10-31', ''],
    ['填报时间:2022-01-01', '2021-10-31', '2022-01-01'],
  ])('%s: arrears of %s', async (title, asOf, guessed) => {
    const rows = [[title], ['业主', '村', '欠租金额(元)'], [FARM, '青溪村', 500]]
    const [row] = await dataOf('arrears', rows)
    expect(row?.record?.asOf).toBe(asOf)
    const guess = { column: '填报时间', value: guessed, readAs: asOf }
    expect(row?.guessed).toEqual(guessed === undefined ? [] : [guess])
  })
})

it('a file that is named for a day speaks for it, as a guess', async () => {
  const rows = [
    ['业主', '村', '欠租金额(元)'],
    [FARM, '青溪村', 500],
  ]
  const fileName = '欠租台账_柑源县_2021-09-30.csv'
  const [row] = await dataOf('arrears', rows, [], { fileName })
  expect(row?.record?.asOf).toBe('2021-09-30')
  expect(guessesOf(row as never)).toEqual([['文件名', '2021-09-30', '2021-09-30']])
})

describe('this service’s own ledgers come back as they are', () => {
  it('流转台账', async () => {
    const lines = [
      { land: 'paddy' as const, areaMu: 320.5, basis: 'cash' as const, fenPerMu: 60000 },
      {
        land: 'dry' as const,
        areaMu: 180,
        basis: 'grain' as const,
        jinPerMu: 400,
        grain: 'mid_late_indica',
      },
      { areaMu: 3, basis: 'cash' as const, fenPerMu: 0 },
    ]
    const rent = { lines, frequency: 'annual' as const, firstDueOn: '2015-12-31' }
    const escalation = { everyYears: 3, percent: 5 }
    const amendments = [
      {
        effectiveOn: '2021-01-01',
        reason: '经协商上调租金',
        rent: { ...rent, firstDueOn: '2021-12-31' },
      },
      { effectiveOn: '2022-01-01', reason: '续租', endOn: '2036-12-31' },
    ]
    const end = { endedOn: '2025-06-30', reason: '双方协商' }
    const lessor = {
      kind: 'village_collective' as const,
      name: '青溪村股份经济合作联合社',
      households: 120,
    }
    const headings =
      '合同编号 出租方 承租方 村组 地块 面积(亩) 田 土 用途 起 止 租金标准 支付方式 递增 保证金 备案 备注 ' +
      '统一社会信用代码 法人 联系电话 业主类型 乡镇 村 村代码 出租方类型 户数 人数 签订日期 违约金(‱/日) ' +
      '宽限期(天) 履约保险 变更 终止'
    const cells: Cells = [
      ...['2015-0012', lessorWords(lessor), FARM, '青溪村', null, 503.5, 320.5, 180, '晚熟柑桔'],
      ...['2015-01-01', '2034-12-31', rentWords(lines), dueWords(rent)],
      ...[escalationWords(escalation), 10000, null, '已于 2025-06-30 终止', '93519901MA6BBBB021'],
      ...['张*三', '138****1234', '公司', '青溪镇', '青溪村', '519901101201', '村集体', 120, 380],
      ...['2014-12-20', 5, 30, '是', amendmentWords(amendments), endWords(end)],
    ]
    const rows = [
      ['柑源县流转台账'],
      ['填报单位:柑源县 · 填报时间:2021-10-31 · 单位:亩、元'],
      headings.split(' '),
      cells,
      ['合计', null, null, null, null, 503.5],
      ['填表人:          审核人:          联系电话:'],
    ]
    const read = await rowsOf('contracts', [sheet('流转台账', rows), sheet('说明', [['数据日期']])])
    expect(read.map(({ row, status }) => [row, status])).toEqual([
      ...[1, 2, 3].map((row) => [row, 'skipped']),
      [4, 'read'],
      ...[5, 6, 1].map((row) => [row, 'skipped']),
    ])
    expect(read.flatMap(({ problems, guessed }) => [...problems, ...guessed])).toEqual([])
    expect(read[3]?.record).toEqual({
      contractNo: '2015-0012',
      operatorName: FARM,
      operatorKind: 'company',
      uscc: '93519901MA6BBBB021',
      township: '青溪镇',
      villageName: '青溪村',
      villageCode: '519901101201',
      lessor: { ...lessor, people: 380 },
      landUse: 'late_citrus',
      startOn: '2015-01-01',
      endOn: '2034-12-31',
      signedOn: '2014-12-20',
      rent: { ...rent, escalation },
      riskDepositFen: 1_000_000,
      insured: true,
      penaltyPer10kPerDay: 5,
      toleranceDays: 30,
      amendments,
      end,
    })
  })

  it('欠租台账', async () => {
    const headings =
      '序号 乡镇 村组 业主 法人 联系电话 产业 流转面积(亩) 合同起 合同止 租金标准 应付租金(元) 已付租金(元) 欠租年度 ' +
      '欠租面积(亩) 欠租金额(元) 全额/部分 涉及户数 涉及人数 欠租原因 业主现状 应付未付补助(元) 信访情况 研判等级 ' +
      '化解措施 责任单位 包案领导 责任人 完成时限 进展 是否化解 备注 合同编号 村代码 统一社会信用代码'
    const cells = headings.split(' ').map((heading): string | number => {
      const said: Record<string, string | number> = {
        乡镇: '青溪镇',
        村组: '青溪村',
        业主: FARM,
        '流转面积(亩)': 500.5,
        合同起: '2015-01-01',
        欠租年度: '2019—2020',
        '欠租金额(元)': 600600.01,
        欠租原因: '摸排(2021-08-01):土地撂荒、设施闲置',
        业主现状: '失联(2021-07-01 起,据村委会)',
        信访情况: '近一年 2 次信访反映,其中重复 1 次,最近 2021-06-01',
        合同编号: '2015-0012',
        村代码: '519901101201',
        统一社会信用代码: '93519901MA6BBBB021',
      }
      return said[heading] ?? 1
    })
    const about = ['填报单位:柑源县 · 填报时间:2021-09-30 · 单位:亩、元']
    const read = await rowsOf('arrears', [
      sheet('欠租台账', [['柑源县欠租台账'], about, headings.split(' '), cells]),
    ])
    // What people may have filled in as well as the service is told, whosever it is.
    const filledIn = '法人 联系电话 化解措施 责任单位 包案领导 责任人 完成时限 进展 是否化解 备注'
    expect(read.flatMap(problemsOf)).toEqual(
      filledIn.split(' ').map((column) => [column, '', 'column-not-used']),
    )
    expect(read.flatMap(guessesOf)).toEqual([])
    expect(read.at(-1)?.record).toEqual({
      contractNo: '2015-0012',
      operatorName: FARM,
      uscc: '93519901MA6BBBB021',
      township: '青溪镇',
      villageName: '青溪村',
      villageCode: '519901101201',
      startOn: '2015-01-01',
      areaMu: 500.5,
      rentYears: [2019, 2020],
      arrearsFen: 60060001,
      asOf: '2021-09-30',
    })
  })

  it('补助资金兑付台账', async () => {
    const headings =
      '序号 项目名称 文件依据 资金来源 年度 补助对象 统一社会信用代码 产业 补助标准 单位 核定数量 应补金额 已补金额 ' +
      '未补金额 申报 批复 验收 公示 拨付 所处环节 未兑付原因 责任单位 预计兑付时间 关联合同 备注 认定口径 合同编号 ' +
      '受理日期 已补日期'
    const cells: Cells = [
      ...[1, '标准园建设补助', '柑源农发〔2020〕25号', '省级', '2020', FARM, null, '晚熟柑桔'],
      ...[null, null, null, 18000, 10000, 8000, null, '2020-08-01', '2020-09-09', null, null],
      ...['验收', '县级配套未到位', '县财政局', '2020-12-31', '无编号', '逾期 304 天未兑付'],
      ...['认定应付', null, '2020-09-07', '2021-02-05'],
    ]
    const read = await rowsOf('subsidies', [sheet('补助', [headings.split(' '), cells])])
    expect(read.flatMap(({ problems, guessed }) => [...problems, ...guessed])).toEqual([])
    expect(read.at(-1)?.record).toEqual({
      hiddenContract: '无编号',
      operatorName: FARM,
      programme: '标准园建设补助',
      year: 2020,
      standing: 'recognised',
      amountFen: 1_800_000,
      documentNo: '柑源农发〔2020〕25号',
      fundingSource: 'province',
      acceptedOn: '2020-09-07',
      payableOn: '2020-12-31',
      stage: '验收',
      reasonUnpaid: '县级配套未到位',
      responsibleUnit: '县财政局',
      disbursedFen: 1_000_000,
      disbursedOn: '2021-02-05',
    })
  })
})

describe('the other ledgers', () => {
  it('regions', async () => {
    const rows = [
      ['行政区划代码', '单位名称', '二轮承包到期时间'],
      [519901101201, '青溪村', '2029年6月30日'],
      ['5.2E+11', '白果村', null],
      ['519901101203', null, null],
    ]
    const read = await dataOf('regions', rows)
    expect(read[0]?.record).toEqual({
      code: '519901101201',
      name: '青溪村',
      secondRoundExpiresOn: '2029-06-30',
    })
    expect(read.slice(1).flatMap(problemsOf)).toEqual([
      ['行政区划代码', '5.2E+11', 'code-cut'],
      ['单位名称', '', 'cell-missing'],
    ])
  })

  it('operators', async () => {
    const rows = [
      ['业主名称', '主体类型', '信用代码', '法人代表', '联系方式'],
      [FARM, '公司', '91519901MA6AAAA019', '李四', 13812341234],
      ['李四家庭农场', null, null, '李*', '138****1234'],
      [null, '公司', null, '王五', null],
    ]
    const [first, second, third] = await dataOf('operators', rows)
    expect(first?.record).toEqual({
      name: FARM,
      kind: 'company',
      uscc: '91519901MA6AAAA019',
      representative: '李四',
      phone: '13812341234',
    })
    expect(second?.record).toEqual({ name: '李四家庭农场', kind: 'family_farm' })
    expect(guessesOf(second as never)).toEqual([['业主名称', '李四家庭农场', '家庭农场']])
    expect(problemsOf(third as never)).toEqual([['业主名称', '', 'cell-missing']])
  })

  it('payments, by the number of the contract or by what it is', async () => {
    const headings = ['合同号', '缴款人', '村组', '合同起', '面积', '缴款日期', '实收金额(元)']
    const rows = [
      [...headings, '票据号', '付款方式', '摘要'],
      ['1-01', null, null, null, null, '2020.1.5', '1.2万元', 1253, '现金', '补 2019 年'],
      [null, FARM, '青溪村2组', '2015-01-01', 30, 20200105, 800, null, null, null],
      ['1-02', null, null, null, null, null, 800, null, null, null],
      [null, null, '青溪村', null, null, '2020-01-05', 800, null, null, null],
    ]
    const [first, second, third, fourth] = await dataOf('payments', rows)
    expect(first?.record).toEqual({
      contractNo: '1-01',
      paidOn: '2020-01-05',
      amountFen: 1_200_000,
      receiptNo: '1253',
      method: '现金',
      note: '补 2019 年',
    })
    expect(guessesOf(first as never)).toEqual([['实收金额(元)', '1.2万元', '12,000.00 元']])
    expect(second?.record).toEqual({
      operatorName: FARM,
      villageName: '青溪村',
      startOn: '2015-01-01',
      areaMu: 30,
      paidOn: '2020-01-05',
      amountFen: 80_000,
    })
    expect(problemsOf(third as never)).toEqual([['缴款日期', '', 'cell-missing']])
    expect(problemsOf(fourth as never)).toEqual([['合同号', '', 'cell-missing']])
  })

  it.each([
    ['认定应付', null, null, 'recognised', undefined],
    ['业主主张', '柑源农发〔2020〕25号', '2020-01-01', 'claimed', undefined],
    [null, '柑源农发〔2020〕25号', null, undefined, ['documentNo', '柑源农发〔2020〕25号']],
    [null, null, '已批复', undefined, ['approval', '已批复']],
    [null, '无', '未批复', undefined, undefined],
  ])('a subsidy, %s, by %s, %s is %s', async (said, documentNo, approval, standing, proof) => {
    const rows = [
      ['补助对象', '项目', '年度', '应补金额', '认定情况', '文件依据', '批复'],
      [FARM, '大棚补助', 2020, 5000, said, documentNo, approval],
    ]
    const [row] = await dataOf('subsidies', rows)
    expect(row).toMatchObject({ status: 'read', record: { year: 2020 }, guessed: [] })
    expect(row?.record?.standing).toBe(standing)
    const [field, value] = proof ?? []
    expect(row?.record?.proof).toEqual(proof && { field, value })
  })

  it.each([
    ['2019-2021', 2019, [['年度', '2019-2021', '2019(写有多个年度,按首个年度登记)']]],
    ['2019年', 2019, []],
  ])('a subsidy of %s is of %s', async (said, year, guessed) => {
    const rows = [
      ['补助对象', '项目', '年度', '应补金额'],
      [FARM, '大棚补助', said, 5000],
    ]
    const [row] = await dataOf('subsidies', rows)
    expect(row?.record?.year).toBe(year)
    expect(guessesOf(row as never)).toEqual(guessed)
  })

  it('a day on which somebody hopes to pay is due only as a guess', async () => {
    const rows = [
      ['补助对象', '项目', '年度', '应补金额', '文件依据', '预计兑付时间', '验收'],
      [FARM, '大棚补助', 2020, 5000, '1号', '2021-06-30', '已验收'],
    ]
    const [row] = await dataOf('subsidies', rows)
    expect(row?.record?.payableOn).toBe('2021-06-30')
    expect(row?.record?.acceptedOn).toBeUndefined()
    expect(guessesOf(row as never)).toContainEqual([
      '预计兑付时间',
      '2021-06-30',
      '应付日期 2021-06-30',
    ])
  })

  it.each<[string, string | number, number | string, boolean]>([
    ['价格(元/50公斤)', 128, 12800, false],
    ['价格(元/百斤)', 128, 12800, false],
    ['价格(元/公斤)', 2.56, 12800, false],
    ['收购价(元/斤)', '１．２８', 12800, false],
    ['价格(元/吨)', 2560, 12800, false],
    ['价格(元/50公斤)', '128元/50公斤', 12800, false],
    ['价格(元/50公斤)', '1.28元/斤', 12800, true],
    ['价格', 128, 12800, true],
    ['价格', '2.56元/公斤', 12800, true],
    ['价格(元/斤)', 1.28555, 'price-not-in-fen', false],
    ['价格', '3元/袋', 'price-unit-unknown', false],
    ['价格', '随行就市', 'number-unreadable', false],
  ])('grain: %s of %s is %s', async (heading, cell, expected, guessed) => {
    const rows = [
      ['粮食品种', '执行日期', heading, '文件依据'],
      ['中晚籼稻', '2021-01-01', cell, '1号'],
    ]
    const [row] = await dataOf('grain-prices', rows)
    if (typeof expected === 'string') {
      expect(row?.problems.map(({ code }) => code)).toEqual([expected])
      return
    }
    expect(row?.record).toEqual({
      grain: 'mid_late_indica',
      effectiveOn: '2021-01-01',
      fenPer50kg: expected,
      source: '1号',
    })
    expect(row?.guessed).toHaveLength(guessed ? 1 : 0)
  })

  it('grain without a source: the title is one', async () => {
    const rows = [
      ['2021年粮食最低收购价'],
      ['品种', '年度', '价格(元/50公斤)'],
      ['小麦', 2021, 113],
    ]
    const [row] = await dataOf('grain-prices', rows)
    expect(row?.record).toMatchObject({ effectiveOn: '2021-01-01', source: '2021年粮食最低收购价' })
    expect(row?.guessed.map(({ column }) => column)).toEqual(['年度', '标题'])
  })
})

describe('whatever the cells hold', () => {
  const dirt = fc.oneof(
    fc.constantFrom(
      '#REF!',
      '合计',
      '长期',
      '5.1E+17',
      '/',
      '无',
      '2015.1.1',
      '约30亩',
      '注:',
      '一、',
    ),
    fc.constantFrom(
      '张三等35户',
      '500斤黄谷',
      '每年12月31日前',
      '青溪村3组',
      "'=1+1",
      '２０１５',
      '\n',
    ),
    fc.constantFrom('村一、一、一、一、一、一', '县县县县县县县县', '((((((((', '元/元/元/'),
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({ unit: 'binary', maxLength: 5 }).map((text) => text.repeat(6000)),
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
  )

  it.each(IMPORT_LEDGERS)(
    '%s: every row is read, reported or skipped, and none throws',
    async (name) => {
      const headings = LEDGER_COLUMNS[name].columns.map(({ headings: [standard = ''] }) => standard)
      const cells = fc.array(dirt, { minLength: 1, maxLength: headings.length + 2 })
      await fc.assert(
        fc.asyncProperty(fc.array(cells, { maxLength: 8 }), dirt, async (rows, title) => {
          const all: Cells[] = [[title, '青溪村'], headings, ...rows]
          const read = await rowsOf(name, [sheet('Sheet1', all)])
          const filled = all.filter((row) => row.some((cell) => cell !== null && cell !== ''))
          expect(read).toHaveLength(filled.length)
          for (const { status, problems, record, guessed } of read) {
            if (status !== 'skipped') expect(status === 'read').toBe(problems.length === 0)
            expect(Object.values(record ?? {})).not.toContain(undefined)
            for (const { reason } of problems) expect(reason).toMatch(/\p{Script=Han}/u)
            for (const { value } of [...problems, ...guessed])
              expect(value.length).toBeLessThan(201)
          }
        }),
        { numRuns: 60 },
      )
    },
  )
})
