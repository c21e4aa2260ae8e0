import type { VillageBook } from './typed-sheet.ts'

/** Codes that were typed as numbers, cut to 5.1E+17, or fail their check sign. */
const cutCodes: VillageBook = {
  file: 'cut-codes.xlsx',
  sheets: [
    {
      name: '业主名册',
      widths: [6, 34, 24, 12, 16, 12],
      formats: { C: '0.0E+00' },
      typed: `
        title: 云栎镇流转业主名册
        head: 序号 | 业主名称 | 统一社会信用代码 | 法定代表人 | 联系电话 | 类型
        row: 1 | 柑源县润达果业有限公司 | '91519901MA6AAAA019 | 何德贵 | 19900001111 | 公司
        row: 2 | 柑源县云栎镇岳明光种植家庭农场 | 510000000000000000 | 岳明光 | 19900002222 | 家庭农场
        row: 3 | 柑源县穗丰果树种植专业合作社 | '5.1E+17 | 庞正文 | '199 0000 6666 | 合作社
        row: 4 | 柑源县碾塘养蚕专业合作社 | '93519901MA6BBBB021 | 苟天培 | 19900007777 | 专业合作社
        row: 5 | 谯志军 | | | '19900004444 |
        row: 6 | | '92519901MA6FFFF06R | 蒋元贵 | | 个体工商户
        row: 7 | 柑源县润达果业有限公司 | '91519901MA6AAAA019 | 何德贵 | 19900001111 | 公司
        row: 8 | '　柑源县沃泰现代农业有限公司  | '９１５１９９０１ＭＡ６ＣＣＣＣ０３Ｘ | 唐世明 | / | 企业
      `,
    },
  ],
}

/** The county's own table of places: codes as numbers, one cut, one that is no code. */
const villageCodes: VillageBook = {
  file: 'village-codes.xlsx',
  sheets: [
    {
      name: '区划',
      widths: [18, 20, 18],
      formats: { A: '0' },
      typed: `
        title: 柑源县行政区划代码表
        head: 区划代码 | 名称 | 二轮承包到期日
        row: 519901 | 柑源县 |
        row: 519901101 | 云栎镇 |
        row: 519901101201 | 凤凰桥村 | @2029-06-30
        row: '519901101217 | 大石寨村 | 2028年12月31日
        row: 519901101218 | 石马沟村 | /
        row: '5.2E+11 | 古井坪村 |
        row: '5199011012 | 柿子湾社区 |
        row: 519901101219 | |
      `,
    },
  ],
}

/** Prices for fifty kilos, for one, for a jin; by year or by day. */
const grainPrices: VillageBook = {
  file: 'grain-prices.csv',
  encoding: 'utf8-bom',
  lines: [
    ['粮食品种', '执行日期', '价格(元/50公斤)', '文件依据'],
    ['中晚籼稻', '2020-01-01', '127', '发改价格〔2020〕290号'],
    ['中晚籼稻', '2021-01-01', '1.28元/斤', '2021年最低收购价'],
    ['早籼稻', '2021.1.1', '１２２', '2021年最低收购价'],
    ['粳稻', '2021-01-01', '2.6元/公斤', '2021年最低收购价'],
    ['小麦', '2021-01-01', '随行就市', '2021年最低收购价'],
    ['玉米', '', '140', '县粮油市场询价'],
  ],
}

export const smallBooks: readonly VillageBook[] = [cutCodes, villageCodes, grainPrices]
