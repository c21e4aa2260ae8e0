import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { access } from '../access/authorize.ts'
import type { Deps } from '../deps.ts'
import { LEVELS } from '../domain/levels.ts'
import { asked } from '../facts/asked-time.ts'
import type { AtTime } from '../facts/fact-kind.ts'
import { untilRecorded } from '../platform/database/until-recorded.ts'
import { atAnotherTime, uuid } from '../platform/http/fields.ts'
import { maskedJson, sendJson } from '../platform/http/masked-replies.ts'
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

/** Pages and tables that are kept: of 35 KB each, as a rule. */
const ANSWERS_MAX = 200

export function riskRoutes(deps: Deps, county: CountyJobs) {
  const { db } = deps
  const kept = untilRecorded<Buffer>(ANSWERS_MAX)
  const sendKept = async (
    reply: FastifyReply,
    { query, routeOptions }: FastifyRequest,
    { asOf, knownAt }: AtTime,
    view: () => Promise<object>,
  ) => {
    const key = JSON.stringify([routeOptions.url, asOf, query])
    return sendJson(reply, await kept(db.read, knownAt, key, async () => maskedJson(await view())))
  }
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
      async (request) => {
        const { id } = request.params as z.output<typeof params>
        const query = request.query as z.output<typeof contractQuery>
        const at = await asked(query, deps)
        return isStored(query)
          ? storedContractRisk(db.read, id, at)
          : computedContractRisk(db.read, id, at)
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
      async (request, reply) => {
        const query = request.query as WorklistQuery
        const at = await asked(query, deps)
        const view = () => worklistView(db.read, county, query, at, isStored(query))
        return isStored(query) ? sendKept(reply, request, at, view) : view()
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
      async (request, reply) => {
        const query = request.query as SummaryQuery
        const at = await asked(query, deps)
        const view = () => countySummaryView(db.read, county, query, at, isStored(query))
        return isStored(query) ? sendKept(reply, request, at, view) : view()
      },
    )
  }
}

/** Without a day or a time the stored risks answer; with either, the facts. */
const isStored = (query: { asOf?: string | undefined; knownAt?: string | undefined }) =>
  query.asOf === undefined && query.knownAt === undefined
