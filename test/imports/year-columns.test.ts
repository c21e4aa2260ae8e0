/** Arrears ledgers with a column for each year, as many villages keep them. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sendFile } from '../support/import-file.ts'
import { openTestCounty, type TestCounty, VILLAGE } from '../support/test-county.ts'
import { type Cells, dataOf, merged, problemsOf, rowsOf, sheet } from './read-rows-sheets.ts'

const FARM = '青溪合作社'
const owed = (rentYears: number[], arrearsFen: number) => ({ rentYears, arrearsFen })

describe('headings', () => {
  it.each<[string, Cells[], string[]]>([
    [
      'a group over them, its sum last',
      [
        ['业主', '村', '欠租年度及金额(元)', null, null, null, '备注'],
        [null, null, '2021年', '2022年', '2023年', '合计', null],
        [FARM, '白云村', 2500, null, 6000, 8500, null],
      ],
      ['A1:A2', 'B1:B2', 'C1:F1', 'G1:G2'],
    ],
    [
      'years as numbers under a group in another unit',
      [
        ['业主', '村', '拖欠租金(万元)', null, null],
        [null, null, 2021, 2022, 2023],
        [FARM, '白云村', 0.25, 0, 0.6],
      ],
      ['A1:A2', 'B1:B2', 'C1:E1'],
    ],
    [
      'one row, each column by itself',
      [
        ['业主', '村', '2021年欠租(元)', '2022年度尚欠租金', '2023年未付金额', '欠租金额'],
        [FARM, '白云村', '2500元', '', '6000.00', 8500],
      ],
      [],
    ],
    [
      'years alone, rents of the same years in a group of their own',
      [
        ['业主', '村', '应付租金', null, '欠租', null],
        [null, null, '2021年', '2023年', '2021年', '2023年'],
        [FARM, '白云村', 6000, 6000, 2500, 6000],
      ],
      ['A1:A2', 'B1:B2', 'C1:D1', 'E1:F1'],
    ],
    [
      'what was due, paid and is owed under each year',
      [
        ['业主', '村', '2021年', null, null, '2023年', null, null],
        [null, null, '应付租金', '已付租金', '尚欠', '应付租金', '已付租金', '尚欠'],
        [FARM, '白云村', 6000, 3500, 2500, 6000, 0, 6000],
      ],
      ['A1:A2', 'B1:B2', 'C1:E1', 'F1:H1'],
    ],
    [
      'no cells merged',
      [
        ['业主', '村', '2021', '2022', '2023', '合计'],
        [FARM, '白云村', '2500', '0', '6000', '8500'],
      ],
      [],
    ],
  ])('%s', async (_what, rows, merges) => {
    const [row, ...others] = await dataOf('arrears', rows, merges.map(merged))
    expect(others).toEqual([])
    expect(row).toMatchObject({
      status: 'read',
      problems: [],
      record: {
        operatorName: FARM,
        ...owed([2021, 2023], 850_000),
        byYear: [owed([2021], 250_000), owed([2023], 600_000)],
      },
    })
  })

  it('years that are counted together, and those of which nothing is owed', async () => {
    const rows = [
      ['业主', '村', '2019—2021年欠租', '2022年欠租', '合计'],
      [FARM, '白云村', 9000, 0, 9000],
      ['白云农场', '白云村', 0, 0, 0],
      ['东山果业', '白云村', null, null, 700],
      ['西山果业', '白云村', null, null, null],
    ]
    const read = await dataOf('arrears', rows)
    expect(read.map(({ record }) => record)).toMatchObject([
      { ...owed([2019, 2020, 2021], 900_000), byYear: [owed([2019, 2020, 2021], 900_000)] },
      { arrearsFen: 0 },
      { arrearsFen: 70_000 },
      { operatorName: '西山果业' },
    ])
    expect(read.map(({ record = {} }) => 'byYear' in record)).toEqual([true, false, false, false])
    expect(problemsOf(read.at(-1) as (typeof read)[0])).toEqual([['合计', '', 'cell-missing']])
  })

  it.each(['2020年及以前', '2021年以前', '以前年度', '往年欠租', '2020年度以前陈欠'])(
    'what is owed of earlier years: %s',
    async (heading) => {
      const rows = [
        ['业主', '村', '欠租金额(元)', null, null, null],
        [null, null, heading, '2021年', '2022年', '合计'],
        [FARM, '白云村', 5000, 0, 6000, 11000],
      ]
      const merges = ['A1:A2', 'B1:B2', 'C1:F1'].map(merged)
      const [row] = await dataOf('arrears', rows, merges)
      expect(row).toMatchObject({
        status: 'read',
        record: {
          arrearsFen: 1_100_000,
          byYear: [{ upToYear: 2020, arrearsFen: 500_000 }, owed([2022], 600_000)],
        },
      })
    },
  )

  it('reports a year that cannot be read, a sum that is another, and years that are others', async () => {
    const rows = [
      ['业主', '村', '欠租年度', '2021年欠租', '2022年欠租', '欠租金额'],
      [FARM, '白云村', '2021—2022', 3000, '约半年', 6000],
      [FARM, '白云村', '2021—2022', 3000, 3000, 9000],
      [FARM, '白云村', '2020', 3000, null, 3000],
      [FARM, '白云村', null, -3000, null, null],
      [FARM, '白云村', '2021、2022', 3000, 3000, 6000],
    ]
    const read = await dataOf('arrears', rows)
    expect(read.map((row) => [row.status, ...problemsOf(row).map(([column]) => column)])).toEqual([
      ['reported', '2022年欠租'],
      ['reported', '欠租金额'],
      ['reported', '欠租年度'],
      ['reported', '2021年欠租'],
      ['read'],
    ])
    expect(read[1]?.problems[0]?.reason).toContain('6000.00')
  })

  it('area, households and subsidies by year are no rent', async () => {
    const rows = [
      ['业主', '村', '欠租面积(亩)', null, '应付未付补助(元)', null, '欠租金额(元)'],
      [null, null, '2021年', '2022年', '2021年', '2022年', null],
      [FARM, '白云村', 10, 12, 3000, 4000, 6000],
    ]
    const merges = ['A1:A2', 'B1:B2', 'C1:D1', 'E1:F1', 'G1:G2'].map(merged)
    const read = await rowsOf('arrears', [sheet('欠租', rows, merges)])
    expect(read.at(-1)?.record).toMatchObject({ arrearsFen: 600_000 })
    expect(read.at(-1)?.record).not.toHaveProperty('byYear')
    expect(read[0]?.problems).toHaveLength(4)
  })
})

describe('into the ledger', () => {
  let county: TestCounty
  let contractId = ''
  beforeEach(async () => {
    county = await openTestCounty('2024-07-10')
    await county.put('/regions/519901101', { name: '青溪镇' })
    await county.put(`/regions/${VILLAGE}`, { name: '白云村' })
    const { id: operatorId } = await county.operator()
    // 600,000 fen due every 31 December from 2020 on.
    contractId = (await county.contract(operatorId)).id
  })
  afterEach(() => county.close())

  const LEDGER = '欠租台账\n填报时间:2024-06-30\n合同编号,业主,欠租金额(元),,,\n'
  const HEADINGS = `${LEDGER},,2021年,2022年,2023年,合计\n`

  it('what each year owes is the standing, and the file again adds nothing', async () => {
    const file = `${HEADINGS}2020-0001,${FARM},2500,,6000,8500\n`
    const { body } = await sendFile(county, 'arrears', file)
    expect(body.counts).toMatchObject({ read: 1, kept: 1, reported: 0 })
    const standing = await county.read(`/contracts/${contractId}/standing?asOf=2024-06-30`)
    expect(standing).toMatchObject({
      arrearsFen: 850_000,
      unpaidYears: 1,
      partialYears: 1,
      oldestUnpaidDueOn: '2021-12-31',
    })
    const again = await sendFile(county, 'arrears', file)
    expect(again.body.counts).toMatchObject({ read: 1, kept: 0, unchanged: 1 })
  })

  it('what is owed of earlier years lies on them, the latest first', async () => {
    const headings = `${LEDGER},,2022年以前,2022年,2023年,合计\n`
    const file = `${headings}2020-0001,${FARM},7000,0,6000,13000\n`
    const { body } = await sendFile(county, 'arrears', file)
    expect(body.counts).toMatchObject({ read: 1, kept: 1, reported: 0 })
    const standing = await county.read(`/contracts/${contractId}/standing?asOf=2024-06-30`)
    const paid = standing.instalments.map((one: { paidFen: number }) => one.paidFen)
    expect(paid.slice(0, 4)).toEqual([500_000, 0, 600_000, 0])
  })

  it('earlier years without rent are refused', async () => {
    const headings = `${LEDGER},,2020年以前,2020年,2023年,合计\n`
    const file = `${headings}2020-0001,${FARM},7000,0,6000,13000\n`
    const { body } = await sendFile(county, 'arrears', file)
    expect(body.counts).toMatchObject({ read: 1, kept: 0, reported: 1 })
    const [problem] = body.rows.flatMap((row: { problems: object[] }) => row.problems)
    expect(problem).toMatchObject({ column: '欠租金额(元)／2020年以前', code: 'rent-year-unknown' })
    expect(problem.reason).toContain('2019 年及以前没有')
  })

  it('a year with more than its rent, or without rent, is told in its own column', async () => {
    const file = `${HEADINGS}2020-0001,${FARM},7000,,6000,13000\n`
    const { body } = await sendFile(county, 'arrears', file)
    expect(body.counts).toMatchObject({ read: 1, kept: 0, reported: 1 })
    expect(body.rows.flatMap((row: { problems: object[] }) => row.problems)).toMatchObject([
      { column: '欠租金额(元)／2021年', value: '7000', code: 'arrears-above-due' },
    ])
  })
})
