import type { Reader, Writer } from '../platform/database/database.ts'
import { allOrNone } from './all-or-none.ts'
import { arrearsGroups } from './arrears-groups.ts'
import { takeAtHand } from './at-hand.ts'
import type { ImportLedger, ReadRow } from './import-row.ts'
import type { KeptRow } from './import-store.ts'
import { maskedRow } from './masked-row.ts'
import { recordArrearsOf } from './record-arrears.ts'
import { type ImportRun, type Outcome, recordRow, workOf } from './record-row.ts'
import type { RowWork } from './row-work.ts'
import { recordWaiting } from './waiting-contracts.ts'

const GROUPS_AT_HAND = 100

export interface NumberedRow {
  /** From 1, in the order of the file. */
  no: number
  read: ReadRow
}

/**
 * Rows that are recorded together, some at a time: each on its own, except what an arrears ledger
 * says of the contracts of one operator, which may stand in several rows anywhere in the file.
 */
export async function* rowsTogether(
  db: Reader,
  run: ImportRun,
  ledger: ImportLedger,
  batches: AsyncIterable<ReadRow[]>,
): AsyncGenerator<NumberedRow[][], void> {
  const ofArrears: NumberedRow[] = []
  let no = 0
  for await (const batch of batches) {
    const groups: NumberedRow[][] = []
    for (const read of batch) {
      no += 1
      if (ledger !== 'arrears' || read.status === 'skipped') groups.push([{ no, read }])
      else ofArrears.push({ no, read })
    }
    if (groups.length > 0) yield groups
  }
  if (ofArrears.length > 0) yield await arrearsGroups(db, run, ofArrears)
}

/**
 * Records some of the rows that are next, in their order, until `until`; at least the first that
 * belong together. Answers how many of them.
 */
export async function recordNext(
  tx: Writer,
  run: ImportRun,
  ledger: ImportLedger,
  groups: readonly NumberedRow[][],
  until: number,
): Promise<{ done: number; rows: KeptRow[] }> {
  const rows: KeptRow[] = []
  let done = 0
  for (const group of groups) {
    if (done > 0 && performance.now() >= until) break
    const next = () => readsOf(groups.slice(done, done + GROUPS_AT_HAND).flat())
    await takeAtHand(tx, run, ledger, readsOf(group), next)
    rows.push(...(await recordTogether(tx, run, ledger, group)))
    done += 1
  }
  await recordWaiting(tx, run.known)
  return { done, rows }
}

const readsOf = (rows: readonly NumberedRow[]) => rows.map(({ read }) => read)

/** Records rows that belong together. */
async function recordTogether(
  tx: Writer,
  run: ImportRun,
  ledger: ImportLedger,
  rows: readonly NumberedRow[],
): Promise<KeptRow[]> {
  const outcomes = await outcomesOf(tx, run, ledger, rows)
  return rows.map(({ no, read }, at) => {
    const { sheet, row } = read
    const outcome = outcomes[at]
    const said = outcome ?? { ...read, status: statusOf(read) }
    const kept = {
      importId: run.importId,
      no,
      sheet,
      row,
      status: said.status,
      fingerprint: outcome && 'fingerprint' in outcome ? outcome.fingerprint : null,
      record: said.record ?? (read.headings ? { headings: read.headings } : null),
      guessed: said.guessed,
      problems: 'problems' in said ? said.problems : read.problems,
      facts: outcome && 'facts' in outcome ? outcome.facts : [],
    }
    return maskedRow(kept, read.columns ?? {})
  })
}

const statusOf = ({ status }: ReadRow) => (status === 'skipped' ? 'skipped' : 'reported')

/** None for rows that were not read. */
async function outcomesOf(
  tx: Writer,
  run: ImportRun,
  ledger: ImportLedger,
  rows: readonly NumberedRow[],
): Promise<Outcome[]> {
  if (!rows.some(({ read }) => read.status === 'read')) return []
  const reads = readsOf(rows)
  if (ledger === 'arrears') return recordArrearsOf(tx, run, reads as ReadRow<'arrears'>[])
  const works: RowWork<object>[] = reads.map((read) => workOf(tx, run, ledger, read))
  return allOrNone(tx, works, async () => {
    const outcomes: Outcome[] = []
    for (const work of works) outcomes.push(await recordRow(work, ledger))
    return outcomes
  })
}
