import { parentPort, workerData } from 'node:worker_threads'
import { Refusal } from '../errors.ts'
import { keysFor, openBeside, openSnapshot } from '../platform/database/open-sqlite.ts'
import type { FromNight, NightOrder, Turn } from './work-in-thread.ts'
import { type NightJobs, nightJobsOn, nightWorkOf } from './work-on-night.ts'

/** The program of a thread: works on one night. */
const { path, dataKey, place, timeZone, asked, ...wish } = workerData as NightOrder
const port = parentPort
if (!port) throw new Error('night-thread runs as a worker thread')
const post = (message: FromNight) => port.postMessage(message)

let now = new Date(0)
const take = () =>
  new Promise<() => void>((resolve) => {
    port.once('message', (turn: Turn) => {
      now = turn.now
      resolve(() => post('written'))
    })
    post('turn')
  })

/**
 * While others record something now and then, turns are short: what was begun already when somebody
 * asks has to be committed first, which takes as long as it has written.
 */
const BUSY_MS = 250
let askedBefore = Atomics.load(asked, 0)
let busyUntil = 0
const isAwaited = () => {
  const askedNow = Atomics.load(asked, 0)
  if (askedNow !== askedBefore) busyUntil = performance.now() + BUSY_MS
  askedBefore = askedNow
  return performance.now() < busyUntil
}

/** A first night writes 5 MB a batch, which stay out of the file until its snapshot is renewed. */
const BATCHES_PER_SNAPSHOT = 50

async function onSnapshot<T>(work: (jobs: NightJobs, renew: () => void) => Promise<T>): Promise<T> {
  const { read, renew, close } = openSnapshot(path)
  try {
    return await work(nightJobsOn(read), renew)
  } finally {
    close()
  }
}

const score: NightJobs['score'] = (job, keep) =>
  onSnapshot((on, renew) => {
    let batches = 0
    return on.score(job, async (batch) => {
      await keep(batch)
      batches += 1
      if (batches % BATCHES_PER_SNAPSHOT === 0) renew()
    })
  })

/** SQLite's errors are none of the language's: of them the other thread would only see a code. */
function toldAcross(error: Error): Error {
  const { message, stack, code, cause } = error as Error & { code?: unknown }
  const inner = cause instanceof Error && { cause: toldAcross(cause) }
  return Object.assign(new Error(message), { stack, code, ...inner })
}

const jobs: NightJobs = {
  score,
  rentsDue: (job) => onSnapshot((on) => on.rentsDue(job)),
}

const db = openBeside(path, { now: () => now, timeZone }, keysFor(path, dataKey), {
  take,
  isAwaited,
})
try {
  post({ worked: await nightWorkOf({ db, place, jobs })(wish) })
} catch (error) {
  if (!(error instanceof Refusal)) throw toldAcross(error as Error)
  post({ refused: error.told() })
} finally {
  await db.close()
}
