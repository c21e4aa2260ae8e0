import { and, asc, inArray, lte, type SQL } from 'drizzle-orm'
import type { Day } from '../domain/calendar-day.ts'
import { groupBy } from '../domain/group-by.ts'
import { delayDays, isLate, outstandingFen } from '../domain/subsidy-delay.ts'
import { type SubsidyState, subsidyAt } from '../domain/subsidy-stages.ts'
import { standingFacts } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import { plainRows } from '../platform/database/plain-rows.ts'

/** A subsidy on a day: as its stages left it, and what of it is still to come. */
export interface SubsidyOnDay extends SubsidyState {
  outstandingFen: number
  late: boolean
  delayDays: number
}

/**
 * Subsidies on a day, as known at `knownAt`, by id: `rows` are those that `named` selects, so that
 * stages and disbursements are read as sets.
 */
export async function subsidiesOnDay(
  db: Reader,
  rows: readonly (SubsidyState & { id: string })[],
  named: SQL | undefined,
  { asOf, knownAt }: { asOf: Day; knownAt: string },
): Promise<Map<string, SubsidyOnDay>> {
  const { subsidies, subsidyStages: stages, disbursements: paid } = db.tables
  const ids = db.select({ id: subsidies.id }).from(subsidies).where(named)
  const stageRows = await plainRows(
    db
      .select({
        subsidyId: stages.subsidyId,
        stage: stages.stage,
        occurredOn: stages.occurredOn,
        standing: stages.standing,
        payableOn: stages.payableOn,
        amountFen: stages.amountFen,
      })
      .from(stages)
      .where(and(inArray(stages.subsidyId, ids), standingFacts(stages, knownAt)))
      .orderBy(asc(stages.id)),
  )
  const paidOnTime = and(lte(paid.paidOn, asOf), standingFacts(paid, knownAt))
  const paidRows = await plainRows(
    db
      .select({ subsidyId: paid.subsidyId, amountFen: paid.amountFen, paidOn: paid.paidOn })
      .from(paid)
      .where(and(inArray(paid.subsidyId, ids), paidOnTime)),
  )
  const stagesOf = groupBy(stageRows, ({ subsidyId }) => subsidyId)
  const paidOf = groupBy(paidRows, ({ subsidyId }) => subsidyId)
  return new Map(
    rows.map((row) => {
      const state = subsidyAt(asOf, row, stagesOf.get(row.id) ?? [])
      const restFen = outstandingFen(state.amountFen, paidOf.get(row.id) ?? [], asOf)
      const late = isLate(asOf, state.payableOn, restFen)
      const days = late && state.payableOn !== null ? delayDays(asOf, state.payableOn) : 0
      return [row.id, { ...state, outstandingFen: restFen, late, delayDays: days }]
    }),
  )
}

/** Subsidies with these ids. */
export const theseSubsidies = (db: Reader, ids: readonly string[]): SQL =>
  inArray(db.tables.subsidies.id, [...ids])
