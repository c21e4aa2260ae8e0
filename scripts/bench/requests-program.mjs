// The built service in a process of its own, on the county's own day, answering at a port that it
// tells. It is asked for the processor time that it has taken, after it has recorded something or not.
import { addToken } from '../../dist/access/token-store.js'
import { readConfig } from '../../dist/config.js'
import { openService } from '../../dist/open-service.js'
import { createLogger } from '../../dist/platform/log/logger.js'

const [path = '', startsAt = ''] = process.argv.slice(2)
const config = readConfig({ DATABASE_URL: `file:${path}`, RATE_PER_MINUTE: '100000000' })
const startedMs = Date.parse(startsAt)
const now = () => new Date(startedMs + performance.now())
const service = await openService(config, createLogger(config.LOG_LEVEL), now)
const wish = { label: 'bench', role: 'viewer' }
const token = await service.db.transaction((tx) => addToken(tx, wish))
await service.app.listen({ port: 0 })
process.on('message', async (message) => {
  if (message === 'record') await service.db.transaction(async () => undefined)
  process.send(process.cpuUsage())
})
process.once('disconnect', () => service.close())
process.send({ port: service.app.server.address().port, token })
