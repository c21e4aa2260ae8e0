import { and, asc, eq, inArray, isNull } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import { groupBy } from '../domain/group-by.ts'
import type { FactRow, FactTableName } from '../facts/fact-kind.ts'
import { ALL_KNOWN, lastKnown, standingFacts } from '../facts/fact-store.ts'
import { hashOf } from '../facts/idempotent.ts'
import type { Reader } from '../platform/database/database.ts'
import type { KeptFact } from '../platform/database/tables-of-imports.ts'
import { isMove } from './operator-join.ts'
import { putBuiltOn } from './put-built-on.ts'
import { isPut } from './put-versions.ts'
import { IMPORT_CORRECTION } from './row-work.ts'
import { rowsThatRecorded } from './rows-that-recorded.ts'

export type KeptRows = { sheet: string; row: number; facts: KeptFact[] }[]

const IDS_PER_QUERY = 500

/**
 * The rows of an import that something has been recorded on since, by anyone but the import; and
 * the facts that are withdrawn or reversed already, with such reversals of its own.
 */
export async function builtOn(
  db: Reader,
  rows: KeptRows,
): Promise<{ rows: KeptRows; gone: Set<string> }> {
  const facts = rows.flatMap((row) => row.facts)
  const own = new Set(facts.map(({ id }) => id))
  const gone = new Set<string>()
  const hit = new Set<string>()
  const settled = new Set<string>()
  for (const kind of new Set(facts.map((fact) => fact.kind))) {
    const ofKind = facts.filter((fact) => fact.kind === kind)
    if (isPut(kind)) for (const id of await putBuiltOn(db, kind, ofKind)) hit.add(id)
    else if (kind === 'payments') await findReversals(db, ofKind, own, { gone, hit, settled })
    else if (kind !== 'paymentReversals')
      await findLaterVersions(db, kind as FactTableName, ofKind, gone, hit)
    const recorded = ofKind.filter(({ id, version }) => version === 1 && !gone.has(id))
    for (const id of await leanedOn(db, kind, recorded, own)) hit.add(id)
  }
  const isHit = ({ facts }: KeptRows[number]) =>
    facts.some(({ id }) => hit.has(id)) ||
    // Paid anew and reversed since: nobody can say which of the two payments is meant to stand.
    (facts.some(({ kind }) => kind === 'paymentReversals') && facts.some(({ id }) => gone.has(id)))
  return { rows: rows.filter(isHit), gone: new Set([...gone, ...settled]) }
}

async function findLaterVersions(
  db: Reader,
  name: FactTableName,
  facts: readonly KeptFact[],
  gone: Set<string>,
  hit: Set<string>,
): Promise<void> {
  const table = db.tables[name]
  const versions = new Map(facts.map(({ id, version }) => [id, version]))
  for (const ids of parts(facts)) {
    const rows = await db
      .select({ id: table.id, version: table.version, withdrawn: table.withdrawn })
      .from(table)
      .where(and(inArray(table.id, ids), lastKnown(table, ALL_KNOWN)))
    const later: string[] = []
    for (const { id, version, withdrawn } of rows) {
      if (withdrawn) gone.add(id)
      else if (version > (versions.get(id) ?? 0)) later.push(id)
    }
    const unmoved = await movedAndBack(db, name, later, versions)
    for (const id of later) if (!unmoved.has(id)) hit.add(id)
  }
}

/** Facts that joins have moved and moved back since a version: nothing was built on that. */
async function movedAndBack(
  db: Reader,
  name: FactTableName,
  ids: readonly string[],
  versions: ReadonlyMap<string, number>,
): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const table = db.tables[name]
  const rows = (await db
    .select()
    .from(table)
    .where(inArray(table.id, [...ids]))
    .orderBy(asc(table.version))) as FactRow<FactTableName>[]
  const since = groupBy(
    rows.filter(({ id, version }) => version >= (versions.get(id) ?? 0)),
    ({ id }) => id,
  )
  const isBack = ([kept, ...later]: FactRow<FactTableName>[]) => {
    const last = later.at(-1)
    return kept && last && later.every(isMove) && saysTheSame(kept, last)
  }
  return new Set([...since].filter(([, ofOne]) => isBack(ofOne)).map(([id]) => id))
}

