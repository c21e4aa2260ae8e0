import { setTimeout as rest } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { outboxIdle } from './alerts/send-outbox.ts'
import { type AppDeps, buildApp } from './app.ts'
import { type Config, WrongSetting } from './config.ts'
import { noteCutOffImports } from './imports/cut-off-imports.ts'
import { rowsInThread } from './imports/import-rows-in-thread.ts'
import { type ImportDeps, importsIdle } from './imports/run-import.ts'
import { nightsOf } from './nightly/nights.ts'
import { workInThread } from './nightly/work-in-thread.ts'
import type { WorkOnNight } from './nightly/work-on-night.ts'
import type { Clock, Database, Writer } from './platform/database/database.ts'
import { WrongKey } from './platform/database/key-file.ts'
import { lastInstant } from './platform/database/ledger-clock.ts'
import { keysFor, openSqlite, type SqliteDatabase } from './platform/database/open-sqlite.ts'
import { WrongFile } from './platform/database/wrong-file.ts'
import { requestsUnderWay } from './platform/http/requests-under-way.ts'
import { keepHeapLean } from './platform/lean-heap.ts'
import type { Logger } from './platform/log/logger.ts'
import { folderMailer } from './platform/mail/mail-folder.ts'
import { smtpMailer } from './platform/mail/mail-transport.ts'
import type { Mailer } from './platform/mail/mailer.ts'
import { systemTrouble } from './platform/system-trouble.ts'
import { otherCounty } from './regions/other-county.ts'
import { countyJobsInThreads } from './risk/county-jobs-in-threads.ts'
import { verifyPolicies } from './risk/policy-store.ts'
import { refreshRisks } from './risk/refresh-risks.ts'

/** How long requests may still take that are under way when the service is ended. */
const REQUESTS_END_WITHIN_MS = 10_000
/** And what nobody waits for, or was cut off with its request: the next start goes on with it. */
const WORK_ENDS_WITHIN_MS = 2000
/** Both, and what is left of a message that is being sent. */
export const CLOSE_WITHIN_MS = 16_000

export interface Service extends AppDeps {
  db: SqliteDatabase
  app: FastifyInstance
  /** Answers what was asked, ends what else is under way, and closes the database. */
  close(): Promise<void>
}

/** The service on its database file, migrated and ready, not yet listening. */
export async function openService(config: Config, log: Logger, now = () => new Date()) {
  keepHeapLean()
  const clock: Clock = { now, timeZone: config.TIME_ZONE }
  const db = openCounty(config, clock)
  await verifyLedger(db, config, clock, log)
  const county = countyJobsInThreads(config.databasePath)
  const place = { code: config.COUNTY_CODE, name: config.COUNTY_NAME }
  const mailer = mailerOf(config)
  const { databasePath: path, DATA_KEY: dataKey } = config
  const night = workInThread(db, clock, { path, dataKey, place })
  const { IMPORT_MB_MAX, IMPORT_ROWS_MAX } = config
  const importLimits = { bytesMax: IMPORT_MB_MAX * 1024 * 1024, rowsMax: IMPORT_ROWS_MAX }
  const threads = { readFile: rowsInThread, importLimits, work: night.work }
  const deps = depsOf(db, clock, log, county, place, mailer, threads)
  await noteCutOffImports(db)
  const app = await buildApp(deps, config)
  const requests = requestsUnderWay(app.server)
  return {
    ...deps,
    db,
    app,
    async close() {
      await requests.finish(REQUESTS_END_WITHIN_MS)
      await app.close()
      await county.stop()
      await night.stop()
      await mailer.close()
      const idle = Promise.all([deps.nights.idle(), outboxIdle(db), importsIdle(db)])
      await Promise.race([idle, rest(WORK_ENDS_WITHIN_MS, undefined, { ref: false })])
      await db.close()
    },
  } satisfies Service
}

function openCounty({ databasePath, DATA_KEY }: Config, clock: Clock): SqliteDatabase {
  try {
    return openSqlite(databasePath, clock, keysFor(databasePath, DATA_KEY))
  } catch (error) {
    if (error instanceof WrongKey) throw new WrongSetting(error.message)
    if (error instanceof WrongFile)
      throw new WrongSetting(`DATABASE_URL: ${databasePath} ${error.message}`)
    throw settingWrongBy('DATABASE_URL', error)
  }
}

/** What the system refuses (no such folder, address in use) is a matter of a setting. */
export function settingWrongBy(name: string, error: unknown): unknown {
  const trouble = systemTrouble(error)
  return trouble ? new WrongSetting(`${name}: ${trouble.message}`) : error
}

/** Whether what is recorded can be worked on by this program, as it was told to. */
async function verifyLedger(db: SqliteDatabase, config: Config, clock: Clock, log: Logger) {
  try {
    await verifyPolicies(db.read)
    const { COUNTY_CODE: code } = config
    const other = await otherCounty(db.read, code)
    if (other !== undefined) log.error({ code, other }, 'COUNTY_CODE is of no recorded region')
    const ledgerAt = await lastInstant(db.read)
    const machineAt = clock.now()
    if (ledgerAt !== undefined && Date.parse(ledgerAt) - machineAt.getTime() > AHEAD_MS_MAX)
      log.error({ ledgerAt, machineAt }, "the ledger's clock is ahead of the machine's")
  } catch (error) {
    await db.close()
    throw settingWrongBy('DATABASE_URL', error)
  }
}
const AHEAD_MS_MAX = 5 * 60_000

const mailerOf = ({ SMTP_URL, MAIL_FROM, OUTBOX_DIR }: Config): Mailer =>
  SMTP_URL === undefined ? folderMailer(OUTBOX_DIR, MAIL_FROM) : smtpMailer(SMTP_URL, MAIL_FROM)

/** Everything that the edges share, on any database. */
export function depsOf(
  db: Database,
  clock: Clock,
  log: Logger,
  county: AppDeps['county'],
  place: AppDeps['place'],
  mailer: Mailer,
  { work, ...reading }: Pick<ImportDeps, 'readFile' | 'importLimits'> & { work: WorkOnNight },
): AppDeps {
  const refreshed = (tx: Writer) =>
    refreshRisks(tx, (failure) => log.error(failure, 'a contract cannot be assessed'))
  const shared = { db, clock, mailer, place, refreshRisks: refreshed }
  return { ...reading, ...shared, county, log, nights: nightsOf({ ...shared, log, work }) }
}
