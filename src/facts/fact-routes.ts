import { eq, type SQL } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { AuditEntry } from '../access/audit-trail.ts'
import { actorOf, callerOf } from '../access/authenticate.ts'
import { access, type RouteAccess } from '../access/authorize.ts'
import { boundRegion, rowsFor, within } from '../access/bounds.ts'
import { noteReveal, type RevealQuery, revealFields, revealReason } from '../access/reveal.ts'
import type { Deps } from '../deps.ts'
import { LAND_USES } from '../domain/contract-terms.ts'
import type { Database, Reader } from '../platform/database/database.ts'
import { pageOf, readCursor } from '../platform/http/cursor.ts'
import { instant, page, regionCode, text, uuid } from '../platform/http/fields.ts'
import { showInFull } from '../platform/http/masked-replies.ts'
import { asked } from './asked-time.ts'
import type { AnyFactKind, AnyFactRow, FactTableName } from './fact-kind.ts'
import { correctedFact, viewOf } from './fact-rows.ts'
import { findFact, pageOfFacts } from './fact-store.ts'
import { type Answer, ledgerFields, postRoute } from './post-route.ts'
import { correctFact, notThere, type Recorded, recordFact, withdrawFact } from './record-fact.ts'

const idParams = z.strictObject({ id: uuid })
type IdParams = z.output<typeof idParams>
const reasonField = text(500)

/**
 * The routes of one kind of fact: record (`POST url`), list (`GET url`), read, correct, withdraw.
 */
export function factRoutes(deps: Deps, kind: AnyFactKind, url: string) {
  return async (app: FastifyInstance) => {
    const { facts, words, example, alias } = kind
    postRoute(app, deps, {
      url,
      access: { may: kind.may.record, bounds: kind.parent ? { id: kind.parent.table } : 'body' },
      tag: facts,
      summary: `登记${words.zh} · record ${words.en}`,
      ...(kind.parent && { params: idParams }),
      body: kind.body,
      example,
      record: async (tx, caller, params: Partial<IdParams>, body: object) =>
        answered(deps, kind, await recordFact(tx, caller, kind, body, params.id)),
    })
    listRoute(app, deps, kind, url)
    routesOfOne(app, deps, kind, facts)
    if (alias === undefined) return
    await app.register(async (hidden) => {
      hidden.addHook('onRoute', (route) => {
        route.schema = { ...route.schema, hide: true }
      })
      routesOfOne(hidden, deps, kind, alias)
    })
  }
}

const answered = (
  { db }: Deps,
  kind: AnyFactKind,
  { row, warnings }: Recorded<AnyFactRow>,
): Answer => ({ view: viewOf(db.read, kind, row), warnings })

/** Read, correct and withdraw one fact, under the name `facts`. */
function routesOfOne(app: FastifyInstance, deps: Deps, kind: AnyFactKind, facts: string): void {
  const { words, example } = kind
  const changing: RouteAccess = {
    may: kind.may.record,
    bounds: { id: kind.table as FactTableName },
  }
  postRoute(app, deps, {
    url: `/${facts}/:id/correction`,
    access: changing,
    tag: facts,
    action: 'correct',
    summary: `更正${words.zh} · correct ${words.en}`,
    params: idParams,
    body: z.strictObject({ reason: reasonField, fact: correctedFact(kind) }),
    example: { reason: '录入有误', fact: example },
    record: async (tx, caller, { id }, correction) =>
      answered(deps, kind, await correctFact(tx, caller, kind, id, correction)),
  })
  postRoute(app, deps, {
    url: `/${facts}/:id/withdrawal`,
    access: changing,
    tag: facts,
    action: 'withdraw',
    summary: `撤销${words.zh} · withdraw ${words.en}`,
    params: idParams,
    body: z.strictObject({ reason: reasonField }),
    example: { reason: '重复登记' },
    record: async (tx, caller, { id }, { reason }) =>
      answered(deps, kind, await withdrawFact(tx, caller, kind, id, reason)),
  })
  readRoute(app, deps, kind, facts)
}

