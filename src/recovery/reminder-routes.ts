import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { access } from '../access/authorize.ts'
import { contractFact } from '../contracts/contract.ts'
import type { Deps } from '../deps.ts'
import { asked } from '../facts/asked-time.ts'
import { notThere } from '../facts/record-fact.ts'
import { atAnotherTime, uuid } from '../platform/http/fields.ts'
import { remindersOf } from './contract-reminders.ts'

const params = z.strictObject({ id: uuid })
const querystring = z.strictObject(atAnotherTime)
const view = z
  .object({
    contractId: z.string(),
    asOf: z.string(),
    knownAt: z.string(),
    arrearsFen: z.int(),
    instalments: z.array(
      z
        .object({
          no: z.int(),
          rentYear: z.int(),
          dueOn: z.string(),
          unpaidFen: z.int(),
          courtUntilOn: z.string(),
          arbitrationUntilOn: z.string(),
          restartedOn: z.string().nullable(),
          restartedBy: z.enum(['demand', 'mediation', 'payment', 'plan']).nullable(),
          arbitrationRestartedOn: z.string().nullable(),
          courtDaysLeft: z.int(),
          arbitrationDaysLeft: z.int(),
          note: z.string(),
        })
        .loose(),
    ),
    termination: z
      .object({ demandedOn: z.string(), fromOn: z.string(), note: z.string() })
      .loose()
      .nullable(),
    penaltyFen: z.int(),
    penaltyPer10kPerDay: z.number(),
    penaltyYears: z.array(
      z.object({ rentYear: z.int(), annualRentFen: z.int(), days: z.int(), fen: z.int() }).loose(),
    ),
    nextLimitationOn: z.string().nullable(),
    notes: z.array(z.string()),
  })
  .loose()

export function reminderRoutes(deps: Deps) {
  return async (app: FastifyInstance) => {
    const schema = {
      tags: ['contracts'],
      summary: '时效、解除与违约金提示 · reminders of limitation, termination and penalty',
      params,
      querystring,
      response: { 200: view },
    }
    app.get(
      '/contracts/:id/reminders',
      { config: access('read', { id: 'contracts' }), schema },
      async (request) => {
        const { id } = request.params as z.output<typeof params>
        const query = request.query as z.output<typeof querystring>
        const { asOf, knownAt } = await asked(query, deps)
        const reminders = (await remindersOf(deps.db.read, [id], { asOf, knownAt })).get(id)
        if (!reminders) throw notThere(contractFact.words)
        return { asOf, knownAt, ...reminders }
      },
    )
  }
}
