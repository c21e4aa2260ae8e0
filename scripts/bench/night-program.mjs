// Nights of the built service in a process of its own. Plain JavaScript: a process that loads
// TypeScript hands its loader on to the night's thread, and with it the loader's time and memory.
import Sqlite from 'better-sqlite3'
import { readConfig } from '../../dist/config.js'
import { openService } from '../../dist/open-service.js'
import { createLogger } from '../../dist/platform/log/logger.js'

const SAMPLE_MS = 20
const [path = '', asOf = '', now = '', timeZone = ''] = process.argv.slice(2)
const settings = { DATABASE_URL: `file:${path}`, OUTBOX_DIR: `${path}-outbox`, TIME_ZONE: timeZone }
const service = await openService(readConfig(settings), createLogger('silent'), () => new Date(now))
const { db, nights } = service
let longestMs = 0
const standBack = db.standBack.bind(db)
db.standBack = (work) =>
  standBack(async () => {
    const startedAt = performance.now()
    await work()
    longestMs = Math.max(longestMs, performance.now() - startedAt)
  })
const attempts = [await attempt(), await attempt()]
await service.close()
process.stdout.write(JSON.stringify(attempts))

async function attempt() {
  longestMs = 0
  let peakBytes = 0
  const sample = () => {
    peakBytes = Math.max(peakBytes, process.memoryUsage.rss())
  }
  const changesBefore = rows('select count(*) as rows from score_changes')
  const sampling = setInterval(sample, SAMPLE_MS)
  const startedAt = performance.now()
  const run = await nights.run(asOf)
  const seconds = (performance.now() - startedAt) / 1000
  sample()
  clearInterval(sampling)
  const changes = rows('select count(*) as rows from score_changes') - changesBefore
  const risks = rows('select count(*) as rows from risks where known_at >= ?', run.startedAt)
  return { seconds, longestMs, peakBytes, rowsWritten: changes + risks, run }
}

function rows(query, ...given) {
  const file = new Sqlite(path, { readonly: true })
  const [found] = file.prepare(query).all(...given)
  file.close()
  return found.rows
}
