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

function done(): Promise<unknown> {
  switch (order.name) {
    case 'score':
      return jobs.score(order.job, keep)
    case 'worklist':
      return jobs.worklist(order.job)
    case 'summary':
      return jobs.summary(order.job)
    case 'rentsDue':
      return jobs.rentsDue(order.job)
  }
}

const result = await done()
snapshot.close()
post({ result })
