import { and, asc, between, inArray, lte, type SQL, sql } from 'drizzle-orm'
import type { Day } from '../domain/calendar-day.ts'
import { groupBy } from '../domain/group-by.ts'
import { delayDays, isLate, outstandingFen } from '../domain/subsidy-delay.ts'
import { type SubsidyState, subsidyAt } from '../domain/subsidy-stages.ts'
import { standingFacts } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import { plainRows } from '../platform/database/plain-rows.ts'
import { preparedFor } from '../platform/database/prepared.ts'

/** A subsidy on a day: as its stages left it, and what of it is still to come. */
export interface SubsidyOnDay extends SubsidyState {
  outstandingFen: number
  late: boolean
  delayDays: number
}

/** Subsidies on a day, as known at `knownAt`, by id. */
export async function subsidiesOnDay(
  db: Reader,
  rows: readonly (SubsidyState & { id: string })[],
  { asOf, knownAt }: { asOf: Day; knownAt: string },
): Promise<Map<string, SubsidyOnDay>> {
  const ids = rows.map(({ id }) => id)
  const inOrder = [...ids].sort()
  const ends = { first: inOrder[0], last: inOrder.at(-1) }
  const [stageRows, paidRows] = await Promise.all(
    ids.length > LOOKED_UP_MAX
      ? [stagesBetween(db, { ...ends, knownAt }), paidBetween(db, { ...ends, asOf, knownAt })]
      : [stagesOfSubsidies(db, ids, { knownAt }), disbursementsOf(db, ids, { asOf, knownAt })],
  )
  const stagesOf = groupBy(stageRows, ({ subsidyId }) => subsidyId)
  const paidOf = groupBy(paidRows, ({ subsidyId }) => subsidyId)
  return new Map(
    rows.map((row) => {
      const state = subsidyAt(asOf, row, stagesOf.get(row.id) ?? [])
      const restFen = outstandingFen(state.amountFen, paidOf.get(row.id) ?? [], asOf)
      const late = isLate(asOf, state.payableOn, restFen)
      const days = late && state.payableOn !== null ? delayDays(asOf, state.payableOn) : 0
      return [row.id, Object.assign(state, { outstandingFen: restFen, late, delayDays: days })]
    }),
  )
}

/** Of more, all from the first to the last are read: that is faster than to look up each. */
const LOOKED_UP_MAX = 1000

const knownAt = sql.placeholder('knownAt')
const [first, last] = [sql.placeholder('first'), sql.placeholder('last')]

const stagesOfSubsidies = preparedFor(
  (db, ids) => stages(db, inArray(db.tables.subsidyStages.subsidyId, ids)),
  plainRows,
)
const stagesBetween = plainRows((db) =>
  stages(db, between(db.tables.subsidyStages.subsidyId, first, last)),
)

function stages(db: Reader, wanted: SQL) {
  const { subsidyStages: t } = db.tables
  return db
    .select({
      subsidyId: t.subsidyId,
      stage: t.stage,
      occurredOn: t.occurredOn,
      standing: t.standing,
      payableOn: t.payableOn,
      amountFen: t.amountFen,
    })
    .from(t)
    .where(and(wanted, standingFacts(t, knownAt)))
    .orderBy(asc(t.id))
}

const disbursementsOf = preparedFor(
  (db, ids) => disbursed(db, inArray(db.tables.disbursements.subsidyId, ids)),
  plainRows,
)
const paidBetween = plainRows((db) =>
  disbursed(db, between(db.tables.disbursements.subsidyId, first, last)),
)

function disbursed(db: Reader, wanted: SQL) {
  const { disbursements: t } = db.tables
  const byThen = and(lte(t.paidOn, sql.placeholder('asOf')), standingFacts(t, knownAt))
  return db
    .select({ subsidyId: t.subsidyId, amountFen: t.amountFen, paidOn: t.paidOn })
    .from(t)
    .where(and(wanted, byThen))
}
