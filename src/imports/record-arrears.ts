import { z } from 'zod'
import { noteActivity } from '../contracts/note-activity.ts'
import type { Day } from '../domain/calendar-day.ts'
import { groupBy } from '../domain/group-by.ts'
import { OPENING_METHOD, type OpeningProblem, openingBalance } from '../domain/opening-balance.ts'
import { Refusal } from '../errors.ts'
import type { FactRow } from '../facts/fact-kind.ts'
import { ALL_KNOWN } from '../facts/fact-store.ts'
import { standingPayments } from '../payments/payment-store.ts'
import { recordPayment } from '../payments/record-payment.ts'
import { reversePayment } from '../payments/reverse-payment.ts'
import type { Writer } from '../platform/database/database.ts'
import { day, fen } from '../platform/http/fields.ts'
import { instalmentsOf } from '../risk/contract-balances.ts'
import { findContract } from './find-contract.ts'
import type { ArrearsRecord, ReadRow } from './import-row.ts'
import { nameKey, numberKey, usccKey } from './known-facts.ts'
import { villageOf } from './known-regions.ts'
import { type ImportRun, type Outcome, reported, workOf } from './record-row.ts'
import { rowFingerprint, wasImported } from './row-fingerprint.ts'
import { fitting, given, guess, IMPORT_CORRECTION, type RowWork } from './row-work.ts'

const statement = z.strictObject({
  arrearsFen: fen,
  rentYears: z.array(z.int()).min(1).optional(),
  asOf: day.optional(),
})

type Row = ReadRow<'arrears'>
type Work = RowWork<ArrearsRecord>
type Contract = FactRow<'contracts'>
/** Rows that cannot be kept, by their position. */
type Refused = Map<number, Outcome>

/** Rows with the same key are about one contract, wherever in a file they stand. */
export function arrearsKey({ sheet, row, record = {} }: Row): string {
  const { contractNo, uscc, operatorName, township, villageName, villageCode } = record
  const name = operatorName === undefined ? undefined : nameKey(operatorName)
  const party = name ?? (uscc === undefined ? undefined : usccKey(uscc))
  const place = [township, villageName, villageCode].map((part) => part && nameKey(part))
  if (contractNo !== undefined) return JSON.stringify([numberKey(contractNo), party, place])
  if (party === undefined) return JSON.stringify([sheet, row])
  return JSON.stringify([party, place, record.startOn, record.areaMu])
}

/**
 * Records what the rows of one contract say is owed, as an opening balance: due rent that no row
 * names counts as paid on its due day. All rows are kept, or none: without one that cannot be read
 * its years would be taken as paid.
 */
export async function recordArrearsOf(
  tx: Writer,
  run: ImportRun,
  rows: readonly Row[],
): Promise<Outcome[]> {
  const works: Work[] = []
  for (const row of rows) works.push(await workOf(tx, run, 'arrears', row))
  const group = rowFingerprint('arrears', works.map(({ fingerprint }) => fingerprint).sort())
  for (const work of works) work.fingerprint = rowFingerprint('arrears', [group, work.fingerprint])
  const distinct = distinctOf(works)
  const isSeen = await wasImported(tx, run.importId, works[0]?.fingerprint ?? '')
  const refused: Refused = new Map(
    rows.flatMap((row, at) => (row.status === 'reported' ? [[at, asRead(row)]] : [])),
  )
  const contract = refused.size > 0 ? undefined : await contractOf(works, refused)
  if (contract) run.known.claims.set(contract.id, group)
  if (contract && !isSeen) await openContract(run, works, distinct, contract, refused)
  if (refused.size > 0 && !isSeen)
    return works.map((work, at) => refused.get(at) ?? reported(work, belongsToReported))
  if (!contract) return works.map((work) => taken(work, 'unchanged', {}))
  await noteActivity(tx, contract.villageCode)
  const said = saidOf(run, contract)
  const isKept = works.some(({ facts }) => facts.length > 0)
  const kept = new Set(isKept ? distinct : [])
  return works.map((work, at) => taken(work, kept.has(at) ? 'kept' : 'unchanged', said))
}

/** The positions of rows that say something of their own: the first of those that are equal. */
function distinctOf(works: readonly Work[]): number[] {
  const firsts = new Map<string, number>()
  for (const [at, { fingerprint }] of works.entries())
    if (!firsts.has(fingerprint)) firsts.set(fingerprint, at)
  return [...firsts.values()]
}

/** The contract that all rows are about; none when one of them is refused. */
async function contractOf(works: readonly Work[], refused: Refused): Promise<Contract | undefined> {
  let contract: Contract | undefined
  for (const [at, work] of works.entries()) {
    try {
      const { arrearsFen, rentYears, asOf } = work.record
      fitting(statement, given({ arrearsFen, rentYears, asOf }))
      const found = await findContract(work)
      contract ??= found
      if (found.id !== contract.id || work.known.claims.has(found.id)) throw rowsApart
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      refused.set(at, reported(work, error))
    }
  }
  return refused.size > 0 ? undefined : contract
}

/**
 * Records what is taken as paid. The opening balance of a contract is that of one import as a
 * whole: what earlier ones had made is made anew, or given up where it is owed after all.
 */
