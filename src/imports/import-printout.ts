import { COMMAND_LINE } from '../access/caller.ts'
import type { Reader } from '../platform/database/database.ts'
import { getImport, pageOfRows } from './import-store.ts'
import { importReport } from './import-view.ts'

const SHOWN_MAX = 50

/** Prints what became of an import, for the person at the terminal whose file it is. */
export async function printImport(
  db: Reader,
  id: string,
  print: (line: string) => void,
): Promise<void> {
  const { counts, fileName, dryRun } = await getImport(db, id)
  const { read, kept, unchanged, reported, skipped } = counts
  print(`${dryRun ? '试读 · tried' : '导入 · taken in'}: ${fileName}  编号 id ${id}`)
  print(
    `读到 ${read} 行: 录入 ${kept}, 未变 ${unchanged}, 有误未录入 ${reported}; ` +
      `另有标题、合计等 ${skipped} 行略过`,
  )
  print(
    `  · read ${read}: kept ${kept}, unchanged ${unchanged}, reported ${reported}; ` +
      `besides skipped ${skipped}`,
  )
  const rows = await pageOfRows(db, id, { status: 'reported', after: 0, limit: SHOWN_MAX })
  for (const { sheet, row, problems } of rows)
    for (const { column, value, reason } of problems)
      print(`  ${sheet} 第 ${row} 行 ${column}${value === '' ? '' : `“${value}”`}: ${reason}`)
  if (reported > rows.length)
    print(`  …… 另有 ${reported - rows.length} 行有误 · more rows are reported`)
  const { joinProposals } = await importReport(db, id, COMMAND_LINE)
  for (const { operators } of joinProposals)
    print(
      `  可能是同一业主 · may be one operator: ${operators.map(({ name }) => name).join(' / ')}`,
    )
}
