import type { Server, ServerResponse } from 'node:http'
import { setTimeout as rest } from 'node:timers/promises'

const LOOK_EVERY_MS = 50

/** Counts what a server is asked, so that it can be answered before the service ends. */
export function requestsUnderWay(server: Server) {
  const open = new Set<ServerResponse>()
  let isEnding = false
  server.prependListener('request', (_request, response: ServerResponse) => {
    open.add(response)
    response.once('close', () => open.delete(response))
    if (isEnding) response.setHeader('connection', 'close')
  })
  return {
    /**
     * Takes no more connections and resolves when what is under way was answered, or is not after
     * `withinMs`. Clients are told not to send more on a connection that they keep.
     */
    async finish(withinMs: number): Promise<void> {
      if (!server.listening) return
      isEnding = true
      server.close()
      for (const response of open)
        if (!response.headersSent) response.setHeader('connection', 'close')
      const until = performance.now() + withinMs
      do {
        // What has arrived already is read first.
        await rest(LOOK_EVERY_MS)
        // One whose headers were out keeps its connection, and may send another request on it.
        server.closeIdleConnections()
      } while (open.size > 0 && performance.now() < until)
    },
  }
}
