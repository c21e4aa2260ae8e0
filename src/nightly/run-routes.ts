import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { audit } from '../access/audit-trail.ts'
import { actorOf } from '../access/authenticate.ts'
import { access } from '../access/authorize.ts'
import type { Deps } from '../deps.ts'
import { asked } from '../facts/asked-time.ts'
import { findReply, keepReply } from '../facts/idempotent.ts'
import { attemptOf, keyHeader, noteAttempt } from '../facts/post-route.ts'
import { notThere } from '../facts/record-fact.ts'
import { pageOf, readCursor } from '../platform/http/cursor.ts'
import { askedDay, noQuery, page } from '../platform/http/fields.ts'
import type { Run } from '../risk/risk-store.ts'
import type { Nights } from './nights.ts'
import { findRun, pageOfRuns } from './run-store.ts'

const AFTER_ALL_DAYS = '9999-12-31'
const body = z.strictObject({ asOf: askedDay }).meta({ examples: [{ asOf: '2024-06-30' }] })
const params = z.strictObject({ asOf: askedDay })
const querystring = z.strictObject(page)
const counts = z
  .object({ contracts: z.int(), scored: z.int(), changed: z.int(), byLevel: z.object({}).loose() })
  .loose()
const view = z.object({
  asOf: z.string(),
  status: z.enum(['running', 'completed', 'failed']),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  policy: z.string(),
  counts,
  failures: z.array(z.object({ contractId: z.string(), code: z.string(), message: z.string() })),
})
const tags = ['runs']

export function runRoutes(deps: Deps, nights: Nights) {
  const { db } = deps
  return async (app: FastifyInstance) => {
    app.post(
      '/risk/runs',
      {
        config: access('county', 'none'),
        schema: {
          tags,
          summary: '研判某日 · run the night of a day',
          headers: keyHeader,
          querystring: noQuery,
          body,
          response: { 200: view },
        },
        preValidation: noteAttempt(deps),
      },
      async (request) => {
        const { asOf } = await asked(request.body as z.output<typeof body>, deps)
        const attempt = attemptOf(request)
        return nights.around(asOf, async (night) => {
          const before = await findReply(db.read, attempt)
          if (before) return before.reply
          const reply = viewOf(await night())
          await db.transaction(async (tx) => {
            const entry = { action: 'run', subject: 'runs', subjectId: asOf } as const
            await audit(tx, actorOf(request), entry)
            await keepReply(tx, attempt, { status: 200, reply })
          })
          return reply
        })
      },
    )
    app.get(
      '/risk/runs',
      {
        config: access('read-county', 'none'),
        schema: {
          tags,
          summary: '列出研判记录 · list runs',
          querystring,
          response: { 200: z.object({ items: z.array(view), nextCursor: z.string().nullable() }) },
        },
      },
      async (request) => {
        const { cursor, limit } = request.query as z.output<typeof querystring>
        const [before = AFTER_ALL_DAYS] = cursor === undefined ? [] : readCursor(cursor, ['string'])
        const rows = await pageOfRuns(db.read, String(before), limit + 1)
        const { shown, nextCursor } = pageOf(rows, limit, ({ asOf }) => [asOf])
        return { items: shown.map(viewOf), nextCursor }
      },
    )
    app.get(
      '/risk/runs/:asOf',
      {
        config: access('read-county', 'none'),
        schema: {
          tags,
          summary: '查看研判记录 · read a run',
          params,
          querystring: noQuery,
          response: { 200: view },
        },
      },
      async (request) => {
        const run = await findRun(db.read, (request.params as z.output<typeof params>).asOf)
        if (!run) throw notThere({ zh: '研判记录', en: 'run' })
        return viewOf(run)
      },
    )
  }
}

/** A run as its latest completed attempt left it. */
function viewOf({ asOf, status, startedAt, finishedAt, policy, counts, failures }: Run) {
  return { asOf, status, startedAt, finishedAt, policy, counts, failures }
}
