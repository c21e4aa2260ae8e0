import { recorded, versioned } from './fact-columns.ts'
import type { ColumnKit } from './kit-sqlite.ts'

export interface ImportCounts {
  /** kept + unchanged + reported */
  read: number
  kept: number
  unchanged: number
  reported: number
  /** Titles, headings, 合计, notes under the table; empty rows are not counted. */
  skipped: number
}

/** What was not written in so many words, and how it was read. */
export interface Guess {
  column: string
  value: string
  readAs: string
}

export interface ImportProblem {
  column: string
  value: string
  code: string
  reason: string
}

/** A version of a fact that a row has recorded. */
export interface KeptFact {
  kind: string
  id: string
  version: number
}

/** Spreadsheets that were read in: what was sent, what became of each row. */
export function defineImportTables(c: ColumnKit) {
  const imports = c.table('imports', {
    id: c.id('id'),
    ledger: c.label('ledger'),
    fileName: c.label('file_name'),
    fileHash: c.label('file_hash'),
    dryRun: c.flag('dry_run'),
    /** The region that it was bounded to; null for the whole county. */
    regionCode: c.maybeLabel('region_code'),
    /**
     * `running` until all rows are done; `cut_off` when its process ended before that; `taken_back`
     * when its facts were withdrawn.
     */
    state: c.word<'running' | 'done' | 'cut_off' | 'taken_back'>('state'),
    /** The process that works on it. */
    runBy: c.maybeLabel('run_by'),
    counts: c.json<ImportCounts>('counts'),
    finishedAt: c.maybeInstant('finished_at'),
    takenBackAt: c.maybeInstant('taken_back_at'),
    takenBackBy: c.maybeLabel('taken_back_by'),
    takenBackReason: c.maybeLabel('taken_back_reason'),
    ...recorded(c),
  })
  const importFiles = c.table('import_files', {
    importId: c.id('import_id'),
    content: c.sealedBytes('content'),
  })
  /** How a county calls its columns: every mapping that was saved; the last of a name counts. */
  const importMappings = c.table('import_mappings', {
    id: c.id('id'),
    name: c.label('name'),
    ledger: c.label('ledger'),
    columns: c.json<Record<string, string>>('columns'),
    /** The region of whoever saved it; null for the whole county. */
    regionCode: c.maybeLabel('region_code'),
    ...recorded(c),
  })
  return { imports, importFiles, ...rowTables(c), importMappings, ...joinTable(c) }
}

/** What became of each row, and what is still to be done about it. */
function rowTables(c: ColumnKit) {
  const importRows = c.table(
    'import_rows',
    {
      importId: c.ref('import_id'),
      /** From 1, in the order of the file. */
      no: c.count('no'),
      sheet: c.label('sheet'),
      /** In its sheet, from 1. */
      row: c.count('row'),
      status: c.word<'kept' | 'unchanged' | 'reported' | 'skipped'>('status'),
      /** Of what the row says; null where nothing was kept and nothing is known already. */
      fingerprint: c.maybeLabel('fingerprint'),
      record: c.maybeJson<object>('record'),
      guessed: c.json<Guess[]>('guessed'),
      problems: c.json<ImportProblem[]>('problems'),
      facts: c.json<KeptFact[]>('facts'),
    },
    (t) => [
      c.primaryKey({ columns: [t.importId, t.no] }),
      // Finds rows that an earlier import kept already.
      c.index('import_rows_fingerprint').on(t.fingerprint),
    ],
  )
  /** Operators whose stored risks are still to be brought up to what an import has recorded. */
  const importOperators = c.table(
    'import_operators',
    { importId: c.ref('import_id'), operatorId: c.ref('operator_id') },
    (t) => [c.primaryKey({ columns: [t.importId, t.operatorId] })],
  )
  return { importRows, importOperators }
}

/** 同一业主: two operators that turned out to be one; undone by a withdrawal. */
function joinTable(c: ColumnKit) {
  const operatorJoins = c.table(
    'operator_joins',
    {
      ...versioned(c),
      /** Whose contracts, subsidies, conditions and petitions went over. */
      operatorId: c.ref('operator_id'),
      /** To whom. */
      sameAsId: c.ref('same_as_id'),
      reason: c.label('reason'),
      /** What went over, for the way back. */
      moved: c.json<{ kind: string; id: string }[]>('moved'),
    },
    (t) => [
      c.primaryKey({ columns: [t.id, t.version] }),
      c.index('joins_operator').on(t.operatorId),
    ],
  )
  return { operatorJoins }
}
