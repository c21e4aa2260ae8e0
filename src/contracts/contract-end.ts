import { z } from 'zod'
import { termEndOn } from '../domain/rent-schedule.ts'
import { Refusal, type Warning } from '../errors.ts'
import type { FactKind } from '../facts/fact-kind.ts'
import { dayFrom, text } from '../platform/http/fields.ts'
import { contractFact } from './contract.ts'
import { findTerms, termsOf } from './contract-terms-store.ts'
import { refuseStrandedPayments } from './designated-days.ts'
import { operatorOfContract } from './require-contract.ts'
import { reschedule } from './reschedule.ts'
import { scheduleOf } from './schedule-of.ts'

const body = z.strictObject({
  // One before the contract is refused by the rule, not as if it were no day.
  endedOn: dayFrom('0001-01-01', '2199-12-31'),
  reason: text(500),
})

/** 合同终止: what was owed stays owed, later periods vanish. */
export const endFact: FactKind<'contractEnds', z.output<typeof body>> = {
  facts: 'ends',
  may: { record: 'record', read: 'read' },
  words: { zh: '合同终止', en: 'end of a contract' },
  table: 'contractEnds',
  parent: { column: 'contractId', table: 'contracts', words: contractFact.words },
  body,
  example: { endedOn: '2023-06-30', reason: '双方协商解除' },
  async check(tx, row) {
    const facts = await findTerms(tx, row.contractId)
    if (!facts) return []
    if (facts.end && facts.end.id !== row.id) throw alreadyEnded
    if (row.endedOn < facts.contract.startOn) throw beforeStart
    const termBefore = termsOf({ ...facts, end: undefined })
    scheduleOf({ ...termBefore, endedOn: row.endedOn }, [])
    return row.endedOn > termEndOn(termBefore) ? [afterTerm] : []
  },
  async checkWithdrawal(tx, row) {
    await refuseStrandedPayments(tx, row.contractId, { end: undefined })
    return []
  },
  settle: (tx, row) => reschedule(tx, row.contractId),
  operatorsOf: (tx, row) => operatorOfContract(tx, row.contractId),
}

const alreadyEnded = new Refusal('conflict', 'contract-already-ended', {
  zh: '合同已登记终止,可更正或撤销原记录',
  en: 'the contract has ended; correct or withdraw that',
})
const beforeStart = new Refusal(
  'rule-broken',
  'end-before-start',
  { zh: '终止日不能早于起始日', en: 'the end must not lie before the start' },
  'endedOn',
)
const afterTerm: Warning = {
  code: 'ended-after-term',
  field: 'endedOn',
  message: { zh: '终止日晚于合同约定的期限', en: 'the end lies after the agreed term' },
}
