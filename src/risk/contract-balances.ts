import { and, asc, eq, inArray, isNull, lte, notExists, type SQL, sql } from 'drizzle-orm'
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
import { preparedFor } from '../platform/database/prepared.ts'
import { rowsIn } from './operator-scope.ts'

const [asOf, knownAt] = [sql.placeholder('asOf'), sql.placeholder('knownAt')]

/** The contracts of some operators, by operator, with what their risk asks of them: `knownAt`. */
export const contractsIn = rowsIn((db, inScope) => {
  const { contracts: c } = db.tables
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
      insured: sql<number>`case when ${c.insured} then 1 else 0 end`.mapWith(Number),
    })
    .from(c)
    .where(and(inScope(c.operatorId), standingFacts(c, knownAt)))
    .orderBy(asc(c.operatorId), asc(c.id))
})
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
  for (const due of await dueSums(db, contractIds, { asOf, knownAt }))
    balances.set(due.contractId, { ...NOTHING, ...due })
  for (const paid of await paidSums(db, contractIds, { asOf, knownAt })) {
    const { paidFen, designated, nextPaidOn } = paid
    const due = balances.get(paid.contractId) ?? NOTHING
    balances.set(paid.contractId, { ...due, paidFen, designated, nextPaidOn })
  }
  return balances
}

const dueSums = preparedFor((db, ids) => {
  const { instalments: i } = db.tables
  return db
    .select({
      contractId: i.contractId,
      overdueFen: sumWhere(i.amountFen, sql`${i.dueOn} < ${asOf}`),
      dueFen: sumWhere(i.amountFen, sql`${i.dueOn} <= ${asOf}`),
      unpriced: sql`count(*) filter (where ${i.priced} = false)`.mapWith(Number),
      nextDueOn: sql<Day | null>`min(${i.dueOn}) filter (where ${i.dueOn} >= ${asOf})`,
    })
    .from(i)
    .where(and(inArray(i.contractId, ids), believed(db)))
    .groupBy(i.contractId)
}, plainRows)

const paidSums = preparedFor((db, ids) => {
  const { payments: p, paymentReversals: r } = db.tables
  const paid = sql`${p.paidOn} <= ${asOf}`
  const reversed = db
    .select({ id: r.paymentId })
    .from(r)
    .where(and(eq(r.paymentId, p.id), lte(r.recordedAt, knownAt)))
  return db
    .select({
      contractId: p.contractId,
      paidFen: sumWhere(p.amountFen, paid),
      designated: sql`count(${p.designatedDueOn}) filter (where ${paid})`.mapWith(Number),
      nextPaidOn: sql<Day | null>`min(${p.paidOn}) filter (where ${p.paidOn} > ${asOf})`,
    })
    .from(p)
    .where(and(inArray(p.contractId, ids), lte(p.recordedAt, knownAt), notExists(reversed)))
    .groupBy(p.contractId)
}, plainRows)

const sumWhere = (amountFen: SQLiteColumn, condition: SQL) =>
  sql`coalesce(sum(${amountFen}) filter (where ${condition}), 0)`.mapWith(Number)

function believed(db: Reader): SQL {
  const { instalments: i } = db.tables
  return sql`${i.recordedAt} <= ${knownAt}
    and (${i.supersededAt} is null or ${i.supersededAt} > ${knownAt})`
}

/** The instalments of some contracts as believed at `knownAt`, by contract. */
export async function instalmentsOf(
  db: Reader,
  contractIds: readonly string[],
  { knownAt }: Pick<AtTime, 'knownAt'>,
): Promise<Map<string, Instalment[]>> {
  const rows = await instalmentRows(db, contractIds, { knownAt })
  // Field by field: a spread of each of some million instalments is felt.
  const instalments = rows.map((row) => ({
    contractId: row.contractId,
    no: row.no,
    rentYear: row.rentYear,
    periodStart: row.periodStart,
    periodEnd: row.periodEnd,
    dueOn: row.dueOn,
    amountFen: row.amountFen,
    priced: row.pricedAs === 1,
  }))
  return groupBy(instalments, ({ contractId }) => contractId)
}

const instalmentRows = preparedFor((db, ids) => {
  const { instalments: t } = db.tables
  return db
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
    .where(and(inArray(t.contractId, ids), believed(db)))
    .orderBy(asc(t.contractId), asc(t.no))
}, plainRows)

/** The payments on some contracts that stand at `knownAt`, in the order of recording. */
export async function paymentsOf(
  db: Reader,
  contractIds: readonly string[],
  { asOf, knownAt }: AtTime,
): Promise<Map<string, (Payment & { contractId: string })[]>> {
  const rows = await paymentRows(db, contractIds, { asOf, knownAt })
  return groupBy(rows, ({ contractId }) => contractId)
}

const paymentRows = preparedFor((db, ids) => {
  const { payments: t, paymentReversals: r } = db.tables
  const byThen = and(lte(t.paidOn, asOf), lte(t.recordedAt, knownAt))
  return db
    .select({
      contractId: t.contractId,
      amountFen: t.amountFen,
      paidOn: t.paidOn,
      designatedDueOn: t.designatedDueOn,
    })
    .from(t)
    .leftJoin(r, and(eq(r.paymentId, t.id), lte(r.recordedAt, knownAt)))
    .where(and(inArray(t.contractId, ids), byThen, isNull(r.id)))
    .orderBy(asc(t.recordedAt), asc(t.id))
}, plainRows)

/** The repayment plans of some contracts that stand at `knownAt`, in the order of recording. */
export async function plansOf(
  db: Reader,
  contractIds: readonly string[],
  { knownAt }: Pick<AtTime, 'knownAt'>,
): Promise<Map<string, (RepaymentPlan & { contractId: string })[]>> {
  const rows = await planRows(db, contractIds, { knownAt })
  return groupBy(rows, ({ contractId }) => contractId)
}

const planRows = preparedFor((db, ids) => {
  const { repaymentPlans: t } = db.tables
  return db
    .select({
      id: t.id,
      contractId: t.contractId,
      agreedOn: t.agreedOn,
      instalments: t.instalments,
    })
    .from(t)
    .where(and(inArray(t.contractId, ids), standingFacts(t, knownAt)))
    .orderBy(asc(t.id))
})
