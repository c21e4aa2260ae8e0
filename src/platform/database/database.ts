import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core'
import type { Day } from '../../domain/calendar-day.ts'
import type { KeyRing } from './key-ring.ts'
import type { Tables } from './tables.ts'
import type { Touched } from './touched.ts'

type Handle = BaseSQLiteDatabase<'async', unknown>

/** Sees committed data. Has no insert, update or delete. */
export type Reader = Pick<Handle, 'select' | 'selectDistinct' | 'with' | '$with'> & {
  tables: Tables
  /** Of the personal data in it. */
  keys: KeyRing
}

/** One open write transaction, and what holds for every fact that it records. */
export type Writer = Reader &
  Pick<Handle, 'insert' | 'update' | 'delete'> & {
    /** Taken while holding the write lock; later than that of every earlier transaction. */
    recordedAt: string
    /** That of the transaction before it; undefined for the first. */
    previousAt: string | undefined
    /** The business day on which it is recorded. */
    today: Day
    /** An id for a new row: ids sort in the order of recording. */
    newId: () => string
    /** Operators whose contracts' risk the facts of this transaction may have changed. */
    touched: Touched
    /** Whether others wait for its end: what can be done in another one is left for later then. */
    isAwaited: () => boolean
    /** Runs a part of the transaction: when it throws, only what it wrote is undone. */
    part: <T>(work: () => Promise<T>) => Promise<T>
  }

export interface Database {
  read: Reader
  /** Runs `work` in one write transaction: all of it is kept, or none. Cannot be nested. */
  transaction<T>(work: (tx: Writer) => Promise<T>): Promise<T>
  /**
   * The same for what is no fact: who asked, who was shown what. `knownAt` stays where it was.
   */
  note<T>(work: (tx: Writer) => Promise<T>): Promise<T>
  /** A copy of all that is committed, for one caller alone; it is gone when it is closed. */
  copy(): Promise<Database>
  close(): Promise<void>
}

/** The clock that a database stamps its transactions with. */
export interface Clock {
  now: () => Date
  timeZone: string
}
