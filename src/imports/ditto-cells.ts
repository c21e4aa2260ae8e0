import { lineOf } from '../domain/read-text.ts'
import type { ImportProblem } from '../platform/database/tables-of-imports.ts'
import type { RawCell } from '../platform/spreadsheet/raw-sheet.ts'
import type { ColumnPlan, Ditto, PlannedColumn } from './row-cells.ts'
import type { FilledRow } from './row-layout.ts'

/** 同上, 〃 and the quotes that people type for it. */
const ABOVE = new RegExp(
  "^(?:(?:[〃〞〟″\"“”]|''|′′|‘‘|’’)+|" +
    '["“(]?(?:[同仝][上前](?:一?行|一?格|栏|列|所述)?|上同)[)"”]?[。.]?)$',
  'iu',
)
/** Cells elsewhere, of which nobody can be sure. */
const ELSEWHERE = /^["“(]?[同仝](?:[左右下]|第?\d{1,6}(?:行|号|户|条|项|栏|格)?)[)"”]?[。.]?$/u
/** What may follow the mark in words (同上3组): in a name that is nobody's. */
const NAMED_AFTER = /^(?:[同仝]上|〃)./u
const NAMES = new Set(['contractNo', 'operatorName', 'villageName', 'township', 'name', 'code'])
const MARK_MAX = 20
/** Most cells have none of it, and are done with. */
const MAY_BE_MARK = /[〃〞〟″"“”'′‘’＂＇同仝上]/u

interface RowAbove {
  cells: readonly RawCell[]
  merged: FilledRow['merged']
  problems: readonly ImportProblem[]
}

/**
 * The cells of the rows of a sheet, in order, those that only say that they are as above with what
 * stands above them. `keep` is told what could not be read of the row that was filled last.
 */
export function dittoFiller(plan: ColumnPlan) {
  let above: RowAbove | undefined
  return {
    fill({ cells }: FilledRow): { cells: readonly RawCell[]; dittos?: Map<number, Ditto> } {
      const dittos = new Map<number, Ditto>()
      for (const [field, column] of plan) {
        const ditto = dittoOf(field, column, cells[column.index] ?? null, above)
        if (ditto) dittos.set(column.index, ditto)
      }
      if (dittos.size === 0) return { cells }
      const filled = [...cells]
      for (const [index, ditto] of dittos) filled[index] = 'above' in ditto ? ditto.above : null
      return { cells: filled, dittos }
    },
    keep(row: RowAbove): void {
      above = row
    },
  }
}

function dittoOf(
  field: string,
  column: PlannedColumn,
  cell: RawCell,
  above: RowAbove | undefined,
): Ditto | undefined {
  if (typeof cell !== 'string' || cell.length > MARK_MAX || !MAY_BE_MARK.test(cell))
    return undefined
  const written = lineOf(cell).replaceAll(' ', '')
  if (
    ELSEWHERE.test(written) ||
    (NAMES.has(field) && NAMED_AFTER.test(written) && !ABOVE.test(written))
  )
    return { mark: cell, unclear: '不能确定指的是哪一格,请填写实际内容' }
  if (!ABOVE.test(written)) return undefined
  if (!above) return { mark: cell, unclear: '上方没有数据行,不知指什么,请填写实际内容' }
  const value = above.cells[column.index] ?? null
  const isShared = column.merged !== undefined && above.merged?.has(column.index)
  if (isShared || above.problems.some((one) => one.column === column.heading))
    return { mark: cell, unclear: '上一行的这一格未能读取,请填写实际内容' }
  return { mark: cell, above: value }
}
