import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { versionSeen } from '../access/authenticate.ts'
import { access } from '../access/authorize.ts'
import { contractFact } from '../contracts/contract.ts'
import type { Deps } from '../deps.ts'
import { checkWords } from '../domain/contract-checks.ts'
import type { Words } from '../errors.ts'
import { asked } from '../facts/asked-time.ts'
import type { AtTime } from '../facts/fact-kind.ts'
import { notThere } from '../facts/record-fact.ts'
import type { Reader } from '../platform/database/database.ts'
import { atAnotherTime, uuid } from '../platform/http/fields.ts'
import { keptReplies } from '../platform/http/kept-replies.ts'
import { languageOf } from '../platform/http/problem-details.ts'
import { whenThere } from '../platform/when-there.ts'
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

/** Of 2 KB each as a rule: 40 MB at the most. */
const [STANDINGS_MAX, LENGTH_MAX] = [5000, 8000]

export function standingRoutes(deps: Deps) {
  const { db } = deps
  const sendStanding = keptReplies(STANDINGS_MAX, LENGTH_MAX)
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
      (request, reply) => {
        const { id } = request.params as z.output<typeof params>
        const query = request.query as z.output<typeof querystring>
        const language = languageOf(request)
        return whenThere(asked(query, deps, versionSeen(request)), (at) => {
          const view = () => standingView(db.read, id, at, language)
          // Of another time there are many: only what counts now is asked for again and again.
          return query.asOf === undefined && query.knownAt === undefined
            ? sendStanding(db.read, reply, at, `${language} ${id}`, view)
            : view()
        })
      },
    )
  }
}

async function standingView(db: Reader, id: string, at: AtTime, language: keyof Words) {
  const standing = await contractStanding(db, id, at.asOf, at.knownAt)
  if (!standing) throw notThere(contractFact.words)
  const checks = standing.checks.map((code) => ({ code, message: checkWords(code)[language] }))
  return { ...at, ...standing, checks }
}
