import { z } from 'zod'
import { contractFact } from '../contracts/contract.ts'
import { operatorOfContract } from '../contracts/require-contract.ts'
import type { FactKind } from '../facts/fact-kind.ts'
import { refuseFuture } from '../facts/refuse-future.ts'
import { day, prose, text } from '../platform/http/fields.ts'

const body = z.strictObject({
  requestedOn: day,
  institution: text(100),
  evidence: prose.optional(),
})

/** 调解申请: a request to an institution to mediate about the rent. */
export const mediationFact: FactKind<'mediations', z.output<typeof body>> = {
  facts: 'mediations',
  may: { record: 'record', read: 'read' },
  words: { zh: '调解申请', en: 'mediation request' },
  table: 'mediations',
  parent: { column: 'contractId', table: 'contracts', words: contractFact.words },
  body,
  example: { requestedOn: '2024-04-10', institution: '青溪镇农村土地承包调解委员会' },
  async check(tx, row) {
    refuseFuture(tx, 'requestedOn', row.requestedOn)
    return []
  },
  operatorsOf: (tx, row) => operatorOfContract(tx, row.contractId),
}
