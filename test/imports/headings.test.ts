import { describe, expect, it } from 'vitest'
import { IMPORT_LEDGERS, type ImportLedger } from '../../src/imports/import-row.ts'
import { importFields, LEDGER_COLUMNS } from '../../src/imports/ledger-columns.ts'
import { type Cells, dataOf, merged, problemsOf, rowsOf, sheet } from './read-rows-sheets.ts'

const FARM = '青溪果业有限公司'
const CONTRACT = {
  operatorName: FARM,
  villageName: '青溪村',
  landUse: 'late_citrus',
  startOn: '2015-01-01',
  endOn: '2034-12-31',
  rent: { lines: [{ areaMu: 30, basis: 'cash', fenPerMu: 60000 }] },
}

describe('headings of the transfer ledger by the names that villages give them', () => {
  it.each([
    ['承租方|村|用途|面积(亩)|起|止|租金标准'],
    ['乙方|行政村|土地用途|流转面积(亩)|流转起始|流转到期|流转价格(元/亩)'],
    ['业主名称|所在村|产业|实测面积|起始时间|终止时间|每亩租金(元)'],
    ['承包方|村组|经营项目|合同面积(亩)|合同起|合同止|亩租金'],
    ['流入方|村(社区)|种植内容|面积|开始日期|结束日期|租金单价(元/亩·年)'],
    ['*经营主体|村 名|用 途|面积（亩）|起 始 日 期|到 期 时 间|租金（元／亩）'],
    ['1.承租方|2.村|3.用途|4.流转面积|5.合同起始时间|6.合同终止时间|7.租金标准（元/亩/年）'],
    ['乙方(承租方)|村|用途|土地面积:亩|流转期限起|流转期限止|租金,元/亩'],
  ])('%s', async (headings) => {
    const cells = [FARM, '青溪村', '晚熟柑桔', 30, '2015-01-01', '2034-12-31', 600]
    const [row] = await dataOf('contracts', [headings.split('|'), cells])
    expect(row).toMatchObject({ status: 'read', record: CONTRACT, problems: [] })
  })

  it('in any order', async () => {
    const headings = ['止', '租金标准', '面积(亩)', '用途', '村', '起', '承租方']
    const cells = ['2034-12-31', 600, 30, '晚熟柑桔', '青溪村', '2015-01-01', FARM]
    const [row] = await dataOf('contracts', [headings, cells])
    expect(row).toMatchObject({ status: 'read', record: CONTRACT })
  })

  it.each([
    ['承租方', '出租方', FARM, '张三'],
    ['乙方', '甲方', FARM, '张三'],
    ['承包方', '发包方', FARM, '张三'],
    ['受让方', '承包方', FARM, '张三'],
  ])('%s leases from %s', async (operator, lessor, operatorName, name) => {
    const rows = [
      [lessor, operator, '村', '用途', '面积', '起', '止'],
      [name, operatorName, '青溪村', '蚕桑', 3, '2020-01-01', '2029-12-31'],
    ]
    const [row] = await dataOf('contracts', rows)
    expect(row?.record).toMatchObject({ operatorName, lessor: { kind: 'household', name } })
  })

  it.each([
    ['面积(㎡)', 2000, 3],
    ['面积(平方米)', 2000, 3],
    ['面积(公顷)', 2, 30],
    ['面积(单位:亩)', 2, 2],
  ])('%s of %s is %s mu without a guess', async (heading, cell, areaMu) => {
    const rows = [
      ['承租方', '出租方', '村', '用途', heading, '起', '止'],
      [FARM, '张三', '青溪村', '蚕桑', cell, '2020-01-01', '2029-12-31'],
    ]
    const [row] = await dataOf('contracts', rows)
    expect(row).toMatchObject({ record: { rent: { lines: [{ areaMu }] } }, guessed: [] })
  })

  it.each([
    ['租金标准(元/亩)', 600, { basis: 'cash', fenPerMu: 60000 }, []],
    ['租金标准(万元/亩)', 0.06, { basis: 'cash', fenPerMu: 60000 }, []],
    ['租金标准(斤/亩)', 400, { basis: 'grain', jinPerMu: 400 }, undefined],
    ['黄谷(斤/亩)', '400', { basis: 'grain', jinPerMu: 400 }, undefined],
  ])('%s of %s', async (heading, cell, line, guessed) => {
    const rows = [
      ['承租方', '出租方', '村', '用途', '面积', '起', '止', heading],
      [FARM, '张三', '青溪村', '蚕桑', 3, '2020-01-01', '2029-12-31', cell],
    ]
    const [row] = await dataOf('contracts', rows)
    expect(row?.problems).toEqual([])
    expect(row?.record).toMatchObject({ rent: { lines: [line] } })
    if (guessed) expect(row?.guessed).toEqual(guessed)
  })
})

