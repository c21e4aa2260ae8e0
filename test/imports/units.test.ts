import { describe, expect, it } from 'vitest'
import { type Cells, dataOf, merged, problemsOf, rowsOf, sheet } from './read-rows-sheets.ts'

const FARM = '青溪果业有限公司'
const lease = async (heading: string, cell: string | number, title?: string) => {
  const area = heading.includes('面积') ? [] : ['面积']
  const headings = ['业主', '出租方', '村', '用途', '起', '止', ...area, heading]
  const cells = [FARM, '张三', '青溪村', '蚕桑', '2020-01-01', '2029-12-31', ...area.map(() => 10)]
  const rows: Cells[] = [...(title ? [[title]] : []), headings, [...cells, cell]]
  const [row] = await dataOf('contracts', rows)
  return row
}
const arrears = async (heading: string, cell: string | number, title?: string) => {
  const rows = [...(title ? [[title]] : []), ['业主', '村', heading], [FARM, '青溪村', cell]]
  const [row] = await dataOf('arrears', rows)
  return row
}
const codes = (row: { problems: { code: string }[] } | undefined) =>
  row?.problems.map(({ code }) => code)

describe('money in the unit that is named, exactly', () => {
  it.each<[string, string | number, string | undefined, number]>([
    ['欠租金额(千元)', 12, undefined, 1_200_000],
    ['欠租金额(千元)', '约12', undefined, 1_200_000],
    ['欠租金额(千元)', '500元', undefined, 50_000],
    ['欠租金额[百元]', 120, undefined, 1_200_000],
    ['欠租金额（万）', 1.2, undefined, 1_200_000],
    ['欠租金额(以万元计)', 1.2, undefined, 1_200_000],
    ['欠租金额(人民币:元)', 12, undefined, 1200],
    ['欠租金额(3)', 12, undefined, 1200],
    ['欠租金额', 12, '单位:千元', 1_200_000],
    ['欠租金额', 1.2, '计量单位 万元', 1_200_000],
    ['欠租金额', 1.2, '单位（万元）', 1_200_000],
    ['欠租金额', 1.2, '(金额:万元)', 1_200_000],
    ['欠租金额', 1.2, '金额单位：万元', 1_200_000],
    ['欠租金额', 1.2, '单位:面积亩、户数户、人数人、金额万元', 1_200_000],
    ['欠租金额', 1.2, '填报单位:云栎镇 单位:亩、万元 制表:李元', 1_200_000],
    ['欠租金额(元)', 12, '单位:万元', 1200],
    ['欠租金额', 12, '填报单位:万元村', 1200],
    ['欠租金额', '12元', '单位:元、万元', 1200],
  ])('%s of %s under %s is %s fen', async (heading, cell, title, arrearsFen) => {
    expect(await arrears(heading, cell, title)).toMatchObject({
      status: 'read',
      record: { arrearsFen },
    })
  })

  it.each<[string, string | undefined, string]>([
    ['欠租金额(分)', undefined, '分'],
    ['欠租金额(亿元)', undefined, '亿元'],
    ['欠租金额(元/亩)', undefined, '元/亩'],
    ['欠租金额(斤)', undefined, '斤'],
    ['欠租金额(美元)', undefined, '美元'],
    ['欠租金额', '单位:亿元', '亿元'],
    ['欠租金额', '单位:元、万元', '元、万元'],
  ])('%s under %s is reported', async (heading, title, unit) => {
    const row = await arrears(heading, 12, title)
    expect(problemsOf(row as never)).toEqual([[heading, '12', 'unit-unknown']])
    expect(row?.problems[0]?.reason).toBe(`不认识单位“${unit}”;可用:元、百元、千元、万元`)
  })

  it.each<[string, string, string | undefined, string[]]>([
    ['欠租金额(万元)', '¥6300', undefined, ['unit-contradicts']],
    ['欠租金额(千元)', '￥6,300.00', undefined, ['unit-contradicts']],
    ['欠租金额', '¥6300', '单位:亩、万元', ['unit-contradicts']],
    ['欠租金额(万元)', ' ¥ 6,300.00 ', undefined, ['unit-contradicts']],
    ['欠租金额(万元)', 'RMB 6300', undefined, ['unit-contradicts']],
    ['欠租金额(万元)', '人民币6300', undefined, ['unit-contradicts']],
    ['欠租金额(元)', '¥ 6,300.00', undefined, []],
    ['欠租金额(元)', '¥6,300.00', undefined, []],
    ['欠租金额', '¥6300', '单位:元', []],
    ['欠租金额(万元)', '¥0.63万元', undefined, []],
    ['欠租金额(万元)', '¥6300元', undefined, []],
  ])('%s of %s under %s: yuan by a sign, against a heading', async (heading, cell, title, said) => {
    const row = await arrears(heading, cell, title)
    expect(codes(row)).toEqual(said)
    if (said.length === 0) expect(row?.record).toMatchObject({ arrearsFen: 630_000 })
  })

  it.each([
    ['租金标准(斤/亩)', ['unit-contradicts']],
    ['实物租金', ['unit-contradicts']],
    ['租金标准(元/亩)', []],
  ])('%s of ¥500', async (heading, said) => {
    expect(codes(await lease(heading, '¥500'))).toEqual(said)
  })

  it('an empty cell under an unknown unit has no unit to be wrong', async () => {
    expect(await lease('保证金(亿元)', '/')).toMatchObject({ status: 'read', problems: [] })
    expect(codes(await lease('保证金(元/亩)', 5))).toEqual(['unit-unknown'])
  })

  it('the unit over a group is for those of its columns that it can be for', async () => {
    const rows = [
      ['业主', '村', '租赁情况(千元)', null],
      [null, null, '面积', '金额'],
      [FARM, '青溪村', 30, 12],
    ]
    const merges = ['A1:A2', 'B1:B2', 'C1:D1'].map(merged)
    const [row] = await dataOf('arrears', rows, merges)
    expect(row).toMatchObject({ record: { areaMu: 30, arrearsFen: 1_200_000 }, problems: [] })
  })
})

