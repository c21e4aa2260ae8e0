import { Worker } from 'node:worker_threads'
import { Refusal } from '../errors.ts'
import type { SummaryJob, WorklistJob } from './computed-county.ts'
import type { CountyJobs } from './county-jobs.ts'
import type { RentsDueJob } from './rents-due.ts'
import type { ScoreBatch } from './risk-store.ts'

/** What a thread is started for. */
export type CountyOrder =
  | { name: 'score'; job: Parameters<CountyJobs['score']>[0] }
  | { name: 'worklist'; job: WorklistJob }
  | { name: 'summary'; job: SummaryJob }
  | { name: 'rentsDue'; job: RentsDueJob }
export type ToThread = CountyOrder | 'kept'
export type FromThread = { batch: ScoreBatch } | { result: unknown }

const READING_THREADS_MAX = 2
const WAITING_MAX = 20
/** Loading its program takes a thread longer than most orders: a free one waits for the next. */
const FREE_MS = 10_000
const fromSources = import.meta.url.endsWith('.ts')
const program = new URL(`./county-thread.${fromSources ? 'ts' : 'js'}`, import.meta.url)

/**
 * Run from its sources (demo, tests), a thread must register the loader of the main thread anew.
 */
function startThread(workerData: { path: string }): Worker {
  if (!fromSources) return new Worker(program, { workerData })
  const loader = import.meta.resolve('tsx/esm/api')
  const start = `import('${loader}').then(({ register }) => register() && import('${program}'))`
  return new Worker(start, { workerData, eval: true })
}

/**
 * The jobs in threads that read the database file at `path`, each on a snapshot of its own, because
 * better-sqlite3 never yields. `stop` ends those under way.
 */
export function countyJobsInThreads(path: string): CountyJobs & { stop: () => Promise<void> } {
  const threads = new Set<Worker>()
  const free = new Map<Worker, NodeJS.Timeout>()
  const waiting: (() => void)[] = []
  let reading = 0
  let stopped = false

  function takeThread(): Worker {
    const [known] = free
    const worker = known?.[0] ?? startThread({ path })
    clearTimeout(known?.[1])
    free.delete(worker)
    threads.add(worker)
    worker.ref()
    return worker
  }
  async function end(worker: Worker): Promise<void> {
    free.delete(worker)
    threads.delete(worker)
    await worker.terminate()
  }
  async function run<T>(order: CountyOrder, keep?: (batch: ScoreBatch) => Promise<void>) {
    if (stopped) throw new Error('the service is closing')
    const worker = takeThread()
    try {
      const result = (await resultOf(worker, order, keep)) as T
      worker.unref()
      free.set(worker, setTimeout(() => end(worker), FREE_MS).unref())
      return result
    } catch (error) {
      await end(worker)
      throw error
    }
  }
  /** Reads wait for each other; a night waits for none of them. */
  async function read<T>(order: CountyOrder): Promise<T> {
    if (reading >= READING_THREADS_MAX) {
      if (waiting.length >= WAITING_MAX) throw tooMany
      await new Promise<void>((go) => waiting.push(go))
    } else reading += 1
    try {
      return await run<T>(order)
    } finally {
      // A waiting read takes the place over; only without one is a place left free.
      const next = waiting.shift()
      if (next) next()
      else reading -= 1
    }
  }
  return {
    worklist: (job) => read({ name: 'worklist', job }),
    summary: (job) => read({ name: 'summary', job }),
    rentsDue: (job) => run({ name: 'rentsDue', job }),
    score: (job, keep) => run({ name: 'score', job }, keep),
    async stop() {
      stopped = true
      await Promise.all([...threads].map(end))
    },
  }
}

function resultOf(
  worker: Worker,
  order: CountyOrder,
  keep: ((batch: ScoreBatch) => Promise<void>) | undefined,
): Promise<unknown> {
  const post = (message: ToThread) => worker.postMessage(message)
  return new Promise((resolve, reject) => {
    const ended = (code: number) => failed(new Error(`a county thread ended early (${code})`))
    const listen = (message: FromThread) => {
      if ('batch' in message) keep?.(message.batch).then(() => post('kept'), failed)
      else settle(() => resolve(message.result))
    }
    const failed = (error: Error) => settle(() => reject(error))
    function settle(tell: () => void) {
      worker.off('message', listen).off('error', failed).off('exit', ended)
      tell()
    }
    worker.on('message', listen).on('error', failed).on('exit', ended)
    post(order)
  })
}

const tooMany = new Refusal('too-many', 'county-busy', {
  zh: '正在计算的全县汇总过多,请稍后再试',
  en: 'too many computations over the whole county are waiting; try again later',
})