describe('headings over two rows', () => {
  const GROUPED: Cells[] = [
    ['柑源县青溪镇青溪村土地流转台账'],
    ['合同编号', '承租方', '出租方', '用途', '流转面积(亩)', null, null, '流转期限', null, '备注'],
    [null, null, null, null, '小计', '田', '土', '起', '止', null],
    ['1-01', FARM, '张三', '蚕桑', 30, 10, 20, '2015-01-01', '2034-12-31', null],
  ]
  const MERGES = ['A1:J1', 'A2:A3', 'B2:B3', 'C2:C3', 'D2:D3', 'E2:G2', 'H2:I2', 'J2:J3']

  it.each([
    ['merged, under a title', MERGES.map(merged)],
    ['without merged cells, as csv has them', []],
  ])('%s', async (_how, merges) => {
    const [row] = await dataOf('contracts', GROUPED, merges)
    expect(row).toMatchObject({
      row: 4,
      status: 'read',
      record: {
        contractNo: '1-01',
        startOn: '2015-01-01',
        endOn: '2034-12-31',
        rent: {
          lines: [
            { land: 'paddy', areaMu: 10 },
            { land: 'dry', areaMu: 20 },
          ],
        },
      },
      columns: { areaMu: '流转面积(亩)／小计', paddyMu: '流转面积(亩)／田', endOn: '流转期限／止' },
    })
  })

  it('a unit below its heading is a unit', async () => {
    const rows = [
      ['承租方', '出租方', '村', '用途', '起', '止', '面积', '租金标准'],
      [null, null, null, null, null, null, '㎡', '元/亩'],
      [FARM, '张三', '青溪村', '蚕桑', '2020-01-01', '2029-12-31', 2000, 600],
    ]
    const [row] = await dataOf('contracts', rows)
    expect(row).toMatchObject({ row: 3, record: { rent: { lines: [{ areaMu: 3 }] } }, guessed: [] })
  })

  it.each<[string, Cells[], string[], object]>([
    [
      'two rows of headings',
      [
        ['业主', '村', '欠租情况', null],
        [null, null, '年度', '金额'],
        [null, null, '年', '(万元)'],
        [FARM, '青溪村', '2020', 1.2],
      ],
      ['A1:A3', 'B1:B3', 'C1:D1'],
      { rentYears: [2020], arrearsFen: 1_200_000 },
    ],
    [
      'one that knows only some of its columns',
      [
        ['业主', '村', '涉及户数', '欠租年度', '欠租金额'],
        [null, null, '户', '年', '千元'],
        [FARM, '青溪村', 35, '2020', 12],
      ],
      [],
      { rentYears: [2020], arrearsFen: 1_200_000 },
    ],
  ])('units in a row of their own count under %s', async (_what, rows, merges, record) => {
    const read = await rowsOf('arrears', [sheet('Sheet1', rows, merges.map(merged))])
    expect(read.slice(0, -1).every(({ status }) => status === 'skipped')).toBe(true)
    expect(read.at(-1)).toMatchObject({ status: 'read', record })
  })

  it('headings again further down, in one row, leave the rows above them data', async () => {
    const rows = [
      ['承租方', '出租方', '村', '用途', '流转期限', null, '面积', '租金标准'],
      [null, null, null, null, '起', '止', null, null],
      [FARM, '张三', '青溪村', '蚕桑', '2020-01-01', '2029-12-31', 3, 600],
      ['承租方', '出租方', '村', '用途', '起', '止', '面积', '租金标准'],
      [FARM, '李四', '青溪村', '蚕桑', '2020-01-01', '2029-12-31', 4, 600],
    ]
    const merges = ['A1:A2', 'B1:B2', 'C1:C2', 'D1:D2', 'E1:F1', 'G1:G2', 'H1:H2']
    const read = await rowsOf('contracts', [sheet('Sheet1', rows, merges.map(merged))])
    expect(read.map(({ row, status }) => [row, status])).toEqual([
      [1, 'skipped'],
      [2, 'skipped'],
      [3, 'read'],
      [4, 'skipped'],
      [5, 'read'],
    ])
  })

  it('a title merged over all columns belongs to no heading', async () => {
    const rows = [
      ['青溪村土地流转台账'],
      ['承租方', '出租方', '用途', '起', '止', '面积'],
      [FARM, '张三', '蚕桑', '2020-01-01', '2029-12-31', '多'],
    ]
    const [row] = await dataOf('contracts', rows, [merged('A1:F1')])
    expect(problemsOf(row as never)).toEqual([['面积', '多', 'number-unreadable']])
  })
})