describe('areas', () => {
  it.each<[string, number, string | undefined, number]>([
    ['面积(万亩)', 0.3, undefined, 3000],
    ['面积(千亩)', 0.3, undefined, 300],
    ['面积(分)', 35, undefined, 3.5],
    ['面积(亩数)', 3, undefined, 3],
    ['面积', 0.3, '单位:万亩、万元', 3000],
    ['面积', 2, '面积单位:公顷', 30],
  ])('%s of %s under %s is %s mu', async (heading, cell, title, areaMu) => {
    expect(await lease(heading, cell, title)).toMatchObject({
      status: 'read',
      record: { rent: { lines: [{ areaMu }] } },
    })
  })

  it.each([
    ['面积(平方公里)', undefined],
    ['面积(km²)', undefined],
    ['面积(元)', undefined],
    ['面积', '单位:平方公里'],
  ])('%s under %s is reported', async (heading, title) => {
    expect(codes(await lease(heading, 3, title))).toEqual(['unit-unknown'])
  })
})

describe('rents, penalties, prices', () => {
  it.each<[string, number, object]>([
    ['租金标准(元/亩·年)', 600, { fenPerMu: 60000 }],
    ['租金标准(元/年/亩)', 600, { fenPerMu: 60000 }],
    ['租金标准(每亩)', 600, { fenPerMu: 60000 }],
    ['租金标准(万元/亩/年)', 0.06, { fenPerMu: 60000 }],
    ['租金标准(公斤/亩)', 200, { jinPerMu: 400 }],
    ['租金标准(斤稻谷/亩)', 400, { jinPerMu: 400 }],
    ['实物租金(黄谷)', 400, { jinPerMu: 400, grain: 'mid_late_indica' }],
    ['年租金(元/年)', 6000, { fenPerMu: 60000 }],
    ['年租金(千元)', 6, { fenPerMu: 60000 }],
  ])('%s of %s', async (heading, cell, line) => {
    const row = await lease(heading, cell)
    expect(row).toMatchObject({ problems: [], record: { rent: { lines: [line] } } })
  })

  it.each([
    '租金标准(元/亩/月)',
    '租金标准(元/亩/季)',
    '租金标准(元/半年)',
    '租金标准(元/年)',
    '租金标准(万元/年)',
    '租金标准(元/㎡)',
    '租金标准(元/公顷)',
    '租金标准(千元/亩)',
    '租金标准(担/亩)',
    '租金标准,元/亩/月',
    '年租金(元/亩)',
    '违约金(元)',
    '违约金(%/月)',
    '宽限期(月)',
  ])('%s is reported', async (heading) => {
    const row = await lease(heading, 5)
    expect(problemsOf(row as never)).toEqual([[heading.replace('㎡', 'm2'), '5', 'unit-unknown']])
  })

  it('a column of several units is read where its cells name theirs', async () => {
    const heading = '租金标准(元/亩或斤/亩)'
    const line = { fenPerMu: 60000 }
    expect(await lease(heading, '600元/亩')).toMatchObject({ record: { rent: { lines: [line] } } })
    expect(codes(await lease(heading, 600))).toEqual(['unit-unknown'])
  })

  it('a unit below its heading, with what it is for', async () => {
    const rows = [
      ['业主', '出租方', '村', '用途', '起', '止', '面积', '租金标准'],
      [null, null, null, null, null, null, '亩', '万元/亩'],
      [FARM, '张三', '青溪村', '蚕桑', '2020-01-01', '2029-12-31', 3, 0.06],
    ]
    const [row] = await dataOf('contracts', rows)
    expect(row).toMatchObject({ record: { rent: { lines: [{ areaMu: 3, fenPerMu: 60000 }] } } })
  })

  it.each([
    ['违约金(%)', 0.05, 5],
    ['违约金(‰/日)', 0.5, 5],
    ['违约金(每日‱)', 5, 5],
    ['违约金', 5, 5],
  ])('%s of %s is %s parts of ten thousand', async (heading, cell, penaltyPer10kPerDay) => {
    expect(await lease(heading, cell)).toMatchObject({ record: { penaltyPer10kPerDay } })
  })

  it.each([
    ['价格(分/斤)', undefined, undefined],
    ['价格(万元/吨)', undefined, undefined],
    ['价格(元每公斤)', undefined, 100 * 50],
    ['价格', '单位:元/斤', 100 * 100],
  ])('%s under %s', async (heading, title, fenPer50kg) => {
    const rows = [
      ...(title ? [[title]] : []),
      ['粮食品种', '执行日期', heading],
      ['小麦', '2021-01-01', 1],
    ]
    const [row] = await dataOf('grain-prices', rows)
    expect(row?.record?.fenPer50kg).toBe(fenPer50kg)
    expect(codes(row)).toEqual(fenPer50kg === undefined ? ['price-unit-unknown'] : [])
  })
})

