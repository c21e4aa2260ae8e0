import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { audit } from '../access/audit-trail.ts'
import { actorOf, callerOf } from '../access/authenticate.ts'
import { access } from '../access/authorize.ts'
import type { Deps } from '../deps.ts'
import { POLICY_2026_1 } from '../domain/policy-2026-1.ts'
import type { RiskPolicy } from '../domain/risk-policy.ts'
import { notThere } from '../facts/record-fact.ts'
import { day, noQuery, text } from '../platform/http/fields.ts'
import { allPolicies, policyRecord, putPolicy } from './policy-store.ts'

const points = z.int()
const steps = z.array(z.strictObject({ from: z.int(), points })).max(50)
const floor = z.discriminatedUnion('because', [
  z.strictObject({
    because: z.literal('unreachable_and_years_owed'),
    yearsOwed: z.int(),
    to: points,
  }),
  z.strictObject({ because: z.literal('years_owed'), yearsOwed: z.int(), to: points }),
  z.strictObject({ because: z.literal('unreachable_in_force'), to: points }),
])
const { version: _version, ...example } = POLICY_2026_1
const body = z
  .strictObject({
    effectiveOn: day,
    levels: z.strictObject({ red: points, orange: points, yellow: points, blue: points }),
    yearsOwed: z.strictObject({ max: points, arrearsPoints: points, steps }),
    subsidyDelay: z.strictObject({
      max: points,
      steps,
      claimedMax: points,
      withoutArrearsMax: points,
    }),
    households: z.strictObject({ max: points, steps }),
    operatorCondition: z.strictObject({
      max: points,
      points: z.strictObject({
        unreachable: points,
        funds_broken: points,
        ceased: points,
        deregistered: points,
        mismanaged: points,
      }),
    }),
    petitionSigns: z.strictObject({
      max: points,
      any: points,
      repeat: points,
      collective: points,
      collectivePeople: z.int(),
      windowDays: z.int(),
    }),
    planKept: z.strictObject({ points, planToleranceDays: z.int() }),
    secured: z.strictObject({ points, depositPercent: z.int() }),
    floors: z.array(floor).max(20),
    staleDays: z.int(),
    caseLevel: z.enum(['red', 'orange', 'yellow', 'blue']),
  })
  .meta({ examples: [{ ...example, effectiveOn: '2027-01-01' }] })
const params = z.strictObject({ version: text(50) })
const view = body.extend({ version: z.string() }).loose()
const tags = ['policies']

/**
 * The rules of the score are data: read them, put another version in force from a day on. When the
 * stored scores are of such a day they are made anew, so that one list goes by one policy.
 */
export function policyRoutes({ db }: Deps, scoreAgain: (from: string) => Promise<void>) {
  return async (app: FastifyInstance) => {
    app.get(
      '/policies',
      {
        config: access('read', 'none'),
        schema: {
          tags,
          summary: '列出研判规则 · list policies',
          querystring: noQuery,
          response: { 200: z.object({ items: z.array(view), nextCursor: z.null() }) },
        },
      },
      async () => ({ items: await allPolicies(db.read), nextCursor: null }),
    )
    app.get(
      '/policies/:version',
      {
        config: access('read', 'none'),
        schema: {
          tags,
          summary: '查看研判规则 · read a policy',
          params,
          querystring: noQuery,
          response: { 200: view },
        },
      },
      async (request) => {
        const { version } = request.params as z.output<typeof params>
        const policy = (await allPolicies(db.read)).find((one) => one.version === version)
        if (!policy) throw notThere({ zh: '研判规则', en: 'policy' })
        return policy
      },
    )
    app.put(
      '/policies/:version',
      {
        config: access('county', 'none'),
        schema: {
          tags,
          summary: '启用研判规则 · put a policy in force from a day on',
          params,
          querystring: noQuery,
          body,
          response: { 200: view },
        },
      },
      async (request) => {
        const { version } = request.params as z.output<typeof params>
        const policy: RiskPolicy = { version, ...(request.body as z.output<typeof body>) }
        const isNew = await db.transaction(async (tx) => {
          const put = await putPolicy(tx, callerOf(request), policy)
          const detail = { effectiveOn: policy.effectiveOn }
          const entry = { action: 'put', subject: 'policies', subjectId: version, detail } as const
          if (put) await audit(tx, actorOf(request), entry)
          return put
        })
        if (isNew) await scoreAgain(policy.effectiveOn)
        const record = await policyRecord(db.read, version)
        return { ...policy, recordedAt: record?.recordedAt, recordedBy: record?.recordedBy }
      },
    )
  }
}
