import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { access } from '../access/authorize.ts'
import { ROLES } from '../access/permissions.ts'
import { addToken, findToken, listTokens, revokeToken, type Token } from '../access/token-store.ts'
import type { Deps } from '../deps.ts'
import { postRoute } from '../facts/post-route.ts'
import { instant, noQuery, regionCode, text, uuid } from '../platform/http/fields.ts'

const body = z.strictObject({
  label: text(50),
  role: z.enum(ROLES),
  regionCode: regionCode.optional(),
  expiresAt: instant.optional(),
})
const params = z.strictObject({ id: uuid })
const view = z.object({
  id: z.string(),
  label: z.string(),
  role: z.string(),
  regionCode: z.string().nullable(),
  /** The characters after lrm_ by which its holder tells it from others. */
  prefix: z.string().nullable(),
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
  lastUsedAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
})
const tag = 'tokens'
const administers = { may: 'administer', bounds: 'none' } as const

/** The tokens of the county, for its admins. A token itself is told once, to whoever makes it. */
export function tokenRoutes(deps: Deps) {
  return async (app: FastifyInstance) => {
    app.get(
      '/tokens',
      {
        config: access('administer', 'none'),
        schema: {
          tags: [tag],
          summary: '列出令牌 · list tokens',
          querystring: noQuery,
          response: { 200: z.object({ items: z.array(view), nextCursor: z.null() }) },
        },
      },
      async () => ({ items: (await listTokens(deps.db.read)).map(viewOf), nextCursor: null }),
    )
    postRoute(app, deps, {
      url: '/tokens',
      access: administers,
      tag,
      action: 'add',
      summary: '新建令牌(令牌只在首次答复中给出) · make a token, told in the first answer only',
      body,
      reply: view.extend({ token: z.string().optional() }),
      example: {
        label: '青溪镇专班',
        role: 'recorder',
        regionCode: '519901101',
        expiresAt: '2099-12-31T16:00:00.000Z',
      },
      record: async (tx, _caller, _params, { expiresAt: until, ...wish }) => {
        const expiresAt = until && new Date(until).toISOString()
        const token = await addToken(tx, { ...wish, expiresAt })
        const made = (await findToken(tx, token)) as Token
        return { view: viewOf(made), warnings: [], once: { token } }
      },
    })
    postRoute(app, deps, {
      url: '/tokens/:id/revocation',
      access: administers,
      tag,
      action: 'revoke',
      summary: '吊销令牌 · revoke a token',
      params,
      body: z.strictObject({}),
      reply: view,
      example: {},
      record: async (tx, _caller, { id }) => {
        return { view: viewOf(await revokeToken(tx, id)), warnings: [] }
      },
    })
  }
}

const viewOf = ({ hash: _, ...token }: Token) => token
