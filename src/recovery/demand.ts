import { z } from 'zod'
import { contractFact } from '../contracts/contract.ts'
import { operatorOfContract } from '../contracts/require-contract.ts'
import type { FactKind } from '../facts/fact-kind.ts'
import { refuseFuture } from '../facts/refuse-future.ts'
import { day, prose, text } from '../platform/http/fields.ts'

const blank = { params: { zh: '不能为空白', en: 'must not be blank' } }

const body = z.strictObject({
  deliveredOn: day,
  manner: text(100),
  evidence: prose.refine((value) => value.trim() !== '', blank),
})

/** 催告: a demand for the rent that reached the operator. */
export const demandFact: FactKind<'demands', z.output<typeof body>> = {
  facts: 'demands',
  may: { record: 'record', read: 'read' },
  words: { zh: '催告', en: 'demand notice' },
  table: 'demands',
  parent: { column: 'contractId', table: 'contracts', words: contractFact.words },
  body,
  example: { deliveredOn: '2024-03-01', manner: '书面送达', evidence: '催告函存根及签收回执' },
  async check(tx, row) {
    refuseFuture(tx, 'deliveredOn', row.deliveredOn)
    return []
  },
  operatorsOf: (tx, row) => operatorOfContract(tx, row.contractId),
}
