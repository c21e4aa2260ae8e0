import { z } from 'zod'
import { OPERATOR_CONDITIONS } from '../domain/operator-condition.ts'
import type { FactKind } from '../facts/fact-kind.ts'
import { refuseFuture } from '../facts/refuse-future.ts'
import { day, prose, text } from '../platform/http/fields.ts'
import { operatorFact, refuseJoined } from './operator.ts'

const body = z.strictObject({
  condition: z.enum(OPERATOR_CONDITIONS),
  observedOn: day,
  source: text(200),
  note: prose.optional(),
})

/** 业主现状: what an operator was observed to be in, by whom. */
export const conditionFact: FactKind<'operatorConditions', z.output<typeof body>> = {
  facts: 'conditions',
  may: { record: 'record', read: 'read' },
  words: { zh: '业主现状', en: 'operator condition' },
  table: 'operatorConditions',
  parent: { column: 'operatorId', table: 'operators', words: operatorFact.words },
  body,
  example: { condition: 'unreachable', observedOn: '2024-03-01', source: '乡镇摸排' },
  async check(tx, row, before) {
    refuseFuture(tx, 'observedOn', row.observedOn)
    if (!before) await refuseJoined(tx, row.operatorId)
    return []
  },
  operatorsOf: async (_tx, row) => [row.operatorId],
}
