import { readGrain } from '../domain/grain-words.ts'
import { readDay } from '../domain/read-day.ts'
import { columnUnits, readQuantity } from '../domain/read-quantity.ts'
import { lineOf } from '../domain/read-text.ts'
import type { Reading, SourceCell } from '../domain/reading.ts'
import { type LedgerColumns, words } from './ledger-column.ts'
import { readWords } from './place-and-party.ts'
import { type RowCells, stated } from './row-cells.ts'

/** 粮食价格: what grain rents are worth. */
export const grainPriceColumns: LedgerColumns<'grain-prices'> = {
  sheetNames: /粮|收购价|价格/,
  columns: [
    { field: 'grain', headings: words('粮食品种 品种 粮种 粮食 粮食名称 名称 品名') },
    {
      field: 'effectiveOn',
      headings: words('执行日期 生效日期 执行时间 日期 起始日期 年度 年份 执行年度 时间'),
    },
    {
      field: 'fenPer50kg',
      headings: words(
        '价格 收购价 最低收购价 单价 最低收购价格 收购价格 粮价 市场价 最低收购价标准 执行价格',
      ),
    },
    {
      field: 'source',
      headings: words('文件依据 来源 依据 文号 价格来源 数据来源 文件 备注'),
    },
  ],
  needed: [['grain'], ['fenPer50kg'], ['effectiveOn']],
  unused: words('单位 等级 计量单位'),
  read(row) {
    const grain = row.need('grain', row.read('grain', readGrain))
    const effectiveOn = row.need(
      'effectiveOn',
      row.read('effectiveOn', (cell) => readDay(cell, 'start')),
    )
    const fenPer50kg = row.need(
      'fenPer50kg',
      row.read('fenPer50kg', (cell) => readPrice(cell, priceUnit(row))),
    )
    return stated({ grain, effectiveOn, fenPer50kg, source: sourceOf(row) })
  },
}

/** Of the amounts of grain that prices are quoted for: how many make 50 kg. */
const TIMES: readonly (readonly [RegExp, bigint])[] = [
  [/^(?:50公斤|50kg|50千克|百斤|100斤|一百斤|担|市担)$/i, 1n],
  [/^(?:1?公斤|kg|千克|每公斤)$/i, 50n],
  [/^(?:1?市?斤|500g|500克)$/i, 100n],
]
const PER_TON = /^(?:吨|t|1000公斤|1000kg)$/i
const TONS_AS_50_KG = 20n
const OF_YUAN = /^(?:元(?:$|\/|每)|$)/
const PRICE = /^(.*?元?)(?:\/|每)(.+)$/u
const YUAN = columnUnits({ '': [100, 1], 元: [100, 1] }, ['', '元'], '价格(元/50公斤),如 128.00')

/** A price in fen for 50 kg; where a cell names another amount than its heading, it is a guess. */
function readPrice(cell: SourceCell, unit: string): Reading<number> {
  const line = lineOf(cell).replaceAll(' ', '')
  const [, price = line, own] = PRICE.exec(line) ?? []
  const per = own ?? unitOf(unit)
  const times = timesOf(per === '' ? '50公斤' : per)
  if (!times || !OF_YUAN.test(unit)) {
    const shown = times ? unit : per
    return { code: 'price-unit-unknown', reason: `不认识价格单位 ${shown},应为 元/50公斤` }
  }
  const read = readQuantity(typeof cell === 'string' ? price : cell, YUAN)
  if (read === undefined || 'code' in read) return read
  const value = (read.numerator * times[0]) / (read.denominator * times[1])
  if (value * read.denominator * times[1] !== read.numerator * times[0])
    return { code: 'price-not-in-fen', reason: '每 50 公斤的价格应为整分' }
  const isPlain = (own === undefined ? per !== '' : own === unitOf(unit)) && !read.guessed
  return isPlain
    ? { value: Number(value) }
    : { value: Number(value), readAs: `${(Number(value) / 100).toFixed(2)} 元/50公斤` }
}

const unitOf = (unit: string) => /(?:\/每?|每)(.+)$/.exec(unit)?.[1] ?? ''

/** That of the heading, else of its group, else of a title. */
const priceUnit = (row: RowCells) =>
  row.unit('fenPer50kg') ||
  row.groupUnit('fenPer50kg') ||
  (row.sheet.units.find((unit) => unit.includes('元')) ?? '')

function timesOf(per: string): readonly [bigint, bigint] | undefined {
  if (PER_TON.test(per)) return [1n, TONS_AS_50_KG]
  const times = TIMES.find(([amount]) => amount.test(per))?.[1]
  return times === undefined ? undefined : [times, 1n]
}

/** Where a price is from; else the sheet that says it. */
function sourceOf(row: RowCells): string | undefined {
  const source = row.read('source', readWords)
  if (source !== undefined || row.hasFailed('source')) return source
  const { title, fileName } = row.sheet
  const said = title ?? fileName
  row.guessFrom(title === undefined ? '文件名' : '标题', said, `来源:${said}`)
  return said.slice(0, 200)
}
