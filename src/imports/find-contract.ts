import { Refusal } from '../errors.ts'
import { findOperator, operatorsCalled, type Party, soundsLike } from './find-operator.ts'
import { findVillage, isInTownship, type Place, placeNamed } from './find-village.ts'
import { type KnownContract, numberKey, operatorKey, usccKey } from './known-facts.ts'
import { isCalled, villageOf } from './known-regions.ts'
import { guess, type RowAsked } from './row-work.ts'

/** How a row names a contract. */
export interface ContractNamed extends Place, Party {
  contractNo?: string | undefined
  startOn?: string | undefined
  areaMu?: number | undefined
}

/**
 * The contract that a row is about: by its number, if township, village and operator do not
 * contradict; else by operator, village, start and area, as many of them as the row gives.
 * Refuses: contract-unknown, contract-ambiguous, contract-differs, and what finding its village or
 * its operator refuses.
 */
export async function findContract(work: RowAsked<ContractNamed>): Promise<KnownContract> {
  const { contractNo } = work.record
  return contractNo === undefined ? byTerms(work) : byNumber(work, contractNo)
}

function byNumber(work: RowAsked<ContractNamed>, contractNo: string): KnownContract {
  const candidates = work.known.atHand.contracts.at(numberKey(contractNo))
  if (candidates.length === 0) throw unknown('contractNo')
  const answers = candidates.map((contract) => ({
    contract,
    township: liesUnder(work, contract),
    village: lies(work, contract),
    operator: leases(work, contract),
  }))
  const fitting = answers.filter(({ contract: _, ...said }) => !Object.values(said).includes(false))
  if (fitting.length > 1) throw ambiguous(fitting.length, 'contractNo')
  if (fitting[0]) return tellTownship(work, fitting[0].contract)
  const [sameOperator, ...others] = answers.filter(({ operator }) => operator === true)
  if (!sameOperator || others.length > 0) throw differs
  const { villageName = work.record.villageCode ?? '', township = '' } = work.record
  if (sameOperator.village === false)
    guess(work, 'villageName', villageName, '按合同编号和业主认定,合同登记在另一村')
  else guess(work, 'township', township, '按合同编号和业主认定,合同登记在另一乡镇')
  return sameOperator.contract
}

/** As `lies`, of the township that a row names itself: a title speaks for most rows only. */
function liesUnder(work: RowAsked<Place>, { villageCode }: KnownContract): boolean | undefined {
  if (work.columns['township'] === undefined) return undefined
  return isInTownship(work.known.regions, work.record, villageCode)
}

/** Says that a title, or a township that is not registered, names another one than the contract. */
function tellTownship(work: RowAsked<Place>, contract: KnownContract): KnownContract {
  const { known, record, columns } = work
  const { township } = placeNamed(known.regions, record)
  const recorded = villageOf(known.regions, contract.villageCode).township
  if (township === undefined || recorded === undefined) return contract
  const isThere = isInTownship(known.regions, record, contract.villageCode)
  const column = columns['township'] ?? '乡镇'
  const readAs = `按合同编号读作${recorded}`
  if (isThere === false) work.guessed.push({ column, value: township, readAs })
  else if (isThere === undefined && columns['township'] !== undefined)
    work.guessed.push({ column, value: township, readAs: `区划中没有该乡镇,${readAs}` })
  return contract
}

/** Whether a contract lies where the row says; undefined: it does not say. */
function lies({ known, record }: RowAsked<Place>, contract: KnownContract): boolean | undefined {
  const { villageCode, villageName } = placeNamed(known.regions, record)
  if (villageCode !== undefined) return contract.villageCode === villageCode
  if (villageName === undefined || !known.regions.get(contract.villageCode)) return undefined
  return isCalled(known.regions, contract.villageCode, villageName)
}

/** Whether a contract is of the operator that the row names; undefined: it names none. */
function leases({ known, record }: RowAsked<Party>, contract: KnownContract): boolean | undefined {
  const { operatorName, uscc } = record
  const operator = known.operators.get(contract.operatorId)
  if (!operator || (operatorName === undefined && uscc === undefined)) return undefined
  if (uscc !== undefined && operator.uscc !== null && usccKey(uscc) === usccKey(operator.uscc))
    return true
  if (operatorName === undefined) return operator.uscc === null ? undefined : false
  return (
    operatorsCalled(known, operatorName).some(({ id }) => id === operator.id) ||
    soundsLike(operatorName, operator)
  )
}

async function byTerms(work: RowAsked<ContractNamed>): Promise<KnownContract> {
  const { known, record } = work
  const { startOn, areaMu, operatorName, villageName, villageCode } = record
  if (operatorName === undefined && record.uscc === undefined) throw unnamed
  const village =
    villageName === undefined && villageCode === undefined ? undefined : findVillage(work)
  const operator = await findOperator(work, village?.villageCode)
  const ofOperator = operator ? known.atHand.contracts.at(operatorKey(operator.id)) : []
  const candidates = ofOperator.filter(
    (contract) =>
      (village === undefined || contract.villageCode === village.villageCode) &&
      (startOn === undefined || contract.startOn === startOn) &&
      (areaMu === undefined || contract.areaHundredths === Math.round(areaMu * 100)),
  )
  const [contract] = candidates
  if (!contract) throw unknown('operatorName')
  if (candidates.length > 1) throw ambiguous(candidates.length, 'operatorName')
  if (!village || startOn === undefined || areaMu === undefined)
    guess(work, 'operatorName', operator?.name ?? '', '与所填各项相符的只有一份合同,即认作该合同')
  return contract
}

const refused = (code: string, field: string, zh: string, en: string) =>
  new Refusal('rule-broken', code, { zh, en }, field)
const unknown = (field: string) =>
  refused(
    'contract-unknown',
    field,
    '没有登记这份合同,请先导入流转台账',
    'no such contract is recorded; import the contracts first',
  )
const unnamed = refused(
  'contract-unknown',
  'contractNo',
  '没有写合同编号,也没有写业主,无法确定是哪份合同',
  'neither a contract number nor an operator is given',
)
const ambiguous = (count: number, field: string) =>
  refused(
    'contract-ambiguous',
    field,
    `有 ${count} 份合同与此相符,请写明合同编号、村、起始日期和面积`,
    `${count} contracts fit; give number, village, start and area`,
  )
const differs = refused(
  'contract-differs',
  'contractNo',
  '该编号的合同登记在另一乡镇、另一村或另一业主名下,请核对',
  'the contract of this number is of another township, village or operator',
)
