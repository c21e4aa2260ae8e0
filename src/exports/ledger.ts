import type { Caller } from '../access/caller.ts'
import type { AtTime } from '../facts/fact-kind.ts'
import { ALL_KNOWN } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import type { Column, Row } from '../platform/spreadsheet/sheet-rows.ts'
import type { CountyJobs } from '../risk/county-jobs.ts'

/** Where the rows of a ledger come from. */
export interface LedgerSource {
  db: Reader
  county: CountyJobs
}

/** What a ledger is asked for; `asOf` is the day that its figures speak for. */
export interface LedgerWish extends AtTime {
  region: string | undefined
  caller: Caller
  /** Whether people are shown in full. */
  revealed: boolean
  /** Figures are read as they are stored, which speak for the day, not computed from the facts. */
  stored: boolean
}

/** Stored risks speak for all that is recorded by now, and so does what is told beside them. */
export const namesKnownAt = ({ stored, knownAt }: LedgerWish): string =>
  stored ? ALL_KNOWN : knownAt

/** One of the county's ledgers: its rows are read while they are written out. */
export interface Ledger {
  columns: readonly Column[]
  keptColumns: number
  rows: AsyncIterable<Row>
  /** What is summed apart at its end; absent: all in one. */
  sums?: readonly string[]
  /** What its figures mean and how its sums are made. */
  notes: readonly string[]
}
