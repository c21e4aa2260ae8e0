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
const counting = {
  ...jobs,
  score: (job, keep) =>
    jobs.score(job, (batch) => {
      const { risks, dropped, scores } = batch
      const edits = scores.map(({ put, remove }) => put.length + (remove === null ? 0 : 1))
      rowsWritten += edits.reduce((sum, rows) => sum + rows, risks.length + dropped.length)
      return keep(batch)
    }),
}
const place = { code: '519901', name: 'bench' }
const mailer = folderMailer(`${path}-outbox`, { name: '', address: 'bench@localhost' })
const { nights } = depsOf(db, clock, createLogger('silent'), counting, place, mailer)
const attempts = [await attempt(), await attempt()]
await db.close()
process.stdout.write(JSON.stringify(attempts))

async function attempt() {
  rowsWritten = 0
  let peakBytes = 0
  const sample = () => {
    peakBytes = Math.max(peakBytes, process.memoryUsage.rss())
  }
  const sampling = setInterval(sample, SAMPLE_MS)
  const startedAt = performance.now()
  const run = await nights.run(asOf)
  const seconds = (performance.now() - startedAt) / 1000
  sample()
  clearInterval(sampling)
  return { seconds, peakBytes, rowsWritten, run }
}
