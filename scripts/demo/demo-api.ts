import { addToken, listTokens, revokeToken } from '../../src/access/token-store.ts'
import type { Service } from '../../src/open-service.ts'

/** The service's API as somebody with a token of the demo calls it. */
export interface DemoApi {
  token: string
  // biome-ignore lint/suspicious/noExplicitAny: replies are printed, not computed with
  ask(path: string): Promise<any>
  // biome-ignore lint/suspicious/noExplicitAny: as above
  send(method: 'POST' | 'PUT', path: string, body: object): Promise<any>
  /** A file, under the name that a browser would keep it by. */
  file(path: string): Promise<{ name: string; content: Buffer }>
}

/** A new token each time; those of earlier demos end. */
export async function demoApi({ db, app }: Service): Promise<DemoApi> {
  const token = await db.transaction(async (tx) => {
    for (const { id, label, revokedAt } of await listTokens(tx))
      if (label === 'demo' && revokedAt === null) await revokeToken(tx, id)
    return addToken(tx, { label: 'demo', role: 'admin' })
  })
  const headers = { authorization: `Bearer ${token}` }
  const call = async (method: 'GET' | 'POST' | 'PUT', path: string, payload?: object) => {
    const url = `/api/v1${path}`
    const reply = await app.inject({ method, url, headers, ...(payload && { payload }) })
    if (reply.statusCode >= 300) throw new Error(`${method} ${path}: ${reply.body}`)
    return reply
  }
  return {
    token,
    ask: async (path) => (await call('GET', path)).json(),
    send: async (method, path, body) => (await call(method, path, body)).json(),
    async file(path) {
      const { headers, rawPayload } = await call('GET', path)
      const [, name = ''] =
        /filename\*=UTF-8''([^;]+)/.exec(`${headers['content-disposition']}`) ?? []
      return { name: decodeURIComponent(name), content: rawPayload }
    },
  }
}
