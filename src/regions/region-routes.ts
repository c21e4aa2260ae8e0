import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { audit } from '../access/audit-trail.ts'
import { actorOf, callerOf } from '../access/authenticate.ts'
import { access } from '../access/authorize.ts'
import type { Deps } from '../deps.ts'
import { saidTo } from '../facts/post-route.ts'
import { pageOf, readCursor } from '../platform/http/cursor.ts'
import { day, noQuery, page, regionCode, text } from '../platform/http/fields.ts'
import { putRegion, type RegionBody } from './put-region.ts'
import { pageOfRegions, type RegionRow } from './region-store.ts'

const params = z.strictObject({ code: regionCode })
const body = z
  .strictObject({ name: text(100), secondRoundExpiresOn: day.optional() })
  .meta({ examples: [{ name: '青溪村', secondRoundExpiresOn: '2028-12-31' }] })
const querystring = z.strictObject({
  ...page,
  under: z
    .string()
    .regex(/^\d{1,12}$/)
    .optional(),
})
const view = z
  .object({ code: z.string(), name: z.string(), recordedAt: z.string(), recordedBy: z.string() })
  .loose()

const viewOf = ({ id, name, secondRoundExpiresOn, changeReason, ...recorded }: RegionRow) => ({
  code: id,
  name,
  ...(secondRoundExpiresOn !== null && { secondRoundExpiresOn }),
  ...(changeReason !== null && { changeReason }),
  recordedAt: recorded.recordedAt,
  recordedBy: recorded.recordedBy,
})

export function regionRoutes({ db, place }: Deps) {
  return async (app: FastifyInstance) => {
    app.put(
      '/regions/:code',
      {
        config: access('regions', 'code'),
        schema: {
          tags: ['regions'],
          summary: '登记区划 · put a region',
          params,
          querystring: noQuery,
          body,
          response: { 200: view },
        },
      },
      async (request) => {
        const { code } = request.params as z.output<typeof params>
        const body = request.body as RegionBody
        const { row, warnings } = await db.transaction(async (tx) => {
          const put = await putRegion(tx, callerOf(request), code, body, place.code)
          const detail = { version: put.row.version }
          const entry = { action: 'put', subject: 'regions', subjectId: code, detail } as const
          await audit(tx, actorOf(request), entry)
          return put
        })
        return { ...viewOf(row), warnings: saidTo(request, warnings) }
      },
    )
    const response = { 200: z.object({ items: z.array(view), nextCursor: z.string().nullable() }) }
    app.get(
      '/regions',
      {
        config: access('read', 'rows'),
        schema: { tags: ['regions'], summary: '列出区划 · list regions', querystring, response },
      },
      async (request) => {
        const { under = '', cursor, limit } = request.query as z.output<typeof querystring>
        const [after = ''] = cursor === undefined ? [] : readCursor(cursor, ['string'])
        const rows = await pageOfRegions(
          db.read,
          callerOf(request),
          under,
          String(after),
          limit + 1,
        )
        const { shown, nextCursor } = pageOf(rows, limit, ({ id }) => [id])
        return { items: shown.map(viewOf), nextCursor }
      },
    )
  }
}
