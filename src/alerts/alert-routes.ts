import { and, asc, desc, eq, gt, lt, or } from 'drizzle-orm'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { audit } from '../access/audit-trail.ts'
import { actorOf, callerOf } from '../access/authenticate.ts'
import { access } from '../access/authorize.ts'
import type { Deps } from '../deps.ts'
import type { Day } from '../domain/calendar-day.ts'
import { asked } from '../facts/asked-time.ts'
import type { Reader } from '../platform/database/database.ts'
import { pageOf, readCursor } from '../platform/http/cursor.ts'
import { askedDay, noQuery, page, regionCode, text } from '../platform/http/fields.ts'
import { alertRecipients, putRecipients } from './alert-recipients.ts'

const RECIPIENTS_MAX = 500
const EMAIL_MAX = 254
const recipient = z.strictObject({
  email: z.email().max(EMAIL_MAX).toLowerCase(),
  name: text(50),
  regionCode,
  active: z.boolean().default(true),
})
// What was read may be sent back as it is.
const whole = { nextCursor: z.null().optional() }
const body = z.strictObject({ items: z.array(recipient).max(RECIPIENTS_MAX), ...whole }).meta({
  examples: [
    {
      items: [{ email: 'duty@example.org', name: '值班室', regionCode: '519901', active: true }],
    },
  ],
})
const list = { 200: z.object({ items: z.array(recipient), nextCursor: z.null() }) }

const querystring = z.strictObject({ ...page, asOf: askedDay.optional() })
const alert = z.object({
  asOf: z.string(),
  email: z.string(),
  kind: z.string(),
  state: z.enum(['queued', 'sent', 'failed']),
  attempts: z.int(),
  messageId: z.string(),
  subject: z.string(),
  changes: z.int(),
  queuedAt: z.string(),
  nextAttemptAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  problem: z.string().nullable(),
})
const alerts = { 200: z.object({ items: z.array(alert), nextCursor: z.string().nullable() }) }
const tags = ['alerts']

/** Who is told every night, and what became of each message. */
export function alertRoutes(deps: Deps) {
  const { db, place } = deps
  return async (app: FastifyInstance) => {
    app.get(
      '/alert-recipients',
      {
        config: access('county', 'none'),
        schema: {
          tags,
          summary: '列出接收人 · list alert recipients',
          querystring: noQuery,
          response: list,
        },
      },
      async () => ({ items: await alertRecipients(db.read), nextCursor: null }),
    )
    app.put(
      '/alert-recipients',
      {
        config: access('county', 'none'),
        schema: {
          tags,
          summary: '设定接收人(整份名单) · put the whole list of alert recipients',
          querystring: noQuery,
          body,
          response: list,
        },
      },
      async (request) => {
        const { items } = request.body as z.output<typeof body>
        await db.transaction(async (tx) => {
          await putRecipients(tx, callerOf(request), items, place.code)
          const detail = { items: items.length }
          await audit(tx, actorOf(request), { action: 'put', subject: 'alert-recipients', detail })
        })
        return { items, nextCursor: null }
      },
    )
    app.get(
      '/alerts',
      {
        config: access('county', 'none'),
        schema: { tags, summary: '列出邮件 · list alerts', querystring, response: alerts },
      },
      async (request) => {
        const { asOf, cursor, limit } = request.query as z.output<typeof querystring>
        if (asOf !== undefined) await asked({ asOf }, deps)
        const after = cursor === undefined ? undefined : readCursor(cursor, ['string', 'string'])
        const rows = await pageOfAlerts(db.read, asOf, after?.map(String), limit + 1)
        const { shown, nextCursor } = pageOf(rows, limit, ({ asOf, id }) => [asOf, id])
        return { items: shown.map(({ id: _id, ...one }) => one), nextCursor }
      },
    )
  }
}

/** Messages without their texts, the latest day first, in the order in which they were queued. */
function pageOfAlerts(
  db: Reader,
  asOf: Day | undefined,
  after: string[] | undefined,
  limit: number,
) {
  const { alerts: t } = db.tables
  const [day = '', id = ''] = after ?? []
  return db
    .select({
      id: t.id,
      asOf: t.asOf,
      email: t.email,
      kind: t.kind,
      state: t.state,
      attempts: t.attempts,
      messageId: t.messageId,
      subject: t.subject,
      changes: t.changes,
      queuedAt: t.queuedAt,
      nextAttemptAt: t.nextAttemptAt,
      endedAt: t.endedAt,
      problem: t.problem,
    })
    .from(t)
    .where(
      and(
        asOf === undefined ? undefined : eq(t.asOf, asOf),
        after && or(lt(t.asOf, day), and(eq(t.asOf, day), gt(t.id, id))),
      ),
    )
    .orderBy(desc(t.asOf), asc(t.id))
    .limit(limit)
}
