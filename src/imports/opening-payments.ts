import type { Day } from '../domain/calendar-day.ts'
import { OPENING_METHOD } from '../domain/opening-balance.ts'
import { ALL_KNOWN } from '../facts/fact-store.ts'
import type { PaymentBody, PaymentRow } from '../payments/payment.ts'
import { standingPayments } from '../payments/payment-store.ts'
import { recordPayment } from '../payments/record-payment.ts'
import { reversePayment } from '../payments/reverse-payment.ts'
import { given, guess, IMPORT_CORRECTION, type RowWork } from './row-work.ts'

/** Whether a payment is one that an opening balance stands for. */
export const isOpening = ({ method }: Pick<PaymentRow, 'method'>): boolean =>
  method === OPENING_METHOD

/** What the note of an opening payment says: by which import, and for which day. */
export const openingNote = (importId: string, asOf: Day): string =>
  `欠租台账导入 ${importId},截至 ${asOf}`

/** The day of the ledger that an opening payment is of. */
export const openingAsOf = ({ note }: PaymentRow): Day | undefined =>
  /截至 (\d{4}-\d{2}-\d{2})$/.exec(note ?? '')?.[1]

type Part = Pick<PaymentRow, 'contractId' | 'amountFen' | 'paidOn' | 'designatedDueOn' | 'note'>

export async function payOpening(work: RowWork<object>, part: Part): Promise<void> {
  const { contractId, amountFen, paidOn, designatedDueOn, note } = part
  const payment = { amountFen, paidOn, designatedDueOn, method: OPENING_METHOD, note }
  const body = given(payment) as PaymentBody
  const { row } = await recordPayment(work.tx, work.caller, contractId, body)
  work.facts.push({ kind: 'payments', id: row.id, version: 1 })
}

export async function reverseOpening(work: RowWork<object>, { id }: PaymentRow): Promise<void> {
  const reversal = await reversePayment(work.tx, work.caller, id, { reason: IMPORT_CORRECTION })
  work.facts.push({ kind: 'paymentReversals', id: reversal.id, version: 1 })
}

/**
 * Takes as much of a contract's opening payments away, the oldest first, as a payment brings that
 * they stood for: what was owed at the day of the arrears ledger is what that ledger says.
 * `before` is the payment that this one corrects.
 */
export async function replaceOpening(
  work: RowWork<object>,
  contractId: string,
  payment: PaymentBody,
  before: PaymentRow | undefined,
): Promise<void> {
  const standing = await standingPayments(work.tx, contractId, ALL_KNOWN)
  let replacedFen = 0
  for (const opening of standing.filter(isOpening).sort(byDay)) {
    const asOf = openingAsOf(opening)
    if (asOf === undefined || !countsBy(asOf, payment)) continue
    const countedFen = before && countsBy(asOf, before) ? before.amountFen : 0
    const openFen = payment.amountFen - countedFen - replacedFen
    if (openFen <= 0) break
    await reverseOpening(work, opening)
    const leftFen = opening.amountFen - openFen
    if (leftFen > 0) await payOpening(work, { ...opening, amountFen: leftFen })
    replacedFen += Math.min(openFen, opening.amountFen)
  }
  if (replacedFen === 0) return
  const readAs = `其中 ${yuan(replacedFen)} 元冲抵期初结转,欠租台账截至日的欠租不变`
  guess(work, 'amountFen', yuan(payment.amountFen), readAs)
}

/** Whether money was received by a day for rent that was due by then. */
const countsBy = (
  asOf: Day,
  { paidOn, designatedDueOn }: { paidOn: Day; designatedDueOn?: Day | null | undefined },
) => paidOn <= asOf && (designatedDueOn ?? '') < asOf

const byDay = (a: PaymentRow, b: PaymentRow) =>
  a.paidOn < b.paidOn ? -1 : a.paidOn > b.paidOn ? 1 : 0

const yuan = (amountFen: number) => (amountFen / 100).toFixed(2)