async function openContract(
  run: ImportRun,
  works: readonly Work[],
  distinct: readonly number[],
  { id: contractId, startOn }: Contract,
  refused: Refused,
): Promise<void> {
  const [first] = works as [Work]
  const { tx, caller } = first
  const asOf = asOfRows(works, refused)
  if (asOf === undefined) return
  const stored = await instalmentsOf(tx, [contractId], { asOf, knownAt: ALL_KNOWN })
  const instalments = stored.get(contractId) ?? []
  const records = distinct.map((at) => (works[at] as Work).record)
  const ledger = { asOf, startOn, instalments, rows: records }
  const payments = await standingPayments(tx, contractId, ALL_KNOWN)
  const received = payments.filter(({ method }) => method !== OPENING_METHOD)
  const beyond = openingBalance({ ...ledger, payments })
  const isOwedAgain = 'problems' in beyond && received.length < payments.length
  const opening = isOwedAgain ? openingBalance({ ...ledger, payments: received }) : beyond
  if ('problems' in opening) return refuseRows(opening.problems, works, distinct, refused)
  if (isOwedAgain || opening.payments.length > 0) {
    const earlier = payments.filter(({ method }) => method === OPENING_METHOD)
    for (const { id } of earlier) {
      const reversal = await reversePayment(tx, caller, id, { reason: IMPORT_CORRECTION })
      first.facts.push({ kind: 'paymentReversals', id: reversal.id, version: 1 })
    }
    const parts = [...(isOwedAgain ? [] : earlier), ...opening.payments]
    const note = `欠租台账导入 ${run.importId},截至 ${asOf}`
    for (const { amountFen, paidOn, designatedDueOn: dueOn } of parts) {
      const part = { amountFen, paidOn, designatedDueOn: dueOn ?? undefined }
      const payment = { ...part, method: OPENING_METHOD, note }
      const { row } = await recordPayment(tx, caller, contractId, payment)
      first.facts.push({ kind: 'payments', id: row.id, version: 1 })
    }
  }
  for (const row of opening.aDayEarly) {
    const work = works[distinct[row] as number] as Work
    guess(work, 'asOf', asOf, `含 ${asOf} 当日到期的租金,次日起计入欠租`)
  }
}

/** The day that the rows speak for, today when they do not say it; none when it is refused. */
function asOfRows(works: readonly Work[], refused: Refused): Day | undefined {
  const [first] = works as [Work]
  const { today } = first.tx
  const asOf = first.record.asOf ?? today
  for (const [at, work] of works.entries()) {
    const refusal =
      asOf > today
        ? inFuture(today)
        : (work.record.asOf ?? today) === asOf
          ? undefined
          : asOfDiffers
    if (refusal) refused.set(at, reported(work, refusal))
    else if (work.record.asOf === undefined)
      guess(work, 'asOf', '', `没有写明截至日期,按导入当日 ${today}`)
  }
  return refused.size > 0 ? undefined : asOf
}

function refuseRows(
  problems: readonly OpeningProblem[],
  works: readonly Work[],
  distinct: readonly number[],
  refused: Refused,
): void {
  for (const [row, ofRow] of groupBy(problems, (problem) => problem.row)) {
    const at = distinct[row] as number
    const work = works[at] as Work
    const outcomes = ofRow.map(({ code, reason, field }) =>
      reported(work, refusal(code, field, reason, code)),
    )
    const said = outcomes.flatMap((one) => (one.status === 'reported' ? one.problems : []))
    const { record, guessed } = work
    refused.set(at, { status: 'reported', problems: said, record, guessed })
  }
}

/** The fields of the answer that a row does not give itself. */
function saidOf({ known }: ImportRun, contract: Contract): object {
  const { id: contractId, contractNo, operatorId, villageCode } = contract
  const operatorName = known.operators.get(operatorId)?.name
  return {
    contractId,
    ...(contractNo !== null && { contractNo }),
    operatorId,
    ...(operatorName !== undefined && { operatorName }),
    ...villageOf(known.regions, villageCode),
  }
}

function taken(work: Work, status: 'kept' | 'unchanged', said: object): Outcome {
  const { fingerprint, record, facts, guessed, warnings } = work
  return { status, fingerprint, record: { ...record, ...said }, facts, guessed, warnings }
}

/** A row that could not be read: its contract is not opened without it. */
const asRead = ({ problems, record, guessed }: Row): Outcome => ({
  status: 'reported',
  problems,
  ...(record && { record }),
  guessed,
})

const refusal = (code: string, field: string, zh: string, en: string) =>
  new Refusal('rule-broken', code, { zh, en }, field)
const belongsToReported = refusal(
  'belongs-to-reported',
  '',
  '同一合同的其他行未能录入,本行一并未录入,请改正后重新导入',
  'another row of the contract is not kept, so this one is not either',
)
const rowsApart = refusal(
  'contract-rows-apart',
  'contractNo',
  '该合同在本文件的其他行写法不同,已分别处理,请把各行的编号、村和业主写成一致',
  'other rows of the file name this contract differently; name it alike in all',
)
const asOfDiffers = refusal(
  'as-of-differs',
  'asOf',
  '同一合同各行的截至日期不一致',
  'the rows of one contract speak for different days',
)
const inFuture = (today: Day) =>
  refusal(
    'as-of-in-future',
    'asOf',
    `截至日期不能晚于今天(${today})`,
    `the day must not be after today (${today})`,
  )
