import { parentPort, workerData } from 'node:worker_threads'
import { openSnapshot } from '../platform/database/open-sqlite.ts'
import { countyJobsHere } from './county-jobs.ts'
import type { CountyOrder, FromThread } from './county-jobs-in-threads.ts'
import type { ScoreBatch } from './risk-store.ts'

/** The program of a thread: one job on one snapshot, batches posted one at a time. */
const { path, order } = workerData as { path: string; order: CountyOrder }
const port = parentPort
if (!port) throw new Error('county-thread runs as a worker thread')
const snapshot = openSnapshot(path)
const jobs = countyJobsHere(snapshot.read)

const post = (message: FromThread) => port.postMessage(message)
const keep = (batch: ScoreBatch) =>
  new Promise<void>((resolve) => {
    port.once('message', () => resolve())
    post({ batch })
  })

const result =
  order.name === 'score'
    ? await jobs.score(order.job, keep)
    : order.name === 'worklist'
      ? await jobs.worklist(order.job)
      : await jobs.summary(order.job)
snapshot.close()
post({ result })
