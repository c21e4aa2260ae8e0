import { z } from 'zod'
import { requireContract } from '../contracts/require-contract.ts'
import type { FactKind } from '../facts/fact-kind.ts'
import { findFact } from '../facts/fact-store.ts'
import { refuseFuture } from '../facts/refuse-future.ts'
import { requireOperator } from '../operators/operator.ts'
import { count, day, prose, uuid, villageCode } from '../platform/http/fields.ts'

const body = z.strictObject({
  villageCode,
  occurredOn: day,
  channel: z.enum(['visit', 'letter', 'phone', 'online', 'hotline']),
  people: count.min(1),
  contractId: uuid.optional(),
  operatorId: uuid.optional(),
  repeat: z.boolean().default(false),
  summary: prose.optional(),
})

/** 信访苗头: that it happened, where and how many came; nobody is named. */
export const petitionFact: FactKind<'petitions', z.output<typeof body>> = {
  facts: 'petitions',
  may: { record: 'record', read: 'read' },
  words: { zh: '信访苗头', en: 'petition sign' },
  table: 'petitions',
  body,
  example: {
    villageCode: '519901101201',
    occurredOn: '2024-02-05',
    channel: 'visit',
    people: 5,
    repeat: false,
    summary: '反映土地租金未付',
  },
  async check(tx, row, before) {
    refuseFuture(tx, 'occurredOn', row.occurredOn)
    const { contractId, operatorId } = row
    if (contractId !== null && contractId !== before?.contractId)
      await requireContract(tx, contractId)
    if (operatorId !== null && operatorId !== before?.operatorId)
      await requireOperator(tx, operatorId)
    return []
  },
  operatorsOf: async (tx, row) => {
    const contract = row.contractId && (await findFact(tx, 'contracts', row.contractId))
    return [row.operatorId, contract ? contract.operatorId : null].flatMap((id) => id ?? [])
  },
}
