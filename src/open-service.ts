import type { FastifyInstance } from 'fastify'
import { type AppDeps, buildApp } from './app.ts'
import type { Config } from './config.ts'
import { nightsOf } from './nightly/nights.ts'
import type { Clock, Database, Writer } from './platform/database/database.ts'
import { openSqlite } from './platform/database/open-sqlite.ts'
import type { Logger } from './platform/log/logger.ts'
import { countyJobsInThreads } from './risk/county-jobs-in-threads.ts'
import { verifyPolicies } from './risk/policy-store.ts'
import { refreshRisks } from './risk/refresh-risks.ts'

export interface Service extends AppDeps {
  app: FastifyInstance
  /** Ends what is under way and closes the database. */
  close(): Promise<void>
}

/** The service on its database file, migrated and ready, not yet listening. */
export async function openService(config: Config, log: Logger, now = () => new Date()) {
  const clock: Clock = { now, timeZone: config.TIME_ZONE }
  const db = openSqlite(config.databasePath, clock)
  const county = countyJobsInThreads(config.databasePath)
  await verifyPolicies(db.read)
  const place = { code: config.COUNTY_CODE, name: config.COUNTY_NAME }
  const deps = depsOf(db, clock, log, county, place)
  const app = await buildApp(deps)
  return {
    ...deps,
    app,
    async close() {
      await app.close()
      await county.stop()
      await deps.nights.idle()
      await db.close()
    },
  } satisfies Service
}

/** Everything that the edges share, on any database. */
export function depsOf(
  db: Database,
  clock: Clock,
  log: Logger,
  county: AppDeps['county'],
  place: AppDeps['place'],
): AppDeps {
  return {
    db,
    clock,
    place,
    county,
    log,
    nights: nightsOf(db, county, clock),
    refreshRisks: (tx: Writer) =>
      refreshRisks(tx, (failure) => log.error(failure, 'a contract cannot be assessed')),
  }
}
