import type { TestService } from './test-service.ts'

// biome-ignore lint/suspicious/noExplicitAny: replies are looked into freely by tests
type Reply = { status: number; body: any; headers: Record<string, unknown> }

interface Sent {
  fileName?: string
  /** More parts of the form. */
  fields?: Record<string, string>
  query?: string
  headers?: Record<string, string>
}

/** Hands in a file as a browser or curl would. */
export async function sendFile(
  service: Pick<TestService, 'inject' | 'token'>,
  ledger: string,
  content: string | Uint8Array,
  { fileName = '台账.csv', fields = {}, query = '', headers = {} }: Sent = {},
): Promise<Reply> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append('file', new Blob([Buffer.from(content)]), fileName)
  const body = new Response(form)
  return service.inject({
    method: 'POST',
    url: `/api/v1/imports/${ledger}${query}`,
    headers: {
      authorization: `Bearer ${service.token}`,
      'content-type': body.headers.get('content-type') ?? '',
      ...headers,
    },
    payload: Buffer.from(await body.arrayBuffer()),
  })
}
