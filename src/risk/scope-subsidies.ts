import { and, exists, inArray, isNotNull, or, sql } from 'drizzle-orm'
import type { TurningFacts } from '../domain/quiet-until.ts'
import type { AtTime } from '../facts/fact-kind.ts'
import type { Reader } from '../platform/database/database.ts'
import { movesOfSubsidies, subsidyOnDay } from '../subsidies/subsidy-store.ts'
import { asLate, type LateSubsidy, subsidiesThat } from './late-subsidies.ts'
import { type OperatorScope, rowsIn } from './operator-scope.ts'

type Turn = Pick<LateSubsidy, 'operatorId' | 'contractId'> & TurningFacts['subsidies'][number]

/**
 * The subsidies that name some operators or their contracts: the late ones, and the days from which
 * a delay counts or on which one of them moves.
 */
export async function scopeSubsidies(db: Reader, scope: OperatorScope, at: AtTime) {
  const rows = await subsidiesIn(db, scope, { knownAt: at.knownAt })
  const movesOf = await movesOfSubsidies(
    db,
    rows.map(({ id }) => id),
    at.knownAt,
  )
  const late: LateSubsidy[] = []
  const turns: Turn[] = []
  for (const row of rows) {
    const { operatorId, contractId } = row
    const moves = movesOf(row.id)
    late.push(...asLate(row, subsidyOnDay(at.asOf, row, moves)))
    const turn = (day: Turn['day'] | null, isPayable: boolean) => {
      if (day !== null) turns.push({ operatorId, contractId, day, isPayable })
    }
    turn(row.payableOn, true)
    for (const { occurredOn, payableOn } of moves.stages) {
      turn(payableOn, true)
      turn(occurredOn, false)
    }
    for (const { paidOn } of moves.paid) turn(paidOn, false)
  }
  return { late, turns }
}

const subsidiesIn = rowsIn((db, inScope) => {
  const { subsidies: t, subsidyStages: s, contracts: c } = db.tables
  const contractIds = db.select({ id: c.id }).from(c).where(inScope(c.operatorId))
  const itsStages = db.select({ id: s.id }).from(s).where(sql`${s.subsidyId} = ${t.id}`)
  // Without a day and without a stage that may name one, it never moves anything.
  const mayMove = or(isNotNull(t.payableOn), exists(itsStages))
  return subsidiesThat(
    db,
    and(or(inScope(t.operatorId), inArray(t.contractId, contractIds)), mayMove),
  )
})
