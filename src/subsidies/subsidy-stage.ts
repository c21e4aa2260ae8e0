import { z } from 'zod'
import type { FactKind } from '../facts/fact-kind.ts'
import { findFact } from '../facts/fact-store.ts'
import { refuseFuture } from '../facts/refuse-future.ts'
import type { Writer } from '../platform/database/database.ts'
import { day, fen, text } from '../platform/http/fields.ts'
import { SUBSIDY_STANDINGS, subsidyFact } from './subsidy.ts'

const body = z.strictObject({
  stage: text(50),
  occurredOn: day,
  standing: z.enum(SUBSIDY_STANDINGS).optional(),
  payableOn: day.optional(),
  amountFen: fen.optional(),
})

/** 所处环节: a subsidy moves on, and may be recognised, dated or assessed anew on the way. */
export const stageFact: FactKind<'subsidyStages', z.output<typeof body>> = {
  facts: 'stages',
  may: { record: 'subsidies', read: 'read' },
  words: { zh: '补助环节', en: 'subsidy stage' },
  table: 'subsidyStages',
  parent: { column: 'subsidyId', table: 'subsidies', words: subsidyFact.words },
  body,
  example: {
    stage: '县级验收',
    occurredOn: '2024-03-20',
    standing: 'recognised',
    payableOn: '2024-06-30',
  },
  async check(tx, row) {
    refuseFuture(tx, 'occurredOn', row.occurredOn)
    return []
  },
  operatorsOf: (tx, row) => operatorsOfSubsidy(tx, row.subsidyId),
}

/** The operators whose risk a subsidy moves. */
export async function operatorsOfSubsidy(tx: Writer, id: string): Promise<readonly string[]> {
  const subsidy = await findFact(tx, 'subsidies', id)
  return subsidy ? subsidyFact.operatorsOf(tx, subsidy) : []
}
