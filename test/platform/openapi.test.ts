import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sendFile } from '../support/import-file.ts'
import { NOBODY, openTestCounty, type TestCounty } from '../support/test-county.ts'

let county: TestCounty
// biome-ignore lint/suspicious/noExplicitAny: the document is looked into freely
let document: any
beforeAll(async () => {
  county = await openTestCounty('2025-03-03')
  document = (await county.inject({ url: '/openapi.json' })).body
})
afterAll(() => county.close())

/** The paths of domain.md that this service answers, without `/api/v1`. */
const PATHS = `
PUT /regions/{code}
GET /regions
POST /operators
GET /operators/{id}
POST /operators/{id}/conditions
POST /contracts
GET /contracts
GET /contracts/{id}
POST /contracts/{id}/amendments
POST /contracts/{id}/end
POST /contracts/{id}/payments
POST /payments/{id}/reversal
POST /subsidies
GET /subsidies
POST /subsidies/{id}/stages
POST /subsidies/{id}/disbursements
PUT /grain-prices/{grain}/{effectiveOn}
POST /petitions
POST /contracts/{id}/screenings
POST /contracts/{id}/repayment-plans
POST /contracts/{id}/demands
POST /contracts/{id}/mediations
GET /contracts/{id}/standing
GET /contracts/{id}/risk
GET /risk/worklist
POST /imports/{ledger}
GET /imports/{id}/rows
GET /imports/{id}/file
GET /risk/summary
POST /risk/runs
GET /risk/runs
GET /risk/runs/{asOf}
PUT /policies/{version}`
  .trim()
  .split('\n')
const CORRECTED = [
  'operators',
  'conditions',
  'contracts',
  'subsidies',
  'disbursements',
  'petitions',
  'screenings',
  'repayment-plans',
  'demands',
  'mediations',
]

interface Parameter {
  in: string
  name: string
  required?: boolean
}
interface Operation {
  parameters?: Parameter[]
  requestBody?: { content: Record<string, { example?: unknown; schema: object }> }
  responses: Record<string, object>
  security?: object[]
  summary?: string
}
// biome-ignore lint/suspicious/noExplicitAny: the document is looked into freely
function schemaOf(response: any): any {
  const schema = response?.content?.['application/json']?.schema
  const name = schema?.$ref?.split('/').at(-1)
  return name === undefined ? schema : document.components.schemas[name]
}

const operations = (): [string, string, Operation][] =>
  Object.entries(document.paths as Record<string, Record<string, Operation>>).flatMap(
    ([path, methods]) =>
      Object.entries(methods).map(([method, one]): [string, string, Operation] => [
        method.toUpperCase(),
        path,
        one,
      ]),
  )

describe('/openapi.json', () => {
  it('is OpenAPI 3.1, as JSON, with the token it asks for', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/)
    expect(document.info).toMatchObject({ title: expect.any(String), version: expect.any(String) })
    expect(document.security).toEqual([{ token: [] }, { session: [] }])
    const session = { type: 'apiKey', in: 'cookie', name: '__Host-session' }
    expect(document.components.securitySchemes.session).toMatchObject(session)
    expect(document.components.securitySchemes.token).toEqual({ type: 'http', scheme: 'bearer' })
    const others = operations().filter(([, , { security }]) => security !== undefined)
    expect(others.map(([method, path, { security }]) => [method, path, security])).toEqual([
      ['PUT', '/api/v1/session', []],
    ])
  })

  it.each(PATHS)('has %s', (line) => {
    const [method = '', path] = line.split(' ')
    expect(document.paths[`/api/v1${path}`]).toHaveProperty(method.toLowerCase())
  })

  it.each(CORRECTED)('has corrections and withdrawals of %s', (facts) => {
    for (const verb of ['correction', 'withdrawal'])
      expect(document.paths[`/api/v1/${facts}/{id}/${verb}`]).toHaveProperty('post')
  })

  it('says one name only of what has two', () => {
    expect(Object.keys(document.paths).filter((path) => path.includes('/plans'))).toEqual([])
  })

  it('declares every parameter of a path, and no schema of OpenAPI 3.0', () => {
    for (const [, path, { parameters = [] }] of operations()) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      const declared = parameters.filter((one) => one.in === 'path')
      expect([path, declared.map(({ name }) => name).sort()]).toEqual([path, named.sort()])
      for (const { required } of declared) expect(required).toBe(true)
    }
    expect(JSON.stringify(document)).not.toMatch(/"nullable":|"exclusiveMinimum":(true|false)/)
  })

  it('points at nothing that is not in it', () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)]
    for (const [, path = ''] of refs) {
      const found = path.split('/').reduce((at, key) => at?.[key], document)
      expect([path, found !== undefined]).toEqual([path, true])
    }
    expect(JSON.stringify(document)).not.toMatch(/"\$ref":"[^#]/)
  })

  it('says what each route is for, and offers the key that every POST takes', () => {
    for (const [method, path, { summary, parameters = [], responses }] of operations()) {
      expect([path, summary]).toEqual([path, expect.stringMatching(/\p{Script=Han}.*[a-z]/u)])
      expect([path, Object.keys(responses)[0]]).toEqual([path, expect.stringMatching(/^20[014]$/)])
      const keyed = parameters.some(({ name }) => name.toLowerCase() === 'idempotency-key')
      expect([method, path, keyed]).toEqual([method, path, method === 'POST'])
    }
  })

  it('has a list wherever there are items: with a cursor to the rest, or null', async () => {
    const lists = operations().flatMap(([method, path, { responses }]) => {
      const schema = schemaOf(responses['200'])
      const isList = method === 'GET' && schema?.properties?.items?.type === 'array'
      return isList ? [{ path, required: schema.required }] : []
    })
    expect(lists.length).toBeGreaterThan(20)
    for (const { path, required } of lists)
      expect([path, required]).toEqual([path, expect.arrayContaining(['items', 'nextCursor'])])
    const inFull = lists.filter(({ path }) => !path.includes('{'))
    expect(inFull.length).toBeGreaterThan(10)
    for (const { path } of inFull) {
      const { nextCursor } = await county.read(path.replace('/api/v1', ''))
      expect([path, nextCursor]).toEqual([path, null])
    }
  })

  it('has an example in every body, and each is accepted by its own route', async () => {
    const params: Record<string, string> = {
      id: NOBODY,
      code: '519901101201',
      grain: 'mid_late_indica',
      effectiveOn: '2024-01-01',
      version: '2027-1',
      name: 'township',
    }
    const replies: [string, string, number][] = []
    for (const [method, path, { requestBody }] of operations()) {
      if (['GET', 'DELETE'].includes(method)) continue
      const form = requestBody?.content['multipart/form-data']
      if (form) {
        const { file } = form.example as { file: string }
        const reply = await sendFile(county, 'regions', file)
        replies.push([method, path, reply.status])
        continue
      }
      const example = requestBody?.content['application/json']?.example
      expect([method, path, typeof example]).toEqual([method, path, 'object'])
      const url = path.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '')
      const reply = await county.send(method, url.replace('/api/v1', ''), example)
      replies.push([method, path, reply.status])
    }
    expect(replies.length).toBeGreaterThan(30)
    // Ids in paths and bodies are invented: not there, or against a rule, but never malformed.
    const others = replies.filter(([, , status]) => ![200, 201, 404, 422].includes(status))
    // So is the user who logs in.
    expect(others).toEqual([['PUT', '/api/v1/session', 401]])
    expect(replies.filter(([, , status]) => status < 300).length).toBeGreaterThan(5)
  })
})