function readRoute(app: FastifyInstance, deps: Deps, kind: AnyFactKind, facts: string): void {
  const { db } = deps
  const schema = {
    tags: [facts],
    summary: `查看${kind.words.zh} · read ${kind.words.en}`,
    params: idParams,
    querystring: z.strictObject({ knownAt: instant.optional(), ...revealFields }),
    response: { 200: kind.body.extend(ledgerFields).loose() },
  }
  const config = access(kind.may.read, { id: kind.table as FactTableName })
  app.get(`/${facts}/:id`, { config, schema }, async (request) => {
    const { id } = request.params as IdParams
    const { knownAt, ...query } = request.query as { knownAt?: string } & RevealQuery
    const reason = revealReason(callerOf(request), query)
    const at = await asked({ knownAt }, deps)
    const row = await findFact(db.read, kind.table as FactTableName, id, at.knownAt)
    if (!row) throw notThere(kind.words)
    if (reason !== undefined) await showAll(db, request, reason, kind, { subjectId: id })
    const onDay = await kind.onDay?.(db.read, [row], at)
    return { ...viewOf(db.read, kind, row), ...onDay?.get(id) }
  })
}

/** Notes what is shown in full, then shows it. */
async function showAll(
  db: Database,
  request: FastifyRequest,
  reason: string,
  { facts: subject }: AnyFactKind,
  which: Pick<AuditEntry, 'subjectId' | 'detail'>,
): Promise<void> {
  await noteReveal(db, actorOf(request), reason, { subject, ...which })
  showInFull(request)
}

function listRoute(app: FastifyInstance, deps: Deps, kind: AnyFactKind, url: string): void {
  const { db } = deps
  const columns = db.read.tables[kind.table as FactTableName] as unknown as Filterable
  const offered = (column: keyof Filterable) =>
    columns[column] !== undefined && kind.parent?.column !== column
  const querystring = z.strictObject({
    ...page,
    ...revealFields,
    ...(offered('villageCode') && { region: regionCode.optional() }),
    ...(offered('operatorId') && { operatorId: uuid.optional() }),
    ...(offered('contractId') && { contractId: uuid.optional() }),
    ...(offered('landUse') && { landUse: z.enum(LAND_USES).optional() }),
  })
  const items = z.array(kind.body.extend(ledgerFields).loose())
  const schema = {
    tags: [kind.facts],
    summary: `列出${kind.words.zh} · list ${kind.words.en}`,
    ...(kind.parent && { params: idParams }),
    querystring,
    response: { 200: z.object({ items, nextCursor: z.string().nullable() }) },
  }
  const config = access(kind.may.read, kind.parent ? { id: kind.parent.table } : 'rows')
  app.get(url, { config, schema }, async (request) => {
    const query = request.query as ListQuery
    const caller = callerOf(request)
    const reason = revealReason(caller, query)
    const region = boundRegion(caller, query.region)
    const { id } = request.params as Partial<IdParams>
    const ofParent = await parentCondition(db.read, kind, columns, id)
    const [after = ''] = query.cursor === undefined ? [] : readCursor(query.cursor, ['string'])
    const rows = await pageOfFacts(
      db.read,
      kind.table as FactTableName,
      [
        ofParent,
        rowsFor(db.read, kind.table as FactTableName, caller),
        ...filters(columns, { ...query, region }),
      ],
      String(after),
      query.limit + 1,
    )
    const { shown, nextCursor } = pageOf(rows, query.limit, ({ id }) => [id])
    const ids = shown.map(({ id }) => id)
    if (reason !== undefined) await showAll(db, request, reason, kind, { detail: { ids } })
    const onDay = await kind.onDay?.(db.read, shown, await asked({}, deps))
    return {
      items: shown.map((row) => ({ ...viewOf(db.read, kind, row), ...onDay?.get(row.id) })),
      nextCursor,
    }
  })
}

type Filterable = Partial<
  Record<'villageCode' | 'operatorId' | 'contractId' | 'landUse', SQLiteColumn>
>
interface ListQuery extends RevealQuery {
  cursor?: string
  limit: number
  region?: string | undefined
  operatorId?: string
  contractId?: string
  landUse?: string
}

function filters(columns: Filterable, query: ListQuery): (SQL | undefined)[] {
  const equal = (column: SQLiteColumn | undefined, value: string | undefined) =>
    column && value !== undefined ? eq(column, value) : undefined
  return [
    columns.villageCode && query.region ? within(columns.villageCode, query.region) : undefined,
    equal(columns.operatorId, query.operatorId),
    equal(columns.contractId, query.contractId),
    equal(columns.landUse, query.landUse),
  ]
}

async function parentCondition(
  db: Reader,
  { parent }: AnyFactKind,
  columns: Filterable,
  id: string | undefined,
): Promise<SQL | undefined> {
  if (!parent || id === undefined) return undefined
  if (!(await findFact(db, parent.table, id))) throw notThere(parent.words)
  return eq((columns as Record<string, SQLiteColumn>)[parent.column] as SQLiteColumn, id)
}
