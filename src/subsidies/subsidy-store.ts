import { and, asc, between, inArray, type SQL, sql } from 'drizzle-orm'
import type { Day } from '../domain/calendar-day.ts'
import { groupBy } from '../domain/group-by.ts'
import { type Disbursement, delayDays, isLate, outstandingFen } from '../domain/subsidy-delay.ts'
import { type SubsidyStage, type SubsidyState, subsidyAt } from '../domain/subsidy-stages.ts'
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

/** What was recorded of a subsidy after it, days to come too. */
export interface SubsidyMoves {
  stages: readonly SubsidyStage[]
  paid: readonly Disbursement[]
}

/** Subsidies on a day, as known at `knownAt`, by id. */
export async function subsidiesOnDay(
  db: Reader,
  rows: readonly (SubsidyState & { id: string })[],
  { asOf, knownAt }: { asOf: Day; knownAt: string },
): Promise<Map<string, SubsidyOnDay>> {
  const ids = rows.map(({ id }) => id)
  const movesOf = await movesOfSubsidies(db, ids, knownAt)
  return new Map(rows.map((row) => [row.id, subsidyOnDay(asOf, row, movesOf(row.id))]))
}

/** One of them, as its moves have left it by the end of the day. */
export function subsidyOnDay(
  asOf: Day,
  subsidy: SubsidyState,
  { stages, paid }: SubsidyMoves,
): SubsidyOnDay {
  const state = subsidyAt(asOf, subsidy, stages)
  const restFen = outstandingFen(state.amountFen, paid, asOf)
  const late = isLate(asOf, state.payableOn, restFen)
  const days = late && state.payableOn !== null ? delayDays(asOf, state.payableOn) : 0
  return Object.assign(state, { outstandingFen: restFen, late, delayDays: days })
}

/** The moves of some subsidies as known at `knownAt`. */
export async function movesOfSubsidies(
  db: Reader,
  ids: readonly string[],
  knownAt: string,
): Promise<(subsidyId: string) => SubsidyMoves> {
  const inOrder = [...ids].sort()
  const ends = { first: inOrder[0], last: inOrder.at(-1), knownAt }
  const [stageRows, paidRows] = await Promise.all(
    ids.length > LOOKED_UP_MAX
      ? [stagesBetween(db, ends), paidBetween(db, ends)]
      : [stagesOfSubsidies(db, ids, { knownAt }), disbursementsOf(db, ids, { knownAt })],
  )
  const stagesOf = groupBy(stageRows, ({ subsidyId }) => subsidyId)
  const paidOf = groupBy(paidRows, ({ subsidyId }) => subsidyId)
  return (id) => ({ stages: stagesOf.get(id) ?? [], paid: paidOf.get(id) ?? [] })
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
  return db
    .select({ subsidyId: t.subsidyId, amountFen: t.amountFen, paidOn: t.paidOn })
    .from(t)
    .where(and(wanted, standingFacts(t, knownAt)))
}
