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
  private readonly said = new WeakSet<FastifyRequest>()

  override incomingRequest(request: FastifyRequest, reply: FastifyReply): void {
    // Replies that no hook sees, and those after which something is still noted, end here.
    reply.raw.once('close', () => this.say(request, reply))
  }

  override requestCompleted(
    error: Error | null,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    if (error) {
      this.said.add(request)
      reply.log.error({ req: request, res: reply, err: error }, 'request errored')
    } else this.say(request, reply)
  }

  private say(request: FastifyRequest, reply: FastifyReply): void {
    if (this.said.has(request)) return
    this.said.add(request)
    const words = { reqId: request.id, req: request, responseTime: reply.elapsedTime }
    const log = this.logOf(request)
    if (reply.raw.writableFinished) log.info({ ...words, res: reply }, 'request completed')
    else log.info(words, 'request aborted')
  }

  private logOf({ server }: FastifyRequest): FastifyBaseLogger {
    this.plain ??= server.log.child({}, { redact: [] })
    return this.plain
  }
}
