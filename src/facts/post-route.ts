import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type AuditEntry, audit } from '../access/audit-trail.ts'
import type { AuditAction } from '../access/audit-words.ts'
import { actorOf, callerOf } from '../access/authenticate.ts'
import type { RouteAccess } from '../access/authorize.ts'
import type { Caller } from '../access/caller.ts'
import type { Deps } from '../deps.ts'
import type { Warning } from '../errors.ts'
import type { Writer } from '../platform/database/database.ts'
import { noQuery, text } from '../platform/http/fields.ts'
import { hookOf } from '../platform/http/hook-of.ts'
import { languageOf } from '../platform/http/problem-details.ts'
import { type Attempt, findReply, hashOf, keepReply } from './idempotent.ts'

/** What a verb answers to the route: the fact as it is shown, and what looks wrong in it. */
export interface Answer {
  view: object
  warnings: Warning[]
  /** A secret that is told in the first answer only: it is not kept for later ones. */
  once?: object
}

interface PostRoute<Params, Body> {
  url: string
  access: RouteAccess
  tag: string
  /** What the audit calls it, if it does not record something new. */
  action?: AuditAction
  summary: string
  params?: z.ZodObject & z.ZodType<Params>
  body: z.ZodObject & z.ZodType<Body>
  /** What is answered; the fact as it was sent, when it is not said. */
  reply?: z.ZodObject
  example: Body
  /** The ETag of an answer, where what is recorded moves something that others move too. */
  tagOf?: (view: { version: number }) => string
  record: (
    tx: Writer,
    caller: Caller,
    params: Params,
    body: Body,
    ifMatch: string | undefined,
  ) => Promise<Answer>
}

/** When and by whom, in every reply about what was recorded. */
export const recordedFields = { recordedAt: z.string(), recordedBy: z.string() }
/** What every reply about a fact carries beside the fact. */
export const ledgerFields = { id: z.string(), ...recordedFields }
const warningsField = z.array(
  z.object({ code: z.string(), field: z.string(), message: z.string() }),
)

// Loose: what validation leaves out of the headers, Fastify would leave out of the request.
export const keyHeader = z.looseObject({ 'idempotency-key': text(200).optional() })

/**
 * A route that records a fact: in one transaction the fact, the risks that it touches, who did it,
 * and the answer kept under the `Idempotency-Key`. The same key waits for the first attempt, then
 * gets its answer again.
 */
export function postRoute<Params, Body>(
  app: FastifyInstance,
  deps: Deps,
  route: PostRoute<Params, Body>,
): void {
  const { url, tag, summary, params, example } = route
  const body = route.body.meta({ examples: [example] })
  const recorded = route.reply ?? route.body.extend(ledgerFields)
  const reply = recorded.extend({ warnings: warningsField }).loose()
  app.post(url, {
    config: { access: route.access },
    schema: {
      tags: [tag],
      summary,
      ...(params && { params }),
      headers: keyHeader,
      querystring: noQuery,
      body,
      response: { 201: reply },
    },
    preValidation: noteAttempt(deps),
    handler: (request, response) => answer(deps, route, request, response),
  })
}

async function answer<Params, Body>(
  { db, refreshRisks }: Deps,
  route: PostRoute<Params, Body>,
  request: FastifyRequest,
  response: FastifyReply,
): Promise<unknown> {
  const attempt = attemptOf(request)
  const kept = await db.transaction(async (tx) => {
    const before = await findReply(tx, attempt)
    if (before) return before
    const { params, body } = request as { params: Params; body: Body }
    const ifMatch = request.headers['if-match']
    const recorded = await route.record(tx, attempt.caller, params, body, ifMatch)
    const { view, warnings, once } = recorded
    await audit(tx, actorOf(request), entryOf(route, params, view))
    await refreshRisks(tx)
    const answered = { status: 201, reply: { ...view, warnings: saidTo(request, warnings) } }
    await keepReply(tx, attempt, answered)
    return { ...answered, reply: { ...answered.reply, ...once } }
  })
  response.code(kept.status)
  if (route.tagOf) response.header('etag', route.tagOf(kept.reply as { version: number }))
  return kept.reply
}

/** Something new stands under its own id, whatever is done to something under that of the path. */
function entryOf(
  { tag: subject, action = 'record' }: Pick<PostRoute<never, never>, 'tag' | 'action'>,
  params: unknown,
  view: { id?: string; version?: number; state?: string; role?: string; regionCode?: string },
): AuditEntry {
  const { id: named } = (params ?? {}) as { id?: string }
  const { id, version, state, role } = view
  // Whoever is let in: as what, and how far.
  const granted = role === undefined ? {} : { role, regionCode: view.regionCode ?? null }
  const isNew = action === 'record' || action === 'add'
  if (!isNew) return { action, subject, subjectId: named, detail: { version, state } }
  return { action, subject, subjectId: id, detail: { of: named, version, ...granted } }
}

const attempts = new WeakMap<FastifyRequest, Attempt>()

/**
 * A hook before validation, where the body still is what was sent: a reused key with another body
 * is a conflict, whatever else is wrong with that body.
 */
export function noteAttempt({ db }: Deps) {
  return hookOf((request) => {
    const { 'idempotency-key': key } = request.headers
    const [path = ''] = request.url.split('?')
    const attempt: Attempt = {
      caller: callerOf(request),
      route: `${request.method} ${path}`,
      key: typeof key === 'string' ? key : undefined,
      bodyHash: key === undefined ? '' : hashOf(request.body),
    }
    attempts.set(request, attempt)
    return key === undefined ? undefined : findReply(db.read, attempt).then(() => {})
  })
}

/** What makes this request the same as another one. */
export function attemptOf(request: FastifyRequest): Attempt {
  const attempt = attempts.get(request)
  if (!attempt) throw new Error(`${request.routeOptions.url} does not note its attempts`)
  return attempt
}

/** Warnings in the language of a request. */
export function saidTo(request: FastifyRequest, warnings: readonly Warning[]) {
  const language = languageOf(request)
  return warnings.map((warning) => ({ ...warning, message: warning.message[language] }))
}
