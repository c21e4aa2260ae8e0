import { and, asc, gt, isNotNull, isNull, sql } from 'drizzle-orm'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { access } from '../access/authorize.ts'
import { rowsIn, within } from '../access/bounds.ts'
import type { Deps } from '../deps.ts'
import { checkWords } from '../domain/contract-checks.ts'
import type { Words } from '../errors.ts'
import { ALL_KNOWN, standingFacts } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import { pageOf, readCursor } from '../platform/http/cursor.ts'
import { page, regionCode } from '../platform/http/fields.ts'
import { languageOf } from '../platform/http/problem-details.ts'
import { withoutPayableOn } from '../subsidies/subsidy.ts'

const querystring = z.strictObject({ ...page, region: regionCode.optional() })
const item = z
  .object({
    about: z.enum(['contract', 'subsidy']),
    id: z.string(),
    checks: z.array(z.object({ code: z.string(), message: z.string() })),
  })
  .loose()
const response = { 200: z.object({ items: z.array(item), nextCursor: z.string().nullable() }) }

/** What somebody should look at: facts that count for less than they may. */
export function checkRoutes({ db }: Deps) {
  return async (app: FastifyInstance) => {
    const schema = { tags: ['risk'], summary: '待核对事项 · checks', querystring, response }
    app.get('/checks', { config: access('read', 'region'), schema }, async (request) => {
      const { cursor, limit, region } = request.query as z.output<typeof querystring>
      const [about, after] = cursor ? readCursor(cursor, ['string', 'string']) : ['contract', '']
      const items = []
      if (about === 'contract')
        items.push(...(await contractItems(db.read, request, region, String(after), limit + 1)))
      if (items.length <= limit) {
        const from = about === 'subsidy' ? String(after) : ''
        const left = limit + 1 - items.length
        items.push(...(await subsidyItems(db.read, request, region, from, left)))
      }
      const { shown, nextCursor } = pageOf(items, limit, ({ about, id }) => [about, id])
      return { items: shown, nextCursor }
    })
  }
}

async function contractItems(
  db: Reader,
  request: FastifyRequest,
  region: string | undefined,
  after: string,
  limit: number,
) {
  const { risks: t } = db.tables
  const inRegion = region === undefined ? undefined : within(t.villageCode, region)
  const rows = await db
    .select({ id: t.contractId, villageCode: t.villageCode, checks: t.checks })
    .from(t)
    .where(and(isNotNull(t.checks), gt(t.contractId, after), inRegion))
    .orderBy(asc(t.contractId))
    .limit(limit)
  return rows.map(({ id, villageCode, checks }) => ({
    about: 'contract',
    id,
    villageCode,
    checks: (checks ?? []).map((code) => said(request, code, checkWords(code))),
  }))
}

async function subsidyItems(
  db: Reader,
  request: FastifyRequest,
  region: string | undefined,
  after: string,
  limit: number,
) {
  const { subsidies: t, subsidyStages: s } = db.tables
  const undated = sql`not exists (select 1 from ${s}
    where ${s.subsidyId} = ${t.id} and ${s.payableOn} is not null)`
  const rows = await db
    .select({ id: t.id, operatorId: t.operatorId })
    .from(t)
    .where(
      and(
        isNull(t.payableOn),
        undated,
        gt(t.id, after),
        standingFacts(t, ALL_KNOWN),
        rowsIn(db, 'subsidies', region),
      ),
    )
    .orderBy(asc(t.id))
    .limit(limit)
  return rows.map(({ id, operatorId }) => ({
    about: 'subsidy',
    id,
    operatorId,
    checks: [said(request, withoutPayableOn.code, withoutPayableOn.message)],
  }))
}

const said = (request: FastifyRequest, code: string, words: Words) => ({
  code,
  message: words[languageOf(request)],
})
