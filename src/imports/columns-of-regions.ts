import { readCode } from '../domain/read-code.ts'
import { readDay } from '../domain/read-day.ts'
import { type LedgerColumns, words } from './ledger-column.ts'
import { readWords } from './place-and-party.ts'
import { stated } from './row-cells.ts'

/** 区划: the county's own table of townships and villages. */
export const regionColumns: LedgerColumns<'regions'> = {
  sheetNames: /区划|行政区|村名录|村代码/,
  columns: [
    {
      field: 'code',
      headings: words(`
        代码 区划代码 行政区划代码 村代码 编码 区域代码 地区代码 统计代码 统计用区划代码 行政区代码 行政村代码 村编码
        乡镇代码 乡村代码 编号
      `),
    },
    {
      field: 'name',
      headings: words(`
        名称 区划名称 行政区划名称 村名 村名称 行政村 行政村名称 地区名称 区域名称 乡镇名称 单位名称 村(社区)名称
        村(社区) 乡村名称 村 乡镇
      `),
    },
    {
      field: 'secondRoundExpiresOn',
      headings: words(`
        二轮承包到期日 二轮承包到期时间 二轮到期日 二轮到期时间 承包期满时间 第二轮承包到期日 第二轮承包到期时间
        二轮承包期限 承包到期时间 到期日 到期时间
      `),
    },
  ],
  needed: [['code'], ['name']],
  unused: ['备注'],
  // What the code says, too.
  untold: words('上级代码 上级 级别 层级 类型 城乡分类代码'),
  read: (row) =>
    stated({
      code: row.need('code', row.read('code', readCode)),
      name: row.need('name', row.read('name', readWords)),
      secondRoundExpiresOn: row.read('secondRoundExpiresOn', (cell) => readDay(cell, 'end')),
    }),
}
