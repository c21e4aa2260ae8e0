import { refuseOfOthers, refuseRegion } from '../access/bounds.ts'
import type { Caller } from '../access/caller.ts'
import { unmaskedAs } from '../domain/masked-view.ts'
import { Refusal, type Warning, type Words } from '../errors.ts'
import type { Writer } from '../platform/database/database.ts'
import type { FactKind, FactRow, FactTableName } from './fact-kind.ts'
import { refuseOtherwise, rowOf, viewOf, withoutAnswered } from './fact-rows.ts'
import { findFact, findVersion, insertVersion } from './fact-store.ts'

export interface Recorded<Row> {
  row: Row
  warnings: Warning[]
}

/**
 * Records a new fact of `kind`; `parentId` is the fact that the path names, if the kind has one.
 * Refuses: not-found (the parent), region-outside, what `kind.check` refuses.
 */
export async function recordFact<N extends FactTableName, Body extends object>(
  tx: Writer,
  caller: Caller,
  kind: FactKind<N, Body>,
  body: Body,
  parentId?: string,
): Promise<Recorded<FactRow<N>>> {
  const parent = await parentColumn(tx, kind, parentId)
  return append(tx, caller, kind, firstVersion(tx, caller, kind, body, parent))
}

/** The first version of a fact as it is to be written; `parent` is the column of what it is of. */
export function firstVersion<N extends FactTableName, Body extends object>(
  tx: Writer,
  caller: Caller,
  kind: FactKind<N, Body>,
  body: Body,
  parent = {},
): FactRow<N> {
  const version = { id: tx.newId(), version: 1, withdrawn: false, changeReason: null }
  const columns = { ...kind.ofCaller?.(caller), ...parent, ...rowOf(tx, kind, body) }
  return { ...stamped(tx, caller, version), ...columns } as FactRow<N>
}

/**
 * Corrects a fact: by the whole fact as it should have been recorded, or as it was answered and
 * then changed. What it says as it was shown, masked, stays as it is recorded. Refuses:
 * of-other-regions, region-outside, not-found, fact-withdrawn, not-corrected, what `kind.check`
 * refuses.
 */
export async function correctFact<N extends FactTableName, Body extends object>(
  tx: Writer,
  caller: Caller,
  kind: FactKind<N, Body>,
  id: string,
  correction: { reason: string; fact: Body },
): Promise<Recorded<FactRow<N>>> {
  await refuseOfOthers(tx, kind.table, id, caller)
  const before = await lastVersion(tx, kind, id)
  await touch(tx, kind, before)
  const version = { version: before.version + 1, changeReason: correction.reason }
  const shown = viewOf(tx, kind, before)
  const fact = unmaskedAs(withoutAnswered(kind, correction.fact), shown)
  const row = { ...before, ...rowOf(tx, kind, fact), ...stamped(tx, caller, version) }
  refuseOtherwise(kind, correction.fact, [shown, viewOf(tx, kind, row)])
  return append(tx, caller, kind, row, before)
}

/**
 * Withdraws a fact that should not have been recorded; it stays in what was known before.
 * Refuses: of-other-regions, not-found, fact-withdrawn, what `kind.checkWithdrawal` refuses.
 */
export async function withdrawFact<N extends FactTableName, Body extends object>(
  tx: Writer,
  caller: Caller,
  kind: FactKind<N, Body>,
  id: string,
  reason: string,
): Promise<Recorded<FactRow<N>>> {
  await refuseOfOthers(tx, kind.table, id, caller)
  const before = await lastVersion(tx, kind, id)
  const warnings = (await kind.checkWithdrawal?.(tx, before)) ?? []
  const version = { version: before.version + 1, withdrawn: true, changeReason: reason }
  const row = { ...before, ...stamped(tx, caller, version) } as FactRow<N>
  await insertVersion(tx, kind.table, row)
  await kind.settle?.(tx, row)
  await touch(tx, kind, row)
  return { row, warnings }
}

async function append<N extends FactTableName, Body extends object>(
  tx: Writer,
  caller: Caller,
  kind: FactKind<N, Body>,
  columns: object,
  before?: FactRow<N>,
): Promise<Recorded<FactRow<N>>> {
  const row = columns as FactRow<N>
  if ('villageCode' in row) refuseRegion(caller, row.villageCode, 'villageCode')
  const warnings = await kind.check(tx, row, before, caller)
  await insertVersion(tx, kind.table, row)
  await kind.settle?.(tx, row)
  await touch(tx, kind, row)
  return { row, warnings }
}

const stamped = <V extends object>(tx: Writer, caller: Caller, version: V) => ({
  ...version,
  recordedAt: tx.recordedAt,
  recordedBy: caller.label,
})

async function lastVersion<N extends FactTableName, Body extends object>(
  tx: Writer,
  kind: FactKind<N, Body>,
  id: string,
): Promise<FactRow<N>> {
  const row = await findVersion(tx, kind.table, id)
  if (!row) throw notThere(kind.words)
  const { zh, en } = kind.words
  if (row.withdrawn) {
    const words = { zh: `这条${zh}已撤销`, en: `this ${en} was withdrawn` }
    throw new Refusal('conflict', 'fact-withdrawn', words)
  }
  return row
}

async function parentColumn<N extends FactTableName, Body extends object>(
  tx: Writer,
  { parent }: FactKind<N, Body>,
  parentId: string | undefined,
): Promise<object> {
  if (!parent || parentId === undefined) return {}
  if (!(await findFact(tx, parent.table, parentId))) throw notThere(parent.words)
  return { [parent.column]: parentId }
}

/** What the path names is not there. */
export function notThere({ zh, en }: Words): Refusal {
  return new Refusal('not-found', 'not-found', { zh: `没有这条${zh}`, en: `no such ${en}` })
}

async function touch<N extends FactTableName, Body extends object>(
  tx: Writer,
  kind: FactKind<N, Body>,
  row: FactRow<N>,
): Promise<void> {
  for (const operatorId of await kind.operatorsOf(tx, row)) tx.touched.add(operatorId)
}
