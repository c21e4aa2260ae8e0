import { pageOfEntries } from '../access/audit-store.ts'
import { daysBetween } from '../domain/calendar-day.ts'
import type { PaymentBody, PaymentRow } from '../payments/payment.ts'
import type { Reader } from '../platform/database/database.ts'
import type { PaymentRecord } from './import-row.ts'
import { isClaimed } from './known-facts.ts'
import { foundBefore, rowFingerprint } from './row-fingerprint.ts'
import type { RowWork } from './row-work.ts'

export interface RecordedPayment extends PaymentRow {
  /** undefined: it stands. */
  reversedFor: string | undefined
}

/** An import is in the audit trail as a whole, what people record one by one. */
export async function isRecordedAlone(db: Reader, { id }: PaymentRow): Promise<boolean> {
  const recording = { action: 'record', subject: 'payments', subjectId: id }
  return (await pageOfEntries(db, recording, undefined, 1)).length > 0
}

/** Whether somebody has recorded a payment without its receipt himself. */
export const isByHand = async (db: Reader, payment: PaymentRow): Promise<boolean> =>
  payment.receiptNo === null && (await isRecordedAlone(db, payment))

/** Payments that stand without a receipt, and that no other row of the file is about. */
const withoutReceipt = (
  { known, fingerprint }: RowWork<PaymentRecord>,
  recorded: readonly RecordedPayment[],
) =>
  recorded.filter(
    ({ id, receiptNo, reversedFor }) =>
      receiptNo === null && reversedFor === undefined && !isClaimed(known, id, fingerprint),
  )

/**
 * The payment recorded by hand, without a receipt, that an earlier file told the same receipt of:
 * with its day and its amount the row would read as it did then, so that it corrects that payment.
 */
export async function toldOfBefore(
  work: RowWork<PaymentRecord>,
  recorded: readonly RecordedPayment[],
): Promise<RecordedPayment | undefined> {
  const { tx, caller, record } = work
  if (record.receiptNo === undefined) return undefined
  const candidates = new Map(
    withoutReceipt(work, recorded).map((one) => {
      const { amountFen, paidOn } = one
      return [rowFingerprint('payments', { ...record, amountFen, paidOn }), one]
    }),
  )
  const found = await foundBefore(tx, caller, [...candidates.keys()])
  const [fingerprint, ...others] = found
  return others.length === 0 ? candidates.get(fingerprint ?? '') : undefined
}

const DAYS_APART_MAX = 92

/** One of them that differs in the day alone, by not too much, or in the amount alone. */
export async function likelyTheSame(
  work: RowWork<PaymentRecord>,
  recorded: readonly RecordedPayment[],
  { receiptNo, paidOn, amountFen }: PaymentBody,
): Promise<RecordedPayment | undefined> {
  if (receiptNo === undefined) return undefined
  for (const one of withoutReceipt(work, recorded)) {
    const daysApart = Math.abs(daysBetween(one.paidOn, paidOn))
    const isClose = one.amountFen === amountFen ? daysApart <= DAYS_APART_MAX : daysApart === 0
    if (isClose && (await isByHand(work.tx, one))) return one
  }
  return undefined
}
