import { AS_OF } from './bench-county.ts'
import { startChild } from './child.ts'
import { type DrawnPayments, take } from './drawn-payments.ts'
import { type Client, clientOf, type Listening } from './http-client.ts'

/** Requests come at a fixed pace, whether the ones before them were answered or not. */
const PACE_MS = 20
const IDLE_SECONDS = 10
/** One is over after some fifty requests, of which the slowest would be the p99. */
const NIGHTS_AGAIN = 10
const SERVICE = new URL('./writes-service.mjs', import.meta.url)

/** Milliseconds from when each request was due to the end of its reply. */
export interface Waits {
  reading: number[]
  paying: number[]
}
interface Night {
  seconds: number
  complete: boolean
}

/**
 * How long requests take while nothing else is done, while the first night of the county at `path`
 * is under way, and while it is run again and again.
 */
export async function measureBesideNight(path: string, now: string, drawn: DrawnPayments) {
  const service = await startChild<Listening>(SERVICE, path, now)
  const client = clientOf(service.begun)
  const night = () => service.tell<Night>('night', AS_OF)
  const nightsAgain = async () => {
    for (let nth = 1; nth < NIGHTS_AGAIN; nth++) await night()
    return night()
  }
  const idle = () => new Promise((resolve) => setTimeout(resolve, 1000 * IDLE_SECONDS))
  await waitsUntil(idle(), client, drawn)
  const before = await waitsUntil(idle(), client, drawn)
  const first = await waitsUntil(night(), client, drawn)
  const between = await waitsUntil(idle(), client, drawn)
  const again = await waitsUntil(nightsAgain(), client, drawn)
  client.close()
  await service.end()
  const waits = {
    reading: [...before.waits.reading, ...between.waits.reading],
    paying: [...before.waits.paying, ...between.waits.paying],
  }
  return { idle: waits, first, again }
}
const isRefused = (end: PromiseSettledResult<void>) => end.status === 'rejected'
export type BesideNight = Awaited<ReturnType<typeof measureBesideNight>>

async function waitsUntil<End>(end: Promise<End>, client: Client, drawn: DrawnPayments) {
  const waits: Waits = { reading: [], paying: [] }
  const underWay: Promise<void>[] = []
  let isOver = false
  const ended = end.finally(() => {
    isOver = true
  })
  const timed = async (kind: keyof Waits, dueAt: number, request: Promise<void>) => {
    await request
    waits[kind].push(performance.now() - dueAt)
  }
  for (let dueAt = performance.now(); !isOver; dueAt += PACE_MS) {
    await new Promise((resolve) => setTimeout(resolve, dueAt - performance.now()))
    const [read, paid] = take(drawn, 2)
    const path = `/contracts/${read?.contractId}`
    underWay.push(timed('reading', dueAt, client.send('GET', path, 200)))
    const payments = `/contracts/${paid?.contractId}/payments`
    underWay.push(timed('paying', dueAt, client.send('POST', payments, 201, paid?.body)))
  }
  for (const { reason } of (await Promise.allSettled(underWay)).filter(isRefused)) throw reason
  return { waits, night: await ended }
}
