import helmet from '@fastify/helmet'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'

/** A reply is data: nothing in it may run, load or be framed. */
const DATA_POLICY = {
  defaultSrc: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
}
const HSTS = `max-age=${365 * 86_400}`

/** The id by which a request is found in the log; browsers are kept strict; nothing is cached. */
export async function sendSafeHeaders(app: FastifyInstance): Promise<void> {
  const safe = { ...(await helmetHeaders()), 'cache-control': 'no-store' }
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(safe).header('x-request-id', request.id)
    if (request.protocol === 'https') reply.header('strict-transport-security', HSTS)
    done()
  })
}

/** What helmet says is the same for every reply, and slow to set one by one: it is asked once. */
async function helmetHeaders(): Promise<Record<string, string>> {
  const asked = Fastify()
  let headers = {}
  await asked.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: DATA_POLICY },
    xFrameOptions: { action: 'deny' },
    // Above: a browser that came by http would not be led back to it.
    hsts: false,
  })
  asked.get('/', (_request, reply) => {
    headers = { ...reply.raw.getHeaders() }
    return ''
  })
  await asked.inject('/')
  await asked.close()
  return headers
}

/** What is said with a reply to a request that cannot be read, which no hook sees. */
export const bareHeaders = (requestId: string): Record<string, string> => ({
  'x-request-id': requestId,
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
})

/** The same for a reply of Fastify to such a request. */
export function sendBareHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply.headers(bareHeaders(request.id))
}
