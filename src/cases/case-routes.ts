import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import { audit } from '../access/audit-trail.ts'
import type { AuditAction } from '../access/audit-words.ts'
import { actorOf, callerOf } from '../access/authenticate.ts'
import { access } from '../access/authorize.ts'
import type { Deps } from '../deps.ts'
import { CASE_STATES } from '../domain/case-stages.ts'
import { LEVELS } from '../domain/levels.ts'
import { asked } from '../facts/asked-time.ts'
import { postRoute, recordedFields } from '../facts/post-route.ts'
import type { Writer } from '../platform/database/database.ts'
import { pageOf, readCursor } from '../platform/http/cursor.ts'
import { noQuery, page, regionCode, text, uuid } from '../platform/http/fields.ts'
import { fixesBody, progressBody, reopeningBody, resolutionBody } from './case-bodies.ts'
import { type CaseTime, storedDay } from './case-contracts.ts'
import { caseDetail, caseView, eventView } from './case-detail.ts'
import { type CasePlace, type CaseQuery, caseQuery, listCases } from './case-list.ts'
import { type CaseRow, getCase, historyOf, lastSeen } from './case-store.ts'
import { caseViews } from './case-view.ts'
import { tagOf } from './hold-version.ts'
import {
  fixCase,
  type Mover,
  noteProgress,
  noteSeen,
  reopenCase,
  resolveCase,
} from './move-case.ts'
import { screeningCoverage } from './screening-coverage.ts'

const params = z.strictObject({ id: uuid })
type Params = z.output<typeof params>
const ifMatch = z.looseObject({ 'if-match': text(200).optional() })
const view = z
  .object({
    id: z.string(),
    number: z.string(),
    operatorId: z.string(),
    operatorName: z.string().nullable(),
    townshipCode: z.string(),
    state: z.enum(CASE_STATES),
    episode: z.int(),
    version: z.int(),
    level: z.enum(LEVELS),
    score: z.int(),
    arrearsFen: z.int(),
    households: z.int(),
    coverageFen: z.int(),
    deadlineOn: z.string().nullable(),
  })
  .loose()
const event = z.object({ id: z.string(), kind: z.string(), recordedAt: z.string() }).loose()
const listOf = (items: z.ZodType) =>
  z.object({ items: z.array(items), nextCursor: z.string().nullable() }).loose()
const tags = ['cases']

/** 风险台账: the ledger of risks. */
export function caseRoutes(deps: Deps) {
  return async (app: FastifyInstance) => {
    listRoute(app, deps)
    readRoute(app, deps)
    historyRoute(app, deps)
    fixesRoute(app, deps)
    moveRoutes(app, deps)
    coverageRoute(app, deps)
  }
}

/** Today with what is known now, and the day that the stored figures speak for. */
async function now(deps: Deps): Promise<CaseTime> {
  const at = await asked({}, deps)
  return { ...at, ...(await storedDay(deps.db.read, at.asOf)) }
}

function listRoute(app: FastifyInstance, deps: Deps): void {
  const { db } = deps
  const response = { 200: listOf(view) }
  const schema = {
    tags,
    summary: '风险台账,最紧迫在前 · list cases, most urgent first',
    querystring: caseQuery,
    response,
  }
  app.get('/cases', { config: access('read-cases', 'region'), schema }, async (request) => {
    const query = request.query as CaseQuery
    const time = await now(deps)
    const after = query.cursor === undefined ? undefined : placeOf(query.cursor)
    const rows = await listCases(db.read, query, time.policy, after, query.limit + 1)
    const { shown, nextCursor } = pageOf(rows, query.limit, ({ score, arrearsFen, row }) => [
      score,
      arrearsFen,
      row.id,
    ])
    return { asOf: time.scoredOn, items: await caseViews(db.read, shown, time), nextCursor }
  })
}

function placeOf(cursor: string): CasePlace {
  const [score, arrearsFen, id] = readCursor(cursor, ['points', 'number', 'string'])
  return { score, arrearsFen, id } as CasePlace
}

function readRoute(app: FastifyInstance, deps: Deps): void {
  const { db } = deps
  const schema = {
    tags,
    summary: '查看风险 · read a case with its history',
    params,
    querystring: noQuery,
    response: { 200: view },
  }
  app.get(
    '/cases/:id',
    { config: access('read-cases', { id: 'cases' }), schema },
    async (request, reply) => {
      const { id } = request.params as Params
      const caller = callerOf(request)
      const { label } = caller
      const before = await getCase(db.read, id)
      if ((await lastSeen(db.read, id, label)) !== before.version)
        await db.transaction((tx) => noteSeen(tx, id, label))
      const row = await getCase(db.read, id)
      return tagged(reply, await caseDetail(db.read, row, await now(deps), caller))
    },
  )
}

