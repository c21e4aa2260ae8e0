import { Agent, request } from 'node:http'

/** A service that listens, and a token for it. */
export interface Listening {
  url: string
  token: string
}
export type Client = ReturnType<typeof clientOf>

const CONNECTIONS = 20

/** Sends requests over connections that stay open, and reads every reply to its end. */
export function clientOf({ url, token }: Listening) {
  // In turns: none rests so long that the service closes it just when it is used again.
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS, scheduling: 'fifo' })
  const authorization = `Bearer ${token}`
  return {
    /** Throws when the answer is not `status`. */
    send(method: string, path: string, status: number, body?: object): Promise<void> {
      const json = body && JSON.stringify(body)
      const headers = { authorization, ...(json && { 'content-type': 'application/json' }) }
      return new Promise((resolve, reject) => {
        const sent = request(`${url}/api/v1${path}`, { method, agent, headers }, (reply) => {
          const isRight = reply.statusCode === status
          const wrong = new Error(`${method} ${path} was answered ${reply.statusCode}`)
          reply.resume().once('end', () => (isRight ? resolve() : reject(wrong)))
        })
        sent.once('error', reject).end(json)
      })
    },
    close: () => agent.destroy(),
  }
}
