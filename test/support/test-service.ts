import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InjectOptions } from 'fastify'
import { addToken } from '../../src/access/token-store.ts'
import { type AppDeps, buildApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { readFile } from '../../src/imports/read-file.ts'
import { nightJobsOn, nightWorkOf } from '../../src/nightly/work-on-night.ts'
import { depsOf } from '../../src/open-service.ts'
import type { Clock, Database } from '../../src/platform/database/database.ts'
import { migrateSqlite } from '../../src/platform/database/migrate-sqlite.ts'
import { openSqlite } from '../../src/platform/database/open-sqlite.ts'
import { createLogger, type Logger } from '../../src/platform/log/logger.ts'
import { folderMailer } from '../../src/platform/mail/mail-folder.ts'
import type { Mailer } from '../../src/platform/mail/mailer.ts'
import { countyJobsHere } from '../../src/risk/county-jobs.ts'
import { openPostgres } from './open-postgres.ts'

export const databaseKinds = ['sqlite', 'postgres'] as const
export type DatabaseKind = (typeof databaseKinds)[number]

interface Options {
  kind?: DatabaseKind
  now?: () => Date
  /** Instead of one that writes to `outboxDir`. */
  mailer?: Mailer
  /** Instead of reading files in this thread, within the limits that a county starts with. */
  reading?: Partial<Pick<AppDeps, 'readFile' | 'importLimits'>>
  /** Instead of one that is silent. */
  log?: Logger
  /** Variables of the environment that the edge is set by. */
  settings?: Record<string, string>
}
// biome-ignore lint/suspicious/noExplicitAny: replies are looked into freely by tests
type Reply = { status: number; body: any; bytes: Buffer; headers: Record<string, unknown> }

export interface TestService extends AppDeps {
  token: string
  /** Where the messages that were sent lie as .eml files, once there is one. */
  outboxDir: string
  /** Sends a request under /api/v1 with a good token. */
  send(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Reply>
  /** Sends a request as it stands. */
  inject(request: InjectOptions): Promise<Reply>
  close(): Promise<void>
}

/** The whole service on a database of its own, on a clock that the test may hold. */
export async function openTestService(options: Options = {}): Promise<TestService> {
  const clock: Clock = { now: options.now ?? (() => new Date()), timeZone: 'Asia/Shanghai' }
  const folder = mkdtempSync(join(tmpdir(), 'land-rent-'))
  const db = await openTestDatabase(options.kind ?? 'sqlite', folder, clock)
  const outboxDir = join(folder, 'outbox')
  const sender = { name: '示范县监测', address: 'monitor@localhost' }
  const mailer = options.mailer ?? folderMailer(outboxDir, sender)
  const place = { code: '519901', name: '示范县' }
  const jobs = countyJobsHere(db.read)
  const importLimits = { bytesMax: 20 * 1024 * 1024, rowsMax: 100_000 }
  const work = nightWorkOf({ db, place, jobs: nightJobsOn(db.read) })
  const threads = { readFile, importLimits, work, ...options.reading }
  const log = options.log ?? createLogger('silent')
  const deps = depsOf(db, clock, log, jobs, place, mailer, threads)
  // Nights and files are gone through in this thread here, which then does lag.
  const edge = { LAG_MS_MAX: 600_000, FAILURES_PER_MINUTE: 100_000 }
  const app = await buildApp(deps, { ...readConfig(options.settings ?? {}), ...edge })
  const token = await db.transaction((tx) => addToken(tx, { label: 'test', role: 'admin' }))
  const inject = async (request: InjectOptions): Promise<Reply> => {
    const reply = await app.inject(request)
    const json = String(reply.headers['content-type']).includes('json')
    return {
      status: reply.statusCode,
      body: json ? reply.json() : reply.body,
      bytes: reply.rawPayload,
      headers: reply.headers,
    }
  }
  return {
    ...deps,
    token,
    outboxDir,
    inject,
    send: (method, path, body, headers = {}) =>
      inject({
        method: method as 'GET',
        url: `/api/v1${path}`,
        headers: { authorization: `Bearer ${token}`, ...headers },
        ...(body !== undefined && { payload: body as object }),
      }),
    async close() {
      await app.close()
      await mailer.close()
      await db.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function openTestDatabase(kind: DatabaseKind, folder: string, clock: Clock): Promise<Database> {
  if (kind === 'postgres') return openPostgres(clock)
  const file = join(folder, 'county.db')
  writeFileSync(file, migratedFile())
  return Promise.resolve(openSqlite(file, clock))
}

let migrated: Uint8Array | undefined

/** A county's empty file: made once, migrating takes longer than all else in opening one. */
function migratedFile(): Uint8Array {
  if (migrated) return migrated
  const folder = mkdtempSync(join(tmpdir(), 'land-rent-'))
  migrateSqlite(join(folder, 'county.db'))
  migrated = readFileSync(join(folder, 'county.db'))
  rmSync(folder, { recursive: true })
  return migrated
}