function historyRoute(app: FastifyInstance, { db }: Deps): void {
  const querystring = z.strictObject(page)
  const schema = {
    tags,
    summary: '风险的全部经过 · the history of a case',
    params,
    querystring,
    response: { 200: listOf(event) },
  }
  app.get(
    '/cases/:id/history',
    { config: access('read-cases', { id: 'cases' }), schema },
    async (request) => {
      const { id } = request.params as Params
      const { cursor, limit } = request.query as z.output<typeof querystring>
      const row = await getCase(db.read, id)
      const [after = ''] = cursor === undefined ? [] : readCursor(cursor, ['string'])
      const rows = await historyOf(db.read, row.id, String(after), limit + 1)
      const { shown, nextCursor } = pageOf(rows, limit, (entry) => [entry.id])
      return { items: shown.map(eventView), nextCursor }
    },
  )
}

function fixesRoute(app: FastifyInstance, deps: Deps): void {
  const { db } = deps
  const schema = {
    tags,
    summary: '四定:定措施、定责任、定人员、定期限 · set the four fixes',
    params,
    headers: ifMatch,
    querystring: noQuery,
    body: fixesBody,
    response: { 200: view },
  }
  app.put(
    '/cases/:id/fixes',
    { config: access('work-cases', { id: 'cases' }), schema },
    async (request, reply) => {
      const { id } = request.params as Params
      const mover = { caller: callerOf(request), ifMatch: request.headers['if-match'] }
      const moved = await db.transaction(async (tx) => {
        const row = await fixCase(tx, mover, id, request.body as z.output<typeof fixesBody>)
        const detail = { version: row.version, state: row.state }
        const entry = { action: 'fix', subject: 'cases', subjectId: id, detail } as const
        await audit(tx, actorOf(request), entry)
        return shown(tx, row)
      })
      return tagged(reply, moved)
    },
  )
}

function moveRoutes(app: FastifyInstance, deps: Deps): void {
  const move = <Body>(
    name: string,
    action: AuditAction,
    summary: string,
    body: z.ZodObject & z.ZodType<Body>,
    example: Body,
    verb: (tx: Writer, mover: Mover, id: string, body: Body) => Promise<CaseRow>,
  ) =>
    postRoute(app, deps, {
      url: `/cases/:id/${name}`,
      access: { may: 'work-cases', bounds: { id: 'cases' } },
      tag: 'cases',
      action,
      summary,
      params,
      body,
      reply: view.extend(recordedFields),
      example,
      tagOf,
      record: async (tx, caller, { id }, given, ifMatch) => {
        const row = await verb(tx, { caller, ifMatch }, id, given)
        const recorded = { recordedAt: tx.recordedAt, recordedBy: caller.label }
        return { view: { ...(await shown(tx, row)), ...recorded }, warnings: [] }
      },
    })
  const progress = { note: '业主承诺月底前支付一半', occurredOn: '2024-06-20' }
  move('progress', 'progress', '记进展 · note progress', progressBody, progress, noteProgress)
  const settled = { outcome: 'paid' as const, evidence: '村集体收款凭证 0001203' }
  move('resolution', 'resolve', '化解 · resolve a case', resolutionBody, settled, resolveCase)
  const reopened = { reason: '群众反映租金仍未到账' }
  move(
    'reopening',
    'reopen',
    '重新打开 · reopen a resolved case',
    reopeningBody,
    reopened,
    reopenCase,
  )
}

function coverageRoute(app: FastifyInstance, deps: Deps): void {
  const { db } = deps
  const querystring = z.strictObject({ region: regionCode.optional() })
  const item = z.object({ townshipCode: z.string(), flagged: z.int(), visited: z.int() }).loose()
  const schema = {
    tags: ['screenings'],
    summary: '摸排覆盖率(近 90 天) · share of flagged contracts visited, by township',
    querystring,
    response: { 200: listOf(item) },
  }
  app.get('/screening-coverage', { config: access('read', 'region'), schema }, async (request) => {
    const { region } = request.query as z.output<typeof querystring>
    const time = await now(deps)
    const items = await screeningCoverage(db.read, region, time)
    return { asOf: time.asOf, items, nextCursor: null }
  })
}

/** A case as the transaction that moved it leaves it. */
async function shown(tx: Writer, row: CaseRow) {
  const time = { asOf: tx.today, knownAt: tx.recordedAt, ...(await storedDay(tx, tx.today)) }
  return caseView(tx, row, time)
}

function tagged<Reply extends { version: number }>(reply: FastifyReply, body: Reply): Reply {
  reply.header('etag', tagOf(body))
  return body
}
