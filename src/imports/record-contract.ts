import { amendmentFact } from '../contracts/amendment.ts'
import { contractFact } from '../contracts/contract.ts'
import { endFact } from '../contracts/contract-end.ts'
import { findTerms, type TermFacts } from '../contracts/contract-terms-store.ts'
import { noteActivity } from '../contracts/note-activity.ts'
import type { FactRow } from '../facts/fact-kind.ts'
import { findOperator, soundsLike } from './find-operator.ts'
import { findVillage } from './find-village.ts'
import type { ContractRecord } from './import-row.ts'
import { type KnownOperator, knownContract } from './known-facts.ts'
import type { Village } from './known-regions.ts'
import { matchContract } from './match-contract.ts'
import { mergedRent } from './merged-rent.ts'
import { recordOperatorOnTheWay } from './record-operator.ts'
import { recordOrCorrect } from './record-or-correct.ts'
import { given, guess, IMPORT_CORRECTION, type RowWork } from './row-work.ts'

/** A row of the transfer ledger: the contract, what was agreed later, its early end. */
export async function recordContract(work: RowWork<ContractRecord>): Promise<object> {
  const { tx, known, record } = work
  const village = findVillage(work)
  const { villageCode } = village
  await noteOnce(work, villageCode)
  const named = findOperator(work, villageCode)
  const areaHundredths = Math.round(
    100 * record.rent.lines.reduce((sum, { areaMu }) => sum + areaMu, 0),
  )
  const match = matchContract(work, { villageCode, operator: named, areaHundredths })
  const before = match && (await findTerms(tx, match.id))
  if (work.seenBefore && !correctedByImport(before)) return said(work, village, before?.contract)
  const operator =
    operatorOf(work, named, match?.operatorId) ?? (await recordOperatorOnTheWay(work))
  const body = bodyFrom(work, villageCode, operator.id, before?.contract)
  const row = await recordOrCorrect(work, contractFact, before?.contract, body, 'contractNo')
  if (!row) return village
  await recordLater(work, row.id, before)
  if (row !== before?.contract) work.remember.push(() => known.contracts.put(knownContract(row)))
  return said(work, village, row, operator)
}

async function noteOnce({ tx, known, remember }: RowWork<object>, villageCode: string) {
  const noted = `${tx.today} ${villageCode.slice(0, 9)}`
  if (known.noted.has(noted)) return
  await noteActivity(tx, villageCode)
  remember.push(() => known.noted.add(noted))
}

const correctedByImport = (facts: TermFacts | undefined) =>
  facts !== undefined &&
  [facts.contract, ...facts.amendments, ...(facts.end ? [facts.end] : [])].some(
    ({ changeReason }) => changeReason === IMPORT_CORRECTION,
  )

/** The ids and names that a row was looked up to. */
function said(
  { known }: RowWork<ContractRecord>,
  village: Village,
  contract: FactRow<'contracts'> | undefined,
  operator = known.operators.get(contract?.operatorId ?? ''),
): object {
  return {
    ...(contract && { contractId: contract.id }),
    ...(operator && { operatorId: operator.id, operatorName: operator.name }),
    ...village,
  }
}

/** The operator that is recorded already; one known by the contract alone is told as a guess. */
function operatorOf(
  work: RowWork<ContractRecord>,
  named: KnownOperator | undefined,
  leasingId: string | undefined,
): KnownOperator | undefined {
  const { operatorName } = work.record
  const leasing = work.known.operators.get(leasingId ?? '')
  if (!leasing || leasing.id === named?.id || operatorName === undefined) return named
  if (!soundsLike(operatorName, leasing)) return named
  guess(work, 'operatorName', operatorName, `按合同编号读作${leasing.name}`)
  return leasing
}

function bodyFrom(
  { record }: RowWork<ContractRecord>,
  villageCode: string,
  operatorId: string,
  before: FactRow<'contracts'> | undefined,
): object {
  const { contractNo, lessor, landUse, startOn, endOn, signedOn, rent } = record
  const { riskDepositFen, insured, penaltyPer10kPerDay, toleranceDays } = record
  const recordedLessor = before && {
    kind: before.lessorKind,
    name: before.lessorName,
    households: before.households,
    people: before.people,
  }
  return {
    contractNo,
    operatorId,
    villageCode,
    lessor: { ...given(recordedLessor ?? {}), ...given(lessor) },
    landUse,
    startOn,
    endOn,
    signedOn,
    rent: before ? mergedRent(before.rent, rent) : rent,
    riskDepositFen,
    insured,
    penaltyPer10kPerDay,
    toleranceDays,
  }
}

/** Amendments are told apart by the day from which they hold; those the row does not name stay. */
async function recordLater(
  work: RowWork<ContractRecord>,
  contractId: string,
  before: TermFacts | undefined,
): Promise<void> {
  const { amendments = [], end } = work.record
  const recorded = [...(before?.amendments ?? [])]
  for (const amendment of amendments) {
    const at = recorded.findIndex((one) => one.effectiveOn === amendment.effectiveOn)
    const [standing] = at < 0 ? [] : recorded.splice(at, 1)
    const rent = standing?.rent && amendment.rent && mergedRent(standing.rent, amendment.rent)
    const body = { ...amendment, rent: rent ?? amendment.rent }
    await recordOrCorrect(work, amendmentFact, standing, body, 'amendments', contractId)
  }
  if (end) await recordOrCorrect(work, endFact, before?.end, end, 'end', contractId)
}
