import { and, asc, inArray, lte, or, sql } from 'drizzle-orm'
import { groupBy } from '../domain/group-by.ts'
import type { OperatorCondition } from '../domain/operator-condition.ts'
import type { AtTime } from '../facts/fact-kind.ts'
import { standingFacts } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import { plainRows } from '../platform/database/plain-rows.ts'
import type { OperatorScope } from './operator-scope.ts'

/** What beside money moves the risk of the contracts of some operators. */
export async function scopeFacts(db: Reader, scope: OperatorScope, at: AtTime) {
  return {
    ...(await changedTerms(db, scope, at)),
    conditionsOf: await conditionsByOperator(db, scope, at),
    ...(await petitionSigns(db, scope, at)),
  }
}
export type ScopeFacts = Awaited<ReturnType<typeof scopeFacts>>

async function changedTerms(db: Reader, scope: OperatorScope, { knownAt }: AtTime) {
  const { contractAmendments: a, contractEnds: e } = db.tables
  const contractIds = contractsOf(db, scope)
  const amendments = await db
    .select({
      contractId: a.contractId,
      effectiveOn: a.effectiveOn,
      endOn: a.endOn,
      // Parsed contract by contract: one that cannot be read must not keep the others from it.
      rent: sql<string | null>`cast(${a.rent} as text)`,
    })
    .from(a)
    .where(and(inArray(a.contractId, contractIds), standingFacts(a, knownAt)))
    .orderBy(asc(a.id))
  const ends = await db
    .select({ contractId: e.contractId, endedOn: e.endedOn })
    .from(e)
    .where(and(inArray(e.contractId, contractIds), standingFacts(e, knownAt)))
  return {
    amendmentsOf: groupBy(amendments, ({ contractId }) => contractId),
    endOf: new Map(ends.map(({ contractId, endedOn }) => [contractId, endedOn])),
  }
}

async function conditionsByOperator(db: Reader, scope: OperatorScope, { knownAt }: AtTime) {
  const { operatorConditions: t } = db.tables
  const conditions = await plainRows(
    db
      .select({
        operatorId: t.operatorId,
        condition: sql<OperatorCondition>`${t.condition}`,
        observedOn: t.observedOn,
        source: t.source,
      })
      .from(t)
      .where(and(scope(t.operatorId), standingFacts(t, knownAt)))
      .orderBy(asc(t.id)),
  )
  return groupBy(conditions, ({ operatorId }) => operatorId)
}

async function petitionSigns(db: Reader, scope: OperatorScope, { asOf, knownAt }: AtTime) {
  const { petitions: t } = db.tables
  const ofScope = or(scope(t.operatorId), inArray(t.contractId, contractsOf(db, scope)))
  const rows = await plainRows(
    db
      .select({
        operatorId: t.operatorId,
        contractId: t.contractId,
        occurredOn: t.occurredOn,
        people: t.people,
        repeats: sql<number>`case when ${t.repeat} then 1 else 0 end`.mapWith(Number),
      })
      .from(t)
      .where(and(ofScope, lte(t.occurredOn, asOf), standingFacts(t, knownAt))),
  )
  const signs = rows.map(({ repeats, ...sign }) => ({ ...sign, repeat: repeats === 1 }))
  const ofNoContract = signs.filter(({ contractId }) => contractId === null)
  return {
    signsOfContract: groupBy(signs, ({ contractId }) => contractId),
    signsOfOperator: groupBy(ofNoContract, ({ operatorId }) => operatorId),
  }
}

const contractsOf = (db: Reader, scope: OperatorScope) => {
  const { contracts } = db.tables
  return db.select({ id: contracts.id }).from(contracts).where(scope(contracts.operatorId))
}
