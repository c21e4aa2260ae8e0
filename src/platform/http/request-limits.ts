import { getHeapStatistics } from 'node:v8'
import rateLimit from '@fastify/rate-limit'
import underPressure from '@fastify/under-pressure'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../../errors.ts'
import { hookOf } from './hook-of.ts'

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

type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<void>
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
): Promise<{ byAddress: Hook; byCaller: Hook }> {
  await app.register(rateLimit, { global: false, timeWindow: MINUTE_MS })
  const memory = { cache: COUNTED_MAX }
  const failures = app.createRateLimit({ max: perMinute.failures, ...memory })
  const ofAddress = app.createRateLimit({ max: perMinute.requests, ...memory })
  const keyGenerator = (request: FastifyRequest) => callerId(request) ?? ''
  const ofCaller = app.createRateLimit({ max: perMinute.requests, keyGenerator, ...memory })
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
    async byCaller(request, reply) {
      if (callerId(request) !== undefined)
        return refuseMore(await ofCaller(request), reply, tooManyRequests)
      logIns.add(request)
      refuseMore(await countFailure(request), reply, tooManyFailures)
    },
  }
}

function refuseMore(count: Count, reply: FastifyReply, refusal: Refusal): void {
  if (!count.isAllowed && count.isExceeded) refuse(count, reply, refusal)
}

function refuse(count: Count, reply: FastifyReply, refusal: Refusal): never {
  if (!count.isAllowed) reply.header('retry-after', Math.max(1, count.ttlInSeconds))
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
