import type { FastifyInstance, FastifyRequest } from 'fastify'
import { maskedView } from '../../domain/masked-view.ts'

const revealed = new WeakSet<FastifyRequest>()

/** Masks what every reply says about people, but for those that were asked to be shown in full. */
export function maskReplies(app: FastifyInstance): void {
  app.addHook('preSerialization', (request, _reply, payload, done) =>
    done(null, revealed.has(request) ? payload : maskedView(payload)),
  )
}

/** The reply to this request shows people in full: that it does has been noted already. */
export function showInFull(request: FastifyRequest): void {
  revealed.add(request)
}
