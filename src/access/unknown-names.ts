import { Refusal } from '../errors.ts'

/** A body names an operator that is not there, or that the caller may not know of. */
export const operatorUnknown = new Refusal(
  'rule-broken',
  'operator-unknown',
  { zh: '没有这个业主', en: 'no such operator' },
  'operatorId',
)

/** A body names a contract that is not there, or that the caller may not know of. */
export const contractUnknown = new Refusal(
  'rule-broken',
  'contract-unknown',
  { zh: '没有这份合同', en: 'no such contract' },
  'contractId',
)
