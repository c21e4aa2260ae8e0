import { parentPort, workerData } from 'node:worker_threads'
import { openSnapshot } from '../platform/database/open-sqlite.ts'
import { type CountyJobs, countyJobsHere } from './county-jobs.ts'
import type { CountyOrder, FromThread, ToThread } from './county-jobs-in-threads.ts'
import type { ScoreBatch } from './risk-store.ts'

/** More than a page comes to, so that the writer need not wait for the next one. */
const BATCHES_AHEAD = 16

/** The program of a thread: one order after the other, each on a snapshot of its own. */
const { path } = workerData as { path: string }
const port = parentPort
if (!port) throw new Error('county-thread runs as a worker thread')

const post = (message: FromThread) => port.postMessage(message)
let underWay = 0
let onKept = () => {}

async function untilUnderWay(batches: number): Promise<void> {
  while (underWay > batches)
    await new Promise<void>((resolve) => {
      onKept = resolve
    })
}

/** The writer keeps some batches while the next is computed. */
async function keep(batch: ScoreBatch): Promise<void> {
  await untilUnderWay(BATCHES_AHEAD - 1)
  underWay += 1
  post({ batch })
}

function resultOf(jobs: CountyJobs, order: CountyOrder): Promise<unknown> {
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

async function carryOut(order: CountyOrder): Promise<void> {
  const snapshot = openSnapshot(path)
  const result = await resultOf(countyJobsHere(snapshot.read), order)
  snapshot.close()
  await untilUnderWay(0)
  post({ result })
}

port.on('message', (message: ToThread) => {
  if (message !== 'kept') return void carryOut(message)
  underWay -= 1
  onKept()
})
