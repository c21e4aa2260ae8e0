import type { Caller } from '../access/caller.ts'
import { Refusal } from '../errors.ts'
import type { Reader, Writer } from '../platform/database/database.ts'
import type { Guess, ImportProblem, KeptFact } from '../platform/database/tables-of-imports.ts'
import { fingerprintOf } from './at-hand.ts'
import type { ImportLedger, ImportRecords, ReadRow } from './import-row.ts'
import { type Known, loadKnown } from './known-facts.ts'
import { recordContract } from './record-contract.ts'
import { recordGrainPrice } from './record-grain-price.ts'
import { recordOperator } from './record-operator.ts'
import { recordPaymentRow } from './record-payment-row.ts'
import { recordRegion } from './record-region.ts'
import { recordSubsidy } from './record-subsidy.ts'
import { cellOf, type RowWork } from './row-work.ts'

/** One import under way. When a transaction of it is undone, it cannot go on: begin a new one. */
export interface ImportRun {
  importId: string
  caller: Caller
  countyCode: string
  known: Known
}

/** What became of a row. `facts` are the versions that it has recorded, in order. */
export type Outcome =
  | {
      status: 'kept' | 'unchanged'
      fingerprint: string
      record: object
      facts: KeptFact[]
      guessed: Guess[]
    }
  | { status: 'reported'; problems: ImportProblem[]; record?: object; guessed: Guess[] }

export async function newRun(
  db: Reader,
  caller: Caller,
  importId: string,
  countyCode: string,
): Promise<ImportRun> {
  return { importId, caller, countyCode, known: await loadKnown(db, caller) }
}

const RECORDERS: {
  [L in Exclude<ImportLedger, 'arrears'>]: (work: RowWork<ImportRecords[L]>) => Promise<object>
} = {
  regions: recordRegion,
  operators: recordOperator,
  contracts: recordContract,
  payments: recordPaymentRow,
  subsidies: recordSubsidy,
  'grain-prices': recordGrainPrice,
}

/**
 * Records what a row says that the ledger does not know yet. A row that is reported may have
 * written something before it was refused: it is recorded in a `tx.part` that undoes that.
 */
export async function recordRow(
  work: RowWork<object>,
  ledger: Exclude<ImportLedger, 'arrears'>,
): Promise<Outcome> {
  try {
    const recorder = RECORDERS[ledger] as (work: RowWork<object>) => Promise<object>
    const said = await recorder(work)
    for (const remember of work.remember) remember()
    return {
      status: work.facts.length > 0 ? 'kept' : 'unchanged',
      fingerprint: work.fingerprint,
      record: { ...work.record, ...said },
      facts: work.facts,
      guessed: work.guessed,
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (work.seenBefore && work.facts.length === 0) return unchanged(work)
    return reported(work, error)
  }
}

/** A row with what it is looked up in, which is at hand. */
export function workOf<L extends ImportLedger>(
  tx: Writer,
  { caller, countyCode, known }: ImportRun,
  ledger: L,
  row: ReadRow<L>,
): RowWork<ImportRecords[L]> {
  const record = row.record as ImportRecords[L]
  const fingerprint = fingerprintOf(known, ledger, row)
  return {
    tx,
    caller,
    countyCode,
    sheet: row.sheet,
    known,
    record,
    columns: row.columns ?? {},
    written: row.written ?? {},
    fingerprint,
    seenBefore: known.atHand.imported.has(fingerprint),
    guessed: [...row.guessed],
    facts: [],
    remember: [],
  }
}

const unchanged = ({ fingerprint, record, guessed }: RowWork<object>): Outcome => ({
  status: 'unchanged',
  fingerprint,
  record,
  facts: [],
  guessed,
})

/** A refusal in the words of the file: which column, what stands there. */
export function reported(work: RowWork<object>, { code, words, field = '' }: Refusal): Outcome {
  const { record, guessed } = work
  const problem = { ...cellOf(work, field), code, reason: words.zh }
  return { status: 'reported', problems: [problem], record, guessed }
}