describe('columns that are not used are told on the row of the headings', () => {
  const headings = [
    '承租方',
    '出租方',
    '村',
    '用途',
    '面积',
    '起',
    '止',
    '流转面积',
    '收益',
    '空列',
  ]
  const cells = [FARM, '张三', '青溪村', '蚕桑', 3, '2020-01-01', '2029-12-31', 4, 5, null, '手写']

  it('what is there twice, what is unknown, what has no heading; not what is empty', async () => {
    const [heading, data] = await rowsOf('contracts', [sheet('流转', [headings, cells])])
    expect(problemsOf(heading as never)).toEqual([
      ['流转面积', '', 'column-not-used'],
      ['收益', '', 'column-not-used'],
      ['第 11 列', '', 'column-not-used'],
    ])
    expect(heading?.problems[0]?.reason).toContain('与“面积”列重复')
    expect(data).toMatchObject({ status: 'read', record: { rent: { lines: [{ areaMu: 3 }] } } })
  })

  it.each<[ImportLedger, string, string, string[]]>([
    [
      'arrears',
      '序号|业主|村|欠租金额(元)|涉及户数|欠租原因|业主现状|信访情况|应付未付补助(元)|备注',
      `1|${FARM}|青溪村|100|12|资金紧张|失联|上访|8000|`,
      ['涉及户数', '欠租原因', '业主现状', '信访情况', '应付未付补助(元)'],
    ],
    [
      'arrears',
      '村|业主|欠租金额(元)|涉及户数|欠租原因|备注|合同编号|村代码|统一社会信用代码',
      `青溪村|${FARM}|100|12|摸排(2021-08-01):土地撂荒|合同已到期|1-01||`,
      [],
    ],
    [
      'arrears',
      '村|业主|欠租金额(元)|涉及户数|欠租原因|备注|合同编号|村代码|统一社会信用代码',
      `青溪村|${FARM}|100|12|资金紧张|合同已到期|1-01||`,
      ['欠租原因'],
    ],
    [
      'arrears',
      '村|业主|法人|联系电话|欠租金额(元)|化解措施|责任人|是否化解|备注|合同编号|村代码|统一社会信用代码',
      `青溪村|${FARM}|李*四|138****1234|100|分期偿还|||合同已到期;村集体未填涉及户数,按 0 户计|1-01||`,
      ['化解措施'],
    ],
    [
      'arrears',
      '村|业主|法人|联系电话|欠租金额(元)|化解措施|责任人|是否化解|备注|合同编号|村代码|统一社会信用代码',
      `青溪村|${FARM}|李四|13800001234|100||王五|已化解|合同已到期;已上门两次|1-01||`,
      ['法人', '联系电话', '责任人', '是否化解', '备注'],
    ],
    [
      'subsidies',
      '补助对象|项目名称|年度|应补金额|申报|公示|备注|认定口径|合同编号|受理日期|已补日期',
      `${FARM}|标准园|2020|100|2020-03-01|||认定应付|||`,
      ['申报'],
    ],
    [
      'contracts',
      '序号|承租方|出租方|村|村组|用途|面积|起|止|地块|备注|身份证号',
      `1|${FARM}|张三|青溪村|青溪村2组|蚕桑|3|2020-01-01|2029-12-31|大田|已到期|510901198001011234`,
      ['地块', '备注', '身份证号'],
    ],
    [
      'subsidies',
      '序号|补助对象|项目名称|年度|应补金额|补助标准|单位|备注',
      `1|${FARM}|标准园|2020|100|20|亩|催过`,
      ['补助标准', '单位', '备注'],
    ],
    ['payments', '序号|合同编号|金额|日期|经手人', '1|1-01|100|2020-01-05|李四', ['经手人']],
    ['operators', '编号|业主名称|联系电话|地址', '1|青溪合作社|0000-1|青溪村', ['编号', '地址']],
  ])(
    'of %s that the ledger knows and does not take in: %s',
    async (ledger, headings, row, told) => {
      const read = await rowsOf(ledger, [
        sheet('表', [headings.split('|'), row.split('|').map((cell) => cell || null)]),
      ])
      expect(read[0]?.problems.map(({ column, code }) => [column, code])).toEqual(
        told.map((column) => [column, 'column-not-used']),
      )
      expect(read[1]).toMatchObject({ status: 'read' })
    },
  )

  it.each([
    [100, 40, 60, []],
    [100, null, 100, []],
    [100, 120, 0, []],
    [100, 40, 50, ['60.00']],
    [100, null, '待核', ['100.00']],
  ])('应补 %s, 已补 %s, 未补 %s', async (due, paid, open, told) => {
    const headings = ['补助对象', '项目名称', '年度', '应补金额', '已补金额', '未补金额']
    const rows = [headings, [FARM, '标准园', 2020, due, paid, open]]
    const [, row] = await rowsOf('subsidies', [sheet('补助', rows)])
    expect(row).toMatchObject({ status: 'read', record: { amountFen: 10_000 } })
    expect(row?.guessed.map(({ readAs }) => /\((.*) 元\)不符/.exec(readAs)?.[1])).toEqual(told)
  })

  it('what sums and notes under the table write is not counted as a column', async () => {
    const rows = [
      headings.slice(0, 7),
      cells.slice(0, 7),
      ['合计', null, null, null, 3, null, null, null, 99],
      ['填表人:李四', null, null, null, null, null, null, null, '审核人:王五'],
    ]
    const [heading] = await rowsOf('contracts', [sheet('流转', rows)])
    expect(heading?.problems).toEqual([])
  })

  it('a column that holds something only far down is told where it does', async () => {
    const rows: Cells[] = [headings.slice(0, 8)]
    for (let at = 0; at < 300; at += 1) rows.push(cells.slice(0, 7))
    rows.push([...cells.slice(0, 7), 4])
    const read = await rowsOf('contracts', [sheet('流转', rows)])
    expect(read[0]?.problems).toEqual([])
    expect(read.at(-2)?.guessed).toEqual([])
    expect(read.at(-1)?.guessed).toEqual([{ column: '流转面积', value: '4', readAs: '该列未使用' }])
  })
})

