import type { ImportLedger, ImportRecords } from './import-row.ts'
import type { RowCells } from './row-cells.ts'

/** A column that a ledger may have. */
export interface LedgerColumn {
  /** Its name for a mapping. */
  field: string
  /** How this service's own sheets head it, then how others do: the first that is there counts. */
  headings: readonly string[]
  /** A cell merged over rows is their sum: `refuse` them all, or count it on the `first` only. */
  merged?: 'refuse' | 'first'
  /** What lies beside it under one heading may be left out: 村组 over the village and its group. */
  isPlace?: boolean
}

/** How a ledger is recognised and read. */
export interface LedgerColumns<L extends ImportLedger = ImportLedger> {
  /** What its sheets are called, so that one of another ledger is not taken for it. */
  sheetNames: RegExp
  columns: readonly LedgerColumn[]
  /** A field that may have a column for each year instead. */
  byYear?: string
  /** Of each group one column must be there: the fields. */
  needed: readonly (readonly string[])[]
  /** Headings of such a ledger of which nothing is recorded: told where a cell says something. */
  unused: readonly string[]
  /** Those of them that say nothing of their own, beside 序号. */
  untold?: readonly string[]
  /**
   * The ledger as this service hands it out: the headings at its end, which no other has, and what
   * it writes into columns that are not read again. A cell that reads otherwise is somebody's.
   */
  own?: { end: readonly string[]; writes: Readonly<Record<string, RegExp>> }
  /** Fields of the record that are read from a column of another name: the first that is there. */
  sources?: Readonly<Record<string, readonly string[]>>
  read(row: RowCells): Partial<ImportRecords[L]>
}

/** Headings, which have no spaces in them. */
export const words = (text: string): string[] => text.trim().split(/\s+/)
