import { groupBy } from '../domain/group-by.ts'
import { normalisedOperatorName } from '../domain/operator-name.ts'
import { Refusal } from '../errors.ts'
import { contractNamed } from './find-contract.ts'
import type { ReadRow } from './import-row.ts'
import { numberKey, usccKey } from './known-facts.ts'
import type { ImportRun } from './record-row.ts'
import type { RowWork } from './row-work.ts'

type Row = ReadRow<'arrears'>

/**
 * The rows of an arrears ledger by operator, wherever they stand in a file: by name however it is
 * spelled, by code, and by the contract that they lead to.
 */
export function arrearsGroups<T extends { read: ReadRow }>(
  run: ImportRun,
  rows: readonly T[],
): T[][] {
  const leader = rows.map((_, at) => at)
  const leaderOf = (at: number): number => {
    let first = at
    while (leader[first] !== first) first = leader[first] as number
    leader[at] = first
    return first
  }
  const seenAt = new Map<string, number>()
  for (const [at, { read }] of rows.entries())
    for (const key of keysOf(run, read as Row)) {
      const before = leaderOf(seenAt.get(key) ?? at)
      const own = leaderOf(at)
      leader[Math.max(before, own)] = Math.min(before, own)
      seenAt.set(key, at)
    }
  return [...groupBy([...rows.keys()], leaderOf).values()].map((ats) =>
    ats.map((at) => rows[at] as T),
  )
}

function keysOf(run: ImportRun, { status, record = {} }: Row): string[] {
  const { operatorName, uscc, contractNo } = record
  const contract = status === 'read' ? contractOf(run, record) : undefined
  const leasing = contract && run.known.operators.get(contract.operatorId)
  return [
    ...[operatorName, leasing?.name].flatMap((name) =>
      name === undefined ? [] : [`name ${normalisedOperatorName(name)}`],
    ),
    ...[uscc, leasing?.uscc ?? undefined].flatMap((code) =>
      code === undefined ? [] : [usccKey(code)],
    ),
    ...(contract ? [`of ${contract.operatorId}`] : []),
    ...(contract || contractNo === undefined ? [] : [numberKey(contractNo)]),
  ]
}

/** As far as it can be said before anything is recorded. */
function contractOf({ known, countyCode }: ImportRun, record: object) {
  const work: Partial<RowWork<object>> = { known, countyCode, record, columns: {}, guessed: [] }
  try {
    return contractNamed(work as RowWork<object>)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return undefined
  }
}
