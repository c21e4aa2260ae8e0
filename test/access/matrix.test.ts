import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RouteAccess } from '../../src/access/authorize.ts'
import { isPermitted, type Permission, ROLES } from '../../src/access/permissions.ts'
import { addToken } from '../../src/access/token-store.ts'
import type { Role } from '../../src/platform/database/tables-of-access.ts'
import { ACCESS_TABLE, type TableRow } from '../support/access-table.ts'
import { sendFile } from '../support/import-file.ts'
import {
  NOBODY,
  openTestCounty,
  type TestCounty,
  TOWNSHIP,
  VILLAGE,
} from '../support/test-county.ts'

const THERE = '519901102'
const DAY = '2025-03-03'
const LETTERS: Record<string, Role> = {
  r: 'recorder',
  v: 'viewer',
  b: 'bureau',
  f: 'finance',
  a: 'admin',
}
/** Callers, by how far they reach. */
const REACH: Record<string, string | undefined> = {
  county: undefined,
  township: TOWNSHIP,
  village: VILLAGE,
}
const REACHES = Object.keys(REACH)

/** Where a thing lies, and the village of what is recorded there. */
const PLACES = {
  village: { code: VILLAGE, village: VILLAGE },
  township: { code: TOWNSHIP, village: VILLAGE },
  county: { code: '519901', village: VILLAGE },
  there: { code: THERE, village: '519901102201' },
}
type Place = keyof typeof PLACES

let county: TestCounty
// biome-ignore lint/suspicious/noExplicitAny: the document is looked into freely
let document: any
const declared = new Map<string, RouteAccess | undefined>()
const tokens = new Map<string, string>()

beforeAll(async () => {
  const listen = (message: unknown) => {
    const { fastify } = message as { fastify: { addHook: (name: string, hook: unknown) => void } }
    fastify.addHook('onRoute', noteRoute)
  }
  subscribe('fastify.initialization', listen)
  county = await openTestCounty(DAY)
  unsubscribe('fastify.initialization', listen)
  document = (await county.inject({ url: '/openapi.json' })).body
  for (const role of ROLES)
    for (const [name, regionCode] of [...Object.entries(REACH), ['there', THERE]] as const)
      await tokenFor(`${role} ${name}`, role, regionCode)
  for (const code of ['519901', TOWNSHIP, VILLAGE, THERE, PLACES.there.village])
    await county.put(`/regions/${code}`, { name: `区划${code}` })
  const price = { fenPer50kg: 12_900, source: '最低收购价' }
  await county.put('/grain-prices/mid_late_indica/2015-01-01', price)
  for (const place of ['village', 'there'] as const) await make('contracts', place)
  await county.night(DAY)
})
afterAll(() => county.close())

async function tokenFor(name: string, role: Role, regionCode: string | undefined) {
  const wish = { label: name, role, regionCode }
  tokens.set(name, await county.db.transaction((tx) => addToken(tx, wish)))
}

interface NotedRoute {
  method: string | string[]
  url: string
  config?: { access?: RouteAccess }
}

function noteRoute({ method, url, config }: NotedRoute): void {
  if (!url.startsWith('/api/v1')) return
  const path = url.replace('/api/v1', '').replace(/:(\w+)/g, '{$1}')
  for (const one of [method].flat()) declared.set(`${one} ${path}`, config?.access)
}

const nameOf = ({ method, path }: TableRow) => `${method} ${path}`
/** A route of the document by the route of the table, which says which ledger. */
const routeOf = (row: TableRow) =>
  nameOf(row)
    .replace(/^POST \/imports\/[a-z-]+$/, 'POST /imports/{ledger}')
    .replace(/^GET \/exports\/audit\.csv$/, 'GET /exports/audit.{format}')
    .replace(/^(GET \/exports\/)[a-z]+\.csv$/, '$1{ledger}.{format}')

/** The permission that a route of the table asks for, by its declaration. */
function permissionOf(row: TableRow): Permission | 'anybody' {
  const may = declared.get(routeOf(row))?.may
  if (may === undefined) throw new Error(`${routeOf(row)} declares nothing`)
  if (typeof may === 'string') return may
  const [, ledger = ''] = /\/(?:imports|exports)\/([a-z-]+)/.exec(row.path) ?? []
  const permission = may.of[ledger]
  if (permission === undefined) throw new Error(`${nameOf(row)} declares nothing`)
  return permission
}

