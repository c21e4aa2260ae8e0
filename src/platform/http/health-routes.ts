import { sql } from 'drizzle-orm'
import type { FastifyInstance } from 'fastify'
import type { Database } from '../database/database.ts'
import { unlimited } from './request-limits.ts'

/** Live: the process answers. Ready: so does its database. */
export function healthRoutes(db: Database) {
  return async (app: FastifyInstance) => {
    const options = { schema: { hide: true }, config: unlimited }
    app.get('/health/live', options, () => ({ status: 'live' }))
    app.get('/health/ready', options, async (request, reply) => {
      try {
        await db.read.select({ one: sql`1` }).from(db.read.tables.ledgerClock).limit(1)
        return { status: 'ready' }
      } catch (error) {
        request.log.error({ err: error }, 'the database does not answer')
        return reply.code(503).send({ status: 'unavailable' })
      }
    })
  }
}
