import { readLessor } from '../domain/lessor-words.ts'
import { readCount } from '../domain/read-count.ts'
import { type LedgerColumn, words } from './ledger-column.ts'
import { type RowCells, stated } from './row-cells.ts'

export const LESSOR_COLUMNS: readonly LedgerColumn[] = [
  {
    field: 'lessor',
    headings: words(`
        出租方 出租方名称 出租人 流出方 流出方名称 转出方 流转方 甲方 出让方 转出方名称 甲方名称 出租农户 流出农户
        农户 农户姓名 户主 户主姓名 承包农户 承包户 承包方 发包方 发包方名称 出租方(甲方) 出租单位 流转农户
      `),
  },
  { field: 'lessorKind', headings: words('出租方类型 流出方类型 出租方类别 出租方性质') },
  {
    field: 'households',
    headings: words('户数 涉及户数 农户数 流转户数 涉及农户 涉及农户数 涉及户 农户户数'),
    merged: 'first',
  },
  {
    field: 'people',
    headings: words('人数 涉及人数 人口 涉及人口 流转人数 涉及人'),
    merged: 'first',
  },
]

/** Who leases out: the name, the kind and the numbers of one row, as far as it says them. */
export function readLessorOf(row: RowCells) {
  const kindWords = row.read('lessorKind', readLessor)
  const named = row.read('lessor', readLessor)
  return stated({
    kind: kindWords?.kind ?? named?.kind,
    name: named?.name,
    households: row.read('households', readCount) ?? named?.households,
    people: row.read('people', readCount),
  })
}
