import '@fastify/cookie'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Deps } from '../deps.ts'
import { Refusal } from '../errors.ts'
import type { Writer } from '../platform/database/database.ts'
import { noQuery, text } from '../platform/http/fields.ts'
import { onceAMinute } from './audit-refusals.ts'
import { audit } from './audit-trail.ts'
import { actorOf, callerOf, sessionOf } from './authenticate.ts'
import { access } from './authorize.ts'
import { type Caller, callerFrom } from './caller.ts'
import { hashPassword } from './password-hash.ts'
import { PASSWORD_MAX, refuseWeakPassword } from './password-rules.ts'
import type { SessionCookie } from './session-cookie.ts'
import { csrfTokenOf, endSession, findSession, openSession, type Session } from './session-store.ts'
import { beginTry, isRight, passTry } from './user-log-in.ts'
import { setPassword, type User } from './user-store.ts'

const password = z.string().min(1).max(PASSWORD_MAX)
const logIn = z
  .strictObject({ username: text(100), password })
  .meta({ examples: [{ username: 'qingxi', password: '青溪-水稻-320-亩-田' }] })
const newPassword = z
  .strictObject({ current: password, next: password })
  .meta({ examples: [{ current: '青溪-水稻-320-亩-田', next: '秋后-柑桔-110-棵-树' }] })
const who = z.object({
  user: z.object({
    id: z.string(),
    username: z.string().optional(),
    label: z.string(),
    role: z.string(),
    regionCode: z.string().nullable(),
  }),
  csrfToken: z.string().optional(),
  expiresAt: z.string().optional(),
})
const tags = ['session']

/** Logging in and out, and who one is logged in as. */
export function sessionRoutes(deps: Deps, cookie: SessionCookie) {
  const { db, clock } = deps
  const tries = { db, clock, isDue: onceAMinute(clock) }
  const { name, attributes } = cookie
  const secretOf = (request: FastifyRequest) => request.cookies[name] ?? ''
  return async (app: FastifyInstance) => {
    app.put(
      '/session',
      {
        // Anybody may send it: no more than a name and a password.
        bodyLimit: 16_384,
        config: access('anybody', 'none'),
        schema: {
          tags,
          summary: '登录 · log in',
          querystring: noQuery,
          body: logIn,
          response: { 200: who },
        },
      },
      async (request, reply) => {
        const { username, password } = request.body as z.output<typeof logIn>
        const before = await findSession(db.read, secretOf(request), clock.now())
        const opened = await tryPassword(tries, request, username, password, async (tx, user) => {
          const caller = callerFrom(user)
          if (before) await endSession(tx, before.id)
          const session = await openSession(tx, user.id, clock.now())
          const entry = { action: 'log-in', subject: 'sessions', subjectId: session.id } as const
          await audit(tx, { ...actorOf(request), caller }, entry)
          return { ...session, user: shown(caller, user.username) }
        })
        if (!opened) throw wrongCredentials
        const { user, secret, expiresAt } = opened
        reply.setCookie(name, secret, attributes)
        return { user, csrfToken: csrfTokenOf(secret), expiresAt }
      },
    )
    app.get(
      '/session',
      {
        config: access('self', 'none'),
        schema: {
          tags,
          summary: '查看本次登录 · who am I',
          querystring: noQuery,
          response: { 200: who },
        },
      },
      async (request) => {
        const session = sessionOf(request)
        const user = shown(callerOf(request), session?.username)
        if (!session) return { user }
        return { user, csrfToken: csrfTokenOf(secretOf(request)), expiresAt: session.expiresAt }
      },
    )
    app.delete(
      '/session',
      {
        config: access('self', 'none'),
        schema: {
          tags,
          summary: '退出登录 · log out',
          querystring: noQuery,
          response: { 204: z.null() },
        },
      },
      async (request, reply) => {
        const { id } = ownSession(request)
        await db.note(async (tx) => {
          await endSession(tx, id)
          const entry = { action: 'log-out', subject: 'sessions', subjectId: id } as const
          await audit(tx, actorOf(request), entry)
        })
        reply.clearCookie(name, attributes)
        return reply.code(204).send()
      },
    )
    app.put(
      '/session/password',
      {
        config: access('self', 'none'),
        schema: {
          tags,
          summary: '修改自己的密码 · change one’s password',
          querystring: noQuery,
          body: newPassword,
          response: { 200: who },
        },
      },
      async (request) => {
        const { id, username, caller, expiresAt } = ownSession(request)
        const { current, next } = request.body as z.output<typeof newPassword>
        refuseWeakPassword(next, username, 'next')
        if (next === current) throw sameAgain
        const passwordHash = await hashPassword(next)
        const changed = await tryPassword(tries, request, username, current, async (tx, user) => {
          const entry = { action: 'change-password', subject: 'users', subjectId: user.id } as const
          await audit(tx, actorOf(request), entry)
          return setPassword(tx, user.id, passwordHash, id)
        })
        if (!changed) throw currentWrong
        const csrfToken = csrfTokenOf(secretOf(request))
        return { user: shown(caller, username), csrfToken, expiresAt }
      },
    )
  }
}

interface Tries extends Pick<Deps, 'db' | 'clock'> {
  /** Whether a try at what is shut or unknown is audited: there may be any number of them. */
  isDue: (key: string) => boolean
}

/**
 * Does `settle` for the user whose password it is; undefined when it is nobody's. The password is
 * looked at between two transactions: that takes long, and nobody else should wait for it.
 */
async function tryPassword<T>(
  { db, clock, isDue }: Tries,
  request: FastifyRequest,
  username: string,
  password: string,
  settle: (tx: Writer, user: User) => Promise<T>,
): Promise<T | undefined> {
  const begun = await db.note((tx) => beginTry(tx, username, clock.now()))
  const right = await isRight(begun, password)
  return db.note(async (tx) => {
    const user = right ? await passTry(tx, begun) : undefined
    if (user) return settle(tx, user)
    const action = begun.locks ? 'lock-out' : 'fail-log-in'
    const subjectId = begun.user?.id
    if (begun.open || isDue(`${request.ip} ${subjectId}`))
      await audit(tx, actorOf(request), { action, subject: 'users', subjectId })
    return undefined
  })
}

function shown({ id, label, role, regionCode }: Caller, username: string | undefined) {
  const named = username === undefined ? {} : { username }
  return { id, ...named, label, role, regionCode: regionCode ?? null }
}

/** Refuses: session-not-found, for who calls with a token. */
function ownSession(request: FastifyRequest): Session {
  const session = sessionOf(request)
  if (session) return session
  throw new Refusal('not-found', 'session-not-found', {
    zh: '没有登录会话:请求带的是访问令牌',
    en: 'there is no session: the request came with a token',
  })
}

const wrongCredentials = new Refusal('unauthenticated', 'wrong-credentials', {
  zh: '用户名或密码不正确;连续输错 5 次,15 分钟内不能登录',
  en: 'wrong user name or password; after 5 wrong ones there is no log-in for 15 minutes',
})
const currentWrong = new Refusal(
  'rule-broken',
  'current-password-wrong',
  {
    zh: '当前密码不正确;连续输错 5 次,15 分钟内不能再试',
    en: 'not the present password; after 5 wrong ones there is no other try for 15 minutes',
  },
  'current',
)
const sameAgain = new Refusal(
  'rule-broken',
  'password-same',
  { zh: '新密码不能与当前密码相同', en: 'must differ from the present password' },
  'next',
)
