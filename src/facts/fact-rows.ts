import { getTableColumns } from 'drizzle-orm'
import { z } from 'zod'
import type { Reader } from '../platform/database/database.ts'
import type { AnyFactKind, FactKind, FactRow, FactTableName } from './fact-kind.ts'

const OF_THE_LEDGER = ['id', 'version', 'withdrawn', 'changeReason', 'recordedAt', 'recordedBy']

/** The columns of a fact for its body; what the body leaves out is null. */
export function rowOf<N extends FactTableName, Body extends object>(
  db: Reader,
  kind: FactKind<N, Body>,
  body: Body,
): object {
  if (kind.toRow) return kind.toRow(body)
  const values = body as Record<string, unknown>
  return Object.fromEntries(
    ownColumns(db, kind).map((column) => [column, values[column] ?? null] as const),
  )
}

/** A fact as it is answered: its body, its parent, and what the ledger knows of it. */
export function viewOf<N extends FactTableName, Body extends object>(
  db: Reader,
  kind: FactKind<N, Body>,
  row: FactRow<N>,
): Record<string, unknown> {
  const values = row as Record<string, unknown>
  const { id, version, withdrawn, changeReason, recordedAt, recordedBy } = row
  const body =
    kind.toBody?.(row) ??
    Object.fromEntries(ownColumns(db, kind).map((column) => [column, values[column]] as const))
  return withoutGaps({
    id,
    ...(kind.parent && { [kind.parent.column]: values[kind.parent.column] }),
    ...body,
    version,
    ...(withdrawn && { withdrawn }),
    changeReason,
    recordedAt,
    recordedBy,
  })
}

/** A fact for its correction: as it is recorded, or as it was answered and then changed. */
export function correctedFact({ body, parent, computed = [] }: AnyFactKind) {
  const ofAnswers = [...OF_THE_LEDGER, 'warnings', 'onDay', ...computed]
  const beside = parent ? [...ofAnswers, parent.column] : ofAnswers
  const sentBack = beside.filter((name) => !(name in body.shape))
  const ignored = z.unknown().optional().meta({ description: '可原样带回, 不作更正 · ignored' })
  return body.extend(Object.fromEntries(sentBack.map((name) => [name, ignored])))
}

/** Of such a fact what its body has. */
export const bodyOf = ({ body }: AnyFactKind, fact: object): object =>
  Object.fromEntries(Object.entries(fact).filter(([name]) => name in body.shape))

function ownColumns<N extends FactTableName, Body extends object>(
  db: Reader,
  kind: FactKind<N, Body>,
): string[] {
  return Object.keys(getTableColumns(db.tables[kind.table])).filter(
    (column) => !OF_THE_LEDGER.includes(column) && column !== kind.parent?.column,
  )
}

function withoutGaps(view: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(view).filter(([, value]) => value !== null && value !== undefined),
  )
}
