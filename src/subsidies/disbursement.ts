import { z } from 'zod'
import type { FactKind } from '../facts/fact-kind.ts'
import { refuseFuture } from '../facts/refuse-future.ts'
import { day, positiveFen } from '../platform/http/fields.ts'
import { subsidyFact } from './subsidy.ts'
import { operatorsOfSubsidy } from './subsidy-stage.ts'

const body = z.strictObject({ amountFen: positiveFen, paidOn: day })

/** 兑付: subsidy money that reached the operator. */
export const disbursementFact: FactKind<'disbursements', z.output<typeof body>> = {
  facts: 'disbursements',
  may: { record: 'subsidies', read: 'read' },
  words: { zh: '补助兑付', en: 'disbursement' },
  table: 'disbursements',
  parent: { column: 'subsidyId', table: 'subsidies', words: subsidyFact.words },
  body,
  example: { amountFen: 60_000_000, paidOn: '2024-07-15' },
  async check(tx, row) {
    refuseFuture(tx, 'paidOn', row.paidOn)
    return []
  },
  operatorsOf: (tx, row) => operatorsOfSubsidy(tx, row.subsidyId),
}
