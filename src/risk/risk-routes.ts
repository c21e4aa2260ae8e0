import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { versionSeen } from '../access/authenticate.ts'
import { access } from '../access/authorize.ts'
import type { Deps } from '../deps.ts'
import { LEVELS } from '../domain/levels.ts'
import { asked } from '../facts/asked-time.ts'
import { atAnotherTime, uuid } from '../platform/http/fields.ts'
import { keptReplies } from '../platform/http/kept-replies.ts'
import { whenThere } from '../platform/when-there.ts'
import { computedContractRisk, storedContractRisk } from './contract-risk.ts'
import type { CountyJobs } from './county-jobs.ts'
import { countySummaryView } from './county-summary-view.ts'
import { type SummaryQuery, summaryQuery, type WorklistQuery, worklistQuery } from './risk-query.ts'
import { worklistView } from './worklist-view.ts'

const params = z.strictObject({ id: uuid })
const contractQuery = z.strictObject(atAnotherTime)
const level = z.enum(LEVELS)
const risk = z
  .object({
    contractId: z.string(),
    asOf: z.string(),
    knownAt: z.string(),
    policy: z.string(),
    score: z.int(),
    level,
    contributions: z.array(z.object({ factor: z.string(), points: z.int(), fact: z.string() })),
    arrearsFen: z.int(),
    unpaidYears: z.int(),
    yearsOwed: z.int(),
    coverageFen: z.int(),
    stale: z.boolean(),
    changes: z.array(
      z.object({ factor: z.string(), from: z.int(), to: z.int(), since: z.string() }),
    ),
  })
  .loose()
const worklist = z.object({
  asOf: z.string(),
  items: z.array(
    z
      .object({
        contractId: z.string(),
        contractNo: z.string().nullable(),
        operatorId: z.string(),
        operatorName: z.string().nullable(),
        villageCode: z.string(),
        landUse: z.string(),
        areaMu: z.number(),
        households: z.int(),
        score: z.int(),
        level,
        arrearsFen: z.int(),
        unpaidYears: z.int(),
        yearsOwed: z.int(),
        daysOverdue: z.int(),
        coverageFen: z.int(),
        reasons: z.array(z.string()),
      })
      .loose(),
  ),
  nextCursor: z.string().nullable(),
})
const figures = {
  areaMu: z.number(),
  problemAreaMu: z.number(),
  yearsAreaMu: z.number(),
  partialAreaMu: z.number(),
  problemSharePercent: z.number(),
  arrearsFen: z.int(),
  households: z.int(),
}
const summary = z
  .object({
    asOf: z.string(),
    ...figures,
    groups: z.array(z.object({ key: z.string(), ...figures }).loose()),
  })
  .loose()

const tags = ['risk']

/** Of 400 bytes each as a rule, and of 35 KB: 10 MB at the most, and 2 × 60. */
const [RISKS_MAX, RISK_LENGTH_MAX] = [5000, 2000]
const [PAGES_MAX, PAGE_LENGTH_MAX] = [200, 300_000]

export function riskRoutes(deps: Deps, county: CountyJobs) {
  const { db } = deps
  const sendRisk = keptReplies(RISKS_MAX, RISK_LENGTH_MAX)
  const sendPage = keptReplies(PAGES_MAX, PAGE_LENGTH_MAX)
  const sendTable = keptReplies(PAGES_MAX, PAGE_LENGTH_MAX)
  return async (app: FastifyInstance) => {
    app.get(
      '/contracts/:id/risk',
      {
        config: access('read', { id: 'contracts' }),
        schema: {
          tags,
          summary: '研判等级及其依据 · the risk of a contract with its reasons',
          params,
          querystring: contractQuery,
          response: { 200: risk },
        },
      },
      (request, reply) => {
        const { id } = request.params as z.output<typeof params>
        const query = request.query as z.output<typeof contractQuery>
        return whenThere(asked(query, deps, versionSeen(request)), (at) =>
          isStored(query)
            ? sendRisk(db.read, reply, at, id, () => storedContractRisk(db.read, id, at))
            : computedContractRisk(db.read, id, at),
        )
      },
    )
    app.get(
      '/risk/worklist',
      {
        config: access('read', 'region'),
        schema: {
          tags,
          summary: '工作清单,最紧迫在前 · the worklist, most urgent first',
          querystring: worklistQuery,
          response: { 200: worklist },
        },
      },
      (request, reply) => {
        const query = request.query as WorklistQuery
        return whenThere(asked(query, deps, versionSeen(request)), (at) => {
          const view = () => worklistView(db.read, county, query, at, isStored(query))
          return isStored(query)
            ? sendPage(db.read, reply, at, JSON.stringify(query), view)
            : view()
        })
      },
    )
    app.get(
      '/risk/summary',
      {
        config: access('read', 'region'),
        schema: {
          tags,
          summary: '全县汇总表 · the county report’s table',
          querystring: summaryQuery,
          response: { 200: summary },
        },
      },
      (request, reply) => {
        const query = request.query as SummaryQuery
        return whenThere(asked(query, deps, versionSeen(request)), (at) => {
          const view = () => countySummaryView(db.read, county, query, at, isStored(query))
          return isStored(query)
            ? sendTable(db.read, reply, at, JSON.stringify(query), view)
            : view()
        })
      },
    )
  }
}

/** Without a day or a time the stored risks answer; with either, the facts. */
const isStored = (query: { asOf?: string | undefined; knownAt?: string | undefined }) =>
  query.asOf === undefined && query.knownAt === undefined
