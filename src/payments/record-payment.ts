import type { Caller } from '../access/caller.ts'
import { contractFact } from '../contracts/contract.ts'
import { noteActivity } from '../contracts/note-activity.ts'
import { isDueDay } from '../contracts/reschedule.ts'
import { Refusal, type Warning } from '../errors.ts'
import { findFact } from '../facts/fact-store.ts'
import { notThere } from '../facts/record-fact.ts'
import { refuseFuture } from '../facts/refuse-future.ts'
import type { Writer } from '../platform/database/database.ts'
import { insertRows } from '../platform/database/insert-rows.ts'
import type { PaymentBody, PaymentRow } from './payment.ts'
import { receiptStands } from './payment-store.ts'

/**
 * Records money received on a contract, ended ones included.
 * Refuses: not-found (the contract), day-in-future, receipt-already-recorded, no-such-due-day.
 */
export async function recordPayment(
  tx: Writer,
  caller: Caller,
  contractId: string,
  body: PaymentBody,
): Promise<{ row: PaymentRow; warnings: Warning[] }> {
  const contract = await findFact(tx, 'contracts', contractId)
  if (!contract) throw notThere(contractFact.words)
  refuseFuture(tx, 'paidOn', body.paidOn)
  await refuseReusedReceipt(tx, contractId, body.receiptNo)
  if (body.designatedDueOn !== undefined)
    await refuseUnknownDueDay(tx, contractId, body.designatedDueOn)
  const row = {
    id: tx.newId(),
    contractId,
    amountFen: body.amountFen,
    paidOn: body.paidOn,
    receiptNo: body.receiptNo ?? null,
    designatedDueOn: body.designatedDueOn ?? null,
    method: body.method ?? null,
    note: body.note ?? null,
    recordedAt: tx.recordedAt,
    recordedBy: caller.label,
  }
  await insertRows(tx, 'payments', [row])
  await noteActivity(tx, contract.villageCode)
  tx.touched.addContract(contract.operatorId, contractId)
  return { row, warnings: body.receiptNo === undefined ? [receiptMissing] : [] }
}

async function refuseReusedReceipt(
  tx: Writer,
  contractId: string,
  receiptNo: string | undefined,
): Promise<void> {
  if (receiptNo === undefined || !(await receiptStands(tx, contractId, receiptNo))) return
  const words = {
    zh: '该合同已登记过这个收据号',
    en: 'this receipt is already recorded on the contract',
  }
  throw new Refusal('conflict', 'receipt-already-recorded', words, 'receiptNo')
}

async function refuseUnknownDueDay(tx: Writer, contractId: string, dueOn: string): Promise<void> {
  if (await isDueDay(tx, contractId, dueOn)) return
  const words = {
    zh: `该合同没有 ${dueOn} 到期的租金`,
    en: `the contract has no instalment due ${dueOn}`,
  }
  throw new Refusal('rule-broken', 'no-such-due-day', words, 'designatedDueOn')
}

const receiptMissing: Warning = {
  code: 'receipt-no-missing',
  field: 'receiptNo',
  message: { zh: '没有收据号', en: 'no receipt number' },
}