describe('an escalation in the cell of the rent', () => {
  it.each([
    ['400元/亩,每3年递增5%', { everyYears: 3, percent: 5 }],
    ['400元/亩（每三年上浮5%）', { everyYears: 3, percent: 5 }],
    ['400元/亩；逐年递增3%', { everyYears: 1, percent: 3 }],
  ])('%s', async (cell, escalation) => {
    const row = await lease('租金标准', cell)
    expect(row).toMatchObject({
      status: 'read',
      record: { rent: { lines: [{ fenPerMu: 40_000 }], escalation } },
    })
  })

  it('is reported where it cannot be read', async () => {
    const row = await lease('租金标准', '400元/亩,按收益20%')
    expect(problemsOf(row as never)).toEqual([
      ['租金标准', '400元/亩,按收益20%', 'escalation-unreadable'],
    ])
  })
})

describe('one heading over several columns', () => {
  const kinds = (last: string | null): Cells[] => [
    ['合同编号', '业主', '欠租金额(元)', null, null],
    [null, null, '现金', '实物', last],
    ['A1', FARM, 6000, 7000, 13000],
    ['A2', FARM, 6000, null, null],
  ]
  const MERGES = ['A1:A2', 'B1:B2', 'C1:E1'].map(merged)

  it.each(['合计', '其他'])('of kinds and %s is refused on each row', async (last) => {
    const rows = await dataOf('arrears', kinds(last), MERGES)
    const spread = rows.filter(({ record }) => record?.contractNo !== undefined)
    expect(spread.flatMap(problemsOf)).toEqual([
      ['欠租金额(元)', '6000', 'heading-spans-columns'],
      ['欠租金额(元)', '6000', 'heading-spans-columns'],
    ])
    expect(rows.every(({ status }) => status === 'reported')).toBe(true)
  })

  it('can be told by a mapping', async () => {
    const columns = { '欠租金额(元)／合计': '欠租金额' }
    const [row] = await dataOf('arrears', kinds('合计'), MERGES, { columns })
    expect(row).toMatchObject({ status: 'read', record: { arrearsFen: 1_300_000 } })
  })

  it('is read where only one of them holds something, and 村组 beside its group', async () => {
    const rows = [
      ['村组', null, '业主', '欠租金额(元)', null],
      ['青溪村', '3组', FARM, 6000, null],
    ]
    const [row] = await dataOf('arrears', rows, ['A1:B1', 'D1:E1'].map(merged))
    expect(row).toMatchObject({ record: { villageName: '青溪村', arrearsFen: 600_000 } })
    expect(row?.problems).toEqual([])
  })
})

