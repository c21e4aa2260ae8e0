import {
  type FastifyBaseLogger,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'

/** One line of the log for each request, when it was answered or its client has gone. */
export class OneLineEach extends LogController {
  /** Its serializers say no more than may be said: there is nothing left to look for and remove. */
  private plain: FastifyBaseLogger | undefined
  private readonly errored = new WeakSet<FastifyRequest>()

  override incomingRequest(request: FastifyRequest, reply: FastifyReply): void {
    // Comes after every reply: also those that no hook sees, and that nobody waits for any more.
    reply.raw.on('close', () => this.say(request, reply))
  }

  override requestCompleted(
    error: Error | null,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    if (!error) return
    this.errored.add(request)
    reply.log.error({ req: request, res: reply, err: error }, 'request errored')
  }

  private say(request: FastifyRequest, reply: FastifyReply): void {
    if (this.errored.has(request)) return
    const log = this.logOf(request)
    const [reqId, responseTime] = [request.id, reply.elapsedTime]
    if (!reply.raw.writableFinished)
      log.info({ reqId, req: request, responseTime }, 'request aborted')
    else log.info({ reqId, req: request, responseTime, res: reply }, 'request completed')
  }

  private logOf({ server }: FastifyRequest): FastifyBaseLogger {
    this.plain ??= server.log.child({}, { redact: [] })
    return this.plain
  }
}
