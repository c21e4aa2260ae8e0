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
      if (!this.said.has(request)) this.say(request, reply, 'request aborted')
    })
  }

  override requestCompleted(
    error: Error | null,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    this.said.add(request)
    if (error) reply.log.error({ req: request, res: reply, err: error }, 'request errored')
    else this.say(request, reply, 'request completed')
  }

  private say(request: FastifyRequest, reply: FastifyReply, what: string): void {
    this.plain ??= request.server.log.child({}, { redact: [] })
    const { elapsedTime: responseTime } = reply
    this.plain.info({ reqId: request.id, req: request, res: reply, responseTime }, what)
  }
}
