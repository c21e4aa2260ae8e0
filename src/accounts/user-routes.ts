import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { audit } from '../access/audit-trail.ts'
import { actorOf } from '../access/authenticate.ts'
import { access } from '../access/authorize.ts'
import { hashPassword } from '../access/password-hash.ts'
import { PASSWORD_MAX, refuseWeakPassword } from '../access/password-rules.ts'
import { ROLES } from '../access/permissions.ts'
import {
  addUser,
  changeUser,
  getUser,
  listUsers,
  refuseLastAdmin,
  setPassword,
  type User,
} from '../access/user-store.ts'
import type { Deps } from '../deps.ts'
import { postRoute } from '../facts/post-route.ts'
import { noQuery, regionCode, text, uuid } from '../platform/http/fields.ts'

const isAs = { label: text(50), role: z.enum(ROLES), regionCode: regionCode.optional() }
const added = z.strictObject({ username: text(100), ...isAs })
const changed = z.strictObject({ ...isAs, disabled: z.boolean() }).meta({
  examples: [{ label: '青溪镇专班', role: 'recorder', regionCode: '519901101', disabled: false }],
})
const newPassword = z
  .strictObject({ password: z.string().min(1).max(PASSWORD_MAX) })
  .meta({ examples: [{ password: '青溪-水稻-320-亩-田' }] })
const params = z.strictObject({ id: uuid })
type Params = z.output<typeof params>
const view = z.object({
  id: z.string(),
  username: z.string(),
  label: z.string(),
  role: z.string(),
  regionCode: z.string().nullable(),
  /** Without one nobody can log in yet. */
  hasPassword: z.boolean(),
  passwordChangedAt: z.string().nullable(),
  lockedUntil: z.string().nullable(),
  createdAt: z.string(),
  disabledAt: z.string().nullable(),
})
const tag = 'users'
const config = access('administer', 'none')

/** The users of the county, for its admins. */
export function userRoutes(deps: Deps) {
  const { db } = deps
  return async (app: FastifyInstance) => {
    app.get(
      '/users',
      {
        config,
        schema: {
          tags: [tag],
          summary: '列出用户 · list users',
          querystring: noQuery,
          response: { 200: z.object({ items: z.array(view), nextCursor: z.null() }) },
        },
      },
      async () => ({ items: (await listUsers(db.read)).map(viewOf), nextCursor: null }),
    )
    postRoute(app, deps, {
      url: '/users',
      access: config.access,
      tag,
      action: 'add',
      summary: '新建用户(密码另设) · add a user, whose password is set next',
      body: added,
      reply: view,
      example: { username: 'qingxi', label: '青溪镇专班', role: 'recorder' },
      record: async (tx, _caller, _params, wish) => {
        return { view: viewOf(await addUser(tx, wish)), warnings: [] }
      },
    })
    app.put(
      '/users/:id',
      {
        config,
        schema: {
          tags: [tag],
          summary: '修改用户、停用或启用 · change a user, disable or enable',
          params,
          querystring: noQuery,
          body: changed,
          response: { 200: view },
        },
      },
      async (request) => {
        const { id } = request.params as Params
        const body = request.body as z.output<typeof changed>
        return db.transaction(async (tx) => {
          const before = await getUser(tx, id)
          await refuseLastAdmin(tx, id, body)
          const user = await changeUser(tx, id, body)
          const { role, regionCode, disabled } = body
          const was = { roleBefore: before.role, regionBefore: before.regionCode }
          const entry = { action: 'change', subject: tag, subjectId: id } as const
          await audit(tx, actorOf(request), {
            ...entry,
            detail: { role, regionCode: regionCode ?? null, disabled, ...was },
          })
          return viewOf(user)
        })
      },
    )
    app.put(
      '/users/:id/password',
      {
        config,
        schema: {
          tags: [tag],
          summary: '重设用户密码 · set a user’s password',
          params,
          querystring: noQuery,
          body: newPassword,
          response: { 200: view },
        },
      },
      async (request) => {
        const { id } = request.params as Params
        const { password } = request.body as z.output<typeof newPassword>
        const { username } = await getUser(db.read, id)
        refuseWeakPassword(password, username, 'password')
        const passwordHash = await hashPassword(password)
        return db.transaction(async (tx) => {
          const user = await setPassword(tx, id, passwordHash)
          const entry = { action: 'set-password', subject: tag, subjectId: id } as const
          await audit(tx, actorOf(request), entry)
          return viewOf(user)
        })
      },
    )
  }
}

function viewOf({ passwordHash, failures: _, passwordChangedAt, ...user }: User) {
  const hasPassword = passwordHash !== ''
  return { ...user, hasPassword, passwordChangedAt: hasPassword ? passwordChangedAt : null }
}
