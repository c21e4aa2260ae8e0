import { sql } from 'drizzle-orm'
import type { FastifyInstance } from 'fastify'
import type { Database } from '../database/database.ts'

/** Live: the process answers. Ready: so does its database. */
export function healthRoutes(db: Database) {
  return async (app: FastifyInstance) => {
    const schema = { hide: true }
    app.get('/health/live', { schema }, () => ({ status: 'live' }))
    app.get('/health/ready', { schema }, async (request, reply) => {
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
