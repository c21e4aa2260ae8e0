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
    reply.raw.once('close', () => {
      if (reply.raw.writableFinished || this.said.has(request)) return
      this.said.add(request)
      this.logOf(request).info(wordsOf(request, reply), 'request aborted')
    })
  }

  override requestCompleted(
    error: Error | null,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    if (this.said.has(request)) return
    this.said.add(request)
    if (error) reply.log.error({ req: request, res: reply, err: error }, 'request errored')
    else this.logOf(request).info({ ...wordsOf(request, reply), res: reply }, 'request completed')
  }

  private logOf({ server }: FastifyRequest): FastifyBaseLogger {
    this.plain ??= server.log.child({}, { redact: [] })
    return this.plain
  }
}

const wordsOf = (request: FastifyRequest, { elapsedTime }: FastifyReply) => ({
  reqId: request.id,
  req: request,
  responseTime: elapsedTime,
})
