import { z } from 'zod'
import type { Tables } from '../platform/database/tables.ts'
import { anyDay, day, positiveFen, prose, text } from '../platform/http/fields.ts'

export type PaymentRow = Tables['payments']['$inferSelect']
export type ReversalRow = Tables['paymentReversals']['$inferSelect']

export const paymentBody = z.strictObject({
  amountFen: positiveFen,
  paidOn: day,
  receiptNo: text(100).optional(),
  designatedDueOn: anyDay.optional(),
  method: text(50).optional(),
  note: prose.optional(),
})
export type PaymentBody = z.output<typeof paymentBody>

export const reversalBody = z.strictObject({ reason: text(500) })
