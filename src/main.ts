import closeWithGrace from 'close-with-grace'
import { sendOutbox } from './alerts/send-outbox.ts'
import { readConfig, WrongSetting } from './config.ts'
import { makeGoodCutOff } from './imports/cut-off-imports.ts'
import { inTurn } from './imports/run-import.ts'
import { catchUpNights, scheduleNights, scheduleSending } from './nightly/nightly-schedule.ts'
import { CLOSE_WITHIN_MS, openService, type Service, settingWrongBy } from './open-service.ts'
import { createLogger, type Logger, tellError } from './platform/log/logger.ts'
import { makeWritable } from './platform/mail/mail-folder.ts'

// What the service writes is its owner's: the database, its copies, messages.
process.umask(0o077)

try {
  const config = readConfig()
  const log = createLogger(config.LOG_LEVEL)
  if (config.SMTP_URL === undefined) await settingOf('OUTBOX_DIR', makeWritable(config.OUTBOX_DIR))
  const service = await openService(config, log)
  const failed = (error: unknown) => log.error({ err: error }, 'a night failed')
  const schedules = [scheduleNights(service.nights, service.clock, config.NIGHTLY_AT, failed)]
  closeWithGrace({ delay: CLOSE_WITHIN_MS, logger: log }, async () => {
    for (const stop of schedules) stop()
    await service.close()
  })
  await settingOf('HOST, PORT', service.app.listen({ port: config.PORT, host: config.HOST }))
  const { send, sendingFailed } = sendingWith(service, log)
  schedules.push(scheduleSending(send, sendingFailed))
  const { db, nights, clock } = service
  inTurn(db, () => makeGoodCutOff(service))
    .catch((error: unknown) => log.error({ err: error }, 'risks are behind an import'))
    .then(() => catchUpNights(db, nights, clock, config.NIGHTLY_AT, failed))
    .catch(failed)
} catch (error) {
  // One line, for the person who starts the service; a bug still shows where it is.
  process.stderr.write(`${error instanceof WrongSetting ? error.message : tellError(error)}\n`)
  process.exit(1)
}

/** Sends what is due and says in the log what keeps it from going out, once until that changes. */
function sendingWith(service: Service, log: Logger) {
  let told: string | undefined
  const tell = (problem: string, err?: unknown) => {
    if (problem !== told) log.error({ problem, err }, 'mail cannot be sent')
    told = problem
  }
  return {
    async send() {
      const { sent, waiting, failed, trouble } = await sendOutbox(service)
      if (sent + failed > 0) log.info({ sent, waiting, failed }, 'mail was sent')
      if (trouble !== undefined) tell(trouble)
      else if (sent > 0) told = undefined
    },
    sendingFailed(error: unknown) {
      // What a query was given (an address) stands in the outer error only.
      const inner = (error as Error).cause ?? error
      tell((inner as Error).message, inner)
    },
  }
}

async function settingOf<T>(name: string, opening: Promise<T>): Promise<T> {
  return opening.catch((error: unknown) => {
    throw settingWrongBy(name, error)
  })
}
