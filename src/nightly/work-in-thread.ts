import type { Worker } from 'node:worker_threads'
import type { Deps } from '../deps.ts'
import { Refusal, type ToldRefusal } from '../errors.ts'
import type { Clock } from '../platform/database/database.ts'
import type { SqliteDatabase } from '../platform/database/open-sqlite.ts'
import { startThread } from '../platform/start-thread.ts'
import type { NightWish, NightWorked, WorkOnNight } from './work-on-night.ts'

/** A quarter of what it would be: what a page is computed from is short-lived, and gone with it. */
const YOUNG_HEAP_MAX_MB = 8

/** What the thread of a night is started with. */
export interface NightOrder extends NightWish {
  path: string
  dataKey: string | undefined
  place: Deps['place']
  timeZone: string
  /** One number: how many transactions were asked for beside this thread so far. */
  asked: Int32Array<SharedArrayBuffer>
}
/** The thread asks for its turn to write and says when it has written, as often as it likes. */
export type FromNight = 'turn' | 'written' | { worked: NightWorked } | { refused: ToldRefusal }
/** It may write; the instant is that of the service's clock. */
export interface Turn {
  now: Date
}

/**
 * Works on each night in a thread of its own, which reads and writes the database file itself: this
 * thread goes on answering requests, and only stands back while the other one writes.
 */
export function workInThread(
  db: SqliteDatabase,
  clock: Clock,
  settings: Pick<NightOrder, 'path' | 'dataKey' | 'place'>,
): { work: WorkOnNight; stop: () => Promise<void> } {
  const threads = new Set<Worker>()
  let stopped = false
  return {
    async work(wish) {
      if (stopped) throw new Error('the service is closing')
      const { asked } = db
      const workerData: NightOrder = { ...settings, ...wish, timeZone: clock.timeZone, asked }
      const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_HEAP_MAX_MB }
      const worker = startThread('night-thread', import.meta.url, { workerData, resourceLimits })
      threads.add(worker)
      try {
        return await workOf(worker, db, clock)
      } finally {
        threads.delete(worker)
      }
    },
    async stop() {
      stopped = true
      // Not while it writes: a statement that failed then would take the process with it.
      await db.standBack(async () => {
        await Promise.all([...threads].map((worker) => worker.terminate()))
      })
    },
  }
}

/** Ends with the thread, whose connections are closed then. */
function workOf(worker: Worker, db: SqliteDatabase, clock: Clock): Promise<NightWorked> {
  let written = () => {}
  let hasEnded = false
  const turn = async () => {
    if (hasEnded) return
    const isWritten = new Promise<void>((resolve) => {
      written = resolve
    })
    worker.postMessage({ now: clock.now() } satisfies Turn)
    await isWritten
  }
  return new Promise((resolve, reject) => {
    let tell = () => reject(new Error('the thread of a night ended early'))
    worker.on('message', (message: FromNight) => {
      if (message === 'turn') void db.standBack(turn)
      else if (message === 'written') written()
      else if ('worked' in message) tell = () => resolve(message.worked)
      else tell = () => reject(Refusal.of(message.refused))
    })
    worker.on('error', (error) => {
      tell = () => reject(error)
    })
    worker.on('exit', () => {
      hasEnded = true
      written()
      tell()
    })
  })
}
