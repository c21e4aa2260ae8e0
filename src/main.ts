import closeWithGrace from 'close-with-grace'
import { readConfig, WrongSetting } from './config.ts'
import { catchUpNights, scheduleNights } from './nightly/nightly-schedule.ts'
import { openService } from './open-service.ts'
import { createLogger } from './platform/log/logger.ts'

const CLOSE_WITHIN_MS = 4500

try {
  const config = readConfig()
  const log = createLogger(config.LOG_LEVEL)
  const service = await openService(config, log)
  const failed = (error: unknown) => log.error({ err: error }, 'a night failed')
  const stopNights = scheduleNights(service.nights, service.clock, config.NIGHTLY_AT, failed)
  closeWithGrace({ delay: CLOSE_WITHIN_MS, logger: log }, async () => {
    stopNights()
    await service.close()
  })
  await service.app.listen({ port: config.PORT, host: config.HOST })
  catchUpNights(service.db, service.nights, service.clock, config.NIGHTLY_AT).catch(failed)
} catch (error) {
  // One line, for the person who starts the service; a bug still shows where it is.
  const wrongSetting = error instanceof WrongSetting
  process.stderr.write(`${wrongSetting ? error.message : startFailure(error)}\n`)
  process.exit(1)
}

function startFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE' || code === 'EACCES') return `PORT, HOST: ${error.message}`
  if (code?.startsWith('SQLITE_') || code === 'ENOENT') return `DATABASE_URL: ${error.message}`
  return error.stack ?? error.message
}
