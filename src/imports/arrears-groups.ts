import { groupBy } from '../domain/group-by.ts'
import { normalisedOperatorName } from '../domain/operator-name.ts'
import { Refusal } from '../errors.ts'
import type { Reader } from '../platform/database/database.ts'
import { takeContracts } from './at-hand.ts'
import { findContract } from './find-contract.ts'
import type { ReadRow } from './import-row.ts'
import { numberKey, usccKey } from './known-facts.ts'
import type { ImportRun } from './record-row.ts'

type Row = ReadRow<'arrears'>

const ROWS_AT_HAND = 200

/**
 * The rows of an arrears ledger by operator, wherever they stand in a file: by name however it is
 * spelled, by code, and by the contract that they lead to.
 */
export async function arrearsGroups<T extends { read: ReadRow }>(
  db: Reader,
  run: ImportRun,
  rows: readonly T[],
): Promise<T[][]> {
  const leader = rows.map((_, at) => at)
  const leaderOf = (at: number): number => {
    let first = at
    while (leader[first] !== first) first = leader[first] as number
    leader[at] = first
    return first
  }
  const seenAt = new Map<string, number>()
  for (const [at, { read }] of rows.entries()) {
    if (at % ROWS_AT_HAND === 0) {
      const next = rows.slice(at, at + ROWS_AT_HAND)
      await takeContracts(
        db,
        run.known,
        'arrears',
        next.map((row) => row.read),
      )
    }
    for (const key of await keysOf(db, run, read as Row)) {
      const before = leaderOf(seenAt.get(key) ?? at)
      const own = leaderOf(at)
      leader[Math.max(before, own)] = Math.min(before, own)
      seenAt.set(key, at)
    }
  }
  return [...groupBy([...rows.keys()], leaderOf).values()].map((ats) =>
    ats.map((at) => rows[at] as T),
  )
}

async function keysOf(db: Reader, run: ImportRun, row: Row): Promise<string[]> {
  const { status, record = {} } = row
  const { operatorName, uscc, contractNo } = record
  const contract = status === 'read' ? await contractOf(db, run, row) : undefined
  const leasing = contract && run.known.operators.get(contract.operatorId)
  return [
    ...[operatorName, leasing?.name].flatMap((name) =>
      name === undefined ? [] : [`name ${normalisedOperatorName(name)}`],
    ),
    ...[uscc, leasing?.uscc ?? undefined].flatMap((code) =>
      code === undefined ? [] : [usccKey(code)],
    ),
    ...(contract ? [`of ${contract.operatorId}`] : []),
    ...(contract || contractNo === undefined ? [] : [`no ${numberKey(contractNo)}`]),
  ]
}

/** As far as it can be said before anything is recorded. */
async function contractOf(tx: Reader, { known }: ImportRun, { record = {}, columns = {} }: Row) {
  try {
    return await findContract({ tx, known, record, columns, guessed: [] })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return undefined
  }
}
