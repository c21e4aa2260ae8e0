import { amendmentFact } from '../contracts/amendment.ts'
import { contractFact } from '../contracts/contract.ts'
import { endFact } from '../contracts/contract-end.ts'
import { findTerms, type TermFacts } from '../contracts/contract-terms-store.ts'
import { noteActivity } from '../contracts/note-activity.ts'
import { hasMaskedNumber } from '../domain/mask-personal.ts'
import type { FactRow } from '../facts/fact-kind.ts'
import type { Reader } from '../platform/database/database.ts'
import { findOperator, soundsLike } from './find-operator.ts'
import { findVillage } from './find-village.ts'
import type { ContractRecord } from './import-row.ts'
import type { KnownOperator } from './known-facts.ts'
import type { Village } from './known-regions.ts'
import { areaHundredthsOf, matchContract } from './match-contract.ts'
import { mergedRent } from './merged-rent.ts'
import { recordOperatorOnTheWay } from './record-operator.ts'
import { correctedByImport, recordOrCorrect } from './record-or-correct.ts'
import { given, guess, IMPORT_CORRECTION, type RowWork } from './row-work.ts'
import { recordInTurn, recordWaiting } from './waiting-contracts.ts'

/** A row of the transfer ledger: the contract, what was agreed later, its early end. */
export async function recordContract(work: RowWork<ContractRecord>): Promise<object> {
  const { tx, known, record } = work
  const village = findVillage(work)
  const { villageCode } = village
  await noteOnce(work, villageCode)
  const named = await findOperator(work, villageCode)
  const areaHundredths = areaHundredthsOf(record.rent)
  const match = matchContract(work, { villageCode, operator: named, areaHundredths })
  const before = match && (await termsOf(work, match.id))
  if (work.seenBefore && !(await anyCorrected(tx, before)))
    return said(work, village, before?.contract)
  const recorded = operatorOf(work, named, match?.operatorId)
  if (recorded) tellUnused(work, recorded)
  const operator = recorded ?? (await recordOperatorOnTheWay(work))
  const lessor = lessorFrom(work, before?.contract)
  const body = bodyFrom(work, villageCode, operator.id, lessor, before?.contract)
  const row = isPlain(work, before, operator)
    ? recordInTurn(work, body)
    : await recordOrCorrect(work, contractFact, before?.contract, body, 'contractNo')
  if (!row) return village
  await recordLater(work, row.id, before)
  if (work.facts.length > 0)
    work.remember.push(() => {
      known.atHand.contracts.put(row)
      known.atHand.terms.delete(row.id)
    })
  return { ...said(work, village, row, operator), ...(!before && { lessor }) }
}

async function termsOf({ tx, known }: RowWork<object>, id: string): Promise<TermFacts | undefined> {
  const atHand = known.atHand.terms.get(id)
  if (atHand) return atHand
  await recordWaiting(tx, known)
  return findTerms(tx, id)
}

/** Whether a row is about a new contract and nothing else, and cannot be refused after it. */
function isPlain(
  { known, record, seenBefore }: RowWork<ContractRecord>,
  before: TermFacts | undefined,
  operator: KnownOperator,
): boolean {
  const { amendments = [], end } = record
  const isNew = before === undefined && !seenBefore && !known.joined.has(operator.id)
  return isNew && amendments.length === 0 && end === undefined
}

async function noteOnce({ tx, known, remember }: RowWork<object>, villageCode: string) {
  const noted = `${tx.today} ${villageCode.slice(0, 9)}`
  if (known.noted.has(noted)) return
  await noteActivity(tx, villageCode)
  remember.push(() => known.noted.add(noted))
}

/** Whether an import has corrected a contract, an amendment or the end of it. */
async function anyCorrected(db: Reader, facts: TermFacts | undefined): Promise<boolean> {
  if (!facts) return false
  const { contract, amendments, end } = facts
  return (
    (await correctedByImport(db, 'contracts', contract)) ||
    [...amendments, end].some((later) => later?.changeReason === IMPORT_CORRECTION)
  )
}

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

/**
 * The operator that is recorded already; one known by the contract alone is told as a guess, and so
 * is another one than the contract had.
 */
function operatorOf(
  work: RowWork<ContractRecord>,
  named: KnownOperator | undefined,
  leasingId: string | undefined,
): KnownOperator | undefined {
  const { operatorName, uscc = '' } = work.record
  const leasing = work.known.operators.get(leasingId ?? '')
  if (!leasing || leasing.id === named?.id) return named
  if (operatorName === undefined || !soundsLike(operatorName, leasing)) {
    const [field, value] =
      operatorName === undefined ? ['uscc', uscc] : ['operatorName', operatorName]
    guess(work, field, value, '与已登记的业主不同,按本行更正')
    return named
  }
  guess(work, 'operatorName', operatorName, `按合同编号读作${leasing.name}`)
  return leasing
}

/**
 * What the row does not say of the lessor stays as it is recorded. A new ledger that does not say
 * is most likely kept by the village that leased for its households.
 */
function lessorFrom(
  work: RowWork<ContractRecord>,
  before: FactRow<'contracts'> | undefined,
): object {
  const { columns, guessed, record } = work
  if (before) {
    const { lessorKind: kind, lessorName: name, households, people } = before
    return { ...given({ kind, name, households, people }), ...given(record.lessor) }
  }
  if (record.lessor.kind === undefined)
    guessed.push({ column: columns.lessor ?? '出租方', value: '', readAs: '未写明,按村集体' })
  return { kind: 'village_collective', ...given(record.lessor) }
}

/** What a row says of an operator is taken for a new one only. */
function tellUnused(work: RowWork<ContractRecord>, operator: KnownOperator): void {
  for (const field of ['representative', 'phone'] as const) {
    const value = work.record[field]
    if (value === undefined || value === operator[field]) continue
    guess(work, field, value, '该列仅用于新登记业主')
  }
}

function bodyFrom(
  { record }: RowWork<ContractRecord>,
  villageCode: string,
  operatorId: string,
  lessor: object,
  before: FactRow<'contracts'> | undefined,
): object {
  const { contractNo, landUse, startOn, endOn, signedOn, rent } = record
  const { riskDepositFen, insured, penaltyPer10kPerDay, toleranceDays } = record
  return {
    contractNo,
    operatorId,
    villageCode,
    lessor,
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
    const body = { ...keptReason(amendment, standing), rent: rent ?? amendment.rent }
    await recordOrCorrect(work, amendmentFact, standing, body, 'amendments', contractId)
  }
  if (!end) return
  const body = keptReason(end, before?.end)
  await recordOrCorrect(work, endFact, before?.end, body, 'end', contractId)
}

/** A reason with a number that was masked on the way out is the one that is recorded. */
const keptReason = <T extends { reason: string }>(said: T, recorded: object | undefined) =>
  recorded && hasMaskedNumber(said.reason) ? { ...said, reason: undefined } : said