describe('a sum is one by its words, not by how a name ends', () => {
  const OWED = ['承租方', '村', '欠租年度', '欠租金额']

  it.each<[string, Cells, object]>([
    ['years', [FARM, '青溪村', '2020—2023年合计', 24000], { rentYears: [2020, 2021, 2022, 2023] }],
    ['an operator', ['王合计', '青溪村', '2020', 6000], { operatorName: '王合计' }],
  ])('%s', async (_what, cells, record) => {
    expect(await dataOf('arrears', [OWED, cells])).toMatchObject([{ status: 'read', record }])
  })

  it('a note on a payment that a contract number names', async () => {
    const rows = [
      ['日期', '摘要', '承租方', '合同编号', '金额'],
      ['2024-01-02', '2020年租金合计', FARM, 'A1', 6000],
      ['2024-01-02', '合计', null, 'A2', 6000],
      ['合计', null, null, null, 12000],
      ['合计', null, '2户', '2份', 12000],
    ]
    const read = await rowsOf('payments', [sheet('收款', rows)])
    expect(read.map(({ status }) => status)).toEqual([
      'skipped',
      'read',
      'read',
      'skipped',
      'skipped',
    ])
    expect(read.flatMap(problemsOf)).toEqual([])
  })

  it.each(['青溪镇小计', '合 计', '(合计)', '一、小计', '本页合计:', '2020年小计', `${FARM}小计`])(
    '%s is skipped',
    async (words) => {
      expect(await dataOf('arrears', [OWED, [words, null, null, 24000]])).toEqual([])
    },
  )

  it('what is skipped although an operator is named says so', async () => {
    const read = await rowsOf('arrears', [sheet('欠租', [OWED, [FARM, null, '小计', 24000]])])
    expect(read.map(({ status }) => status)).toEqual(['skipped', 'skipped'])
    expect(read.flatMap(problemsOf)).toEqual([['欠租年度', '小计', 'row-taken-as-total']])
  })
})
