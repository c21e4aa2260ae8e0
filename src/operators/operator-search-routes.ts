import { and, asc, inArray } from 'drizzle-orm'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { audit } from '../access/audit-trail.ts'
import { actorOf, callerOf } from '../access/authenticate.ts'
import { access } from '../access/authorize.ts'
import { rowsFor } from '../access/bounds.ts'
import type { Deps } from '../deps.ts'
import { viewOf } from '../facts/fact-rows.ts'
import { ALL_KNOWN, standingFacts } from '../facts/fact-store.ts'
import { keyHeader, ledgerFields } from '../facts/post-route.ts'
import { noQuery, text } from '../platform/http/fields.ts'
import { operatorFact } from './operator.ts'

const FOUND_MAX = 100
const body = z.strictObject({ phone: text(40) }).meta({ examples: [{ phone: '138 0013 8000' }] })

/** Operators by their telephone, which stands in no URL. */
export function operatorSearchRoutes({ db }: Deps) {
  return async (app: FastifyInstance) => {
    const items = z.array(operatorFact.body.extend(ledgerFields).loose())
    const schema = {
      tags: ['operators'],
      summary: '按电话查找业主 · find operators by telephone',
      // Records nothing: under a key it is simply asked again.
      headers: keyHeader,
      querystring: noQuery,
      body,
      response: { 200: z.object({ items, nextCursor: z.null() }) },
    }
    const config = access('reveal', 'rows')
    app.post('/operator-searches', { config, schema }, async (request) => {
      const { phone } = request.body as z.output<typeof body>
      const { operators: o } = db.read.tables
      const found = await db.read
        .select()
        .from(o)
        .where(
          and(
            inArray(o.phoneHash, db.read.keys.hashes(phone)),
            standingFacts(o, ALL_KNOWN),
            rowsFor(db.read, 'operators', callerOf(request)),
          ),
        )
        .orderBy(asc(o.id))
        .limit(FOUND_MAX)
      const detail = { ids: found.map(({ id }) => id) }
      const entry = { action: 'search-phone', subject: 'operators', detail } as const
      await db.note((tx) => audit(tx, actorOf(request), entry))
      const items = found.map((row) => viewOf(db.read, operatorFact, row))
      return { items, nextCursor: null }
    })
  }
}
