import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { audit } from '../access/audit-trail.ts'
import { actorOf, callerOf } from '../access/authenticate.ts'
import { access } from '../access/authorize.ts'
import type { Deps } from '../deps.ts'
import { composeBrief } from '../domain/brief.ts'
import { Refusal } from '../errors.ts'
import { asked } from '../facts/asked-time.ts'
import { writeDocument } from '../platform/document/write-document.ts'
import { askedDay, instant, regionCode } from '../platform/http/fields.ts'
import { placeOf } from '../regions/place-of-region.ts'
import { findRegion, regionNames } from '../regions/region-store.ts'
import type { CountyJobs } from '../risk/county-jobs.ts'
import { briefFacts } from './brief-facts.ts'

const querystring = z.strictObject({
  asOf: askedDay.optional(),
  knownAt: instant.optional(),
  region: regionCode.optional(),
})
const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

/** The monthly brief for the county's leaders. */
export function briefRoutes(deps: Deps, county: CountyJobs) {
  const { db, place } = deps
  return async (app: FastifyInstance) => {
    app.get(
      '/exports/monthly-brief.docx',
      {
        config: access('read-cases', 'region'),
        schema: {
          tags: ['exports'],
          summary: '欠租风险研判报告(月报) · the monthly brief',
          querystring,
          produces: [DOCX],
        },
      },
      async (request, reply) => {
        const { region, ...time } = request.query as z.output<typeof querystring>
        const at = await asked(time, deps)
        if (region !== undefined) await requireRegion(deps, region)
        const names = await regionNames(db.read, at.knownAt)
        const where = placeOf(region ?? place.code, names, place).join('')
        const parts = composeBrief(
          await briefFacts(
            { db: db.read, county },
            { ...at, region, place: where, caller: callerOf(request) },
          ),
        )
        const title = `${where}土地流转欠租风险研判报告`
        const about = `研判日:${at.asOf} · 内部资料,注意保管`
        const file = await writeDocument({ title, about, day: at.asOf, parts })
        const detail = { format: 'docx', ...at, region }
        const entry = { subject: 'exports', subjectId: 'monthly-brief', detail }
        await db.note((tx) => audit(tx, actorOf(request), { action: 'export', ...entry }))
        return reply
          .type(DOCX)
          .header('content-disposition', disposition(`${title}_${at.asOf}.docx`, at.asOf))
          .header('x-known-at', at.knownAt)
          .send(file)
      },
    )
  }
}

async function requireRegion({ db, place }: Deps, region: string): Promise<void> {
  if (region === place.code || (await findRegion(db.read, region))) return
  const words = { zh: '没有登记这个区划', en: 'no such region' }
  throw new Refusal('rule-broken', 'region-unknown', words, 'region')
}

const disposition = (fileName: string, asOf: string) =>
  `attachment; filename="monthly-brief-${asOf}.docx"; ` +
  `filename*=UTF-8''${encodeURIComponent(fileName)}`
