import { desc, eq } from 'drizzle-orm'
import type { FactKind, FactRow, FactTableName } from '../facts/fact-kind.ts'
import { rowOf, viewOf } from '../facts/fact-rows.ts'
import { hashOf } from '../facts/idempotent.ts'
import { correctFact, recordFact } from '../facts/record-fact.ts'
import type { Reader } from '../platform/database/database.ts'
import { isMove } from './operator-join.ts'
import {
  fitting,
  given,
  IMPORT_CORRECTION,
  type RowWork,
  refuseSecondWord,
  tellCorrected,
} from './row-work.ts'

/**
 * Records a fact that a row tells of, or corrects `before` where the row says something else of it;
 * what the row does not say stays. undefined: the fact was taken away since an earlier import had
 * this row. Refuses: malformed, row-repeats, what the kind of fact refuses.
 */
export async function recordOrCorrect<N extends FactTableName, Body extends object>(
  work: RowWork<object>,
  kind: FactKind<N, Body>,
  before: FactRow<N> | undefined,
  body: object,
  field: string,
  parentId?: string,
): Promise<FactRow<N> | undefined> {
  const { tx, caller, known, seenBefore } = work
  if (!before) {
    if (seenBefore) return undefined
    const fact = fitting<Body>(kind.body, given(body))
    const { row } = await recordFact(tx, caller, kind, fact, parentId)
    return noteKept(work, kind, row)
  }
  const recorded = bodyOf(tx, kind, before)
  const fact = fitting<Body>(kind.body, { ...recorded, ...given(body) })
  const same = hashOf(rowOf(tx, kind, fact)) === hashOf(rowOf(tx, kind, recorded))
  refuseSecondWord(work, before.id, same, field)
  const byHand = seenBefore && !(await correctedByImport(tx, kind.table, before))
  if (!same && !byHand) {
    const correction = { reason: IMPORT_CORRECTION, fact }
    const { row } = await correctFact(tx, caller, kind, before.id, correction)
    if (parentId === undefined) tellCorrected(work, recorded, bodyOf(tx, kind, row))
    else tellCorrected(work, { [field]: recorded }, {})
    return noteKept(work, kind, row)
  }
  work.remember.push(() => known.claims.set(before.id, work.fingerprint))
  return before
}

/** Whether an import has corrected a fact last; joins that have moved it since do not count. */
export async function correctedByImport(
  db: Reader,
  name: FactTableName,
  row: FactRow<FactTableName>,
): Promise<boolean> {
  if (!isMove(row)) return row.changeReason === IMPORT_CORRECTION
  const table = db.tables[name]
  const versions = await db
    .select({ changeReason: table.changeReason })
    .from(table)
    .where(eq(table.id, row.id))
    .orderBy(desc(table.version))
  return versions.find((version) => !isMove(version))?.changeReason === IMPORT_CORRECTION
}

/** A recorded fact as its body was sent. */
export function bodyOf<N extends FactTableName, Body extends object>(
  db: Reader,
  kind: FactKind<N, Body>,
  row: FactRow<N>,
): Body {
  const view = viewOf(db, kind, row)
  const fields = Object.keys(kind.body.shape).filter((field) => view[field] !== undefined)
  return Object.fromEntries(fields.map((field) => [field, view[field]])) as Body
}

/** Notes a version that a row has recorded. */
export function noteKept<N extends FactTableName, Body extends object>(
  { facts, known, remember, fingerprint }: RowWork<object>,
  kind: FactKind<N, Body>,
  row: FactRow<N>,
): FactRow<N> {
  const { id, version } = row
  facts.push({ kind: kind.table, id, version })
  remember.push(() => known.claims.set(id, fingerprint))
  return row
}
