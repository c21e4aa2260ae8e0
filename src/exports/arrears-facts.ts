import { and, asc, inArray, lte } from 'drizzle-orm'
import type { Day } from '../domain/calendar-day.ts'
import { groupBy } from '../domain/group-by.ts'
import { conditionsHolding, type OperatorCondition } from '../domain/operator-condition.ts'
import type { RiskCondition } from '../domain/risk-policy.ts'
import { type Standing, standingAt } from '../domain/standing.ts'
import type { AtTime, FactRow } from '../facts/fact-kind.ts'
import { lastKnown, standingFacts } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import { instalmentsOf, paymentsOf } from '../risk/contract-balances.ts'
import { type LateSubsidy, lateSubsidies } from '../risk/late-subsidies.ts'
import { theseOperators } from '../risk/operator-scope.ts'
import { dayOf } from '../risk/risk-view.ts'
import type { RiskRow } from '../risk/stored-risks.ts'
import { contractChanges } from './contract-changes.ts'

/** What the facts say of a contract in arrears beside its risk. */
export interface ArrearsFacts {
  risk: RiskRow
  /** The day that its figures speak for. */
  asOf: Day
  contract: FactRow<'contracts'>
  operator: FactRow<'operators'> | undefined
  standing: Standing
  /** That hold on the day. */
  conditions: { condition: RiskCondition; observedOn: Day; source: string }[]
  amendments: FactRow<'contractAmendments'>[]
  endedOn: Day | undefined
  /** Recognised, late, naming it or its operator and no contract. */
  late: LateSubsidy[]
  visit: FactRow<'screenings'> | undefined
}

/** The facts of a page of risks, in its order; each risk's own day is read apart. */
export async function arrearsFacts(
  db: Reader,
  page: readonly RiskRow[],
  { asOf, knownAt }: AtTime,
): Promise<ArrearsFacts[]> {
  const found = new Map<string, ArrearsFacts>()
  for (const [day, risks] of groupBy(page, (risk) => dayOf(risk, asOf)))
    for (const facts of await factsOnDay(db, risks, { asOf: day, knownAt }))
      found.set(facts.risk.contractId, facts)
  return page.flatMap(({ contractId }) => found.get(contractId) ?? [])
}

async function factsOnDay(
  db: Reader,
  risks: readonly RiskRow[],
  at: AtTime,
): Promise<ArrearsFacts[]> {
  const ids = risks.map(({ contractId }) => contractId)
  const operatorIds = [...new Set(risks.map(({ operatorId }) => operatorId))]
  const scope = theseOperators(operatorIds)
  const { contracts, operators } = db.tables
  const contractOf = byId(
    await db
      .select()
      .from(contracts)
      .where(and(inArray(contracts.id, ids), lastKnown(contracts, at.knownAt))),
  )
  const operatorOf = byId(
    await db
      .select()
      .from(operators)
      .where(and(inArray(operators.id, operatorIds), lastKnown(operators, at.knownAt))),
  )
  const instalments = await instalmentsOf(db, ids, at)
  const payments = await paymentsOf(db, ids, at)
  const changes = await contractChanges(db, ids, at)
  const conditions = await conditionsOf(db, operatorIds, at)
  const late = (await lateSubsidies(db, scope, at)).filter((one) => one.standing === 'recognised')
  const visits = await lastVisits(db, ids, at)
  return risks.flatMap((risk) => {
    const { contractId: id, operatorId } = risk
    const contract = contractOf.get(id)
    if (!contract) return []
    const { startOn, frequency } = contract
    const term = { startOn, endOn: risk.endOn, once: frequency === 'once' }
    return {
      risk,
      asOf: at.asOf,
      contract,
      operator: operatorOf.get(operatorId),
      standing: standingAt(at.asOf, term, instalments.get(id) ?? [], payments.get(id) ?? []),
      conditions: conditions.get(operatorId) ?? [],
      amendments: changes.amendmentsOf.get(id) ?? [],
      endedOn: changes.endOf.get(id)?.endedOn,
      late: late.filter((one) =>
        one.contractId === null ? one.operatorId === operatorId : one.contractId === id,
      ),
      visit: visits.get(id),
    }
  })
}

async function conditionsOf(db: Reader, operatorIds: readonly string[], { asOf, knownAt }: AtTime) {
  const { operatorConditions: t } = db.tables
  const rows = await db
    .select()
    .from(t)
    .where(and(inArray(t.operatorId, [...operatorIds]), standingFacts(t, knownAt)))
    .orderBy(asc(t.id))
  const observed = rows.map((row) => ({ ...row, condition: row.condition as OperatorCondition }))
  const holding = [...groupBy(observed, ({ operatorId }) => operatorId)].map(
    ([operatorId, list]) =>
      [
        operatorId,
        conditionsHolding(list, asOf).map((one) => ({
          ...one,
          condition: one.condition as RiskCondition,
        })),
      ] as const,
  )
  return new Map(holding)
}

/** The last visit to each contract by a day. */
async function lastVisits(db: Reader, contractIds: readonly string[], { asOf, knownAt }: AtTime) {
  const { screenings: t } = db.tables
  const rows = await db
    .select()
    .from(t)
    .where(
      and(
        inArray(t.contractId, [...contractIds]),
        lte(t.visitedOn, asOf),
        standingFacts(t, knownAt),
      ),
    )
    .orderBy(asc(t.visitedOn), asc(t.id))
  return new Map(rows.map((row) => [row.contractId, row]))
}

const byId = <Row extends { id: string }>(rows: readonly Row[]) =>
  new Map(rows.map((row) => [row.id, row]))