describe('the table', () => {
  it('has every route of the document, and every ledger of those that have some', () => {
    const documented = Object.entries(document.paths as Record<string, object>).flatMap(
      ([path, methods]) =>
        Object.keys(methods).map((one) => `${one.toUpperCase()} ${path.replace('/api/v1', '')}`),
    )
    expect([...new Set(ACCESS_TABLE.map(routeOf))].sort()).toEqual(documented.sort())
    const offered = [...declared].flatMap(([route, access]) =>
      typeof access?.may === 'object'
        ? Object.keys(access.may.of).map((ledger) => route.replace('{ledger}', ledger))
        : [],
    )
    const listed = new Set(ACCESS_TABLE.map(nameOf))
    const isListed = (route: string) => listed.has(route.replace('{format}', 'csv'))
    expect(offered.filter((route) => !route.startsWith('HEAD') && !isListed(route))).toEqual([])
  })

  it('says what the routes of the running service declare', () => {
    const lines = ACCESS_TABLE.map((row) => {
      const permission = permissionOf(row)
      if (permission === 'anybody') return `${nameOf(row)} anyone village`
      const may = (role: Role, regionCode?: string) => isPermitted({ role, regionCode }, permission)
      const who = Object.entries(LETTERS).filter(([, role]) => may(role))
      const [, widest = 'admin'] = who[0] ?? []
      const reach = REACHES.filter((name) => may(widest as Role, REACH[name])).at(-1)
      return `${nameOf(row)} ${who.map(([letter]) => letter).join('')} ${reach}`
    })
    expect(lines).toEqual(ACCESS_TABLE.map((row) => `${nameOf(row)} ${row.who} ${row.reach}`))
  })

  it('holds for routes that the document leaves out, and for HEAD', () => {
    const listed = new Set(ACCESS_TABLE.map(routeOf))
    const left: string[] = []
    for (const [route, access] of declared) {
      if (route.startsWith('HEAD')) {
        expect([route, access]).toEqual([route, declared.get(route.replace('HEAD', 'GET'))])
      } else if (!listed.has(route)) {
        left.push(route)
        const other = route.replace('/plans/', '/repayment-plans/')
        expect([route, access]).toEqual([route, declared.get(other)])
      }
    }
    expect(left.map((route) => route.replace(/^\w+ /, ''))).toEqual([
      '/plans/{id}/correction',
      '/plans/{id}/withdrawal',
      '/plans/{id}',
    ])
  })
})

/** What an operation of the document is sent as its example. */
function exampleOf(method: string, path: string): object | undefined {
  const operation = document.paths[`/api/v1${path}`]?.[method.toLowerCase()]
  return operation?.requestBody?.content['application/json']?.example
}

let serial = 0
const PARENTS: Record<string, [kind: string, path: string]> = {
  conditions: ['operators', 'conditions'],
  amendments: ['contracts', 'amendments'],
  ends: ['contracts', 'end'],
  payments: ['contracts', 'payments'],
  screenings: ['contracts', 'screenings'],
  'repayment-plans': ['contracts', 'repayment-plans'],
  demands: ['contracts', 'demands'],
  mediations: ['contracts', 'mediations'],
  stages: ['subsidies', 'stages'],
  disbursements: ['subsidies', 'disbursements'],
  'operator-joins': ['operators', 'joins'],
}

/** Records something that lies in a place; answers its id. */
async function make(kind: string, place: Place): Promise<string> {
  const parent = PARENTS[kind]
  if (parent) {
    const [above, child] = parent
    const body = await fitted(exampleOf('POST', `/${above}/{id}/${child}`) ?? {}, place)
    return (await county.record(`/${above}/${await make(above, place)}/${child}`, body)).id
  }
  serial += 1
  if (kind === 'users') {
    const wish = { username: `user${serial}`, label: '新用户', role: 'viewer' }
    return (await county.record('/users', wish)).id
  }
  if (kind === 'tokens')
    return (await county.record('/tokens', { label: `令牌${serial}`, role: 'viewer' })).id
  if (kind === 'imports') return importedIn(place)
  if (kind === 'cases') {
    const { items } = await county.read('/cases')
    const township = PLACES[place].code.slice(0, 9)
    return items.find((one: { townshipCode: string }) => one.townshipCode === township).id
  }
  const body = await fitted(exampleOf('POST', `/${kind}`) ?? {}, place)
  const token = tokens.get(`recorder ${place}`) ?? ''
  // Where an operator was recorded is where it lies.
  const headers: Record<string, string> =
    kind === 'operators' ? { authorization: `Bearer ${token}` } : {}
  return (await county.record(`/${kind}`, body, headers)).id
}

