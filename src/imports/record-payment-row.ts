import { asc, eq } from 'drizzle-orm'
import { noteActivity } from '../contracts/note-activity.ts'
import { type PaymentBody, type PaymentRow, paymentBody } from '../payments/payment.ts'
import { recordPayment } from '../payments/record-payment.ts'
import { reversePayment } from '../payments/reverse-payment.ts'
import type { Reader } from '../platform/database/database.ts'
import { findContract } from './find-contract.ts'
import type { PaymentRecord } from './import-row.ts'
import { isClaimed } from './known-facts.ts'
import { villageOf } from './known-regions.ts'
import { isOpening, replaceOpening } from './opening-payments.ts'
import {
  isByHand,
  isRecordedAlone,
  likelyTheSame,
  type RecordedPayment,
  toldOfBefore,
} from './payment-by-hand.ts'
import {
  cellOf,
  fitting,
  given,
  IMPORT_CORRECTION,
  type RowWork,
  refuseSecondWord,
  tellCorrected,
} from './row-work.ts'

/** A row of a list of payments. What differs under the same receipt is reversed and paid anew. */
export async function recordPaymentRow(work: RowWork<PaymentRecord>): Promise<object> {
  const { tx, caller, known, record } = work
  const contract = await findContract(work)
  const { amountFen, paidOn, receiptNo, designatedDueOn, method, note } = record
  const row = { amountFen, paidOn, receiptNo, designatedDueOn, method, note }
  const body = fitting(paymentBody, given(row))
  const operatorName = known.operators.get(contract.operatorId)?.name
  const said = {
    contractId: contract.id,
    ...(contract.contractNo !== null && { contractNo: contract.contractNo }),
    operatorId: contract.operatorId,
    ...(operatorName !== undefined && { operatorName }),
    ...villageOf(known.regions, contract.villageCode),
  }
  await noteActivity(tx, contract.villageCode)
  const recorded = (await paymentsOf(tx, contract.id)).filter((one) => !isOpening(one))
  const named = theSamePayment(work, recorded, body)
  const before = named ?? (await toldOfBefore(work, recorded))
  const merged = { ...(before ? paymentBodyOf(before) : {}), ...body }
  const same = before !== undefined && isSame(paymentBodyOf(before), merged)
  if (before) refuseSecondWord(work, before.id, same, 'receiptNo')
  const isLeft = named && !same && (await isByHand(tx, named))
  if (isLeft) tellLeft(work, named, body)
  const byHand = work.seenBefore && !(await correctedByImport(tx, recorded, before, body))
  if (same || byHand || isLeft) {
    if (before) work.remember.push(() => claim(work, before.id))
    return said
  }
  if (!before) tellOtherSheet(work, recorded, body)
  if (!before) await tellLikely(work, recorded, body)
  await replaceOpening(work, contract.id, merged, before)
  if (before) {
    const reversal = await reversePayment(tx, caller, before.id, { reason: IMPORT_CORRECTION })
    work.facts.push({ kind: 'paymentReversals', id: reversal.id, version: 1 })
  }
  const paid = await recordPayment(tx, caller, contract.id, merged)
  work.facts.push({ kind: 'payments', id: paid.row.id, version: 1 })
  work.remember.push(() => claim(work, paid.row.id))
  if (before) tellCorrected(work, { ...NOTHING_PAID, ...paymentBodyOf(before) }, merged)
  return said
}

const PAYMENT_FIELDS = Object.keys(paymentBody.shape) as (keyof PaymentBody)[]
const NOTHING_PAID = Object.fromEntries(PAYMENT_FIELDS.map((field) => [field, undefined]))

/** What a row says otherwise of a payment that stays as somebody has recorded it. */
function tellLeft(work: RowWork<object>, before: PaymentRow, body: PaymentBody): void {
  for (const field of PAYMENT_FIELDS)
    if (body[field] !== undefined && body[field] !== before[field])
      work.guessed.push({ ...cellOf(work, field), readAs: LEFT })
}

const LEFT = '同一合同同日同额的收款已由人工登记(未写收据号),按同一笔认定,本列未登记'

function claim({ known, fingerprint, sheet }: RowWork<object>, paymentId: string): void {
  known.claims.set(paymentId, fingerprint)
  if (!known.sheets.has(paymentId)) known.sheets.set(paymentId, sheet)
}

