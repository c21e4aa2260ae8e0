import type { Clock, Database, Writer } from './platform/database/database.ts'
import type { Mailer } from './platform/mail/mailer.ts'

/** What the edges (routes, jobs, commands) are given. Built once in main.ts, and once per test. */
export interface Deps {
  db: Database
  clock: Clock
  mailer: Mailer
  /** The county that this database is of. */
  place: { code: string; name: string }
  /**
   * Brings the stored risk of all contracts of `tx.touched` up to the facts of this transaction.
   */
  refreshRisks: (tx: Writer) => Promise<void>
}
