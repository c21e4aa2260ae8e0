import '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../errors.ts'
import type { Clock, Database } from '../platform/database/database.ts'
import { versionNow } from '../platform/database/until-written.ts'
import { hookOf } from '../platform/http/hook-of.ts'
import { whenThere } from '../platform/when-there.ts'
import type { Actor } from './audit-trail.ts'
import type { Caller } from './caller.ts'
import { type Credential, notingUses } from './credential.ts'
import type { SessionCookie } from './session-cookie.ts'
import { findSession, isCsrfToken, type Session } from './session-store.ts'
import { credentialOf } from './token-store.ts'

interface Authenticating {
  db: Database
  clock: Clock
  place: { code: string }
}

const admitted = new WeakMap<FastifyRequest, { credential: Credential; version: unknown }>()
const sessions = new WeakMap<FastifyRequest, Session>()

type Found = Credential | '' | undefined

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS']

/**
 * A hook that refuses requests without a good `Authorization: Bearer` token, or, where they have no
 * such header, without the cookie of a session; with the cookie, what changes something must also
 * carry the session's `X-CSRF-Token`. Routes for anybody are let through.
 */
export function authenticate({ db, clock, place }: Authenticating, cookie: SessionCookie) {
  const admit = (request: FastifyRequest, reply: FastifyReply, version: unknown, found: Found) => {
    if (!found) {
      reply.header('www-authenticate', 'Bearer')
      throw unauthenticated
    }
    admitted.set(request, { credential: reaching(place.code, found), version })
  }
  return hookOf((request, reply) => {
    if (request.routeOptions.config.access?.may === 'anybody') return
    const { authorization } = request.headers
    const secret = request.cookies[cookie.name]
    const version = versionNow(db.read)
    if (authorization !== undefined) {
      const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1]
      const found = token && credentialOf(db.read, token, clock.now(), version)
      return whenThere(found, (credential) => admit(request, reply, version, credential))
    }
    if (secret === undefined) return admit(request, reply, version, undefined)
    return whenThere(findSession(db.read, secret, clock.now(), version), (session) => {
      if (session) refuseForged(request, secret)
      admit(request, reply, version, session)
      if (session) sessions.set(request, session)
    })
  })
}

/** Whoever is bounded by the county's own code reaches all that the county's database holds. */
function reaching(countyCode: string, credential: Credential): Credential {
  const { caller } = credential
  if (caller.regionCode !== countyCode) return credential
  return { ...credential, caller: { ...caller, regionCode: undefined } }
}

/** Another site can make a browser send its cookie, but cannot know the token. */
function refuseForged({ method, headers }: FastifyRequest, secret: string): void {
  if (SAFE_METHODS.includes(method)) return
  const sent = headers['x-csrf-token']
  if (typeof sent !== 'string' || !isCsrfToken(secret, sent)) throw csrfTokenMissing
}

/** A hook after each reply, that notes the use of what the request came with. */
export function noteUse({ db, clock }: Omit<Authenticating, 'place'>) {
  const note = notingUses(db, clock)
  return hookOf((request) => {
    const credential = admitted.get(request)?.credential
    const failed = (err: unknown) => request.log.warn({ err }, 'a last use was not noted')
    return credential && note(credential, failed)
  })
}

/** The caller of an authenticated request. */
export function callerOf(request: FastifyRequest): Caller {
  const credential = admitted.get(request)?.credential
  if (!credential)
    throw new Error(`${request.method} ${request.routeOptions.url} is not authenticated`)
  return credential.caller
}

/** The id of the caller, once a request is authenticated. */
export const callerIdOf = (request: FastifyRequest): string | undefined =>
  admitted.get(request)?.credential.caller.id

/** As which version of the database a request was authenticated: it need not ask again. */
export const versionSeen = (request: FastifyRequest): unknown => admitted.get(request)?.version

/** Who asks, and from where, as the audit names them. */
export const actorOf = (request: FastifyRequest): Actor => ({
  caller: admitted.get(request)?.credential.caller,
  address: request.ip,
  requestId: request.id,
})

/** The session that a request came with, instead of a token. */
export const sessionOf = (request: FastifyRequest): Session | undefined => sessions.get(request)

const unauthenticated = new Refusal('unauthenticated', 'unauthenticated', {
  zh: '缺少有效的访问令牌(Authorization: Bearer …),也没有有效的登录会话',
  en: 'a valid token (Authorization: Bearer …) or session is required',
})
const csrfTokenMissing = new Refusal(
  'forbidden',
  'csrf-token-missing',
  {
    zh: '缺少本次登录的 X-CSRF-Token,请刷新页面后重试',
    en: 'the X-CSRF-Token of this session is required',
  },
  'X-CSRF-Token',
)
