import closeWithGrace from 'close-with-grace'
import { readConfig, WrongSetting } from './config.ts'
import { catchUpNights, scheduleNights } from './nightly/nightly-schedule.ts'
import { openService } from './open-service.ts'
import { createLogger } from './platform/log/logger.ts'

const CLOSE_WITHIN_MS = 4500

try {
  const config = readConfig()
  const log = createLogger(config.LOG_LEVEL)
  const service = await settingOf('DATABASE_URL', openService(config, log))
  const failed = (error: unknown) => log.error({ err: error }, 'a night failed')
  const stopNights = scheduleNights(service.nights, service.clock, config.NIGHTLY_AT, failed)
  closeWithGrace({ delay: CLOSE_WITHIN_MS, logger: log }, async () => {
    stopNights()
    await service.close()
  })
  await settingOf('HOST, PORT', service.app.listen({ port: config.PORT, host: config.HOST }))
  const { db, nights, clock } = service
  catchUpNights(db, nights, clock, config.NIGHTLY_AT, failed).catch(failed)
} catch (error) {
  // One line, for the person who starts the service; a bug still shows where it is.
  const { message, stack } = error as Error
  process.stderr.write(`${error instanceof WrongSetting ? message : stack}\n`)
  process.exit(1)
}

/** What the system refuses (no such folder, address in use) is a matter of a setting. */
async function settingOf<T>(name: string, opening: Promise<T>): Promise<T> {
  try {
    return await opening
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== undefined) throw new WrongSetting(`${name}: ${message}`)
    throw error
  }
}
