import { z } from 'zod'
import { noteActivity } from '../contracts/note-activity.ts'
import { Refusal } from '../errors.ts'
import type { FactRow } from '../facts/fact-kind.ts'
import type { Writer } from '../platform/database/database.ts'
import { day, fen } from '../platform/http/fields.ts'
import { allOrNone } from './all-or-none.ts'
import { takeAtHand } from './at-hand.ts'
import { findContract } from './find-contract.ts'
import type { ArrearsRecord, ReadRow } from './import-row.ts'
import { villageOf } from './known-regions.ts'
import { openContract, type Refused } from './open-contract.ts'
import { type ImportRun, type Outcome, reported, workOf } from './record-row.ts'
import { importedBefore, rowFingerprint } from './row-fingerprint.ts'
import { fitting, given, type RowWork } from './row-work.ts'

const rentYears = z.array(z.int()).min(1)
const statement = z.strictObject({
  arrearsFen: fen,
  rentYears: rentYears.optional(),
  byYear: z
    .array(
      z.union([
        z.strictObject({ rentYears, arrearsFen: fen }),
        z.strictObject({ upToYear: z.int(), arrearsFen: fen }),
      ]),
    )
    .optional(),
  asOf: day.optional(),
})

type Row = ReadRow<'arrears'>
type Work = RowWork<ArrearsRecord>
type Contract = FactRow<'contracts'>

/**
 * Records what the rows of one operator say is owed, contract by contract. While one of them cannot
 * be read or found none is kept: it may be about any of the contracts, whose year would be taken as
 * paid.
 */
export async function recordArrearsOf(
  tx: Writer,
  run: ImportRun,
  rows: readonly Row[],
): Promise<Outcome[]> {
  await takeAtHand(tx, run, 'arrears', rows)
  const works = rows.map((row) => workOf(tx, run, 'arrears', row))
  const outcomes = new Map<number, Outcome>()
  const contracts = new Map<string, Contract>()
  const ofContract = new Map<string, number[]>()
  for (const [at, row] of rows.entries()) {
    const found = row.status === 'read' ? await contractOf(works[at] as Work) : asRead(row)
    if ('status' in found) {
      outcomes.set(at, found)
      continue
    }
    contracts.set(found.id, found)
    ofContract.set(found.id, [...(ofContract.get(found.id) ?? []), at])
  }
  const isWhole = outcomes.size === 0
  for (const [id, ats] of ofContract) {
    const about = ats.map((at) => works[at] as Work)
    const ofRows = await allOrNone(tx, about, async () => {
      const said = await recordContractArrears(run, about, contracts.get(id) as Contract)
      if (isWhole) return said
      return said.map((one, nth) =>
        one.status === 'reported' ? one : reported(about[nth] as Work, belongsToUnknown),
      )
    })
    for (const [nth, at] of ats.entries()) outcomes.set(at, ofRows[nth] as Outcome)
  }
  return works.map((_, at) => outcomes.get(at) as Outcome)
}

/** The contract that a row is about, or why there is none. */
async function contractOf(work: Work): Promise<Contract | Outcome> {
  try {
    const contract = await findContract(work)
    if (work.known.claims.has(contract.id)) throw rowsApart
    return contract
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return reported(work, error)
  }
}

/**
 * Records what the rows of one contract say is owed, as an opening balance: due rent that no row
 * names counts as paid on its due day. All rows are kept, or none.
 */
async function recordContractArrears(
  run: ImportRun,
  works: readonly Work[],
  contract: Contract,
): Promise<Outcome[]> {
  const [{ tx }] = works as [Work]
  const group = rowFingerprint('arrears', works.map(({ fingerprint }) => fingerprint).sort())
  for (const work of works) work.fingerprint = rowFingerprint('arrears', [group, work.fingerprint])
  const [{ fingerprint: first }] = works as [Work]
  const imported = await importedBefore(tx, run.caller, run.importId, [first])
  for (const work of works) work.seenBefore = imported.has(first)
  run.known.claims.set(contract.id, group)
  const distinct = distinctOf(works)
  const refused = malformed(works)
  if (refused.size === 0) await openContract(run, works, distinct, contract, refused)
  if (refused.size > 0)
    return works.map((work, at) => refused.get(at) ?? reported(work, belongsToReported))
  await noteActivity(tx, contract.villageCode)
  const said = saidOf(run, contract)
  const isKept = works.some(({ facts }) => facts.length > 0)
  const kept = new Set(isKept ? distinct : [])
  return works.map((work, at) => taken(work, kept.has(at) ? 'kept' : 'unchanged', said))
}

function malformed(works: readonly Work[]): Refused {
  const refused: Refused = new Map()
  for (const [at, work] of works.entries()) {
    const { arrearsFen, rentYears, byYear, asOf } = work.record
    try {
      fitting(statement, given({ arrearsFen, rentYears, byYear, asOf }))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      refused.set(at, reported(work, error))
    }
  }
  return refused
}

/** The positions of rows that say something of their own: the first of those that are equal. */
function distinctOf(works: readonly Work[]): number[] {
  const firsts = new Map<string, number>()
  for (const [at, { fingerprint }] of works.entries())
    if (!firsts.has(fingerprint)) firsts.set(fingerprint, at)
  return [...firsts.values()]
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
  const { fingerprint, record, facts, guessed } = work
  return { status, fingerprint, record: { ...record, ...said }, facts, guessed }
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
const belongsToUnknown = refusal(
  'belongs-to-reported',
  '',
  '该业主的其他行无法确定是哪份合同或未能读取,本行一并未录入,请改正后重新导入',
  'another row of the operator could not be read or found, so this one is not kept either',
)
const rowsApart = refusal(
  'contract-rows-apart',
  'contractNo',
  '该合同在本文件的其他行写法不同,已分别处理,请把各行的编号、村和业主写成一致',
  'other rows of the file name this contract differently; name it alike in all',
)