describe('/docs', () => {
  /** Everything that a page or a sheet makes a browser fetch. */
  const fetched = (text: string) =>
    [...text.matchAll(/(?:src|href)="([^"]+)"|url\(\s*['"]?([^'")]+)/g)]
      .map(([, attribute, url]) => attribute ?? url ?? '')
      .filter((url) => !url.startsWith('data:') && !url.startsWith('#'))

  it.each(['/docs', '/docs/'])('%s serves its page and all that the page needs', async (page) => {
    const { status, body, headers } = await county.inject({ url: page })
    expect(status).toBe(200)
    expect(headers['content-type']).toMatch(/^text\/html/)
    const assets = fetched(body)
    expect(assets.length).toBeGreaterThan(4)
    for (const asset of assets) {
      const { origin, pathname } = new URL(asset, `http://here${page}`)
      expect([asset, origin]).toEqual([asset, 'http://here'])
      const reply = await county.inject({ url: pathname })
      expect([pathname, reply.status]).toEqual([pathname, 200])
      expect(String(reply.body).length).toBeGreaterThan(0)
    }
  })

  it('fetches nothing from elsewhere: sheets, the start script, the validator', async () => {
    const page = await county.inject({ url: '/docs' })
    expect(page.body).not.toMatch(/https?:\/\//)
    for (const sheet of ['swagger-ui.css', 'index.css']) {
      const { body } = await county.inject({ url: `/docs/static/${sheet}` })
      expect(fetched(body).filter((url) => /^(https?:)?\/\//.test(url))).toEqual([])
      expect(body).not.toMatch(/@import/)
    }
    const { body: start } = await county.inject({ url: '/docs/static/swagger-initializer.js' })
    expect(start).not.toMatch(/https?:\/\/(?!stackoverflow\.com)/)
    expect(start).toMatch(/validatorUrl: null/)
  })

  it('shows the same document as /openapi.json', async () => {
    expect((await county.inject({ url: '/docs/json' })).body).toEqual(document)
  })
})

describe('health', () => {
  it('is live and ready while the database answers', async () => {
    expect(await county.inject({ url: '/health/live' })).toMatchObject({ status: 200 })
    expect(await county.inject({ url: '/health/ready' })).toMatchObject({ status: 200 })
  })

  it('stays live and is not ready when the database does not answer', async () => {
    const other = await openTestCounty('2025-03-03')
    await other.db.close()
    const live = await other.inject({ url: '/health/live' })
    const ready = await other.inject({ url: '/health/ready' })
    await other.close()
    expect([live.status, ready.status]).toEqual([200, 503])
    expect(JSON.stringify(ready.body)).not.toMatch(/connection|database|sqlite/i)
  })
})
