import { getTableColumns } from 'drizzle-orm'
import { z } from 'zod'
import { Refusal } from '../errors.ts'
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
  const ignored = z.unknown().optional().meta({ description: '可原样带回, 不作更正 · as answered' })
  return body.extend(Object.fromEntries(sentBack.map((name) => [name, ignored])))
}

/**
 * Refuses: not-corrected, when such a fact says something of what its body does not have that
 * neither the fact before nor the corrected one says: it would be lost without a word.
 */
export function refuseOtherwise(
  { body, parent, computed = [] }: Pick<AnyFactKind, 'body' | 'parent' | 'computed'>,
  fact: object,
  views: readonly Record<string, unknown>[],
): void {
  const said = fact as Record<string, unknown>
  const names = ['id', ...(parent ? [parent.column] : []), ...computed]
  for (const name of names)
    if (!(name in body.shape) && said[name] !== undefined)
      if (!views.some((view) => view[name] === said[name]))
        throw new Refusal('rule-broken', 'not-corrected', NOT_CORRECTED, `fact.${name}`)
}

const NOT_CORRECTED = {
  zh: '更正不能改动这一项,请原样带回或不填; 登记错对象的,请撤销后重新登记',
  en: 'a correction does not change this: send it as it was answered, or leave it out',
}

/** Of such a fact what its body has. */
export const withoutAnswered = <Body extends object>(
  { body }: { body: z.ZodObject },
  fact: Body,
): Body => Object.fromEntries(Object.entries(fact).filter(([name]) => name in body.shape)) as Body

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
