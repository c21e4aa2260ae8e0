import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { maskedView } from '../../domain/masked-view.ts'

const revealed = new WeakSet<FastifyRequest>()

/** Masks what every reply says about people, but for those that were asked to be shown in full. */
export function maskReplies(app: FastifyInstance): void {
  app.addHook('preSerialization', (request, _reply, payload, done) =>
    done(null, revealed.has(request) ? payload : maskedView(payload)),
  )
}

/** A reply of JSON that is masked already, to be sent as it stands. */
export const maskedJson = (view: object): Buffer => Buffer.from(JSON.stringify(maskedView(view)))

/** Sends a reply of `maskedJson`. */
export const sendJson = (reply: FastifyReply, json: Buffer) =>
  reply.header('content-type', 'application/json; charset=utf-8').send(json)

/** The reply to this request shows people in full: that it does has been noted already. */
export function showInFull(request: FastifyRequest): void {
  revealed.add(request)
}
