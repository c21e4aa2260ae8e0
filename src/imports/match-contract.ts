import type { Rent } from '../domain/contract-terms.ts'
import { Refusal } from '../errors.ts'
import { soundsLike } from './find-operator.ts'
import type { ContractRecord } from './import-row.ts'
import {
  isClaimed,
  type Known,
  type KnownContract,
  type KnownOperator,
  numberKey,
  termsKey,
} from './known-facts.ts'
import type { RowWork } from './row-work.ts'

/** The area of a rent clause, all its lines together. */
export const areaHundredthsOf = ({ lines }: Rent): number =>
  Math.round(100 * lines.reduce((sum, { areaMu }) => sum + areaMu, 0))

/** Who leases where, as far as a row of the transfer ledger was looked up. */
export interface LeaseNamed {
  villageCode: string
  /** undefined: nobody has recorded the operator yet. */
  operator: KnownOperator | undefined
  areaHundredths: number
}

/**
 * The recorded contract that a row of the transfer ledger is about: by number and village, or by
 * operator, village, start and area. A number stands for one contract a village and operator only:
 * counties number anew in each township. undefined: it is not recorded yet.
 * Refuses: contract-ambiguous.
 */
export function matchContract(
  work: RowWork<ContractRecord>,
  lease: LeaseNamed,
): KnownContract | undefined {
  const { known, record } = work
  const { contracts } = known.atHand
  const { contractNo } = record
  const open = (fitting: readonly KnownContract[]) =>
    fitting.filter((one) => !isAnother(work, lease, one))
  const sameTerms = open(lease.operator ? contracts.at(termsOf(work, lease)) : [])
  if (contractNo === undefined) return onlyOne(sameTerms)
  const sameNumber = open(contracts.at(numberKey(contractNo)))
  const inVillage = sameNumber.filter((one) => one.villageCode === lease.villageCode)
  const ofOperator = inVillage.filter((one) => one.operatorId === lease.operator?.id)
  const found = onlyOne(ofOperator.length > 0 ? ofOperator : inVillage)
  if (found) return found
  const moved = sameNumber.filter(
    (one) =>
      one.operatorId === lease.operator?.id &&
      one.startOn === record.startOn &&
      one.areaHundredths === lease.areaHundredths,
  )
  return onlyOne(moved) ?? onlyOne(sameTerms.filter((one) => one.contractNo === null))
}

const termsOf = ({ record }: RowWork<ContractRecord>, lease: LeaseNamed) =>
  termsKey({ ...lease, operatorId: lease.operator?.id ?? '', startOn: record.startOn })

/**
 * Contracts that look alike and are not the same: of two households without numbers, or, within one
 * file, of two operators who number their contracts alike.
 */
function isAnother(
  { known, record, fingerprint }: RowWork<ContractRecord>,
  { operator }: LeaseNamed,
  contract: KnownContract,
): boolean {
  const { lessor, contractNo } = record
  const bothNumbered = contractNo !== undefined && contract.contractNo !== null
  const otherHousehold =
    lessor.kind === 'household' &&
    contract.lessorKind === 'household' &&
    lessor.name !== undefined &&
    contract.lessorName !== null &&
    lessor.name !== contract.lessorName
  if (otherHousehold && !bothNumbered) return true
  const looksAnother = otherHousehold || isOtherOperator(known, record, operator, contract)
  return looksAnother && isClaimed(known, contract.id, fingerprint)
}

function isOtherOperator(
  known: Known,
  { operatorName }: ContractRecord,
  operator: KnownOperator | undefined,
  { operatorId }: KnownContract,
): boolean {
  const leasing = known.operators.get(operatorId)
  if (operator?.id === operatorId || !leasing) return false
  return operatorName === undefined || !soundsLike(operatorName, leasing)
}

function onlyOne(contracts: readonly KnownContract[]): KnownContract | undefined {
  if (contracts.length < 2) return contracts[0]
  const words = {
    zh: `已登记的合同中有 ${contracts.length} 份与本行相符,请写明合同编号`,
    en: `${contracts.length} recorded contracts fit; give the contract number`,
  }
  throw new Refusal('rule-broken', 'contract-ambiguous', words, 'contractNo')
}
