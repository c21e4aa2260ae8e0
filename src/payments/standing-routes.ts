import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { access } from '../access/authorize.ts'
import { contractFact } from '../contracts/contract.ts'
import type { Deps } from '../deps.ts'
import { checkWords } from '../domain/contract-checks.ts'
import { asked } from '../facts/asked-time.ts'
import { notThere } from '../facts/record-fact.ts'
import { atAnotherTime, uuid } from '../platform/http/fields.ts'
import { languageOf } from '../platform/http/problem-details.ts'
import { contractStanding } from './contract-standing.ts'

const params = z.strictObject({ id: uuid })
const querystring = z.strictObject(atAnotherTime)
const view = z
  .object({
    asOf: z.string(),
    knownAt: z.string(),
    dueFen: z.int(),
    paidFen: z.int(),
    arrearsFen: z.int(),
    creditFen: z.int(),
    oldestUnpaidDueOn: z.string().nullable(),
    daysOverdue: z.int(),
    unpaidYears: z.int(),
    partialYears: z.int(),
    yearsOwed: z.int(),
    arrearsClass: z.enum(['none', 'partial', 'years']),
    instalments: z.array(z.object({ no: z.int(), dueOn: z.string(), amountFen: z.int() }).loose()),
  })
  .loose()

export function standingRoutes(deps: Deps) {
  const { db } = deps
  return async (app: FastifyInstance) => {
    const schema = {
      tags: ['contracts'],
      summary: '应付、已付与欠租 · what is due, paid and owed on a day',
      params,
      querystring,
      response: { 200: view },
    }
    app.get(
      '/contracts/:id/standing',
      { config: access('read', { id: 'contracts' }), schema },
      async (request) => {
        const { id } = request.params as z.output<typeof params>
        const query = request.query as z.output<typeof querystring>
        const { asOf, knownAt } = await asked(query, deps)
        const standing = await contractStanding(db.read, id, asOf, knownAt)
        if (!standing) throw notThere(contractFact.words)
        const language = languageOf(request)
        const checks = standing.checks.map((code) => ({
          code,
          message: checkWords(code)[language],
        }))
        return { asOf, knownAt, ...standing, checks }
      },
    )
  }
}
