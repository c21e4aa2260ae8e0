import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { access } from '../access/authorize.ts'
import type { Deps } from '../deps.ts'
import { noQuery } from '../platform/http/fields.ts'
import { joinProposals } from './join-proposals.ts'

const proposal = z.object({
  operators: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      uscc: z.string().nullable(),
      contracts: z.int(),
    }),
  ),
  reason: z.enum(['same_uscc', 'similar_name']),
})

/** Which operators may be one; `POST /operators/{id}/joins` says that they are. */
export function joinRoutes({ db }: Deps) {
  return async (app: FastifyInstance) => {
    const schema = {
      tags: ['operator-joins'],
      summary: '可能是同一业主 · operators that may be the same',
      querystring: noQuery,
      response: { 200: z.object({ items: z.array(proposal), nextCursor: z.null() }) },
    }
    app.get(
      '/operator-join-proposals',
      { config: access('read-county', 'none'), schema },
      async () => ({
        items: await joinProposals(db.read),
        nextCursor: null,
      }),
    )
  }
}
