import { and, asc, eq, isNull } from 'drizzle-orm'
import type { GrainPrice, Instalment } from '../domain/contract-terms.ts'
import type { FactRow } from '../facts/fact-kind.ts'
import type { Reader, Writer } from '../platform/database/database.ts'
import { insertRows } from '../platform/database/insert-rows.ts'
import { findTerms, pricesFor, type TermFacts, termsOf } from './contract-terms-store.ts'
import { scheduleOf } from './schedule-of.ts'

/** Stores the instalments of a contract that was just recorded: nothing else is known of it. */
export async function schedule(tx: Writer, contract: FactRow<'contracts'>): Promise<void> {
  const prices = await pricesFor(tx, termsOf(asRecorded(contract)))
  await insertInstalments(tx, [[contract.id, instalmentsOfNew(contract, prices)]])
}

/** The instalments of a contract of which nothing else is known. */
export const instalmentsOfNew = (
  contract: FactRow<'contracts'>,
  prices: readonly GrainPrice[],
): Instalment[] => scheduleOf(termsOf(asRecorded(contract)), prices)

const asRecorded = (contract: FactRow<'contracts'>): TermFacts => ({
  contract,
  amendments: [],
  end: undefined,
})

/**
 * Brings the stored instalments of a contract up to its terms as they now stand. The schedule that
 * was believed before stays, marked with the instant at which it was superseded.
 */
export async function reschedule(tx: Writer, contractId: string): Promise<void> {
  const facts = await findTerms(tx, contractId)
  const after = facts ? await scheduleBy(tx, facts) : []
  const stored = await storedSchedule(tx, contractId)
  if (sameSchedule(stored, after)) return
  const { instalments } = tx.tables
  // What this transaction stored itself was never believed by anyone.
  await tx
    .delete(instalments)
    .where(and(eq(instalments.contractId, contractId), eq(instalments.recordedAt, tx.recordedAt)))
  await tx
    .update(instalments)
    .set({ supersededAt: tx.recordedAt })
    .where(and(eq(instalments.contractId, contractId), isNull(instalments.supersededAt)))
  await insertInstalments(tx, [[contractId, after]])
}

async function scheduleBy(db: Reader, facts: TermFacts): Promise<Instalment[]> {
  const terms = termsOf(facts)
  return scheduleOf(terms, await pricesFor(db, terms))
}

/** Stores schedules that hold from now on, by contract. */
export async function insertInstalments(
  tx: Writer,
  schedules: readonly [contractId: string, Instalment[]][],
): Promise<void> {
  const { recordedAt } = tx
  // Field by field: a spread of each of some million instalments is felt.
  const rows = schedules.flatMap(([contractId, schedule]) =>
    schedule.map((one) => ({
      contractId,
      recordedAt,
      supersededAt: null,
      no: one.no,
      rentYear: one.rentYear,
      periodStart: one.periodStart,
      periodEnd: one.periodEnd,
      dueOn: one.dueOn,
      amountFen: one.amountFen,
      priced: one.priced,
    })),
  )
  await insertRows(tx, 'instalments', rows)
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
