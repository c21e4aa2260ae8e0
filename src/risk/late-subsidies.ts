import { and, asc, inArray, or } from 'drizzle-orm'
import type { Day } from '../domain/calendar-day.ts'
import { groupBy } from '../domain/group-by.ts'
import { isLate, outstandingFen } from '../domain/subsidy-delay.ts'
import type { FactRow } from '../facts/fact-kind.ts'
import { standingFacts } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import type { AtTime } from './contract-balances.ts'
import type { OperatorScope } from './operator-scope.ts'

export interface LateSubsidy {
  id: string
  operatorId: string
  contractId: string | null
  standing: 'recognised' | 'claimed'
  outstandingFen: number
  payableOn: Day
}

/** The late subsidies that name some operators or their contracts. */
export async function lateSubsidies(
  db: Reader,
  scope: OperatorScope,
  at: AtTime,
): Promise<LateSubsidy[]> {
  const { subsidies, subsidyStages, disbursements, contracts } = db.tables
  const ofScope = or(
    scope(subsidies.operatorId),
    inArray(
      subsidies.contractId,
      db.select({ id: contracts.id }).from(contracts).where(scope(contracts.operatorId)),
    ),
  )
  const rows = await db
    .select()
    .from(subsidies)
    .where(and(ofScope, standingFacts(subsidies, at.knownAt)))
    .orderBy(asc(subsidies.id))
  const named = db.select({ id: subsidies.id }).from(subsidies).where(ofScope)
  const stages = await db
    .select()
    .from(subsidyStages)
    .where(and(inArray(subsidyStages.subsidyId, named), standingFacts(subsidyStages, at.knownAt)))
    .orderBy(asc(subsidyStages.occurredOn), asc(subsidyStages.id))
  const paid = await db
    .select()
    .from(disbursements)
    .where(and(inArray(disbursements.subsidyId, named), standingFacts(disbursements, at.knownAt)))
  const stagesOf = groupBy(stages, (stage) => stage.subsidyId)
  const paidOf = groupBy(paid, (disbursement) => disbursement.subsidyId)
  return rows.flatMap((row) => {
    const { standing, payableOn, amountFen } = moved(row, stagesOf.get(row.id) ?? [], at.asOf)
    const outstanding = outstandingFen(amountFen, paidOf.get(row.id) ?? [], at.asOf)
    if (payableOn === null || !isLate(at.asOf, payableOn, outstanding)) return []
    const { id, operatorId, contractId } = row
    return [{ id, operatorId, contractId, standing, outstandingFen: outstanding, payableOn }]
  })
}

/** A subsidy as the stages that occurred by `asOf` left it. */
function moved(
  row: FactRow<'subsidies'>,
  stages: readonly FactRow<'subsidyStages'>[],
  asOf: Day,
): Pick<FactRow<'subsidies'>, 'standing' | 'payableOn' | 'amountFen'> {
  let { standing, payableOn, amountFen } = row
  for (const stage of stages) {
    if (stage.occurredOn > asOf) continue
    standing = stage.standing ?? standing
    payableOn = stage.payableOn ?? payableOn
    amountFen = stage.amountFen ?? amountFen
  }
  return { standing, payableOn, amountFen }
}
