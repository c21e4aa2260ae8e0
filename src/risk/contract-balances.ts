import { and, asc, eq, inArray, lte, notExists, type SQL, sql } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { Payment } from '../domain/allocation.ts'
import type { Day } from '../domain/calendar-day.ts'
import type { Instalment } from '../domain/contract-terms.ts'
import { groupBy } from '../domain/group-by.ts'
import type { RepaymentPlan } from '../domain/repayment-plan.ts'
import type { AtTime } from '../facts/fact-kind.ts'
import { standingFacts } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import { plainRows } from '../platform/database/plain-rows.ts'
import type { OperatorScope } from './operator-scope.ts'

const IDS_PER_QUERY = 1000

/** The contracts of some operators, by operator, with what their risk asks of them. */
export function contractsIn(db: Reader, scope: OperatorScope, knownAt: string) {
  const { contracts: c } = db.tables
  return plainRows(
    db
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
        insured: sql<number>`case when ${c.insured} then 1 else 0 end`.mapWith(Number),
      })
      .from(c)
      .where(and(scope(c.operatorId), standingFacts(c, knownAt)))
      .orderBy(asc(c.operatorId), asc(c.id)),
  )
}
export type ScopedContract = Awaited<ReturnType<typeof contractsIn>>[number]

/** What fell due on a contract and what was paid, in sums: enough unless something is owed. */
export interface ContractBalance {
  /** Due before the day, and by its end. */
  overdueFen: number
  dueFen: number
  paidFen: number
  /** Payments that name a due day. */
  designated: number
  /** Instalments in grain without a price. */
  unpriced: number
  /** The next days on which something falls due, or counts as paid, from the day on. */
  nextDueOn: Day | null
  nextPaidOn: Day | null
}

/** Of a contract on which nothing falls due and nothing was paid. */
export const NOTHING: ContractBalance = {
  overdueFen: 0,
  dueFen: 0,
  unpriced: 0,
  nextDueOn: null,
  paidFen: 0,
  designated: 0,
  nextPaidOn: null,
}

/** The balances of those contracts that have any instalment or payment: two sums. */
export async function contractBalances(
  db: Reader,
  contractIds: readonly string[],
  { asOf, knownAt }: AtTime,
): Promise<Map<string, ContractBalance>> {
  const balances = new Map<string, ContractBalance>()
  for (let at = 0; at < contractIds.length; at += IDS_PER_QUERY) {
    const ids = contractIds.slice(at, at + IDS_PER_QUERY)
    for (const due of await dueSums(db, ids, asOf, knownAt))
      balances.set(due.contractId, { ...NOTHING, ...due })
    for (const paid of await paidSums(db, ids, asOf, knownAt)) {
      const { paidFen, designated, nextPaidOn } = paid
      const due = balances.get(paid.contractId) ?? NOTHING
      balances.set(paid.contractId, { ...due, paidFen, designated, nextPaidOn })
    }
  }
  return balances
}

function dueSums(db: Reader, contractIds: string[], asOf: Day, knownAt: string) {
  const { instalments: i } = db.tables
  return plainRows(
    db
      .select({
        contractId: i.contractId,
        overdueFen: sumWhere(i.amountFen, sql`${i.dueOn} < ${asOf}`),
        dueFen: sumWhere(i.amountFen, sql`${i.dueOn} <= ${asOf}`),
        unpriced: sql`count(*) filter (where ${i.priced} = false)`.mapWith(Number),
        nextDueOn: sql<Day | null>`min(${i.dueOn}) filter (where ${i.dueOn} >= ${asOf})`,
      })
      .from(i)
      .where(and(inArray(i.contractId, contractIds), believed(db, knownAt)))
      .groupBy(i.contractId),
  )
}

function paidSums(db: Reader, contractIds: string[], asOf: Day, knownAt: string) {
  const { payments: p, paymentReversals: r } = db.tables
  const paid = sql`${p.paidOn} <= ${asOf}`
  const reversed = db
    .select({ id: r.paymentId })
    .from(r)
    .where(and(eq(r.paymentId, p.id), lte(r.recordedAt, knownAt)))
  return plainRows(
    db
      .select({
        contractId: p.contractId,
        paidFen: sumWhere(p.amountFen, paid),
        designated: sql`count(${p.designatedDueOn}) filter (where ${paid})`.mapWith(Number),
        nextPaidOn: sql<Day | null>`min(${p.paidOn}) filter (where ${p.paidOn} > ${asOf})`,
      })
      .from(p)
      .where(
        and(inArray(p.contractId, contractIds), lte(p.recordedAt, knownAt), notExists(reversed)),
      )
      .groupBy(p.contractId),
  )
}

const sumWhere = (amountFen: SQLiteColumn, condition: SQL) =>
  sql`coalesce(sum(${amountFen}) filter (where ${condition}), 0)`.mapWith(Number)

function believed(db: Reader, knownAt: string): SQL {
  const { instalments: i } = db.tables
  return sql`${i.recordedAt} <= ${knownAt}
    and (${i.supersededAt} is null or ${i.supersededAt} > ${knownAt})`
}

/** The instalments of some contracts as believed at `knownAt`, by contract. */
export async function instalmentsOf(
  db: Reader,
  contractIds: readonly string[],
  { knownAt }: AtTime,
): Promise<Map<string, Instalment[]>> {
  const { instalments: t } = db.tables
  return groupedInParts(contractIds, async (part) => {
    const query = db
      .select({
        contractId: t.contractId,
        no: t.no,
        rentYear: t.rentYear,
        periodStart: t.periodStart,
        periodEnd: t.periodEnd,
        dueOn: t.dueOn,
        amountFen: t.amountFen,
        pricedAs: sql<number>`case when ${t.priced} then 1 else 0 end`.mapWith(Number),
      })
      .from(t)
      .where(and(inArray(t.contractId, part), believed(db, knownAt)))
      .orderBy(asc(t.contractId), asc(t.no))
    const rows = await plainRows(query)
    return rows.map(({ pricedAs, ...instalment }) => ({ ...instalment, priced: pricedAs === 1 }))
  })
}

/** The payments on some contracts that stand at `knownAt`, in the order of recording. */
export async function paymentsOf(
  db: Reader,
  contractIds: readonly string[],
  { asOf, knownAt }: AtTime,
): Promise<Map<string, (Payment & { contractId: string })[]>> {
  const { payments: t, paymentReversals: r } = db.tables
  return groupedInParts(contractIds, (part) =>
    plainRows(
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
    ),
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
