/**
 * Random bodies, parameters and queries to every route of /openapi.json: never 500. Bodies are any
 * JSON, and examples of the route with a few of their values replaced. A failure prints its seed.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestCounty, type TestCounty, VILLAGE } from '../support/test-county.ts'

const BODIES_PER_ROUTE = 8
const QUERIES_PER_ROUTE = 15

interface Operation {
  method: 'GET' | 'POST' | 'PUT'
  path: string
  example?: Record<string, unknown>
  queries: string[]
}

describe.each(['sqlite'] as const)('on %s', (database) => {
  let county: TestCounty
  let operations: Operation[]
  const ids: string[] = []
  beforeAll(async () => {
    county = await openTestCounty('2025-03-03', database)
    const operator = await county.operator()
    const contract = await county.contract(operator.id)
    const paid = { amountFen: 5, paidOn: '2025-01-01', designatedDueOn: '2020-12-31' }
    const payment = await county.record(`/contracts/${contract.id}/payments`, paid)
    const subsidy = await county.record('/subsidies', {
      operatorId: operator.id,
      programme: '补助',
      year: 2024,
      standing: 'recognised',
      amountFen: 1000,
      payableOn: '2024-01-01',
    })
    ids.push(operator.id, contract.id, payment.id, subsidy.id)
    operations = operationsOf((await county.inject({ url: '/openapi.json' })).body)
  })
  afterAll(() => county.close())

  const odd = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(0, -0, -1, 0.005, 1e21, -1e308, 2 ** 53, '', '\0', '\ud800', '2023-02-30', []),
    fc.constantFrom('2199-12-31', '1900-01-01', '9999-12-31', '519901101201', 'once', 'monthly'),
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.integer().map(String),
  )

  const number = fc.oneof(fc.double(), fc.integer())
  const cursorParts = fc.oneof(
    fc.tuple(fc.string({ unit: 'binary', maxLength: 8 })),
    fc.tuple(number, number, fc.string({ unit: 'binary', maxLength: 8 })),
    fc.array(odd, { maxLength: 3 }),
  )

  /** The example with its ids made real and some of its values replaced, wherever they stand. */
  const nearly = (example: object) => {
    const known = placesOf(example)
    const places = known.length > 0 ? known : ['surprise']
    const replaced = fc.uniqueArray(fc.tuple(fc.constantFrom(...places), odd), {
      maxLength: 3,
      selector: ([place]) => place,
    })
    return replaced.map((values) => {
      const body = structuredClone(example)
      for (const [place, value] of values) put(body, place.split('\n'), value)
      return body as unknown
    })
  }
  const param = (name: string) =>
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...sensible(name, ids)) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }) },
    )
  const url = (path: string) => {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
    return fc
      .tuple(...names.map(param))
      .map((values) =>
        values.reduce((found, value) => found.replace(/\{\w+\}/, () => encode(value)), path),
      )
  }

  const never500 = async (run: () => fc.IAsyncProperty<unknown>, numRuns: number) =>
    fc.assert(run(), { numRuns, interruptAfterTimeLimit: 4000 })

  it('no body makes the service fail', async () => {
    const writing = operations.filter(({ method }) => method !== 'GET')
    expect(writing.length).toBeGreaterThan(30)
    for (const { method, path, example } of writing) {
      const any = { weight: 1, arbitrary: fc.jsonValue() as fc.Arbitrary<unknown> }
      // A form has no JSON to vary.
      const like = example ? [{ weight: 4, arbitrary: nearly(real(example, ids)) }] : []
      const body = fc.oneof(any, ...like)
      const property = () =>
        fc.asyncProperty(url(path), body, async (at, sent) => {
          const headers = {
            authorization: `Bearer ${county.token}`,
            'content-type': 'application/json',
          }
          const request = { method, url: at, headers, payload: JSON.stringify(sent) ?? 'null' }
          const reply = await county.inject(request)
          const story = `${method} ${at} ${request.payload}`
          if (reply.status >= 500) throw new Error(story)
          if (reply.status < 400) return
          expect(reply.headers['content-type'], story).toMatch(/^application\/problem\+json/)
          expect(reply.body.code, story).toMatch(/^[a-z-]+$/)
        })
      await never500(property, BODIES_PER_ROUTE)
    }
  })

  it('no query makes the service fail', async () => {
    for (const { path, queries } of operations.filter(({ method }) => method === 'GET')) {
      const name = fc.constantFrom(...queries, 'foo')
      const value = fc.oneof(
        fc.string({ unit: 'binary', maxLength: 20 }),
        fc.constantFrom('2025-03-03', '2025-01-01', '2025-03-03T00:00:00Z', VILLAGE, ...ids, '5'),
        fc.jsonValue().map((json) => Buffer.from(JSON.stringify(json)).toString('base64url')),
        cursorParts.map((parts) => Buffer.from(JSON.stringify(parts)).toString('base64url')),
      )
      const property = () =>
        fc.asyncProperty(
          url(path),
          fc.dictionary(name, value, { maxKeys: 3 }),
          async (at, query) => {
            const asked = Object.entries(query).map(([key, one]) => `${key}=${encode(one)}`)
            const full = `${at}?${asked.join('&')}`
            const headers = { authorization: `Bearer ${county.token}` }
            const reply = await county.inject({ url: full, headers })
            if (reply.status >= 500) throw new Error(`GET ${full}: ${JSON.stringify(query)}`)
          },
        )
      await never500(property, QUERIES_PER_ROUTE)
    }
  })
})

const encode = (text: string) => encodeURIComponent(text.toWellFormed())

// biome-ignore lint/suspicious/noExplicitAny: the document is looked into freely
function operationsOf(document: any): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    // biome-ignore lint/suspicious/noExplicitAny: the document is looked into freely
    Object.entries(methods as Record<string, any>).map(([method, operation]) => ({
      method: method.toUpperCase() as Operation['method'],
      path,
      example: operation.requestBody?.content['application/json']?.example,
      queries: (operation.parameters ?? []).flatMap((one: { in: string; name: string }) =>
        one.in === 'query' ? [one.name] : [],
      ),
    })),
  )
}

function sensible(name: string, ids: readonly string[]): string[] {
  if (name === 'code') return ['519901', '519901101', VILLAGE]
  if (name === 'grain') return ['mid_late_indica', '稻']
  if (name === 'version') return ['2026-1', '2027-1']
  if (name === 'id') return [...ids]
  return ['2025-03-01', '2024-06-30']
}

/** The example's own ids are invented: the operator and the contract of this county instead. */
function real(example: object, [operatorId, contractId]: readonly string[]): object {
  const text = JSON.stringify(example, (key, value) =>
    key === 'operatorId' ? operatorId : key === 'contractId' ? contractId : value,
  )
  return JSON.parse(text)
}

function placesOf(value: unknown, at: string[] = []): string[] {
  const here = at.length > 0 ? [at.join('\n')] : []
  if (typeof value !== 'object' || value === null) return here
  return [...here, ...Object.entries(value).flatMap(([key, one]) => placesOf(one, [...at, key]))]
}

function put(body: unknown, [key = '', ...rest]: string[], value: unknown): void {
  if (typeof body !== 'object' || body === null) return
  const at = body as Record<string, unknown>
  if (rest.length === 0) at[key] = value
  else put(at[key], rest, value)
}
