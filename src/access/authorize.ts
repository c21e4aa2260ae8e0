import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { Refusal } from '../errors.ts'
import type { Clock, Database, Reader } from '../platform/database/database.ts'
import { hookOf } from '../platform/http/hook-of.ts'
import { notingRefusals } from './audit-refusals.ts'
import { actorOf, callerOf } from './authenticate.ts'
import { type BoundedTable, boundRegion, isInBounds, refuseRegion } from './bounds.ts'
import type { Caller } from './caller.ts'
import { isPermitted, type Permission } from './permissions.ts'
import { contractUnknown, operatorUnknown } from './unknown-names.ts'

/** What a route asks of its caller. A route that does not say it does not start. */
export interface RouteAccess {
  /** One permission, or one for each value of a parameter; or nobody is asked who it is. */
  may: Asked | 'anybody'
  bounds: Bounds
}

type Asked = Permission | { param: string; of: Readonly<Record<string, Permission>> }

/** How the region of a caller bounds a route. What a body names is looked at everywhere. */
type Bounds =
  /** `:id` names a row of a table. */
  | { id: BoundedTable }
  /** `:code` names a region. */
  | 'code'
  /** `?region=` is narrowed to the caller's. */
  | 'region'
  /** The route shows, or takes in, only what is in bounds itself. */
  | 'rows'
  /** Only its body names anything. */
  | 'body'
  /** Speaks of no region, or only to callers of the whole county. */
  | 'none'

/** The `config` of a route. */
export const access = (may: RouteAccess['may'], bounds: Bounds) => ({ access: { may, bounds } })

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: RouteAccess
  }
}

/** A hook that keeps a route from starting when nobody has said who may call it. */
export function requireAccess(route: RouteOptions): void {
  const { method, url, config } = route
  const access = config?.access
  const missing =
    access === undefined ||
    (url.includes(':id') && typeof access.bounds !== 'object' && !reachesCounty(access)) ||
    (url.includes('/regions/:code') && access.bounds !== 'code')
  if (missing) throw new Error(`${String(method)} ${url} does not declare who may call it`)
  // What the documentation says of it.
  if (access.may === 'anybody') route.schema = { ...route.schema, security: [] }
}

const reachesCounty = ({ may }: RouteAccess) =>
  typeof may === 'string' &&
  may !== 'anybody' &&
  !isPermitted({ role: 'admin', regionCode: '519901' }, may)

/** A hook that refuses callers whose role has no permission for a route. Refuses: forbidden. */
export const permit = hookOf((request) => {
  const access = accessOf(request)
  if (!access) return
  const { may } = access
  const permission = typeof may === 'string' ? may : ofValue(may.of, paramOf(request, may.param))
  // A value that there is not is refused by the schema of the path.
  if (permission !== undefined) requirePermission(callerOf(request), permission)
})

const ofValue = (of: Readonly<Record<string, Permission>>, value: string) =>
  Object.hasOwn(of, value) ? of[value] : undefined

/** Refuses: forbidden. */
export function requirePermission(caller: Caller, permission: Permission): void {
  if (!isPermitted(caller, permission)) throw forbidden
}

const forbidden = new Refusal('forbidden', 'forbidden', {
  zh: '您的角色或管辖范围无权进行此操作',
  en: 'your role or region does not permit this',
})

/** A hook that audits what callers are refused by their role or region. */
export function noteRefusals(deps: { db: Database; clock: Clock }) {
  const note = notingRefusals(deps)
  return async (request: FastifyRequest, _reply: FastifyReply, error: Error): Promise<void> => {
    if (!(error instanceof Refusal)) return
    try {
      await note(actorOf(request), `${request.method} ${request.routeOptions.url}`, error)
    } catch (err) {
      request.log.error({ err }, 'a refusal was not audited')
    }
  }
}

/**
 * A hook before each handler: what a request names must lie in its caller's region.
 * Refuses what is not there and what lies elsewhere alike.
 */
export function keepInBounds(db: Database) {
  return hookOf((request) => {
    const access = accessOf(request)
    if (!access) return
    const caller = callerOf(request)
    if (caller.regionCode === undefined) return
    const { bounds } = access
    if (bounds === 'code') refuseRegion(caller, paramOf(request, 'code'), 'code')
    else if (bounds === 'region') narrow(caller, request.query as { region?: string })
    const namesRows = typeof bounds === 'object' || request.body
    return namesRows ? refuseNames(request, caller, bounds) : undefined
  })

  async function refuseNames(request: FastifyRequest, caller: Caller, bounds: Bounds) {
    if (typeof bounds === 'object') await refuseOutside(db.read, caller, request, bounds.id)
    const body = (request.body ?? {}) as { fact?: object }
    await refuseNamed(db.read, caller, body)
    await refuseNamed(db.read, caller, body.fact ?? {})
  }
}

/** What a route asks of its caller; undefined where anybody may call it. */
function accessOf({ routeOptions }: FastifyRequest): { may: Asked; bounds: Bounds } | undefined {
  const { may = 'anybody', bounds = 'none' } = routeOptions.config.access ?? {}
  return may === 'anybody' ? undefined : { may, bounds }
}

const paramOf = (request: FastifyRequest, name: string) =>
  (request.params as Record<string, string>)[name] ?? ''

async function refuseOutside(
  db: Reader,
  caller: Caller,
  request: FastifyRequest,
  table: BoundedTable,
): Promise<void> {
  if (!(await isInBounds(db, table, paramOf(request, 'id'), caller))) throw notThere
}

function narrow(caller: Caller, query: { region?: string }): void {
  const region = boundRegion(caller, query.region)
  if (region !== undefined) query.region = region
}

/** The names under which bodies refer to operators, contracts and villages. */
async function refuseNamed(db: Reader, caller: Caller, body: object): Promise<void> {
  const { operatorId, contractId, villageCode } = body as Record<string, string | undefined>
  if (villageCode !== undefined) refuseRegion(caller, villageCode, 'villageCode')
  if (operatorId !== undefined && !(await isInBounds(db, 'operators', operatorId, caller)))
    throw operatorUnknown
  if (contractId !== undefined && !(await isInBounds(db, 'contracts', contractId, caller)))
    throw contractUnknown
}

const notThere = new Refusal('not-found', 'not-found', {
  zh: '没有这条记录',
  en: 'no such record',
})
