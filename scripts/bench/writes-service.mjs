// The built service in a process of its own, at the clock of the bench county: it listens, and does
// within the process what it is told. Plain JavaScript, as threads would load TypeScript anew.
import { audit } from '../../dist/access/audit-trail.js'
import { addToken } from '../../dist/access/token-store.js'
import { readConfig } from '../../dist/config.js'
import { openService } from '../../dist/open-service.js'
import { recordPayment } from '../../dist/payments/record-payment.js'
import { lastInstant } from '../../dist/platform/database/ledger-clock.js'
import { createLogger } from '../../dist/platform/log/logger.js'

const [path = '', now = ''] = process.argv.slice(2)
const aheadMs = Date.parse(now) - Date.now()
const clock = () => new Date(Date.now() + aheadMs)
const config = readConfig({
  DATABASE_URL: `file:${path}`,
  OUTBOX_DIR: `${path}-outbox`,
  RATE_PER_MINUTE: '100000000',
  // What is recorded within the process does not let requests in.
  LAG_MS_MAX: '600000',
})
const service = await openService(config, createLogger(config.LOG_LEVEL), clock)
const { app, db, nights, refreshRisks } = service
const token = await db.transaction((tx) => addToken(tx, { label: 'bench', role: 'admin' }))
const url = await app.listen({ port: 0, host: '127.0.0.1' })
const caller = { id: 'bench', label: 'bench', role: 'admin', regionCode: undefined }

const tasks = { pay, night, cpu, instant: () => lastInstant(db.read) }
process.on('message', async ({ task, words }) => {
  if (task !== 'end') return process.send(await tasks[task](...words))
  await service.close()
  process.disconnect()
})
process.once('disconnect', () => process.exit())
process.send({ url, token })

/** What the route of payments does in its transaction, `atOnce` of them waiting for each other. */
async function pay(payments, atOnce) {
  const waiting = payments.values()
  const startedAt = performance.now()
  const one = async () => {
    for (const { contractId, body } of waiting)
      await db.transaction(async (tx) => {
        const { row } = await recordPayment(tx, caller, contractId, body)
        const detail = { of: contractId }
        const done = { action: 'record', subject: 'payments', subjectId: row.id, detail }
        await audit(tx, { caller, address: '127.0.0.1', requestId: row.id }, done)
        await refreshRisks(tx)
      })
  }
  await Promise.all(Array.from({ length: atOnce }, one))
  return (performance.now() - startedAt) / 1000
}

/** Seconds of the processor's time so far. */
function cpu() {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

async function night(asOf) {
  const startedAt = performance.now()
  const { status, failures } = await nights.run(asOf)
  const seconds = (performance.now() - startedAt) / 1000
  return { seconds, complete: status === 'completed' && failures.length === 0 }
}