function saysTheSame(one: FactRow<FactTableName>, other: FactRow<FactTableName>): boolean {
  const { version, changeReason, recordedAt, recordedBy } = one
  return hashOf({ ...other, version, changeReason, recordedAt, recordedBy }) === hashOf(one)
}

/**
 * A payment that another import corrects is built on; one that somebody reversed is gone; what the
 * import has both recorded and reversed is settled.
 */
async function findReversals(
  db: Reader,
  payments: readonly KeptFact[],
  own: ReadonlySet<string>,
  found: Record<'gone' | 'hit' | 'settled', Set<string>>,
): Promise<void> {
  const { paymentReversals: t } = db.tables
  const corrections = new Map<string, string>()
  for (const ids of parts(payments))
    for (const { id, paymentId, reason } of await db
      .select()
      .from(t)
      .where(inArray(t.paymentId, ids))) {
      for (const one of own.has(id) ? [id, paymentId] : []) found.settled.add(one)
      if (own.has(id)) continue
      found.gone.add(paymentId)
      if (reason === IMPORT_CORRECTION) corrections.set(id, paymentId)
    }
  for (const id of (await rowsThatRecorded(db, new Set(corrections.keys()))).keys())
    found.hit.add(corrections.get(id) ?? '')
}

/** What names a fact of a kind, and in which column. */
const LEANING: Record<string, [FactTableName, string][]> = {
  operators: [
    ['contracts', 'operatorId'],
    ['subsidies', 'operatorId'],
    ['operatorConditions', 'operatorId'],
    ['petitions', 'operatorId'],
    ['operatorJoins', 'operatorId'],
    ['operatorJoins', 'sameAsId'],
  ],
  contracts: [
    ['contractAmendments', 'contractId'],
    ['contractEnds', 'contractId'],
    ['subsidies', 'contractId'],
    ['petitions', 'contractId'],
    ['screenings', 'contractId'],
    ['repaymentPlans', 'contractId'],
    ['demands', 'contractId'],
    ['mediations', 'contractId'],
  ],
  subsidies: [
    ['subsidyStages', 'subsidyId'],
    ['disbursements', 'subsidyId'],
  ],
}

/** The facts that standing facts of others name. */
async function leanedOn(
  db: Reader,
  kind: string,
  facts: readonly KeptFact[],
  own: ReadonlySet<string>,
): Promise<string[]> {
  const found: string[] = []
  for (const ids of parts(facts)) {
    for (const [name, field] of LEANING[kind] ?? []) {
      const table = db.tables[name]
      const column = (table as unknown as Record<string, SQLiteColumn>)[field] as SQLiteColumn
      const rows = await db
        .select({ id: table.id, names: column })
        .from(table)
        .where(and(inArray(column, ids), standingFacts(table, ALL_KNOWN)))
      found.push(...rows.filter(({ id }) => !own.has(id)).map(({ names }) => String(names)))
    }
    if (kind === 'contracts') found.push(...(await paidOn(db, ids, own)))
  }
  return found
}

async function paidOn(
  db: Reader,
  contractIds: readonly string[],
  own: ReadonlySet<string>,
): Promise<string[]> {
  const { payments, paymentReversals: reversals } = db.tables
  const rows = await db
    .select({ id: payments.id, contractId: payments.contractId })
    .from(payments)
    .leftJoin(reversals, eq(reversals.paymentId, payments.id))
    .where(and(inArray(payments.contractId, [...contractIds]), isNull(reversals.id)))
  return rows.filter(({ id }) => !own.has(id)).map(({ contractId }) => contractId)
}

function* parts(facts: readonly KeptFact[]): Generator<string[]> {
  for (let at = 0; at < facts.length; at += IDS_PER_QUERY)
    yield facts.slice(at, at + IDS_PER_QUERY).map(({ id }) => id)
}
