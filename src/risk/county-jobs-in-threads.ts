import type { Worker } from 'node:worker_threads'
import { Refusal } from '../errors.ts'
import { startThread } from '../platform/start-thread.ts'
import type { SummaryJob, WorklistJob } from './computed-county.ts'
import type { CountyJobs } from './county-jobs.ts'

/** What a thread is asked for. */
export type CountyOrder =
  | { name: 'worklist'; job: WorklistJob }
  | { name: 'summary'; job: SummaryJob }

const THREADS_MAX = 2
const WAITING_MAX = 20
/** Loading its program takes a thread longer than most orders: a free one waits for the next. */
const FREE_MS = 10_000

/**
 * The jobs in threads that read the database file at `path`, each on a snapshot of its own, because
 * better-sqlite3 never yields. `stop` ends those under way.
 */
export function countyJobsInThreads(path: string): CountyJobs & { stop: () => Promise<void> } {
  const threads = new Set<Worker>()
  const free = new Map<Worker, NodeJS.Timeout>()
  const waiting: (() => void)[] = []
  let underWay = 0
  let stopped = false

  function takeThread(): Worker {
    const [known] = free
    const worker =
      known?.[0] ?? startThread('county-thread', import.meta.url, { workerData: { path } })
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
  async function run<T>(order: CountyOrder): Promise<T> {
    if (stopped) throw new Error('the service is closing')
    const worker = takeThread()
    try {
      const result = await resultOf<T>(worker, order)
      worker.unref()
      free.set(worker, setTimeout(() => end(worker), FREE_MS).unref())
      return result
    } catch (error) {
      await end(worker)
      throw error
    }
  }
  /** Orders wait for each other. */
  async function inTurn<T>(order: CountyOrder): Promise<T> {
    if (underWay >= THREADS_MAX) {
      if (waiting.length >= WAITING_MAX) throw tooMany
      await new Promise<void>((go) => waiting.push(go))
    } else underWay += 1
    try {
      return await run<T>(order)
    } finally {
      // One that waits takes the place over; only without one is a place left free.
      const next = waiting.shift()
      if (next) next()
      else underWay -= 1
    }
  }
  return {
    worklist: (job) => inTurn({ name: 'worklist', job }),
    summary: (job) => inTurn({ name: 'summary', job }),
    async stop() {
      stopped = true
      await Promise.all([...threads].map(end))
    },
  }
}

function resultOf<T>(worker: Worker, order: CountyOrder): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (code: number) => failed(new Error(`a county thread ended early (${code})`))
    const answered = (result: T) => settle(() => resolve(result))
    const failed = (error: Error) => settle(() => reject(error))
    function settle(tell: () => void) {
      worker.off('message', answered).off('error', failed).off('exit', ended)
      tell()
    }
    worker.on('message', answered).on('error', failed).on('exit', ended)
    worker.postMessage(order)
  })
}

const tooMany = new Refusal('too-many', 'county-busy', {
  zh: '正在计算的全县汇总过多,请稍后再试',
  en: 'too many computations over the whole county are waiting; try again later',
})
