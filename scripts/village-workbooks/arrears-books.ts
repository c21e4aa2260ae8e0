import type { VillageBook } from './typed-sheet.ts'

/** One row a year, in ten thousands of yuan. */
const arrearsByYear: VillageBook = {
  file: 'arrears-by-year.xlsx',
  sheets: [
    {
      name: '欠租台账',
      widths: [6, 10, 14, 32, 16, 12, 10, 12, 10, 22],
      merges: ['A2:D2', 'E2:G2', 'H2:J2', 'B4:B8', 'D4:D5'],
      typed: `
        title: 柑源县农村土地流转欠租情况台账
        about: 填报单位:云栎镇人民政府 | | | | 填报时间:2021年9月30日 | | | 单位:亩、万元
        head: 序号 | 乡镇 | 村组 | 业主 | 合同编号 | 流转面积⏎(亩) | 欠租⏎年度 | 欠租金额 | 涉及户数 | 欠租原因
        row: 1 | 云栎镇 | 凤凰桥村3组 | 柑源县润达果业有限公司 | FHQ-2016-01 | 120.5 | 2019 | 7.23 | 41 | 销售不畅,资金链断裂
        row: 2 | | 凤凰桥村3组 | | FHQ-2016-01 | 120.5 | 2020 | 7.23 | 41 | 同上
        row: 3 | | 凤凰桥村1组 | 柑源县云栎镇岳明光种植家庭农场 | FHQ-2016-02 | 56.32 | 2020年 | 1 | 35 | 补助未到位
        row: 4 | | 凤凰桥村2组 | 柑源县凤桥稻渔种养专业合作社 | FHQ-2018-05 | 88 | 2020 | 9.9 | 28 |
        row: 5 | | 凤凰桥村2组 | 柑源县凤桥稻渔种养专业合作社 | FHQ-2018-50 | 88 | 2019 | 2.288 | 28 |
        sum: 合计 | | | | | | | 27.648 | |
        about: 填表人:杜秀兰 | | | 审核人:向天安 | | | | 联系电话:19900005555
      `,
    },
  ],
}

/** The years of a contract in one cell; no day of filling in. */
const arrearsYearRange: VillageBook = {
  file: 'arrears-year-range.csv',
  encoding: 'gb18030',
  lines: [
    ['乡镇', '村组', '业主', '合同编号', '欠租年度', '欠租金额(元)', '备注'],
    ['云栎镇', '凤凰桥村3组', '柑源县润达果业有限公司', 'FHQ-2016-01', '2018—2020', '216900', ''],
    [
      '云栎镇',
      '凤凰桥村1组',
      '柑源县云栎镇岳明光种植家庭农场',
      'FHQ-2016-02',
      '2019、2020年',
      '56,320元',
      '',
    ],
    [
      '云栎镇',
      '凤凰桥村2组',
      '柑源县凤桥稻渔种养专业合作社',
      'FHQ-2018-05',
      '19-20年',
      '9.152万元',
      '',
    ],
    ['云栎镇', '凤凰桥村5组', '谯志军', 'FHQ-2019-03', '历年', '500', ''],
    ['小计', '', '', '', '', '364740', ''],
  ],
}

export const arrearsBooks: readonly VillageBook[] = [arrearsByYear, arrearsYearRange]
