import { recorded, versioned } from './fact-columns.ts'
import type { ColumnKit } from './kit-sqlite.ts'

/** The two clocks: rent paid by operators, subsidies paid to them. */
export function defineMoneyTables(c: ColumnKit) {
  return { ...paymentTables(c), ...subsidyTables(c) }
}

function paymentTables(c: ColumnKit) {
  const payments = c.table(
    'payments',
    {
      id: c.id('id'),
      contractId: c.ref('contract_id'),
      amountFen: c.fen('amount_fen'),
      paidOn: c.day('paid_on'),
      receiptNo: c.maybeLabel('receipt_no'),
      designatedDueOn: c.maybeDay('designated_due_on'),
      method: c.maybeLabel('method'),
      note: c.maybeLabel('note'),
      ...recorded(c),
    },
    // Covers a contract's balance and its receipts, so that its rows need not be looked up.
    ({ contractId, paidOn, recordedAt, amountFen, designatedDueOn, id, receiptNo }) => [
      c
        .index('payments_balance')
        .on(contractId, paidOn, recordedAt, amountFen, designatedDueOn, id, receiptNo),
    ],
  )
  const paymentReversals = c.table(
    'payment_reversals',
    {
      id: c.id('id'),
      paymentId: c.ref('payment_id').references(() => payments.id),
      reason: c.label('reason'),
      ...recorded(c),
    },
    (t) => [c.uniqueIndex('reversals_payment').on(t.paymentId)],
  )
  return { payments, paymentReversals }
}

function subsidyTables(c: ColumnKit) {
  const subsidies = c.table(
    'subsidies',
    {
      ...versioned(c),
      operatorId: c.ref('operator_id'),
      contractId: c.maybeRef('contract_id'),
      programme: c.label('programme'),
      year: c.count('year'),
      standing: c.word<'recognised' | 'claimed'>('standing'),
      amountFen: c.fen('amount_fen'),
      documentNo: c.maybeLabel('document_no'),
      fundingSource: c.maybeLabel('funding_source'),
      acceptedOn: c.maybeDay('accepted_on'),
      payableOn: c.maybeDay('payable_on'),
      stage: c.maybeLabel('stage'),
      reasonUnpaid: c.maybeLabel('reason_unpaid'),
      responsibleUnit: c.maybeLabel('responsible_unit'),
    },
    (t) => [
      c.primaryKey({ columns: [t.id, t.version] }),
      c.index('subsidies_operator').on(t.operatorId, t.id),
      c.index('subsidies_contract').on(t.contractId),
    ],
  )
  const subsidyStages = c.table(
    'subsidy_stages',
    {
      ...versioned(c),
      subsidyId: c.ref('subsidy_id'),
      stage: c.label('stage'),
      occurredOn: c.day('occurred_on'),
      standing: c.maybeWord<'recognised' | 'claimed'>('standing'),
      payableOn: c.maybeDay('payable_on'),
      amountFen: c.maybeFen('amount_fen'),
    },
    (t) => [
      c.primaryKey({ columns: [t.id, t.version] }),
      c.index('stages_subsidy').on(t.subsidyId),
    ],
  )
  const disbursements = c.table(
    'disbursements',
    {
      ...versioned(c),
      subsidyId: c.ref('subsidy_id'),
      amountFen: c.fen('amount_fen'),
      paidOn: c.day('paid_on'),
    },
    (t) => [
      c.primaryKey({ columns: [t.id, t.version] }),
      c.index('disbursements_subsidy').on(t.subsidyId),
    ],
  )
  return { subsidies, subsidyStages, disbursements }
}
