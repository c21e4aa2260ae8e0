import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { audit } from '../access/audit-trail.ts'
import { actorOf, callerOf } from '../access/authenticate.ts'
import { access } from '../access/authorize.ts'
import { noteReveal, revealFields, revealReason } from '../access/reveal.ts'
import type { Deps } from '../deps.ts'
import { Refusal } from '../errors.ts'
import { asked } from '../facts/asked-time.ts'
import { atAnotherTime, regionCode } from '../platform/http/fields.ts'
import { CSV_CHARSETS } from '../platform/spreadsheet/write-csv.ts'
import type { CountyJobs } from '../risk/county-jobs.ts'
import { isLedgerName, LEDGER_NAMES, ledgerFile } from './ledger-file.ts'

const FORMATS = ['xlsx', 'csv']
// Read as words: a ledger that there is not is not found, rather than malformed.
const params = z.strictObject({
  ledger: z.string().meta({ description: '台账 · ledger', enum: [...LEDGER_NAMES] }),
  format: z.string().meta({ description: '文件格式 · file format', enum: FORMATS }),
})
const querystring = z.strictObject({
  ...atAnotherTime,
  region: regionCode.optional(),
  charset: z
    .enum(CSV_CHARSETS)
    .default('utf-8')
    .meta({ description: '仅用于 csv · of csv files only' }),
  ...revealFields,
})
const response = { 200: z.any().meta({ description: '文件 · the file' }) }
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** The ledger of risks is a township's. */
const MAY_READ = Object.fromEntries(
  LEDGER_NAMES.map((name) => [name, name === 'cases' ? 'read-cases' : 'read'] as const),
)

/** The county's ledgers as its superiors expect them. */
export function exportRoutes(deps: Deps, county: CountyJobs) {
  const { db, place } = deps
  return async (app: FastifyInstance) => {
    const config = access({ param: 'ledger', of: MAY_READ }, 'region')
    const schema = {
      tags: ['exports'],
      summary: '导出台账 · a ledger as a file',
      params,
      querystring,
      response,
    }
    app.get('/exports/:ledger.:format', { config, schema }, async (request, reply) => {
      const { ledger, format } = request.params as z.output<typeof params>
      if (!isLedgerName(ledger) || !FORMATS.includes(format)) throw noSuchLedger
      const query = request.query as z.output<typeof querystring>
      const reason = revealReason(callerOf(request), query)
      const at = await asked(query, deps)
      const charset = format === 'csv' ? query.charset : undefined
      const { asOf, fileName, asciiName, content } = await ledgerFile(
        { db: db.read, county },
        {
          ...at,
          ledger,
          charset,
          region: query.region,
          pinned: query.asOf !== undefined || query.knownAt !== undefined,
          county: place,
          caller: callerOf(request),
          revealed: reason !== undefined,
        },
      )
      const { knownAt } = at
      const detail = { format, region: query.region, asOf, knownAt }
      const entry = { action: 'export', subject: 'exports', subjectId: ledger, detail } as const
      await db.note((tx) => audit(tx, actorOf(request), entry))
      if (reason !== undefined) await noteReveal(db, actorOf(request), reason, entry)
      const names = `filename="${asciiName}"; filename*=UTF-8''${encodeURIComponent(fileName)}`
      return reply
        .headers({
          'content-type': charset === undefined ? XLSX : `text/csv; charset=${charset}`,
          'content-disposition': `attachment; ${names}`,
          'x-as-of': asOf,
          'x-known-at': at.knownAt,
          'cache-control': 'no-store',
        })
        .send(Readable.from(content))
    })
  }
}

const noSuchLedger = new Refusal('not-found', 'no-such-ledger', {
  zh: '没有这种台账或文件格式',
  en: 'no such ledger or file format',
})
