import { and, asc, eq, gt, inArray, isNotNull, or, type SQL, sql } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { Day } from '../domain/calendar-day.ts'
import { groupBy } from '../domain/group-by.ts'
import type { OperatorCondition } from '../domain/operator-condition.ts'
import type { AtTime } from '../facts/fact-kind.ts'
import { standingFacts } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import { type OperatorScope, rowsIn } from './operator-scope.ts'

const [asOf, knownAt] = [sql.placeholder('asOf'), sql.placeholder('knownAt')]

/** What beside money moves the risk of the contracts of some operators. */
export async function scopeFacts(db: Reader, scope: OperatorScope, at: AtTime) {
  const values = { asOf: at.asOf, knownAt: at.knownAt }
  const amendments = await amendmentsIn(db, scope, values)
  const ends = await endsIn(db, scope, values)
  const conditions = await conditionsIn(db, scope, values)
  const rows = await petitionsIn(db, scope, values)
  const signs = rows.map(({ repeats, ...sign }) => ({ ...sign, repeat: repeats === 1 }))
  const ofNoContract = signs.filter(({ contractId }) => contractId === null)
  const days = await subsidyTurnsIn(db, scope, values)
  const turns = days.map(({ payable, ...turn }) => ({ ...turn, isPayable: payable === 1 }))
  const operatorTurns = turns.filter(({ contractId }) => contractId === null)
  return {
    amendmentsOf: groupBy(amendments, ({ contractId }) => contractId),
    endOf: new Map(ends.map(({ contractId, endedOn }) => [contractId, endedOn])),
    conditionsOf: groupBy(conditions, ({ operatorId }) => operatorId),
    signsOfContract: groupBy(signs, ({ contractId }) => contractId),
    signsOfOperator: groupBy(ofNoContract, ({ operatorId }) => operatorId),
    turnsOfContract: groupBy(turns, ({ contractId }) => contractId),
    turnsOfOperator: groupBy(operatorTurns, ({ operatorId }) => operatorId),
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

/** The days from which the delay of subsidies counts, and days to come on which they move. */
const subsidyTurnsIn = rowsIn((db, inScope) => {
  const { subsidies: s, subsidyStages: g, disbursements: d } = db.tables
  const ofScope = or(inScope(s.operatorId), inArray(s.contractId, contractIds(db, inScope)))
  const ofSubsidy = { operatorId: s.operatorId, contractId: s.contractId }
  const turn = (day: SQLiteColumn, isPayable: 0 | 1) => ({
    ...ofSubsidy,
    day: sql<Day>`${day}`.as('day'),
    payable: sql<number>`${sql.raw(String(isPayable))}`.as('payable'),
  })
  const ofSubsidies = and(ofScope, standingFacts(s, knownAt))
  const stages = and(ofSubsidies, standingFacts(g, knownAt))
  const paid = and(ofSubsidies, standingFacts(d, knownAt), gt(d.paidOn, asOf))
  return db
    .select(turn(s.payableOn, 1))
    .from(s)
    .where(and(ofSubsidies, isNotNull(s.payableOn)))
    .unionAll(
      db
        .select(turn(g.payableOn, 1))
        .from(g)
        .innerJoin(s, eq(s.id, g.subsidyId))
        .where(and(stages, isNotNull(g.payableOn))),
    )
    .unionAll(
      db
        .select(turn(g.occurredOn, 0))
        .from(g)
        .innerJoin(s, eq(s.id, g.subsidyId))
        .where(and(stages, gt(g.occurredOn, asOf))),
    )
    .unionAll(db.select(turn(d.paidOn, 0)).from(d).innerJoin(s, eq(s.id, d.subsidyId)).where(paid))
})

function contractIds(db: Reader, inScope: (operatorId: SQLiteColumn) => SQL | undefined) {
  const { contracts } = db.tables
  return db.select({ id: contracts.id }).from(contracts).where(inScope(contracts.operatorId))
}
