import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TOWNSHIP, VILLAGE } from '../support/test-county.ts'
import {
  answerTo,
  CONTRACTS_THERE,
  openBothCounties,
  reads,
  THERE,
  type Try,
  VILLAGE_THERE,
} from '../support/two-townships.ts'

let counties: Awaited<ReturnType<typeof openBothCounties>>
beforeAll(async () => {
  counties = await openBothCounties()
})
afterAll(() => counties.close())

const file = (ledger: string, by: string, ...rows: string[]): Try => ({
  by,
  method: 'POST',
  path: `/imports/${ledger}`,
  file: rows.join('\n'),
})
const dry = (one: Try): Try => ({ ...one, path: `${one.path}?dryRun=true` })
/** A file is tried out first, then taken in, then taken in again. */
const thrice = (one: Try): Try[] => [dry(one), one, one]

const CONTRACT = '合同编号,承租方,统一社会信用代码,乡镇,村,村代码,面积,用途,起,止,租金标准,出租方'
const contract = (no: string, who: string, uscc: string, where: string) =>
  `${no},${who},${uscc},${where},10,晚熟柑桔,2020-01-01,2029-12-31,600元/亩,村集体`
const PAYMENT = '合同编号,承租方,乡镇,村,收款日期,金额,收据号'
const SUBSIDY = '项目名称,年度,补助对象,统一社会信用代码,应补金额,认定口径,关联合同'
const ARREARS = '合同编号,业主,乡镇,村组,欠租金额(元),欠租年度'

/** The reports of rows of a file: what became of each. */
async function outcomes(one: Try): Promise<{ status: string; codes: string[] }[]> {
  const [answer = ''] = [await answerTo(counties.both, one), await answerTo(counties.alone, one)]
  const { rows } = JSON.parse(answer.slice(answer.indexOf('{"')))
  return rows.flatMap((row: { status: string; problems: { code: string }[] }) =>
    row.status === 'skipped'
      ? []
      : { status: row.status, codes: row.problems.map(({ code }) => code) },
  )
}

