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
export type FromThread = { batch: ScoreBatch } | { result: unknown }

const READING_THREADS_MAX = 2
const WAITING_MAX = 20
const fromSources = import.meta.url.endsWith('.ts')
const program = new URL(`./county-thread.${fromSources ? 'ts' : 'js'}`, import.meta.url)

/**
 * Run from its sources (demo, tests), a thread must register the loader of the main thread anew.
 */
function startThread(workerData: { path: string; order: CountyOrder }): Worker {
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
  const running = new Set<Worker>()
  const waiting: (() => void)[] = []
  let reading = 0
  let stopped = false

  async function run<T>(order: CountyOrder, keep?: (batch: ScoreBatch) => Promise<void>) {
    if (stopped) throw new Error('the service is closing')
    const worker = startThread({ path, order })
    running.add(worker)
    try {
      return (await resultOf(worker, keep)) as T
    } finally {
      await worker.terminate()
      running.delete(worker)
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
      await Promise.all([...running].map((worker) => worker.terminate()))
    },
  }
}

function resultOf(
  worker: Worker,
  keep: ((batch: ScoreBatch) => Promise<void>) | undefined,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.on('message', (message: FromThread) => {
      if ('result' in message) return resolve(message.result)
      keep?.(message.batch).then(() => worker.postMessage('kept'), reject)
    })
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`a county thread ended early (${code})`)))
  })
}

const tooMany = new Refusal('too-many', 'county-busy', {
  zh: '正在计算的全县汇总过多,请稍后再试',
  en: 'too many computations over the whole county are waiting; try again later',
})
