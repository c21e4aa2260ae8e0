import { Refusal } from '../errors.ts'
import type { Writer } from '../platform/database/database.ts'
import type { ImportLedger, ReadRow } from './import-row.ts'
import type { KeptRow } from './import-store.ts'
import { arrearsKey, recordArrearsOf } from './record-arrears.ts'
import { type ImportRun, type Outcome, recordRow } from './record-row.ts'

export interface NumberedRow {
  /** From 1, in the order of the file. */
  no: number
  read: ReadRow
}

/**
 * Rows that are recorded together: each on its own, except what an arrears ledger says of the rent
 * years of one contract, which may stand in several rows anywhere in the file.
 */
export async function* rowsTogether(
  ledger: ImportLedger,
  batches: AsyncIterable<ReadRow[]>,
): AsyncGenerator<NumberedRow[]> {
  const ofContracts = new Map<string, NumberedRow[]>()
  let no = 0
  for await (const batch of batches) {
    for (const read of batch) {
      no += 1
      if (ledger !== 'arrears' || read.status === 'skipped') {
        yield [{ no, read }]
        continue
      }
      const key = arrearsKey(read as ReadRow<'arrears'>)
      const together = ofContracts.get(key)
      if (together) together.push({ no, read })
      else ofContracts.set(key, [{ no, read }])
    }
  }
  yield* ofContracts.values()
}

/** An outcome that undoes what its rows have written so far. */
class NotKept extends Error {
  readonly outcomes: Outcome[]
  constructor(outcomes: Outcome[]) {
    super('rows are reported')
    this.outcomes = outcomes
  }
}

/** Records rows that belong together: all of them, or none. */
export async function recordTogether(
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
    return {
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
  try {
    return await tx.part(async () => {
      const outcomes = await record(tx, run, ledger, rows)
      if (outcomes.some(({ status }) => status === 'reported')) throw new NotKept(outcomes)
      return outcomes
    })
  } catch (error) {
    if (error instanceof NotKept) return error.outcomes
    if (!(error instanceof Refusal)) throw error
    return rows.map(({ read }) => refusedOutcome(read, error))
  }
}

async function record(
  tx: Writer,
  run: ImportRun,
  ledger: ImportLedger,
  rows: readonly NumberedRow[],
): Promise<Outcome[]> {
  if (ledger === 'arrears') {
    const reads = rows.map(({ read }) => read as ReadRow<'arrears'>)
    return recordArrearsOf(tx, run, reads)
  }
  const outcomes: Outcome[] = []
  for (const { read } of rows) outcomes.push(await recordRow(tx, run, ledger, read))
  return outcomes
}

function refusedOutcome(read: ReadRow, { code, words, field = '' }: Refusal): Outcome {
  const [top = ''] = field.split(/[.[]/)
  const column = read.columns?.[top] ?? field
  const problems = [{ column, value: '', code, reason: words.zh }]
  return {
    status: 'reported',
    problems,
    guessed: read.guessed,
    ...(read.record && { record: read.record }),
  }
}
