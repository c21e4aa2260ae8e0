import { z } from 'zod'
import { Refusal } from '../errors.ts'
import type { FactKind, FactRow } from '../facts/fact-kind.ts'
import { findFact } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import { day, text } from '../platform/http/fields.ts'
import { findRegion } from '../regions/region-store.ts'
import { contractFact, rentBody } from './contract.ts'
import { findTerms } from './contract-terms-store.ts'
import { secondRoundWarnings } from './contract-warnings.ts'
import { refuseStrandedPayments } from './designated-days.ts'
import { operatorOfContract } from './require-contract.ts'
import { reschedule } from './reschedule.ts'

const body = z.strictObject({
  effectiveOn: day,
  reason: text(500),
  rent: rentBody.optional(),
  endOn: day.optional(),
})

/** 合同变更: another rent clause, or another end of the term. */
export const amendmentFact: FactKind<'contractAmendments', z.output<typeof body>> = {
  facts: 'amendments',
  may: { record: 'record', read: 'read' },
  words: { zh: '合同变更', en: 'amendment' },
  table: 'contractAmendments',
  parent: { column: 'contractId', table: 'contracts', words: contractFact.words },
  body,
  example: {
    effectiveOn: '2022-01-01',
    reason: '经协商下调租金',
    rent: {
      lines: [{ land: 'all', areaMu: 500.5, basis: 'cash', fenPerMu: 50000 }],
      frequency: 'annual',
      firstDueOn: '2022-12-31',
    },
  },
  async check(tx, row) {
    if (row.rent === null && row.endOn === null) throw nothingAmended
    await refuseStrandedPayments(tx, row.contractId, {
      amendments: await amendmentsWith(tx, row),
    })
    const contract = await findFact(tx, 'contracts', row.contractId)
    if (!contract || row.endOn === null) return []
    return secondRoundWarnings(await findRegion(tx, contract.villageCode), row.endOn)
  },
  async checkWithdrawal(tx, row) {
    const amendments = (await amendmentsWith(tx, row)).filter(({ id }) => id !== row.id)
    await refuseStrandedPayments(tx, row.contractId, { amendments })
    return []
  },
  settle: (tx, row) => reschedule(tx, row.contractId),
  operatorsOf: (tx, row) => operatorOfContract(tx, row.contractId),
}

const nothingAmended = new Refusal(
  'rule-broken',
  'nothing-amended',
  { zh: '至少要变更 rent 或 endOn 之一', en: 'at least rent or endOn must be amended' },
  'rent',
)

/** The contract's amendments as they would be; ids of version 7 sort by recording. */
async function amendmentsWith(db: Reader, row: FactRow<'contractAmendments'>) {
  const { amendments = [] } = (await findTerms(db, row.contractId)) ?? {}
  const others = amendments.filter(({ id }) => id !== row.id)
  return [...others, row].sort((a, b) => (a.id < b.id ? -1 : 1))
}
