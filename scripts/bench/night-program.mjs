// Nights of the built program in a process of their own. Plain JavaScript: a process that loads
// TypeScript hands its loader on to the thread that scores, and with it the loader's time and memory.
import { depsOf } from '../../dist/open-service.js'
import { openSqlite } from '../../dist/platform/database/open-sqlite.js'
import { createLogger } from '../../dist/platform/log/logger.js'
import { folderMailer } from '../../dist/platform/mail/mail-folder.js'
import { countyJobsInThreads } from '../../dist/risk/county-jobs-in-threads.js'

const SAMPLE_MS = 20
const [path = '', asOf = '', now = '', timeZone = ''] = process.argv.slice(2)
const clock = { now: () => new Date(now), timeZone }
const db = openSqlite(path, clock)
const jobs = countyJobsInThreads(path)
let rowsWritten = 0
let scoredAt = 0
let longestMs = 0
const counting = {
  ...jobs,
  score: async (job, keep) => {
    const report = await jobs.score(job, (batch) => {
      const { risks, dropped, scores } = batch
      const edits = scores.map(({ put, remove }) => put.length + (remove === null ? 0 : 1))
      rowsWritten += edits.reduce((sum, rows) => sum + rows, risks.length + dropped.length)
      return keep(batch)
    })
    scoredAt = performance.now()
    return report
  },
}
// From the first statement of a transaction to its last one: so long it keeps others from writing.
const timed = {
  ...db,
  transaction: (work) =>
    db.transaction(async (tx) => {
      const startedAt = performance.now()
      const result = await work(tx)
      longestMs = Math.max(longestMs, performance.now() - startedAt)
      return result
    }),
}
const place = { code: '519901', name: 'bench' }
const mailer = folderMailer(`${path}-outbox`, { name: '', address: 'bench@localhost' })
const { nights } = depsOf(timed, clock, createLogger('silent'), counting, place, mailer)
const attempts = [await attempt(), await attempt()]
await db.close()
process.stdout.write(JSON.stringify(attempts))

async function attempt() {
  rowsWritten = 0
  longestMs = 0
  let peakBytes = 0
  const sample = () => {
    peakBytes = Math.max(peakBytes, process.memoryUsage.rss())
  }
  const sampling = setInterval(sample, SAMPLE_MS)
  const startedAt = performance.now()
  const run = await nights.run(asOf)
  const endedAt = performance.now()
  const seconds = (endedAt - startedAt) / 1000
  const restSeconds = (endedAt - scoredAt) / 1000
  sample()
  clearInterval(sampling)
  return { seconds, restSeconds, longestMs, peakBytes, rowsWritten, run }
}
