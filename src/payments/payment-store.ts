import { and, asc, eq, gt, isNull, lte, sql } from 'drizzle-orm'
import type { Reader } from '../platform/database/database.ts'
import { prepared } from '../platform/database/prepared.ts'
import type { PaymentRow } from './payment.ts'

export async function findPayment(db: Reader, id: string): Promise<PaymentRow | undefined> {
  const { payments } = db.tables
  const [row] = await db.select().from(payments).where(eq(payments.id, id))
  return row
}

/** Whether a receipt stands on a contract: recorded and not reversed. */
export async function receiptStands(
  db: Reader,
  contractId: string,
  receiptNo: string,
): Promise<boolean> {
  return (await standingReceipt(db, { contractId, receiptNo })).length > 0
}

const standingReceipt = prepared((db) => {
  const { payments, paymentReversals: reversals } = db.tables
  return db
    .select({ id: payments.id })
    .from(payments)
    .leftJoin(reversals, eq(reversals.paymentId, payments.id))
    .where(
      and(
        eq(payments.contractId, sql.placeholder('contractId')),
        eq(payments.receiptNo, sql.placeholder('receiptNo')),
        isNull(reversals.id),
      ),
    )
    .limit(1)
})

/** A contract's payments known and not reversed at `knownAt`, in the order of recording. */
export function standingPayments(
  db: Reader,
  contractId: string,
  knownAt: string,
): Promise<PaymentRow[]> {
  return paymentsOf(db, { contractId, knownAt })
}

const paymentsOf = prepared((db) => {
  const { payments: t, paymentReversals: r } = db.tables
  const knownAt = sql.placeholder('knownAt')
  return db
    .select()
    .from(t)
    .where(
      and(
        eq(t.contractId, sql.placeholder('contractId')),
        lte(t.recordedAt, knownAt),
        sql`not exists (select 1 from ${r} where ${r.paymentId} = ${t.id}
          and ${r.recordedAt} <= ${knownAt})`,
      ),
    )
    .orderBy(asc(t.recordedAt), asc(t.id))
})

/** A contract's payments, reversed ones with their reversal, in the order of recording. */
export function pageOfPayments(db: Reader, contractId: string, afterId: string, limit: number) {
  const { payments, paymentReversals: reversals } = db.tables
  return db
    .select({ payment: payments, reversal: reversals })
    .from(payments)
    .leftJoin(reversals, eq(reversals.paymentId, payments.id))
    .where(and(eq(payments.contractId, contractId), gt(payments.id, afterId)))
    .orderBy(asc(payments.id))
    .limit(limit)
}
