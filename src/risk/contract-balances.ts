import { and, asc, eq, inArray, lte, sql } from 'drizzle-orm'
import type { Payment } from '../domain/allocation.ts'
import type { Instalment } from '../domain/contract-terms.ts'
import { groupBy } from '../domain/group-by.ts'
import type { RepaymentPlan } from '../domain/repayment-plan.ts'
import type { AtTime } from '../facts/fact-kind.ts'
import { standingFacts } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import type { OperatorScope } from './operator-scope.ts'

const IDS_PER_QUERY = 1000

/**
 * The contracts of some operators with what fell due before `asOf` and what was paid by then: one
 * query. A contract is in arrears only when the first exceeds the second, or when a payment was
 * designated past older instalments.
 */
export function contractBalances(db: Reader, scope: OperatorScope, { asOf, knownAt }: AtTime) {
  const { contracts: c } = db.tables
  // Columns are spelled out: drizzle would leave the table's name off inside these subqueries.
  const believed = sql.raw(`from instalments i where i.contract_id = contracts.id`)
  const known = sql`i.recorded_at <= ${knownAt}
    and (i.superseded_at is null or i.superseded_at > ${knownAt})`
  const paid = sql`from payments p where p.contract_id = contracts.id and p.paid_on <= ${asOf}
    and p.recorded_at <= ${knownAt} and not exists (select 1 from payment_reversals r
      where r.payment_id = p.id and r.recorded_at <= ${knownAt})`
  return db
    .select({
      id: c.id,
      operatorId: c.operatorId,
      villageCode: c.villageCode,
      landUse: c.landUse,
      lessorKind: c.lessorKind,
      households: c.households,
      startOn: c.startOn,
      endOn: c.endOn,
      frequency: c.frequency,
      areaHundredths: c.areaHundredths,
      riskDepositFen: c.riskDepositFen,
      insured: c.insured,
      overdueFen: sql`(select coalesce(sum(i.amount_fen), 0) ${believed} and ${known}
        and i.due_on < ${asOf})`.mapWith(Number),
      unpriced: sql`(select count(*) ${believed} and ${known} and i.priced = false)`.mapWith(
        Number,
      ),
      paidFen: sql`(select coalesce(sum(p.amount_fen), 0) ${paid})`.mapWith(Number),
      designated: sql`(select count(p.designated_due_on) ${paid})`.mapWith(Number),
    })
    .from(c)
    .where(and(scope(c.operatorId), standingFacts(c, knownAt)))
    .orderBy(asc(c.operatorId), asc(c.id))
}
export type ContractBalance = Awaited<ReturnType<typeof contractBalances>>[number]

/** The instalments of some contracts as believed at `knownAt`, by contract. */
export async function instalmentsOf(
  db: Reader,
  contractIds: readonly string[],
  { knownAt }: AtTime,
): Promise<Map<string, Instalment[]>> {
  const { instalments: t } = db.tables
  return groupedInParts(contractIds, (part) =>
    db
      .select({
        contractId: t.contractId,
        no: t.no,
        rentYear: t.rentYear,
        periodStart: t.periodStart,
        periodEnd: t.periodEnd,
        dueOn: t.dueOn,
        amountFen: t.amountFen,
        priced: t.priced,
      })
      .from(t)
      .where(
        and(
          inArray(t.contractId, part),
          lte(t.recordedAt, knownAt),
          sql`(${t.supersededAt} is null or ${t.supersededAt} > ${knownAt})`,
        ),
      )
      .orderBy(asc(t.contractId), asc(t.no)),
  )
}

/** The payments on some contracts that stand at `knownAt`, in the order of recording. */
export async function paymentsOf(
  db: Reader,
  contractIds: readonly string[],
  { asOf, knownAt }: AtTime,
): Promise<Map<string, (Payment & { contractId: string })[]>> {
  const { payments: t, paymentReversals: r } = db.tables
  return groupedInParts(contractIds, (part) =>
    db
      .select({
        contractId: t.contractId,
        amountFen: t.amountFen,
        paidOn: t.paidOn,
        designatedDueOn: t.designatedDueOn,
      })
      .from(t)
      .leftJoin(r, and(eq(r.paymentId, t.id), lte(r.recordedAt, knownAt)))
      .where(
        and(
          inArray(t.contractId, part),
          lte(t.paidOn, asOf),
          lte(t.recordedAt, knownAt),
          sql`${r.id} is null`,
        ),
      )
      .orderBy(asc(t.recordedAt), asc(t.id)),
  )
}

/** The repayment plans of some contracts that stand at `knownAt`, in the order of recording. */
export async function plansOf(
  db: Reader,
  contractIds: readonly string[],
  { knownAt }: Pick<AtTime, 'knownAt'>,
): Promise<Map<string, (RepaymentPlan & { contractId: string })[]>> {
  const { repaymentPlans: t } = db.tables
  return groupedInParts(contractIds, (part) =>
    db
      .select({
        id: t.id,
        contractId: t.contractId,
        agreedOn: t.agreedOn,
        instalments: t.instalments,
      })
      .from(t)
      .where(and(inArray(t.contractId, part), standingFacts(t, knownAt)))
      .orderBy(asc(t.id)),
  )
}

async function groupedInParts<Row extends { contractId: string }>(
  ids: readonly string[],
  query: (part: string[]) => PromiseLike<Row[]>,
): Promise<Map<string, Row[]>> {
  const rows: Row[] = []
  for (let at = 0; at < ids.length; at += IDS_PER_QUERY)
    for (const row of await query(ids.slice(at, at + IDS_PER_QUERY))) rows.push(row)
  return groupBy(rows, (row) => row.contractId)
}
