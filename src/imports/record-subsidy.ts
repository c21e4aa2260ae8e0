import { and, eq, inArray } from 'drizzle-orm'
import { rowsFor } from '../access/bounds.ts'
import { noteActivity } from '../contracts/note-activity.ts'
import { UNNUMBERED } from '../domain/code-words.ts'
import { mailText } from '../domain/mask-name.ts'
import { hasMaskedNumber, maskContractNo } from '../domain/mask-personal.ts'
import { Refusal } from '../errors.ts'
import type { FactRow } from '../facts/fact-kind.ts'
import { ALL_KNOWN, pageOfFacts, standingFacts } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import { disbursementFact } from '../subsidies/disbursement.ts'
import { subsidyFact } from '../subsidies/subsidy.ts'
import { subsidiesOnDay } from '../subsidies/subsidy-store.ts'
import { findContract } from './find-contract.ts'
import { findOperator } from './find-operator.ts'
import { findVillage } from './find-village.ts'
import type { SubsidyRecord } from './import-row.ts'
import { isClaimed, type Known, type KnownOperator, nameKey } from './known-facts.ts'
import { villageOf } from './known-regions.ts'
import { recordOperatorOnTheWay } from './record-operator.ts'
import { recordOrCorrect } from './record-or-correct.ts'
import { cellOf, given, guess, type RowWork } from './row-work.ts'

/** A row of the subsidy ledger: the subsidy, and what of it is paid out by now. */
export async function recordSubsidy(work: RowWork<SubsidyRecord>): Promise<object> {
  const { tx, known, record } = work
  const contract = record.contractNo === undefined ? undefined : await findContract(work)
  const villageCode = contract?.villageCode ?? villageNamed(work)
  const named = contract ? leasing(work, contract) : await findOperator(work, villageCode)
  const before = named && (await theSameSubsidy(work, named.id, contract?.id))
  if (work.record.hiddenContract !== undefined && !before) throw contractHidden
  const village = villageCode === undefined ? {} : villageOf(known.regions, villageCode)
  if (villageCode !== undefined) await noteActivity(tx, villageCode)
  if (work.seenBefore && !before) return village
  const operator = named ?? (await recordOperatorOnTheWay(work))
  const standing = work.record.standing ?? (before ? undefined : likelyStanding(work))
  const body = await bodyFrom(work, operator.id, contract?.id, standing, before)
  const row = await recordOrCorrect(work, subsidyFact, before, body, 'programme')
  if (!row) return village
  await recordPaidOut(work, row.id)
  return {
    ...(standing && { standing }),
    subsidyId: row.id,
    operatorId: operator.id,
    operatorName: operator.name,
    ...(row.contractId !== null && { contractId: row.contractId }),
    ...village,
  }
}

/** Who leases the contract that the row names, which does not contradict it. */
function leasing(
  work: RowWork<SubsidyRecord>,
  { operatorId }: FactRow<'contracts'>,
): KnownOperator | undefined {
  const { operatorName } = work.record
  const operator = work.known.operators.get(operatorId)
  if (operator && operatorName !== undefined && nameKey(operatorName) !== nameKey(operator.name))
    guess(work, 'operatorName', operatorName, `按合同编号读作${operator.name}`)
  return operator
}

/** A subsidy need not say where its land lies. */
function villageNamed(work: RowWork<SubsidyRecord>): string | undefined {
  const { villageCode, villageName } = work.record
  if (villageCode === undefined && villageName === undefined) return undefined
  return findVillage(work).villageCode
}

/**
 * By operator, programme, year, document and contract; recognised and claimed ones stand beside
 * each other. Refuses: subsidy-ambiguous.
 */
async function theSameSubsidy(
  { tx, known, record, fingerprint }: RowWork<SubsidyRecord>,
  operatorId: string,
  contractId: string | undefined,
): Promise<FactRow<'subsidies'> | undefined> {
  const { subsidies: t } = tx.tables
  const { programme, year, documentNo, hiddenContract } = record
  const standing = record.standing ?? likely(record)
  const ofYear = [and(eq(t.operatorId, operatorId), eq(t.year, year))]
  const rows = await pageOfFacts(tx, 'subsidies', ofYear, '', SAME_MAX)
  const shown = hiddenContract === undefined ? new Map() : await shownContracts(tx, known, rows)
  const ofContract = (row: FactRow<'subsidies'>) =>
    hiddenContract === undefined
      ? row.contractId === (contractId ?? null)
      : shown.get(row.contractId) === hiddenContract
  const same = rows.filter(
    (row) =>
      isWritten(row.programme, programme) &&
      isWritten(row.documentNo, documentNo) &&
      ofContract(row),
  )
  const alike = same.filter((row) => row.standing === standing)
  const taken = ({ id }: FactRow<'subsidies'>) => isClaimed(known, id, fingerprint)
  const open = same.filter((row) => !taken(row))
  const isSaid = record.standing !== undefined || open.length === 0
  const candidates = isSaid && alike.length > 0 ? alike : open
  if (candidates.length > 1) throw ambiguous
  return candidates[0]
}

const SAME_MAX = 1000

