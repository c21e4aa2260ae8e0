import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { audit } from '../access/audit-trail.ts'
import { actorOf, callerOf } from '../access/authenticate.ts'
import { access } from '../access/authorize.ts'
import type { Deps } from '../deps.ts'
import { day, noQuery, positiveFen, text } from '../platform/http/fields.ts'
import { allGrainPrices, type GrainPriceRow } from './grain-price-store.ts'
import { putGrainPrice } from './put-grain-price.ts'

const FEN_PER_50KG_MAX = 10_000_000
const params = z.strictObject({ grain: text(50), effectiveOn: day })
const body = z
  .strictObject({ fenPer50kg: positiveFen.max(FEN_PER_50KG_MAX), source: text(200) })
  .meta({ examples: [{ fenPer50kg: 12900, source: '国家稻谷最低收购价' }] })
const view = z
  .object({
    grain: z.string(),
    effectiveOn: z.string(),
    fenPer50kg: z.int(),
    source: z.string(),
    recordedAt: z.string(),
    recordedBy: z.string(),
  })
  .loose()

const viewOf = (row: GrainPriceRow) => {
  const { id: _id, version: _version, withdrawn: _withdrawn, changeReason, ...price } = row
  return changeReason === null ? price : { ...price, changeReason }
}

export function grainPriceRoutes({ db, refreshRisks }: Deps) {
  return async (app: FastifyInstance) => {
    const tags = ['grain-prices']
    app.put(
      '/grain-prices/:grain/:effectiveOn',
      {
        config: access('county', 'none'),
        schema: {
          tags,
          summary: '登记粮价 · put a grain price',
          params,
          querystring: noQuery,
          body,
          response: { 200: view },
        },
      },
      (request) =>
        db.transaction(async (tx) => {
          const at = request.params as z.output<typeof params>
          const price = request.body as z.output<typeof body>
          const row = await putGrainPrice(tx, callerOf(request), at, price)
          const { id: subjectId, version } = row
          const detail = { version, effectiveOn: row.effectiveOn }
          const entry = { action: 'put', subject: 'grain-prices', subjectId, detail } as const
          await audit(tx, actorOf(request), entry)
          await refreshRisks(tx)
          return { ...viewOf(row), warnings: [] }
        }),
    )
    const response = { 200: z.object({ items: z.array(view), nextCursor: z.string().nullable() }) }
    app.get(
      '/grain-prices',
      {
        config: access('read', 'none'),
        schema: { tags, summary: '列出粮价 · list grain prices', querystring: noQuery, response },
      },
      async () => ({ items: (await allGrainPrices(db.read)).map(viewOf), nextCursor: null }),
    )
  }
}
