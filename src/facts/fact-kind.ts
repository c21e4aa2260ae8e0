import type { z } from 'zod'
import type { Caller } from '../access/caller.ts'
import type { Permission } from '../access/permissions.ts'
import type { Warning, Words } from '../errors.ts'
import type { Reader, Writer } from '../platform/database/database.ts'
import type { Tables } from '../platform/database/tables.ts'

/** The day that an answer speaks for, and what it may know. */
export interface AtTime {
  asOf: string
  knownAt: string
}

/** Tables whose rows are versions of facts that can be corrected and withdrawn. */
export type FactTableName =
  | 'operators'
  | 'operatorConditions'
  | 'contracts'
  | 'contractAmendments'
  | 'contractEnds'
  | 'subsidies'
  | 'subsidyStages'
  | 'disbursements'
  | 'petitions'
  | 'screenings'
  | 'repaymentPlans'
  | 'demands'
  | 'mediations'
  | 'operatorJoins'

export type FactRow<N extends FactTableName> = Tables[N]['$inferSelect']

/** The columns of a fact itself, without what the ledger adds to every version. */
type FactColumns<N extends FactTableName> = Omit<
  FactRow<N>,
  'id' | 'version' | 'withdrawn' | 'changeReason' | 'recordedAt' | 'recordedBy'
>

/**
 * A kind of fact: how it is written down, what is refused, what is warned of, whom it touches.
 * Recording, correcting and withdrawing work the same way for all kinds.
 */
export interface FactKind<N extends FactTableName, Body extends object> {
  /** The plural of the path: `POST /{facts}/{id}/correction`. */
  facts: string
  /** Who may record it, correct it and withdraw it, and who may read it. */
  may: { record: Permission; read: Permission }
  /** A second name for it in the paths of one fact. */
  alias?: string
  /** What one is called. */
  words: Words
  table: N
  /** The fact that the path of `POST` names, as in `/operators/{id}/conditions`. */
  parent?: { column: keyof FactColumns<N> & string; table: FactTableName; words: Words }
  body: z.ZodObject & z.ZodType<Body>
  example: Body
  /** Where body and columns differ in more than gaps, which are null in columns. */
  toRow?: (body: Body) => Partial<FactColumns<N>>
  toBody?: (row: FactRow<N>) => object
  /** Fields that `toBody` adds to those of the body. */
  computed?: readonly string[]
  /** What else readers are shown of facts on a day, by id: for example where a subsidy stands. */
  onDay?: (db: Reader, rows: readonly FactRow<N>[], at: AtTime) => Promise<Map<string, object>>
  /** What the first version keeps of whoever records it. */
  ofCaller?: (caller: Caller) => Partial<FactColumns<N>>
  /**
   * Refuses what a rule forbids, names what looks wrong and the caller may know of; `row` is to be
   * written over `before`.
   */
  check: (
    tx: Writer,
    row: FactRow<N>,
    before: FactRow<N> | undefined,
    caller: Caller,
  ) => Promise<Warning[]>
  /** The same for a withdrawal; `row` is the version that still stands. */
  checkWithdrawal?: (tx: Writer, row: FactRow<N>) => Promise<Warning[]>
  /** Follows up on a version that was written, withdrawn ones included. */
  settle?: (tx: Writer, row: FactRow<N>) => Promise<void>
  /** The operators whose contracts' risk depends on this fact. */
  operatorsOf: (tx: Writer, row: FactRow<N>) => Promise<readonly string[]>
}

/** Any kind, for code that treats all of them alike. */
// biome-ignore lint/suspicious/noExplicitAny: a kind takes and gives its body; no type holds all
export type AnyFactKind = FactKind<any, any>
export type AnyFactRow = FactRow<FactTableName>
