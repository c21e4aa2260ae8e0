import type { FastifyReply, FastifyRequest } from 'fastify'

type Hook = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => void
type Work = (request: FastifyRequest, reply: FastifyReply) => void | Promise<void>

/** A hook that lets its request go on at once, unless its work has to wait for something. */
export const hookOf =
  (work: Work): Hook =>
  (request, reply, done) => {
    const waiting = work(request, reply)
    if (waiting === undefined) done()
    else waiting.then(() => done(), done)
  }