/** Tells a new payment that another sheet has, too: a summary beside those of villages. */
function tellOtherSheet(
  work: RowWork<PaymentRecord>,
  recorded: readonly RecordedPayment[],
  { receiptNo, paidOn, amountFen }: PaymentBody,
): void {
  for (const one of recorded) {
    if (one.reversedFor !== undefined || one.paidOn !== paidOn) continue
    if (one.amountFen !== amountFen || (one.receiptNo !== null && receiptNo !== undefined)) continue
    const sheet = work.known.sheets.get(one.id)
    if (sheet === undefined || sheet === work.sheet) continue
    const readAs = `另一工作表(${sheet})有相同的行,另登记一笔,请核对`
    work.guessed.push({ ...cellOf(work, 'amountFen'), readAs })
    return
  }
}

/** That a new payment may be one that is recorded already: nobody can tell but people. */
async function tellLikely(
  work: RowWork<PaymentRecord>,
  recorded: readonly RecordedPayment[],
  body: PaymentBody,
): Promise<void> {
  const likely = await likelyTheSame(work, recorded, body)
  if (!likely) return
  const yuan = (likely.amountFen / 100).toFixed(2)
  const readAs = `另登记一笔;可能与人工登记的 ${likely.paidOn} 收款 ${yuan} 元(未写收据号)是同一笔,请核对`
  work.guessed.push({ ...cellOf(work, 'receiptNo'), readAs })
}

async function paymentsOf(db: Reader, contractId: string): Promise<RecordedPayment[]> {
  const { payments, paymentReversals: reversals } = db.tables
  const rows = await db
    .select({ payment: payments, reason: reversals.reason })
    .from(payments)
    .leftJoin(reversals, eq(reversals.paymentId, payments.id))
    .where(eq(payments.contractId, contractId))
    .orderBy(asc(payments.id))
  return rows.map(({ payment, reason }) => ({ ...payment, reversedFor: reason ?? undefined }))
}

/**
 * By its receipt; else of the same day and amount, and not what another row of the file is about:
 * the second of two equal rows is the second payment. A receipt may be told of one without.
 */
function theSamePayment(
  { known, fingerprint }: RowWork<PaymentRecord>,
  recorded: readonly RecordedPayment[],
  { receiptNo, paidOn, amountFen }: PaymentBody,
): RecordedPayment | undefined {
  const standing = recorded.filter(({ reversedFor }) => reversedFor === undefined)
  const byReceipt =
    receiptNo === undefined ? undefined : standing.find((one) => one.receiptNo === receiptNo)
  if (byReceipt) return byReceipt
  const free = standing.filter(
    (one) =>
      one.paidOn === paidOn &&
      one.amountFen === amountFen &&
      !isClaimed(known, one.id, fingerprint),
  )
  const withoutReceipt = free.find((one) => one.receiptNo === null)
  return withoutReceipt ?? (receiptNo === undefined ? free[0] : undefined)
}

/** A recorded payment as its body was sent. */
export const paymentBodyOf = (payment: PaymentRow): PaymentBody => {
  const { amountFen, paidOn, receiptNo, designatedDueOn, method, note } = payment
  return given({ amountFen, paidOn, receiptNo, designatedDueOn, method, note }) as PaymentBody
}

const isSame = (a: PaymentBody, b: PaymentBody) =>
  PAYMENT_FIELDS.every((field) => a[field] === b[field])

/**
 * Whether a payment stands because an earlier file corrected another one of its receipt, or one
 * without that this very row had been about.
 */
async function correctedByImport(
  db: Reader,
  recorded: readonly RecordedPayment[],
  standing: RecordedPayment | undefined,
  { paidOn, amountFen }: PaymentBody,
): Promise<boolean> {
  if (standing === undefined || standing.receiptNo === null) return false
  const corrected = recorded.filter(({ reversedFor }) => reversedFor === IMPORT_CORRECTION)
  if (corrected.some(({ receiptNo }) => receiptNo === standing.receiptNo)) return true
  const isMeant = (one: RecordedPayment) =>
    one.receiptNo === null && one.paidOn === paidOn && one.amountFen === amountFen
  return corrected.some(isMeant) && !(await isRecordedAlone(db, standing))
}
