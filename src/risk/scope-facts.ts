import { and, asc, inArray, or, type SQL, sql } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import { groupBy } from '../domain/group-by.ts'
import type { OperatorCondition } from '../domain/operator-condition.ts'
import type { AtTime } from '../facts/fact-kind.ts'
import { standingFacts } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import { type OperatorScope, rowsIn } from './operator-scope.ts'
import { scopeSubsidies } from './scope-subsidies.ts'

const knownAt = sql.placeholder('knownAt')

/** What beside money moves the risk of the contracts of some operators. */
export async function scopeFacts(db: Reader, scope: OperatorScope, at: AtTime) {
  const values = { asOf: at.asOf, knownAt: at.knownAt }
  const amendments = await amendmentsIn(db, scope, values)
  const ends = await endsIn(db, scope, values)
  const conditions = await conditionsIn(db, scope, values)
  const rows = await petitionsIn(db, scope, values)
  const signs = rows.map(({ repeats, ...sign }) => ({ ...sign, repeat: repeats === 1 }))
  const { late, turns } = await scopeSubsidies(db, scope, at)
  return {
    amendmentsOf: groupBy(amendments, ({ contractId }) => contractId),
    endOf: new Map(ends.map(({ contractId, endedOn }) => [contractId, endedOn])),
    conditionsOf: groupBy(conditions, ({ operatorId }) => operatorId),
    signsFor: countingFor(signs),
    lateFor: countingFor(late),
    turnsFor: countingFor(turns),
  }
}

/** What names a contract counts for that one, what names none for all of its operator. */
function countingFor<T extends { operatorId: string | null; contractId: string | null }>(
  facts: readonly T[],
) {
  const ofContract = groupBy(facts, ({ contractId }) => contractId)
  const ofNoContract = facts.filter(({ contractId }) => contractId === null)
  const ofOperator = groupBy(ofNoContract, ({ operatorId }) => operatorId)
  return ({ id, operatorId }: { id: string; operatorId: string }): readonly T[] => {
    const [its, all] = [ofContract.get(id) ?? [], ofOperator.get(operatorId) ?? []]
    return all.length === 0 ? its : [...its, ...all]
  }
}
export type ScopeFacts = Awaited<ReturnType<typeof scopeFacts>>

const amendmentsIn = rowsIn((db, inScope) => {
  const { contractAmendments: t } = db.tables
  return db
    .select({
      contractId: t.contractId,
      effectiveOn: t.effectiveOn,
      endOn: t.endOn,
      // Parsed contract by contract: one that cannot be read must not keep the others from it.
      rent: sql<string | null>`cast(${t.rent} as text)`,
    })
    .from(t)
    .where(and(inArray(t.contractId, contractIds(db, inScope)), standingFacts(t, knownAt)))
    .orderBy(asc(t.id))
})

const endsIn = rowsIn((db, inScope) => {
  const { contractEnds: t } = db.tables
  return db
    .select({ contractId: t.contractId, endedOn: t.endedOn })
    .from(t)
    .where(and(inArray(t.contractId, contractIds(db, inScope)), standingFacts(t, knownAt)))
})

const conditionsIn = rowsIn((db, inScope) => {
  const { operatorConditions: t } = db.tables
  return db
    .select({
      operatorId: t.operatorId,
      condition: sql<OperatorCondition>`${t.condition}`,
      observedOn: t.observedOn,
      source: t.source,
    })
    .from(t)
    .where(and(inScope(t.operatorId), standingFacts(t, knownAt)))
    .orderBy(asc(t.id))
})

const petitionsIn = rowsIn((db, inScope) => {
  const { petitions: t } = db.tables
  const ofScope = or(inScope(t.operatorId), inArray(t.contractId, contractIds(db, inScope)))
  return db
    .select({
      operatorId: t.operatorId,
      contractId: t.contractId,
      occurredOn: t.occurredOn,
      people: t.people,
      repeats: sql<number>`case when ${t.repeat} then 1 else 0 end`.mapWith(Number),
    })
    .from(t)
    .where(and(ofScope, standingFacts(t, knownAt)))
})

function contractIds(db: Reader, inScope: (operatorId: SQLiteColumn) => SQL | undefined) {
  const { contracts } = db.tables
  return db.select({ id: contracts.id }).from(contracts).where(inScope(contracts.operatorId))
}
