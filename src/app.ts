import cookie from '@fastify/cookie'
import swagger from '@fastify/swagger'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type onRequestAsyncHookHandler,
} from 'fastify'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import { auditRoutes } from './access/audit-routes.ts'
import { authenticate, callerIdOf, noteUse } from './access/authenticate.ts'
import { keepInBounds, noteRefusals, permit, requireAccess } from './access/authorize.ts'
import { type SessionCookie, sessionCookie } from './access/session-cookie.ts'
import { sessionRoutes } from './access/session-routes.ts'
import { tokenRoutes } from './accounts/token-routes.ts'
import { userRoutes } from './accounts/user-routes.ts'
import { alertRoutes } from './alerts/alert-routes.ts'
import { caseRoutes } from './cases/case-routes.ts'
import type { Config } from './config.ts'
import { amendmentFact } from './contracts/amendment.ts'
import { contractFact } from './contracts/contract.ts'
import { endFact } from './contracts/contract-end.ts'
import { grainPriceRoutes } from './contracts/grain-price-routes.ts'
import { briefRoutes } from './exports/brief-routes.ts'
import { exportRoutes } from './exports/export-routes.ts'
import type { AnyFactKind } from './facts/fact-kind.ts'
import { factRoutes } from './facts/fact-routes.ts'
import { importFileRoutes } from './imports/import-file-routes.ts'
import { importListRoutes } from './imports/import-list-routes.ts'
import { importMappingRoutes } from './imports/import-mapping-routes.ts'
import { importRoutes } from './imports/import-routes.ts'
import { joinRoutes } from './imports/join-routes.ts'
import { operatorJoinFact } from './imports/operator-join.ts'
import type { ImportDeps } from './imports/run-import.ts'
import type { Nights } from './nightly/nights.ts'
import { runRoutes } from './nightly/run-routes.ts'
import { conditionFact } from './operators/condition.ts'
import { operatorFact } from './operators/operator.ts'
import { operatorSearchRoutes } from './operators/operator-search-routes.ts'
import { paymentRoutes } from './payments/payment-routes.ts'
import { standingRoutes } from './payments/standing-routes.ts'
import { petitionFact } from './petitions/petition.ts'
import { docsRoutes } from './platform/http/docs-routes.ts'
import { healthRoutes } from './platform/http/health-routes.ts'
import { parseJsonBodies } from './platform/http/json-body.ts'
import { maskReplies } from './platform/http/masked-replies.ts'
import { replyNotFound, replyWithProblem } from './platform/http/problem-details.ts'
import { sendSafeHeaders } from './platform/http/reply-headers.ts'
import { limitRequests, refuseUnderPressure } from './platform/http/request-limits.ts'
import { serverOptions } from './platform/http/server-options.ts'
import { serializerCompiler, validatorCompiler } from './platform/http/zod-compilers.ts'
import { demandFact } from './recovery/demand.ts'
import { mediationFact } from './recovery/mediation.ts'
import { reminderRoutes } from './recovery/reminder-routes.ts'
import { repaymentPlanFact } from './recovery/repayment-plan-fact.ts'
import { regionRoutes } from './regions/region-routes.ts'
import { checkRoutes } from './risk/check-routes.ts'
import type { CountyJobs } from './risk/county-jobs.ts'
import { policyRoutes } from './risk/policy-routes.ts'
import { riskRoutes } from './risk/risk-routes.ts'
import { screeningFact } from './screenings/screening.ts'
import { disbursementFact } from './subsidies/disbursement.ts'
import { subsidyFact } from './subsidies/subsidy.ts'
import { stageFact } from './subsidies/subsidy-stage.ts'

/** The kinds of facts that are recorded, corrected and withdrawn, and where they are posted. */
const FACTS: [AnyFactKind, string][] = [
  [operatorFact, '/operators'],
  [conditionFact, '/operators/:id/conditions'],
  [contractFact, '/contracts'],
  [amendmentFact, '/contracts/:id/amendments'],
  [endFact, '/contracts/:id/end'],
  [subsidyFact, '/subsidies'],
  [stageFact, '/subsidies/:id/stages'],
  [disbursementFact, '/subsidies/:id/disbursements'],
  [petitionFact, '/petitions'],
  [screeningFact, '/contracts/:id/screenings'],
  [repaymentPlanFact, '/contracts/:id/repayment-plans'],
  [demandFact, '/contracts/:id/demands'],
  [mediationFact, '/contracts/:id/mediations'],
  [operatorJoinFact, '/operators/:id/joins'],
]

