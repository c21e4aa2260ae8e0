import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import { v7 as uuid } from 'uuid'
import { authenticate } from './access/authenticate.ts'
import { keepInBounds, permit, requireAccess } from './access/authorize.ts'
import { alertRoutes } from './alerts/alert-routes.ts'
import { caseRoutes } from './cases/case-routes.ts'
import { amendmentFact } from './contracts/amendment.ts'
import { contractFact } from './contracts/contract.ts'
import { endFact } from './contracts/contract-end.ts'
import { grainPriceRoutes } from './contracts/grain-price-routes.ts'
import { briefRoutes } from './exports/brief-routes.ts'
import { exportRoutes } from './exports/export-routes.ts'
import type { AnyFactKind } from './facts/fact-kind.ts'
import { factRoutes } from './facts/fact-routes.ts'
import { importFileRoutes } from './imports/import-file-routes.ts'
import { importMappingRoutes } from './imports/import-mapping-routes.ts'
import { importRoutes } from './imports/import-routes.ts'
import { joinRoutes } from './imports/join-routes.ts'
import { operatorJoinFact } from './imports/operator-join.ts'
import type { ImportDeps } from './imports/run-import.ts'
import type { Nights } from './nightly/nights.ts'
import { runRoutes } from './nightly/run-routes.ts'
import { conditionFact } from './operators/condition.ts'
import { operatorFact } from './operators/operator.ts'
import { paymentRoutes } from './payments/payment-routes.ts'
import { standingRoutes } from './payments/standing-routes.ts'
import { petitionFact } from './petitions/petition.ts'
import { healthRoutes } from './platform/http/health-routes.ts'
import { parseJsonBodies } from './platform/http/json-body.ts'
import { replyNotFound, replyWithProblem } from './platform/http/problem-details.ts'
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

const BODY_MAX_BYTES = 1_048_576
const REQUEST_MAX_MS = 120_000

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
  log?: FastifyBaseLogger
}

export async function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  const app = Fastify({
    ...(deps.log ? { loggerInstance: deps.log } : { logger: false }),
    genReqId: () => uuid(),
    bodyLimit: BODY_MAX_BYTES,
    requestTimeout: REQUEST_MAX_MS,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (error, request, reply) => replyWithProblem(error, request, reply),
  })
  parseJsonBodies(app)
  app.setErrorHandler(replyWithProblem)
  app.setNotFoundHandler(replyNotFound)
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: `${deps.place.name} · 农村土地流转欠租风险监测`,
        description:
          '金额单位为分,面积单位为亩,日期为 Asia/Shanghai 的日历日。等级为内部研判等级。',
        version: '1',
      },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }],
    },
    transform: jsonSchemaTransform,
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    // No badge of an outside validator, no foreign logo: the page works without the internet.
    uiConfig: { validatorUrl: null },
    theme: {
      title: deps.place.name,
      css: [{ filename: 'theme.css', content: '.swagger-ui .topbar { display: none }' }],
    },
  })
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger())
  await app.register(healthRoutes(deps.db))
  await app.register(api(deps), { prefix: '/api/v1' })
  return app
}

function api(deps: AppDeps) {
  return async (app: FastifyInstance) => {
    app.setValidatorCompiler(validatorCompiler)
    app.setSerializerCompiler(serializerCompiler)
    app.addHook('onRoute', requireAccess)
    app.addHook('onRequest', authenticate(deps.db))
    app.addHook('onRequest', permit)
    app.addHook('preHandler', keepInBounds(deps.db))
    await app.register(regionRoutes(deps))
    for (const [kind, url] of FACTS) await app.register(factRoutes(deps, kind, url))
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
    await app.register(importFileRoutes(deps))
    await app.register(alertRoutes(deps))
    await app.register(runRoutes(deps, deps.nights))
  }
}