describe('a mapping', () => {
  const rows = [
    ['谁种的', '谁的地', '哪个村', '干什么', '好多', '起', '止', '面积'],
    [FARM, '张三', '青溪村', '蚕桑', 3, '2020-01-01', '2029-12-31', 99],
  ]
  const columns = { 谁种的: '业主', 谁的地: 'lessor', 哪个村: '村', 干什么: '用途', 好多: '面积' }

  it('names headings by standard headings or fields, and wins over what they are called', async () => {
    const [row] = await dataOf('contracts', rows, [], { columns })
    expect(row).toMatchObject({
      status: 'read',
      record: {
        operatorName: FARM,
        lessor: { name: '张三' },
        villageName: '青溪村',
        landUse: 'sericulture',
        rent: { lines: [{ areaMu: 3 }] },
      },
    })
  })

  it('that names what the ledger has not is refused', async () => {
    const refused = dataOf('contracts', rows, [], { columns: { 谁种的: '户主身份证' } })
    await expect(refused).rejects.toMatchObject({
      kind: 'malformed',
      code: 'mapping-unknown-field',
      field: 'mapping.谁种的',
    })
  })

  it('may name each standard heading and each field', () => {
    expect(importFields('payments')).toEqual(
      expect.arrayContaining(['合同编号', '收款日期', '金额', 'contractNo', 'paidOn', 'amountFen']),
    )
  })
})