/** What the whole service is built from. */
export interface AppDeps extends ImportDeps {
  county: CountyJobs
  nights: Nights
  log: FastifyBaseLogger
}

/** What callers may ask of the service, and who stands between. */
export type EdgeSettings = Pick<
  Config,
  'RATE_PER_MINUTE' | 'FAILURES_PER_MINUTE' | 'LAG_MS_MAX' | 'TRUSTED_PROXIES' | 'COOKIE_SECURE'
>

export async function buildApp(deps: AppDeps, edge: EdgeSettings): Promise<FastifyInstance> {
  const app = Fastify({
    ...serverOptions(edge.TRUSTED_PROXIES),
    loggerInstance: deps.log,
  })
  parseJsonBodies(app)
  await sendSafeHeaders(app)
  await refuseUnderPressure(app, edge.LAG_MS_MAX)
  const perMinute = { requests: edge.RATE_PER_MINUTE, failures: edge.FAILURES_PER_MINUTE }
  const ofSession = sessionCookie(edge.COOKIE_SECURE)
  const limits = await limitRequests(app, perMinute, callerIdOf)
  app.setErrorHandler(replyWithProblem)
  app.setNotFoundHandler({ preHandler: limits.byAddress }, replyNotFound)
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: `${deps.place.name} · 农村土地流转欠租风险监测`,
        description:
          '金额单位为分,面积单位为亩,日期为 Asia/Shanghai 的日历日。等级为内部研判等级。',
        version: '1',
      },
      components: { securitySchemes: securitySchemes(ofSession) },
      security: [{ token: [] }, { session: [] }],
    },
    transform: jsonSchemaTransform,
  })
  await app.register(docsRoutes(deps.place.name, limits.byAddress))
  await app.register(healthRoutes(deps.db))
  await app.register(api(deps, ofSession, limits.byCaller), { prefix: '/api/v1' })
  return app
}

const securitySchemes = ({ name }: SessionCookie) => ({
  token: { type: 'http', scheme: 'bearer' } as const,
  session: {
    type: 'apiKey',
    in: 'cookie',
    name,
    description: 'PUT /session 登录后的会话;写操作须另带 X-CSRF-Token · writing asks for its token',
  } as const,
})

function api(deps: AppDeps, ofSession: SessionCookie, countRequest: onRequestAsyncHookHandler) {
  return async (app: FastifyInstance) => {
    app.setValidatorCompiler(validatorCompiler)
    app.setSerializerCompiler(serializerCompiler)
    app.addHook('onRoute', requireAccess)
    await app.register(cookie)
    app.addHook('onRequest', authenticate(deps, ofSession))
    app.addHook('onRequest', countRequest)
    app.addHook('onRequest', permit)
    app.addHook('preHandler', keepInBounds(deps.db))
    app.addHook('onError', noteRefusals(deps))
    app.addHook('onResponse', noteUse(deps))
    maskReplies(app)
    await app.register(sessionRoutes(deps, ofSession))
    await app.register(userRoutes(deps))
    await app.register(tokenRoutes(deps))
    await app.register(regionRoutes(deps))
    for (const [kind, url] of FACTS) await app.register(factRoutes(deps, kind, url))
    await app.register(operatorSearchRoutes(deps))
    await app.register(grainPriceRoutes(deps))
    await app.register(paymentRoutes(deps))
    await app.register(standingRoutes(deps))
    await app.register(reminderRoutes(deps))
    await app.register(riskRoutes(deps, deps.county))
    await app.register(checkRoutes(deps))
    await app.register(policyRoutes(deps, deps.nights.scoreAgain))
    await app.register(caseRoutes(deps))
    await app.register(joinRoutes(deps))
    await app.register(exportRoutes(deps, deps.county))
    await app.register(briefRoutes(deps, deps.county))
    await app.register(importMappingRoutes(deps))
    await app.register(importRoutes(deps))
    await app.register(importListRoutes(deps))
    await app.register(importFileRoutes(deps))
    await app.register(alertRoutes(deps))
    await app.register(runRoutes(deps, deps.nights))
    await app.register(auditRoutes(deps))
  }
}
