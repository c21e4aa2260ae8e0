import { and, eq, isNotNull, isNull, type SQL } from 'drizzle-orm'
import { Refusal } from '../errors.ts'
import type { Reader } from '../platform/database/database.ts'
import { findTerms, pricesFor, type TermFacts, termsOf } from './contract-terms-store.ts'
import { scheduleOf } from './schedule-of.ts'

/**
 * Refuses: payments-stranded, when a change of the terms would leave the `designatedDueOn` of a
 * payment that is not reversed without an instalment; and terms that have no schedule.
 * An end does not ask: designations to periods that it cuts off lapse, and stay lapsed.
 */
export async function refuseStrandedPayments(
  db: Reader,
  contractId: string,
  change: Partial<TermFacts>,
): Promise<void> {
  const before = await findTerms(db, contractId)
  const facts = { amendments: [], end: undefined, ...before, ...change }
  if (!facts.contract) return
  const after = { ...facts, contract: facts.contract }
  const dueDays = await dueDaysOf(db, after)
  const designated = await designatedDays(db, contractId)
  const lapsed = before ? await lapsedBefore(db, before, designated) : new Set<string>()
  const stranded = designated.find((day) => !dueDays.has(day) && !lapsed.has(day))
  if (stranded === undefined) return
  const words = {
    zh: `有收款指定抵付 ${stranded} 到期的租金,变更后没有该期`,
    en: `a payment names the instalment due ${stranded}, which would not exist any more`,
  }
  throw new Refusal('rule-broken', 'payments-stranded', words, 'designatedDueOn')
}

async function dueDaysOf(db: Reader, facts: TermFacts): Promise<Set<string>> {
  const terms = termsOf(facts)
  const schedule = scheduleOf(terms, await pricesFor(db, terms))
  return new Set(schedule.map(({ dueOn }) => dueOn))
}

/** Designations that name no instalment any more before the change: an end has cut them off. */
async function lapsedBefore(
  db: Reader,
  before: TermFacts,
  designated: readonly string[],
): Promise<Set<string>> {
  if (designated.length === 0) return new Set()
  const dueDays = await dueDaysOf(db, before)
  return new Set(designated.filter((day) => !dueDays.has(day)))
}

async function designatedDays(db: Reader, contractId: string): Promise<string[]> {
  const { payments } = db.tables
  const rows = await paymentsNotReversed(db, contractId, isNotNull(payments.designatedDueOn))
  return rows.flatMap(({ day }) => (day === null ? [] : [day]))
}

/** Whether money lies on a contract: a payment that is not reversed. */
export async function hasPayments(db: Reader, contractId: string): Promise<boolean> {
  return (await paymentsNotReversed(db, contractId).limit(1)).length > 0
}

function paymentsNotReversed(db: Reader, contractId: string, condition?: SQL) {
  const { payments, paymentReversals } = db.tables
  return db
    .select({ day: payments.designatedDueOn })
    .from(payments)
    .leftJoin(paymentReversals, eq(paymentReversals.paymentId, payments.id))
    .where(and(eq(payments.contractId, contractId), condition, isNull(paymentReversals.id)))
}