const fileOf = (ledger: string, place: Place): string => {
  const { code, village } = PLACES[place]
  const files: Record<string, string> = {
    regions: `区划代码,名称\n${code},新名${serial}`,
    operators: `业主名称,业主类型\n合作社${serial},合作社`,
    contracts:
      '合同编号,承租方,村代码,面积,用途,起,止,租金标准,出租方\n' +
      `K-${serial},合作社${serial},${village},10,晚熟柑桔,2020-01-01,2029-12-31,600元/亩,村集体`,
    payments: '合同编号,收款日期,金额\nZ-404,2024-01-08,100',
    arrears: '合同编号,欠租金额(元),欠租年度\nZ-404,5000,2021',
    subsidies: '项目名称,年度,补助对象,应补金额,认定口径\n标准园,2021,无名公司,3000,认定应付',
    'grain-prices': '品种,执行日期,价格(元/50公斤)\n中晚籼稻,2024-01-01,129',
  }
  return files[ledger] ?? ''
}

/** An import of operators, which recorders and admins may take in and take back. */
async function importedIn(place: Place): Promise<string> {
  const token = tokens.get(`admin ${place}`) ?? ''
  const rows = fileOf('operators', place)
  return (await sendFile({ inject: county.inject, token }, 'operators', rows)).body.id
}

/** An example with the names of things that lie in a place. */
async function fitted(example: object, place: Place): Promise<object> {
  const body = structuredClone(example) as Record<string, unknown>
  if ('fact' in body) body['fact'] = await fitted(body['fact'] as object, place)
  // With one contract each they are assessed in no time.
  if ('operatorId' in body) body['operatorId'] = await make('operators', place)
  if ('sameAsId' in body) body['sameAsId'] = await make('operators', place)
  if ('villageCode' in body) body['villageCode'] = PLACES[place].village
  if ('username' in body) body['username'] = `name${serial}`
  return body
}

const kept = new Map<string, Promise<string>>()
function cached(kind: string, place: Place): Promise<string> {
  const name = `${kind} ${place}`
  const id = kept.get(name) ?? make(kind, place)
  kept.set(name, id)
  return id
}

const OF_THE_PATH: Record<string, string> = {
  grain: 'rice',
  effectiveOn: '2024-01-01',
  asOf: DAY,
  name: 'township',
}

/** Sends a route of the table about something that lies in a place; answers the status. */
async function statusOf(
  { method, path }: TableRow,
  place: Place,
  token: string | undefined,
  isFresh: boolean,
): Promise<string> {
  serial += 1
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {}
  const [, kind = ''] = path.split('/')
  const ledger = /^\/imports\/([a-z-]+)$/.exec(path)?.[1]
  if (method === 'POST' && ledger !== undefined) return sentFile(ledger, place, token)
  const id = path.includes('{id}') ? await (isFresh ? make : cached)(kind, place) : NOBODY
  const version = method === 'PUT' ? '2027-1' : '2026-1'
  const values = { ...OF_THE_PATH, version, id, code: PLACES[place].code }
  const url = path.replace(/\{(\w+)\}/g, (_, name: string) => values[name as 'id'] ?? '')
  const example = exampleOf(method, path)
  const reply = await county.inject({
    method: method as 'GET',
    url: `/api/v1${url}${queryOf(method, path, place)}`,
    headers,
    ...(example && { payload: await fitted(example, place) }),
  })
  return String(reply.status)
}

function queryOf(method: string, path: string, place: Place): string {
  const parameters =
    document.paths[`/api/v1${documented(path)}`]?.[method.toLowerCase()]?.parameters
  const names = (parameters ?? []).map((one: { name: string }) => one.name)
  return names.includes('region') ? `?region=${PLACES[place].code}` : ''
}
const documented = (path: string) =>
  path.replace(/^\/exports\/(?!audit)[a-z]+\.csv$/, '/exports/{ledger}.{format}')

