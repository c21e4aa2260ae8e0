import { getHeapStatistics } from 'node:v8'
import rateLimit from '@fastify/rate-limit'
import underPressure from '@fastify/under-pressure'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../../errors.ts'
import { type Hook, hookOf } from './hook-of.ts'

const MINUTE_MS = 60_000
/** How many callers and addresses are counted at a time; those not seen for longest go first. */
const COUNTED_MAX = 20_000
const HEAP_SHARE_MAX = 0.9
const RETRY_AFTER_SECONDS = 10
const FORGOTTEN_AFTER_SAMPLES = 10

/** The `config` of a route that answers however much is asked, by anybody. */
export const unlimited = { unlimited: true, pressureHandler: () => undefined }

declare module 'fastify' {
  interface FastifyContextConfig {
    unlimited?: boolean
    pressureHandler?: () => undefined
  }
}

/**
 * Refuses while the thread goes on lagging, or its heap is nearly full. One stall (a start, the
 * first night of a county) refuses nobody: it is over when its requests are seen.
 * Refuses: overloaded.
 */
export async function refuseUnderPressure(app: FastifyInstance, lagMsMax: number): Promise<void> {
  const goesOn = lasting(lagMsMax)
  await app.register(underPressure, {
    maxEventLoopDelay: lagMsMax,
    // A sample in which the thread never came to rest is then itself longer than may be.
    sampleInterval: lagMsMax,
    maxHeapUsedBytes: getHeapStatistics().heap_size_limit * HEAP_SHARE_MAX,
    async pressureHandler(_request, reply, type) {
      if (type === underPressure.TYPE_EVENT_LOOP_DELAY && !goesOn()) return
      reply.header('retry-after', RETRY_AFTER_SECONDS)
      throw overloaded
    },
  })
}

/** Whether something that is told again and again has been so for a whole sample. */
function lasting(sampleMs: number): () => boolean {
  let [first, last] = [-Infinity, -Infinity]
  return () => {
    const now = performance.now()
    if (now - last > FORGOTTEN_AFTER_SAMPLES * sampleMs) first = now
    last = now
    return now - first >= sampleMs
  }
}

const overloaded = new Refusal('overloaded', 'overloaded', {
  zh: '服务繁忙,请按 Retry-After 的秒数稍后再试',
  en: 'busy: try again after the seconds of Retry-After',
})

type AsyncHook = (request: FastifyRequest, reply: FastifyReply) => Promise<void>
type Count = Awaited<ReturnType<ReturnType<FastifyInstance['createRateLimit']>>>

/**
 * Counts failed credentials by address, and refuses an address that has had too many before its
 * next ones are looked at. Answers hooks that count requests: `byAddress` for pages that ask for
 * no credentials; `byCaller` for what comes after them, where a log-in, which has no caller yet,
 * counts as a failure from its start. Refuse: too-many-failures, too-many-requests.
 */
export async function limitRequests(
  app: FastifyInstance,
  perMinute: { requests: number; failures: number },
  callerId: (request: FastifyRequest) => string | undefined,
): Promise<{ byAddress: AsyncHook; byCaller: Hook }> {
  await app.register(rateLimit, { global: false, timeWindow: MINUTE_MS })
  const memory = { cache: COUNTED_MAX }
  const failures = app.createRateLimit({ max: perMinute.failures, ...memory })
  const ofAddress = app.createRateLimit({ max: perMinute.requests, ...memory })
  const ofCaller = countingByMinute()
  const logIns = new WeakSet<FastifyRequest>()
  /** Until when an address is refused that has failed too often, of all the last one. */
  let refusesUntilMs = 0

  async function countFailure(request: FastifyRequest): Promise<Count> {
    const count = await failures(request)
    if (!count.isAllowed && count.remaining === 0)
      refusesUntilMs = Math.max(refusesUntilMs, performance.now() + count.ttl)
    return count
  }
  async function refuseFailed(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const count = await failures(request, { increment: false })
    if (!count.isAllowed && count.remaining === 0) refuse(count, reply, tooManyFailures)
  }
  app.addHook(
    'onRequest',
    hookOf((request, reply) => {
      const isOpen = performance.now() > refusesUntilMs || request.routeOptions.config.unlimited
      return isOpen ? undefined : refuseFailed(request, reply)
    }),
  )
  app.addHook('onSend', (request, reply, _payload, done) => {
    if (reply.statusCode !== 401 || logIns.has(request)) return done()
    countFailure(request).then(() => done(), done)
  })
  return {
    async byAddress(request, reply) {
      refuseMore(await ofAddress(request), reply, tooManyRequests)
    },
    byCaller: hookOf((request, reply) => {
      const id = callerId(request)
      if (id === undefined) {
        logIns.add(request)
        return countFailure(request).then((count) => refuseMore(count, reply, tooManyFailures))
      }
      const { requests, endsInMs } = ofCaller(id)
      if (requests <= perMinute.requests) return undefined
      return refuseFor(endsInMs, reply, tooManyRequests)
    }),
  }
}

/** Counts by key, in minutes that begin with the first of a key; the oldest minutes go first. */
function countingByMinute() {
  const minutes = new Map<string, { requests: number; endsAtMs: number }>()
  return (key: string) => {
    const now = performance.now()
    let minute = minutes.get(key)
    if (!minute || minute.endsAtMs <= now) {
      minutes.delete(key)
      const [oldest] = minutes.keys()
      if (oldest !== undefined && minutes.size >= COUNTED_MAX) minutes.delete(oldest)
      minute = { requests: 0, endsAtMs: now + MINUTE_MS }
      minutes.set(key, minute)
    }
    minute.requests += 1
    return { requests: minute.requests, endsInMs: minute.endsAtMs - now }
  }
}

function refuseMore(count: Count, reply: FastifyReply, refusal: Refusal): void {
  if (!count.isAllowed && count.isExceeded) refuse(count, reply, refusal)
}

function refuse(count: Count, reply: FastifyReply, refusal: Refusal): never {
  if (count.isAllowed) throw refusal
  return refuseFor(count.ttl, reply, refusal)
}

function refuseFor(ms: number, reply: FastifyReply, refusal: Refusal): never {
  reply.header('retry-after', Math.max(1, Math.ceil(ms / 1000)))
  throw refusal
}

const tooManyRequests = new Refusal('too-many', 'too-many-requests', {
  zh: '请求过于频繁,请按 Retry-After 的秒数稍后再试',
  en: 'too many requests: try again after the seconds of Retry-After',
})
const tooManyFailures = new Refusal('too-many', 'too-many-failures', {
  zh: '该地址身份验证失败次数过多,请按 Retry-After 的秒数稍后再试',
  en: 'too many failed credentials from this address: try again after the seconds of Retry-After',
})
