import { asc, inArray, or, sql } from 'drizzle-orm'
import type { Amendment } from '../domain/contract-terms.ts'
import type { OperatorCondition } from '../domain/operator-condition.ts'
import { groupBy } from '../domain/group-by.ts'
import { standingFacts } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import type { AtTime } from './contract-balances.ts'
import type { OperatorScope } from './operator-scope.ts'

/** What beside money moves the risk of the contracts of some operators. */
export async function scopeFacts(db: Reader, scope: OperatorScope, { asOf, knownAt }: AtTime) {
  const { contracts, contractAmendments, contractEnds, operatorConditions, petitions } = db.tables
  const contractIds = db
    .select({ id: contracts.id })
    .from(contracts)
    .where(scope(contracts.operatorId))
  const amendments = await db
    .select()
    .from(contractAmendments)
    .where(
      sql`${inArray(contractAmendments.contractId, contractIds)}
        and ${standingFacts(contractAmendments, knownAt)}`,
    )
    .orderBy(asc(contractAmendments.id))
  const ends = await db
    .select()
    .from(contractEnds)
    .where(
      sql`${inArray(contractEnds.contractId, contractIds)}
        and ${standingFacts(contractEnds, knownAt)}`,
    )
  const conditions = await db
    .select()
    .from(operatorConditions)
    .where(sql`${scope(operatorConditions.operatorId)}
      and ${standingFacts(operatorConditions, knownAt)}`)
    .orderBy(asc(operatorConditions.id))
  const ofScope = or(scope(petitions.operatorId), inArray(petitions.contractId, contractIds))
  const signs = await db
    .select()
    .from(petitions)
    .where(sql`${ofScope} and ${petitions.occurredOn} <= ${asOf}
      and ${standingFacts(petitions, knownAt)}`)
  return {
    amendmentsOf: groupBy(
      amendments.map(({ contractId, effectiveOn, rent, endOn }) => {
        const amendment: Amendment = { effectiveOn, rent: rent ?? undefined, endOn: endOn ?? undefined }
        return { contractId, amendment }
      }),
      ({ contractId }) => contractId,
    ),
    endOf: new Map(ends.map(({ contractId, endedOn }) => [contractId, endedOn])),
    conditionsOf: groupBy(
      conditions.map(({ operatorId, condition, observedOn, source }) => ({
        operatorId,
        condition: condition as OperatorCondition,
        observedOn,
        source,
      })),
      ({ operatorId }) => operatorId,
    ),
    signsOfContract: groupBy(signs, ({ contractId }) => contractId),
    signsOfOperator: groupBy(
      signs.filter(({ contractId }) => contractId === null),
      ({ operatorId }) => operatorId,
    ),
  }
}
export type ScopeFacts = Awaited<ReturnType<typeof scopeFacts>>
