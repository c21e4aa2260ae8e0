import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Deps } from '../deps.ts'
import { addDays } from '../domain/calendar-day.ts'
import { Refusal } from '../errors.ts'
import { businessDay, startOfDay } from '../platform/business-day.ts'
import { pageOf, readCursor } from '../platform/http/cursor.ts'
import { day, page, text } from '../platform/http/fields.ts'
import { CSV_CHARSETS } from '../platform/spreadsheet/write-csv.ts'
import { auditFile, auditFileName } from './audit-sheet.ts'
import { type AuditFilter, auditHead, pageOfEntries, pagesOfEntries } from './audit-store.ts'
import { audit } from './audit-trail.ts'
import { ACTION_WORDS, type AuditAction } from './audit-words.ts'
import { actorOf, callerOf } from './authenticate.ts'
import { access } from './authorize.ts'

const ACTIONS = Object.keys(ACTION_WORDS) as [AuditAction, ...AuditAction[]]
const filter = {
  from: day.optional(),
  until: day.optional().meta({ description: '截止日期(含) · the last day, included' }),
  actorId: text(50).optional(),
  action: z.enum(ACTIONS).optional(),
  subject: text(50).optional(),
  subjectId: text(200).optional(),
}
const listQuery = z.strictObject({ ...page, ...filter })
const fileQuery = z.strictObject({ ...filter, charset: z.enum(CSV_CHARSETS).default('utf-8') })
type Asked = Omit<z.output<typeof fileQuery>, 'charset'>
const entry = z.object({
  no: z.int(),
  at: z.string(),
  actorId: z.string(),
  actor: z.string(),
  role: z.string(),
  regionCode: z.string().nullable(),
  address: z.string().nullable(),
  requestId: z.string().nullable(),
  action: z.string(),
  subject: z.string(),
  subjectId: z.string().nullable(),
  detail: z.looseObject({}),
  previousHash: z.string(),
  hash: z.string(),
})
// Read as a word, as that of the other files.
const FORMATS = ['xlsx', 'csv']
const params = z.strictObject({
  format: z.string().meta({ description: '文件格式 · file format', enum: FORMATS }),
})
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** Who did what, and from where. */
export function auditRoutes(deps: Deps) {
  return async (app: FastifyInstance) => {
    listRoute(app, deps)
    fileRoute(app, deps)
  }
}

function listRoute(app: FastifyInstance, { db, clock }: Deps): void {
  const schema = {
    tags: ['audit'],
    summary: '操作审计记录,最新在前 · the audit trail, newest first',
    querystring: listQuery,
    response: { 200: z.object({ items: z.array(entry), nextCursor: z.string().nullable() }) },
  }
  app.get('/audit', { config: access('administer', 'none'), schema }, async (request) => {
    const { cursor, limit, ...asked } = request.query as z.output<typeof listQuery>
    const [before] = cursor === undefined ? [] : (readCursor(cursor, ['number']) as number[])
    const rows = await pageOfEntries(db.read, filterOf(asked, clock.timeZone), before, limit + 1)
    const { shown, nextCursor } = pageOf(rows, limit, ({ no }) => [no])
    return { items: shown, nextCursor }
  })
}

function fileRoute(app: FastifyInstance, { db, clock, place }: Deps): void {
  const schema = {
    tags: ['audit'],
    summary: '导出操作审计记录 · the audit trail as a file',
    params,
    querystring: fileQuery,
    response: { 200: z.any().meta({ description: '文件 · the file' }) },
  }
  const config = access('administer', 'none')
  app.get('/exports/audit.:format', { config, schema }, async (request, reply) => {
    const { format } = request.params as z.output<typeof params>
    if (!FORMATS.includes(format)) throw noSuchFormat
    const { charset, ...asked } = request.query as z.output<typeof fileQuery>
    const { timeZone } = clock
    const { from, until, ...named } = asked
    const detail = { format, from, until, fields: Object.keys(named) }
    const said = { action: 'export', subject: 'exports', subjectId: 'audit', detail } as const
    const entries = (await auditHead(db.read))?.entries ?? 0
    await db.note((tx) => audit(tx, actorOf(request), said))
    const pages = pagesOfEntries(db.read, filterOf(asked, timeZone), entries)
    const today = businessDay(clock.now(), timeZone)
    const span = `${asked.from ?? '启用之日'} 至 ${asked.until ?? today}`
    const { label: exportedBy } = callerOf(request)
    const sheet = { place: place.name, timeZone, day: today, span, exportedBy }
    const { fileName, asciiName } = auditFileName(today, format)
    const names = `filename="${asciiName}"; filename*=UTF-8''${encodeURIComponent(fileName)}`
    return reply
      .headers({
        'content-type': format === 'xlsx' ? XLSX : `text/csv; charset=${charset}`,
        'content-disposition': `attachment; ${names}`,
        'cache-control': 'no-store',
      })
      .send(Readable.from(auditFile(pages, sheet, format === 'xlsx' ? undefined : charset)))
  })
}

/** Days as the instants between which they lie. */
function filterOf({ from, until, ...named }: Asked, timeZone: string): AuditFilter {
  return {
    ...named,
    from: from && startOfDay(from, timeZone),
    until: until && startOfDay(addDays(until, 1), timeZone),
  }
}

const noSuchFormat = new Refusal('not-found', 'no-such-ledger', {
  zh: '没有这种台账或文件格式',
  en: 'no such ledger or file format',
})
