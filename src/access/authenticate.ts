import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../errors.ts'
import type { Database } from '../platform/database/database.ts'
import type { Caller } from './caller.ts'
import { findCaller } from './token-store.ts'

const callers = new WeakMap<FastifyRequest, Caller>()

/** A hook that refuses requests without a good `Authorization: Bearer` token. */
export function authenticate(db: Database) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
    const caller = token === undefined ? undefined : await findCaller(db.read, token)
    if (caller) {
      callers.set(request, caller)
      return
    }
    reply.header('www-authenticate', 'Bearer')
    const words = {
      zh: '缺少有效的访问令牌(Authorization: Bearer …)',
      en: 'a valid token is required (Authorization: Bearer …)',
    }
    throw new Refusal('unauthenticated', 'unauthenticated', words)
  }
}

/** The caller of an authenticated request. */
export function callerOf(request: FastifyRequest): Caller {
  const caller = callers.get(request)
  if (!caller) throw new Error(`${request.method} ${request.routeOptions.url} is not authenticated`)
  return caller
}