/** Whether a text is recorded as a row has it, or as the ledger writes it out, numbers masked. */
const isWritten = (recorded: string | null, said: string | undefined) =>
  recorded === (said ?? null) || (recorded !== null && mailText(recorded) === said)

/** What the ledger writes for the numbers of the contracts of subsidies. */
async function shownContracts(
  db: Reader,
  { caller }: Known,
  subsidies: readonly FactRow<'subsidies'>[],
): Promise<Map<string | null, string>> {
  const { contracts: t } = db.tables
  const ids = subsidies.flatMap(({ contractId }) => (contractId === null ? [] : [contractId]))
  const contracts = await db
    .select({ id: t.id, contractNo: t.contractNo })
    .from(t)
    .where(and(inArray(t.id, ids), standingFacts(t, ALL_KNOWN), rowsFor(db, 'contracts', caller)))
  return new Map(
    contracts.map(({ id, contractNo }) => [
      id,
      contractNo === null ? UNNUMBERED : maskContractNo(contractNo),
    ]),
  )
}

const likely = ({ proof }: SubsidyRecord) => (proof ? 'recognised' : 'claimed')

/** A new one of which the row does not say it: without a proof on paper the weaker one. */
function likelyStanding(work: RowWork<SubsidyRecord>): 'recognised' | 'claimed' {
  const { columns, guessed, record } = work
  const { field, value } = record.proof ?? { field: 'standing', value: '' }
  const readAs = record.proof ? '认定应付' : '业主主张(没有批复、验收或文件依据)'
  guessed.push({ column: columns[field] ?? '认定口径', value, readAs })
  return likely(record)
}

/** What stages have moved is not the row's to correct; where it says the same, nothing is new. */
async function bodyFrom(
  { tx, record }: RowWork<SubsidyRecord>,
  operatorId: string,
  contractId: string | undefined,
  standing: string | undefined,
  before: FactRow<'subsidies'> | undefined,
): Promise<object> {
  const unmasked = (words: string | undefined) =>
    before && hasMaskedNumber(words ?? '') ? undefined : words
  const programme = unmasked(record.programme)
  const documentNo = unmasked(record.documentNo)
  const { year, amountFen, fundingSource } = record
  const { acceptedOn, payableOn, stage, reasonUnpaid, responsibleUnit } = record
  const fixed = { operatorId, contractId, programme, year, documentNo, fundingSource, acceptedOn }
  const moving = { standing, amountFen, payableOn, stage }
  const body = { ...fixed, ...moving, reasonUnpaid, responsibleUnit }
  if (!before) return body
  const at = { asOf: tx.today, knownAt: ALL_KNOWN }
  const state = (await subsidiesOnDay(tx, [before], at)).get(before.id)
  const fields = ['standing', 'amountFen', 'payableOn', 'stage'] as const
  const movedOn = fields.filter((field) => state && state[field] !== before[field])
  if (movedOn.some((field) => moving[field] !== undefined && moving[field] !== state?.[field]))
    throw stagesDiffer
  return { ...body, ...Object.fromEntries(movedOn.map((field) => [field, undefined])) }
}

/** The row knows only the sum: what is more than what was recorded is paid out on its day. */
async function recordPaidOut(work: RowWork<SubsidyRecord>, subsidyId: string): Promise<void> {
  const { tx, record, seenBefore } = work
  const { disbursedFen, disbursedOn } = record
  if (disbursedFen === undefined || seenBefore) return
  const { disbursements: t } = tx.tables
  const recorded = await tx
    .select({ amountFen: t.amountFen })
    .from(t)
    .where(and(eq(t.subsidyId, subsidyId), standingFacts(t, ALL_KNOWN)))
  const amountFen = disbursedFen - recorded.reduce((sum, one) => sum + one.amountFen, 0)
  if (amountFen < 0) throw lessPaidOut
  if (amountFen === 0) return
  if (disbursedOn === undefined)
    work.guessed.push({
      ...cellOf(work, 'disbursedFen'),
      readAs: `未写拨付日期,按导入日 ${tx.today} 登记`,
    })
  const body = given({ amountFen, paidOn: disbursedOn ?? tx.today })
  await recordOrCorrect(work, disbursementFact, undefined, body, 'disbursedFen', subsidyId)
}

const refused = (code: string, field: string, zh: string, en: string) =>
  new Refusal('rule-broken', code, { zh, en }, field)
const ambiguous = refused(
  'subsidy-ambiguous',
  'programme',
  '已登记多笔同业主、同项目、同年度、同文件的补助,无法确定是哪一笔',
  'several recorded subsidies fit',
)
const contractHidden = refused(
  'contract-unknown',
  'hiddenContract',
  '关联合同无编号或编号已隐去,无法对应到已登记的补助,请核对业主、项目、年度、文件依据,或在系统内登记',
  'the linked contract is named without its number, and no recorded subsidy fits',
)
const stagesDiffer = refused(
  'subsidy-moved-on',
  'stage',
  '该补助登记后已有环节变动,与本行不符,请在系统内登记新的环节',
  'stages have moved the subsidy on; record the next one',
)
const lessPaidOut = refused(
  'disbursed-less',
  'disbursedFen',
  '已补金额少于已登记的兑付合计,请核对',
  'less than what is recorded as disbursed',
)
