import { and, asc, eq, isNull } from 'drizzle-orm'
import type { Instalment } from '../domain/contract-terms.ts'
import type { Reader, Writer } from '../platform/database/database.ts'
import { findTerms, pricesFor, termsOf } from './contract-terms-store.ts'
import { scheduleOf } from './schedule-of.ts'

const ROWS_PER_INSERT = 500

/**
 * Brings the stored instalments of a contract up to its terms as they now stand. The schedule that
 * was believed before stays, marked with the instant at which it was superseded.
 */
export async function reschedule(tx: Writer, contractId: string): Promise<void> {
  const facts = await findTerms(tx, contractId)
  const terms = facts && termsOf(facts)
  const schedule = terms ? scheduleOf(terms, await pricesFor(tx, terms)) : []
  const stored = await storedSchedule(tx, contractId)
  if (sameSchedule(stored, schedule)) return
  const { instalments } = tx.tables
  // What this transaction stored itself was never believed by anyone.
  await tx
    .delete(instalments)
    .where(and(eq(instalments.contractId, contractId), eq(instalments.recordedAt, tx.recordedAt)))
  await tx
    .update(instalments)
    .set({ supersededAt: tx.recordedAt })
    .where(and(eq(instalments.contractId, contractId), isNull(instalments.supersededAt)))
  const rows = schedule.map((instalment) => ({
    contractId,
    recordedAt: tx.recordedAt,
    supersededAt: null,
    ...instalment,
  }))
  for (let at = 0; at < rows.length; at += ROWS_PER_INSERT)
    await tx.insert(instalments).values(rows.slice(at, at + ROWS_PER_INSERT))
}

/** Whether an instalment of a contract falls due on a day, as its terms now stand. */
export async function isDueDay(db: Reader, contractId: string, dueOn: string): Promise<boolean> {
  return (await storedSchedule(db, contractId)).some((instalment) => instalment.dueOn === dueOn)
}

function storedSchedule(db: Reader, contractId: string): Promise<Instalment[]> {
  const { instalments: t } = db.tables
  return Promise.resolve(
    db
      .select({
        no: t.no,
        rentYear: t.rentYear,
        periodStart: t.periodStart,
        periodEnd: t.periodEnd,
        dueOn: t.dueOn,
        amountFen: t.amountFen,
        priced: t.priced,
      })
      .from(t)
      .where(and(eq(t.contractId, contractId), isNull(t.supersededAt)))
      .orderBy(asc(t.no)),
  )
}

function sameSchedule(a: readonly Instalment[], b: readonly Instalment[]): boolean {
  const keys = [
    'no',
    'rentYear',
    'periodStart',
    'periodEnd',
    'dueOn',
    'amountFen',
    'priced',
  ] as const
  return (
    a.length === b.length && a.every((one, at) => keys.every((key) => one[key] === b[at]?.[key]))
  )
}