describe('a file that names what lies there', () => {
  it('is read as where there is no such village, operator, number or code', () =>
    counties.expectSame(
      thrice(
        file(
          'contracts',
          'recorder',
          CONTRACT,
          contract('N-1', '青溪果业有限公司', '', '青溪镇,红岩村,'),
          contract('N-2', '青溪果业有限公司', '', ',红岩村,'),
          contract('N-3', '青溪果业有限公司', '', ',柏林村,'),
          contract('N-4', '青溪果业有限公司', '', '石桥镇,柏林村,'),
          contract('N-5', '青溪果业有限公司', '', '石桥镇,红岩村,'),
          contract('N-6', '青溪果业有限公司', '', '石桥镇,无名村,'),
          contract('N-7', '青溪果业有限公司', '', `,,${VILLAGE_THERE}`),
          contract('N-8', '青溪果业有限公司', '', ',,519901102999'),
          contract('N-9', '青溪果业有限公司', '', ',,519901777201'),
          contract('N-10', '石桥果业有限公司', '', '青溪镇,红岩村,'),
          contract('N-11', '某公司', '91519901MA0000002X', '青溪镇,红岩村,'),
          contract('N-12', '石桥果业', '', '青溪镇,红岩村,'),
          contract('N-13', '联合农业有限公司', '', '青溪镇,红岩村,'),
          contract('B-1', '青溪果业有限公司', '', '青溪镇,红岩村,'),
          contract('B-9', '石桥果业有限公司', '', '青溪镇,红岩村,'),
          contract('S-2', '联合农业有限公司', '', '青溪镇,红岩村,'),
        ),
      ),
    ))

  it('records nothing in a village there, whoever hands it in', async () => {
    for (const by of ['recorder', 'village']) {
      const rows = [VILLAGE_THERE, '519901102202', '519901777201'].map((code, at) =>
        contract(`V-${at}`, '青溪果业有限公司', '', `,,${code}`),
      )
      const found = await outcomes(file('contracts', by, CONTRACT, ...rows))
      expect([by, found]).toEqual([
        by,
        rows.map(() => ({ status: 'reported', codes: ['region-outside'] })),
      ])
    }
  })

  it('is no second look at a file that was taken in there', () =>
    counties.expectSame(thrice(file('contracts', 'recorder', CONTRACTS_THERE))))

  it('finds no contract of there to pay', async () => {
    const one = file(
      'payments',
      'recorder',
      PAYMENT,
      'B-1,,,,2022-01-08,100,X-1',
      'B-1,石桥果业有限公司,石桥镇,红岩村,2022-01-08,100,X-2',
      'S-2,,,,2022-01-08,100,R-S2',
      ',石桥果业有限公司,,,2021-12-01,1000,R-B1',
      ',石桥果业有限公司,,,2021-12-01,1000,',
      ',联合农业有限公司,,,2022-01-05,12000,R-S2',
      'Z-404,,,,2022-01-08,100,X-3',
      'A-1,石桥果业有限公司,,,2022-01-08,100,X-4',
    )
    await counties.expectSame(thrice(one))
  })

  it('finds no contract of there in arrears', () =>
    counties.expectSame(
      thrice(
        file(
          'arrears',
          'recorder',
          ARREARS,
          'B-1,石桥果业有限公司,石桥镇,红岩村,5000,2021',
          'S-2,联合农业有限公司,石桥镇,红岩村,5000,2021',
          ',石桥果业有限公司,,红岩村,5000,2021',
          'Z-404,无名公司,,,5000,2021',
        ),
      ),
    ))

  it('finds no operator or contract of there to subsidise', () =>
    counties.expectSame(
      ['finance', 'bureau'].flatMap((by) =>
        thrice(
          file(
            'subsidies',
            by,
            SUBSIDY,
            `标准园甲,2021,石桥果业有限公司,,3000,认定应付,`,
            `标准园乙,2021,,91519901MA0000002X,3000,认定应付,`,
            `标准园丙,2021,联合农业有限公司,,3000,认定应付,S-2`,
            `标准园丁,2021,石桥果业有限公司,,3000,认定应付,B-1`,
            `标准园戊,2021,无名公司,,3000,认定应付,Z-404`,
            `标准园建设补助,2020,石桥果业有限公司,,3000,认定应付,B-1`,
          ),
        ),
      ),
    ))

  it('finds no operator of there to correct', () =>
    counties.expectSame(
      thrice(
        file(
          'operators',
          'recorder',
          '业主名称,业主类型,统一社会信用代码,联系电话',
          '石桥果业有限公司,企业,,13900000001',
          '改了名的公司,企业,91519901MA0000002X,13900000002',
          '青溪果业有限公司,企业,91519901MA0000001X,13900000003',
        ),
      ),
    ))

  it('names no region of there anew', async () => {
    const regions = file(
      'regions',
      'recorder',
      '区划代码,名称',
      `${THERE},石桥镇`,
      `${THERE},改名镇`,
      `${VILLAGE_THERE},改名村`,
      '519901777,无名镇',
      '519901,改名县',
      `${TOWNSHIP},青溪镇`,
      '519901101205,新村',
    )
    await counties.expectSame(thrice(regions))
    const codes = (await outcomes(regions)).map((row) => row.codes[0] ?? row.status)
    expect(codes).toEqual([
      ...Array.from({ length: 5 }, () => 'region-outside'),
      'unchanged',
      'unchanged',
    ])
  })
})

describe('what is kept of imports', () => {
  it('is one’s own, with mappings of one’s own or of the county', async () => {
    const contracts = file('contracts', 'recorder', '合同编号,田租', 'M-1,600')
    const mappings = ['石桥', '青溪', '全县', '没有'].map((name) => ({
      ...contracts,
      path: `/imports/contracts?dryRun=true&mapping=${encodeURIComponent(name)}`,
    }))
    await counties.expectSame([
      ...mappings,
      ...reads(
        `/imports/{importThere} /imports/{importThere}/rows /imports/{importThere}/file
        /imports/{importThere}/rows?status=kept /imports?limit=1`,
        ['recorder', 'viewer', 'village', 'bureau', 'finance'],
      ),
      { by: 'recorder', method: 'POST', path: '/imports/{importThere}/withdrawal', body },
    ])
  })
  const body = { reason: '误' }

  it('is in all lists as where there is no other township, after all of this', () =>
    counties.expectSame(
      reads(
        `/operators?limit=500 /contracts?limit=500 /subsidies?limit=500 /imports?limit=500
        /risk/worklist?limit=500 /risk/summary?by=operator /checks?limit=500 /regions
        /contracts?region=${VILLAGE} /exports/contracts.csv /exports/subsidies.csv`,
        ['recorder', 'village'],
      ),
    ))
})

describe('an operator that leases in both', () => {
  it('is not corrected by a file either', async () => {
    const one = file(
      'operators',
      'recorder',
      '业主名称,业主类型,联系电话',
      '联合农业有限公司,企业,13900000009',
    )
    expect(await outcomes(one)).toEqual([{ status: 'reported', codes: ['of-other-regions'] }])
  })
})
