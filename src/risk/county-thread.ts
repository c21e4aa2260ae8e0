import { parentPort, workerData } from 'node:worker_threads'
import { openSnapshot } from '../platform/database/open-sqlite.ts'
import { countyJobsHere } from './county-jobs.ts'
import type { CountyOrder } from './county-jobs-in-threads.ts'

/** The program of a thread: one order after the other, each on a snapshot of its own. */
const { path } = workerData as { path: string }
const port = parentPort
if (!port) throw new Error('county-thread runs as a worker thread')

async function carryOut(order: CountyOrder): Promise<unknown> {
  const snapshot = openSnapshot(path)
  const jobs = countyJobsHere(snapshot.read)
  const result = await (order.name === 'summary'
    ? jobs.summary(order.job)
    : jobs.worklist(order.job))
  snapshot.close()
  return result
}

port.on('message', async (order: CountyOrder) => port.postMessage(await carryOut(order)))
