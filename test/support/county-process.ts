/**
 * The service in a process of its own, on a county's file, at an instant that the test gives:
 *   county-process.ts <file> <instant> post <url> <json>   posts a fact, prints the answer
 *   county-process.ts <file> <instant> nights [pauseMs]    makes up for nights as a start does;
 *     with `pauseMs` it rests so long after each transaction of the night, so that it can be killed there
 */
import { dirname, join } from 'node:path'
import { addToken } from '../../src/access/token-store.ts'
import { readConfig } from '../../src/config.ts'
import { catchUpNights } from '../../src/nightly/nightly-schedule.ts'
import { openService } from '../../src/open-service.ts'
import { createLogger } from '../../src/platform/log/logger.ts'

const [file = '', instant = '', verb = '', ...rest] = process.argv.slice(2)
const startedAt = Date.now()
const at = Date.parse(instant)
// Ids are made from the process's clock, which is wrong here like the service's own.
const realNow = Date.now.bind(Date)
Date.now = () => at + realNow() - startedAt

const config = readConfig({
  DATABASE_URL: `file:${file}`,
  OUTBOX_DIR: join(dirname(file), 'outbox'),
})
const service = await openService(config, createLogger('error'), () => new Date(Date.now()))

if (verb === 'post') {
  const [url = '', json = '{}'] = rest
  const token = await service.db.transaction((tx) => addToken(tx, { label: 'p', role: 'admin' }))
  const reply = await service.app.inject({
    method: 'POST',
    url: `/api/v1${url}`,
    headers: { authorization: `Bearer ${token}` },
    payload: JSON.parse(json) as object,
  })
  process.stdout.write(`${reply.body}\n`)
  if (reply.statusCode !== 201) process.exitCode = 1
} else {
  restAfterBatches(Number(rest[0] ?? 0))
  await catchUpNights(service.db, service.nights, service.clock, config.NIGHTLY_AT, (error) => {
    throw error
  })
}
await service.close()

function restAfterBatches(pauseMs: number): void {
  if (pauseMs === 0) return
  const { db } = service
  const standBack = db.standBack.bind(db)
  let last: Promise<unknown> = Promise.resolve()
  db.standBack = (work) => {
    const done = last.then(() => standBack(work))
    last = done.then(() => new Promise((resolve) => setTimeout(resolve, pauseMs)))
    return done
  }
}
