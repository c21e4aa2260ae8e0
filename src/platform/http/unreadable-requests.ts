import { type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { ConnectionError, FastifyInstance } from 'fastify'
import { v7 as uuid } from 'uuid'
import { problemOfParser } from './problem-details.ts'
import { bareHeaders } from './reply-headers.ts'

/** Answers what the HTTP parser refuses, before there is a request, and ends its connection. */
export function answerUnreadable(
  this: FastifyInstance,
  { code }: ConnectionError,
  socket: Socket,
): void {
  if (code === 'ECONNRESET' || socket.destroyed) return
  if (socket.writable && !isReplying(socket)) {
    const requestId = uuid()
    this.log.info({ reqId: requestId, code }, 'a request cannot be read')
    const { status, type, body } = problemOfParser(code, requestId)
    const headers = {
      ...bareHeaders(requestId),
      'content-type': type,
      'content-length': Buffer.byteLength(body),
      connection: 'close',
    }
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`)
  }
  socket.destroySoon()
}

/** Whether a reply to an earlier request has begun, which a second one would corrupt. */
const isReplying = (socket: Socket & { _httpMessage?: ServerResponse }) =>
  socket._httpMessage?.headersSent ?? false
