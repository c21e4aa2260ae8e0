import type { Caller } from '../access/caller.ts'
import { isPermitted } from '../access/permissions.ts'
import type { Reader } from '../platform/database/database.ts'
import { getImport, type ImportRow, type KeptRow, pageOfRows } from './import-store.ts'
import { joinProposalsAmong } from './join-proposals.ts'

export const REPLY_ROWS_MAX = 1000

/** An import as it is listed: who, when, which file, what became of its rows. */
export function importHead(row: ImportRow) {
  const { takenBackAt, takenBackBy, takenBackReason, runBy: _, ...head } = row
  if (takenBackAt === null) return head
  return { ...head, takenBack: { at: takenBackAt, by: takenBackBy, reason: takenBackReason } }
}

/** A row of the file and what became of it. */
export const rowView = ({ sheet, row, status, record, guessed, problems }: KeptRow) => ({
  sheet,
  row,
  status,
  record,
  guessed,
  problems: problems.map(({ column, value, code, reason }) => ({ column, value, code, reason })),
})

/**
 * An import with its first rows and, for callers of the whole county, the operators among them that
 * may be the same as others.
 */
export async function importReport(db: Reader, id: string, caller: Caller) {
  const head = importHead(await getImport(db, id))
  const rows = await pageOfRows(db, id, { after: 0, limit: REPLY_ROWS_MAX })
  const proposed = !head.dryRun && isPermitted(caller, 'read-county')
  const operators = rows.flatMap(({ record }) => operatorOf(record))
  return {
    ...head,
    rows: rows.map(rowView),
    joinProposals: proposed ? await joinProposalsAmong(db, [...new Set(operators)]) : [],
  }
}

const operatorOf = (record: object | null): string[] => {
  const id = (record as { operatorId?: unknown } | null)?.operatorId
  return typeof id === 'string' ? [id] : []
}