/** A file is taken in whatever it says: what is not one's own is reported. */
async function sentFile(ledger: string, place: Place, token = ''): Promise<string> {
  const { status, body } = await sendFile(
    { inject: county.inject, token },
    ledger,
    fileOf(ledger, place),
  )
  if (status === 201 && ['regions', 'contracts'].includes(ledger))
    return body.counts.kept === 1 ? '201' : `201 ${body.rows.at(-1).problems[0]?.code}`
  return String(status)
}

/** What somebody should be answered: a role that may not comes before a region that is not. */
function expectedOf(row: TableRow, role: Role, reach: string, column: 'own' | 'other' | 'parent') {
  if (row.who === 'anyone') return row.own
  const letter = Object.keys(LETTERS).find((one) => LETTERS[one] === role) ?? ''
  const isReached = REACHES.indexOf(reach) <= REACHES.indexOf(row.reach)
  if (!row.who.includes(letter) || !isReached) return '403'
  const answer = row[column]
  // What they may import is not what this import was of.
  const ofContracts = ['POST /imports/{id}/withdrawal', 'PUT /import-mappings/{name}']
  if (ofContracts.includes(nameOf(row)) && column === 'own' && /[bf]/.test(letter)) return '403'
  const isImport = row.method === 'POST' && /^\/imports\/[a-z-]+$/.test(row.path)
  return isImport && column !== 'own' ? `${answer} region-outside` : answer
}

/** Where something lies that is one's own, another's, or of the region above. */
const placeOf = (reach: string, column: 'own' | 'other' | 'parent'): Place => {
  if (column === 'other') return 'there'
  if (column === 'own') return 'village'
  return reach === 'village' ? 'township' : 'county'
}

/** What can be done to a thing but once. */
const ONCE = /(withdrawal|reversal|revocation|end|payments|amendments|joins)$/

describe.each(REACHES)('a caller who reaches as far as the %s', (reach) => {
  it.each(ROLES)('is answered as the table says, as %s', async (role) => {
    const token = tokens.get(`${role} ${reach}`)
    const columns = reach === 'county' ? (['own'] as const) : (['own', 'other', 'parent'] as const)
    const found: string[] = []
    const expected: string[] = []
    for (const row of ACCESS_TABLE)
      for (const column of columns) {
        if (row[column] === '-') continue
        const answer = expectedOf(row, role, reach, column)
        const isFresh = ONCE.test(row.path) && answer.startsWith('20')
        const line = `${nameOf(row)} ${column}`
        expected.push(`${line} ${answer}`)
        found.push(`${line} ${await statusOf(row, placeOf(reach, column), token, isFresh)}`)
      }
    expect(found).toEqual(expected)
  })
})

it('answers 401 to whoever has no token, wherever else one is put', async () => {
  const found: string[] = []
  for (const row of ACCESS_TABLE) found.push(await statusOf(row, 'village', undefined, false))
  expect(found).toEqual(ACCESS_TABLE.map(() => '401'))
  for (const [route, access] of declared) {
    const [method, path = ''] = route.split(' ')
    if (access?.may === 'anybody' || method === 'HEAD' || !path.includes('{id}')) continue
    const reply = await county.inject({
      method: method as 'GET',
      url: `/api/v1${path.replace('{id}', NOBODY)}?token=${county.token}&access_token=${county.token}`,
      headers: { cookie: `token=${county.token}`, 'x-api-key': county.token },
    })
    expect([route, reply.status]).toEqual([route, 401])
  }
})

it('takes the code of the county itself for the whole county', async () => {
  await tokenFor('bureau of the county', 'bureau', '519901')
  const headers = { authorization: `Bearer ${tokens.get('bureau of the county')}` }
  const put = await county.send('PUT', '/alert-recipients', { items: [] }, headers)
  expect(put.status).toBe(200)
  expect((await county.send('GET', '/risk/runs', undefined, headers)).status).toBe(200)
  await tokenFor('bureau elsewhere', 'bureau', '519902')
  const stranger = { authorization: `Bearer ${tokens.get('bureau elsewhere')}` }
  expect((await county.send('GET', '/risk/runs', undefined, stranger)).status).toBe(403)
  expect((await county.send('GET', '/contracts', undefined, stranger)).body.items).toEqual([])
})