describe('a file without the headings', () => {
  it('is refused with those that are needed and those that are there', async () => {
    const sheets = [
      sheet('说明', [['这是', '一张', '很长的', '说明', '表', '有很多', '字']]),
      sheet('人员', [['名单'], ['姓名', '年龄', '电话'], ['张三', 40, null]]),
    ]
    await expect(rowsOf('contracts', sheets)).rejects.toMatchObject({
      kind: 'rule-broken',
      code: 'headings-not-found',
      field: 'file',
      words: {
        zh:
          '没有找到所需的表头:业主或统一社会信用代码、起或期限、面积或田或土或租金标准' +
          ';文件中只找到:姓名、年龄、电话。请核对所选台账,或给出栏目对照',
      },
    })
  })

  it.each([
    ['no sheet', []],
    ['an empty sheet', [sheet('Sheet1', [])]],
  ])('%s', async (_, sheets) => {
    await expect(rowsOf('payments', sheets)).rejects.toMatchObject({ code: 'headings-not-found' })
  })

  it('headings below the first twenty rows are not looked for', async () => {
    const rows: Cells[] = Array.from({ length: 20 }, (_, at) => [`第 ${at} 行`])
    rows.push(['合同编号', '收款日期', '金额'], ['1', '2020-01-01', 5])
    await expect(dataOf('payments', rows)).rejects.toMatchObject({ code: 'headings-not-found' })
  })
})

describe('several sheets', () => {
  const LEASES = [
    ['承租方', '出租方', '用途', '面积', '起', '止'],
    [FARM, '张三', '蚕桑', 3, '2020-01-01', '2029-12-31'],
  ]

  it('without the headings are skipped with one problem, 说明 without any', async () => {
    const rows = await rowsOf('contracts', [
      sheet('填表说明', [['填写要求'], ['一律填写']]),
      sheet('白果村', LEASES),
      sheet('名单', [
        ['姓名', '电话'],
        ['张三', '1'],
      ]),
    ])
    expect(rows.map(({ sheet: name, row, status }) => [name, row, status])).toEqual([
      ['填表说明', 1, 'skipped'],
      ['填表说明', 2, 'skipped'],
      ['白果村', 1, 'skipped'],
      ['白果村', 2, 'read'],
      ['名单', 1, 'skipped'],
      ['名单', 2, 'skipped'],
    ])
    expect(rows.flatMap(problemsOf)).toEqual([['', '名单', 'headings-not-found']])
  })

  it('one that is named for another ledger is left to that ledger', async () => {
    const owed = [
      ['业主', '村', '产业', '流转面积(亩)', '合同起', '合同止', '租金标准', '欠租金额(元)'],
      [FARM, '白果村', '蚕桑', 3, '2020-01-01', '2029-12-31', 500, 1500],
    ]
    const book = () => [sheet('流转台账', LEASES), sheet('欠租台账', owed)]
    const leases = await rowsOf('contracts', book())
    expect(leases.filter(({ status }) => status === 'read').map((row) => row.sheet)).toEqual([
      '流转台账',
    ])
    const arrears = await rowsOf('arrears', book())
    expect(arrears.filter(({ status }) => status === 'read').map((row) => row.sheet)).toEqual([
      '欠租台账',
    ])
    const alone = await rowsOf('contracts', [sheet('欠租台账', owed)])
    expect(alone.map(({ status }) => status)).toEqual(['skipped', 'read'])
  })
})

it.each(IMPORT_LEDGERS)(
  '%s: each heading stands for one field, or for those that may share it',
  (name) => {
    const shared: Partial<Record<ImportLedger, string[]>> = {
      contracts: ['承包方'],
    }
    const seen = new Map<string, string>()
    const twice = new Set<string>()
    for (const { field, headings } of LEDGER_COLUMNS[name].columns)
      for (const heading of headings) {
        if (seen.has(heading) && seen.get(heading) !== field) twice.add(heading)
        seen.set(heading, field)
      }
    expect([...twice]).toEqual(shared[name] ?? [])
  },
)
