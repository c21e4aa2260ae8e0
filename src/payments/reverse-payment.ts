import { eq } from 'drizzle-orm'
import type { Caller } from '../access/caller.ts'
import { operatorOfContract } from '../contracts/require-contract.ts'
import { Refusal } from '../errors.ts'
import { notThere } from '../facts/record-fact.ts'
import type { Writer } from '../platform/database/database.ts'
import type { Tables } from '../platform/database/tables.ts'
import { findPayment } from './payment-store.ts'

/**
 * Reverses a payment that should not have been recorded, or was returned.
 * Refuses: not-found, payment-already-reversed.
 */
export async function reversePayment(
  tx: Writer,
  caller: Caller,
  paymentId: string,
  { reason }: { reason: string },
): Promise<Tables['paymentReversals']['$inferSelect']> {
  const { paymentReversals } = tx.tables
  const payment = await findPayment(tx, paymentId)
  if (!payment) throw notThere({ zh: '收款', en: 'payment' })
  const [before] = await tx
    .select()
    .from(paymentReversals)
    .where(eq(paymentReversals.paymentId, paymentId))
  if (before) {
    const words = { zh: '这笔收款已冲销', en: 'this payment was reversed before' }
    throw new Refusal('conflict', 'payment-already-reversed', words)
  }
  const row = {
    id: tx.newId(),
    paymentId,
    reason,
    recordedAt: tx.recordedAt,
    recordedBy: caller.label,
  }
  await tx.insert(paymentReversals).values(row)
  const { contractId } = payment
  for (const operatorId of await operatorOfContract(tx, contractId))
    tx.touched.addContract(operatorId, contractId)
  return row
}
