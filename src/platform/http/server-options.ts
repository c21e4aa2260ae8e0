import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import type { FastifyHttpOptions } from 'fastify'
import { logOfRequest } from './log-of-request.ts'
import { OneLineEach } from './one-line-each.ts'
import { replyWithProblem } from './problem-details.ts'
import { sendBareHeaders } from './reply-headers.ts'
import { answerUnreadable } from './unreadable-requests.ts'

const BODY_MAX_BYTES = 1_048_576
/** The line of the request, its address included, and all headers. */
const HEADERS_MAX_BYTES = 16_384
const HEADERS_WITHIN_MS = 15_000
/** Of a spreadsheet too, over the line of a village. */
const REQUEST_WITHIN_MS = 120_000
/** Longer than a proxy keeps its own, so that it never sends into a connection that is ending. */
const IDLE_MAX_MS = 75_000
/**
 * Neither read nor written: a client that has stopped reading. A handler has no time limit, as its
 * work would go on behind a reply that denies it; the longest import is silent for less than this.
 */
const SILENT_MAX_MS = 1_800_000
const SLOW_LOOKED_FOR_EVERY_MS = 5_000

/** What the HTTP server bounds, and whom it believes where a request came from. */
export function serverOptions(trustedProxies: string[]) {
  return {
    logController: new OneLineEach(),
    childLoggerFactory: (logger, bindings, options) =>
      logOfRequest(() => logger.child(bindings, options)),
    genReqId: () => randomUUID(),
    trustProxy: trustedProxies.length > 0 && trustedProxies,
    bodyLimit: BODY_MAX_BYTES,
    requestTimeout: REQUEST_WITHIN_MS,
    connectionTimeout: SILENT_MAX_MS,
    keepAliveTimeout: IDLE_MAX_MS,
    http: {
      maxHeaderSize: HEADERS_MAX_BYTES,
      headersTimeout: HEADERS_WITHIN_MS,
      connectionsCheckingInterval: SLOW_LOOKED_FOR_EVERY_MS,
    },
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
    clientErrorHandler: answerUnreadable,
    frameworkErrors: (error, request, reply) => {
      sendBareHeaders(request, reply)
      return replyWithProblem(error, request, reply)
    },
  } satisfies FastifyHttpOptions<Server>
}
