import { buildApp, type EdgeSettings } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import type { TestService } from './test-service.ts'

/** The service of a test behind an edge of its own. */
export const edgeApp = (service: TestService, over: Partial<EdgeSettings> = {}) =>
  buildApp(service, { ...readConfig({}), LAG_MS_MAX: 600_000, ...over })

/** What no reply may hold: where the program stands, what it is made of, what it asked. */
export const INNARDS =
  /\bat \S+ \(|node_modules|\/(src|dist|root|work|tmp)\/|\.(ts|js):|sqlite|drizzle|fastify|busboy|FST_|HPE_|ERR_|\b(select|insert|update|delete) .*\b(from|into|set)\b/i
