import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { actorOf, callerOf } from '../access/authenticate.ts'
import { access } from '../access/authorize.ts'
import { noteReveal, revealFields, revealReason } from '../access/reveal.ts'
import { contractFact } from '../contracts/contract.ts'
import type { Deps } from '../deps.ts'
import { findFact } from '../facts/fact-store.ts'
import { ledgerFields, postRoute } from '../facts/post-route.ts'
import { notThere } from '../facts/record-fact.ts'
import { pageOf, readCursor } from '../platform/http/cursor.ts'
import { page, uuid } from '../platform/http/fields.ts'
import { showInFull } from '../platform/http/masked-replies.ts'
import { type PaymentRow, paymentBody, type ReversalRow, reversalBody } from './payment.ts'
import { pageOfPayments } from './payment-store.ts'
import { recordPayment } from './record-payment.ts'
import { reversePayment } from './reverse-payment.ts'

const params = z.strictObject({ id: uuid })
const querystring = z.strictObject({ ...page, ...revealFields })
const tags = ['payments']

export function paymentRoutes(deps: Deps) {
  return async (app: FastifyInstance) => {
    postRoute(app, deps, {
      url: '/contracts/:id/payments',
      access: { may: 'record', bounds: { id: 'contracts' } },
      tag: 'payments',
      summary: '登记收款 · record a payment',
      params,
      body: paymentBody,
      example: { amountFen: 6_000_000, paidOn: '2024-01-15', receiptNo: '0001203' },
      record: async (tx, caller, { id }, body) => {
        const { row, warnings } = await recordPayment(tx, caller, id, body)
        return { view: viewOf(row), warnings }
      },
    })
    postRoute(app, deps, {
      url: '/payments/:id/reversal',
      access: { may: 'record', bounds: { id: 'payments' } },
      tag: 'payments',
      action: 'reverse',
      summary: '冲销收款 · reverse a payment',
      params,
      body: reversalBody,
      example: { reason: '重复录入' },
      record: async (tx, caller, { id }, body) => ({
        view: await reversePayment(tx, caller, id, body),
        warnings: [],
      }),
    })
    listRoute(app, deps)
  }
}

function listRoute(app: FastifyInstance, { db }: Deps): void {
  const items = z.array(paymentBody.extend(ledgerFields).loose())
  const response = { 200: z.object({ items, nextCursor: z.string().nullable() }) }
  const schema = { tags, summary: '列出收款 · list payments', params, querystring, response }
  app.get(
    '/contracts/:id/payments',
    { config: access('read', { id: 'contracts' }), schema },
    async (request) => {
      const { id } = request.params as z.output<typeof params>
      const { cursor, limit, ...query } = request.query as z.output<typeof querystring>
      const reason = revealReason(callerOf(request), query)
      if (!(await findFact(db.read, 'contracts', id))) throw notThere(contractFact.words)
      const [after = ''] = cursor === undefined ? [] : readCursor(cursor, ['string'])
      const rows = await pageOfPayments(db.read, id, String(after), limit + 1)
      const { shown, nextCursor } = pageOf(rows, limit, ({ payment }) => [payment.id])
      if (reason !== undefined) {
        const detail = { of: id, ids: shown.map(({ payment }) => payment.id) }
        await noteReveal(db, actorOf(request), reason, { subject: 'payments', detail })
        showInFull(request)
      }
      return {
        items: shown.map(({ payment, reversal }) => ({
          ...viewOf(payment),
          ...(reversal && { reversal: reversalView(reversal) }),
        })),
        nextCursor,
      }
    },
  )
}

const reversalView = ({ id, reason, recordedAt, recordedBy }: ReversalRow) => ({
  id,
  reason,
  recordedAt,
  recordedBy,
})

const viewOf = (row: PaymentRow) =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))
