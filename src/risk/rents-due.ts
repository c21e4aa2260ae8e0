import { and, between, eq, gt, gte, inArray, isNull, lt, lte, sql } from 'drizzle-orm'
import type { Day } from '../domain/calendar-day.ts'
import type { Reader } from '../platform/database/database.ts'

/** Rent that falls due from `asOf` on; flagged are contracts with at least `flaggedScore`. */
export interface RentsDueJob {
  asOf: Day
  flaggedScore: number
  /** Up to this day every instalment of operators with a flagged contract. */
  soonUntil: Day
  /** Before this day, if there is one, the sums of all operators by village. */
  festivalOn: Day | null
}
export interface RentsDue {
  soon: RentDue[]
  beforeFestival: VillageRent[]
}

/** What falls due of a contract on a day, as far as it is not paid in advance. */
export interface RentDue {
  contractId: string
  operatorId: string
  villageCode: string
  dueOn: Day
  amountFen: number
}

/** What falls due at one operator in one village, as far as it is not paid in advance. */
export interface VillageRent {
  operatorId: string
  villageCode: string
  contracts: number
  amountFen: number
  earliestOn: Day
  isFlagged: boolean
}

/** Rent that falls due, out of the stored schedules and the payments. */
export async function rentsDue(db: Reader, job: RentsDueJob): Promise<RentsDue> {
  return {
    soon: await rentDueSoon(db, job),
    beforeFestival: job.festivalOn === null ? [] : await rentByVillage(db, job, job.festivalOn),
  }
}

const flaggedOperators = (db: Reader, flaggedScore: number) => {
  const { risks: r } = db.tables
  return db.selectDistinct({ id: r.operatorId }).from(r).where(gte(r.score, flaggedScore))
}

async function rentDueSoon(
  db: Reader,
  { asOf, soonUntil, flaggedScore }: RentsDueJob,
): Promise<RentDue[]> {
  const { instalments: i, risks: r } = db.tables
  // Names are spelled out: drizzle would leave the table's name off inside these subqueries.
  const dueUpTo = sql`(select sum(j.amount_fen) from instalments j where j.contract_id =
    instalments.contract_id and j.superseded_at is null and j.due_on <= instalments.due_on)`
  const paid = sql`(select coalesce(sum(p.amount_fen), 0) from payments p where p.contract_id =
    instalments.contract_id and not exists (select 1 from payment_reversals v
      where v.payment_id = p.id))`
  const rows = await db
    .select({
      contractId: i.contractId,
      operatorId: r.operatorId,
      villageCode: r.villageCode,
      dueOn: i.dueOn,
      amountFen: sql`sum(${i.amountFen})`.mapWith(Number),
      openFen: sql`${dueUpTo} - ${paid}`.mapWith(Number),
    })
    .from(r)
    .innerJoin(i, eq(i.contractId, r.contractId))
    .where(
      and(
        inArray(r.operatorId, flaggedOperators(db, flaggedScore)),
        isNull(i.supersededAt),
        between(i.dueOn, asOf, soonUntil),
        gt(i.amountFen, 0),
      ),
    )
    // Without a first due day several instalments fall due on the last day of their rent year.
    .groupBy(i.contractId, r.operatorId, r.villageCode, i.dueOn)
  return rows
    .filter(({ openFen }) => openFen > 0)
    .map(({ openFen, ...due }) => ({ ...due, amountFen: Math.min(due.amountFen, openFen) }))
}

/**
 * Rent that falls due from `asOf` on and before `beforeDay`, by operator and village: two sums over
 * the stored schedule and the payments, which go to the oldest instalment first.
 */
async function rentByVillage(
  db: Reader,
  { asOf, flaggedScore }: RentsDueJob,
  beforeDay: Day,
): Promise<VillageRent[]> {
  const { instalments: i, payments: p, paymentReversals: r, risks } = db.tables
  const due = db
    .select({
      contractId: i.contractId,
      windowFen:
        sql<number>`sum(case when ${i.dueOn} >= ${asOf} then ${i.amountFen} else 0 end)`.as(
          'window_fen',
        ),
      allFen: sql<number>`sum(${i.amountFen})`.as('all_fen'),
      earliestOn: sql<Day>`min(case when ${i.dueOn} >= ${asOf} then ${i.dueOn} end)`.as(
        'earliest_on',
      ),
    })
    .from(i)
    .where(and(isNull(i.supersededAt), lt(i.dueOn, beforeDay)))
    .groupBy(i.contractId)
    .as('due')
  const paid = db
    .select({
      contractId: p.contractId,
      paidFen: sql<number>`sum(${p.amountFen})`.as('paid_fen'),
    })
    .from(p)
    .leftJoin(r, eq(r.paymentId, p.id))
    .where(and(isNull(r.id), lte(p.paidOn, asOf)))
    .groupBy(p.contractId)
    .as('paid')
  const unpaidFen = sql`${due.allFen} - coalesce(${paid.paidFen}, 0)`
  const rows = await db
    .select({
      operatorId: risks.operatorId,
      villageCode: risks.villageCode,
      contracts: sql`count(*)`.mapWith(Number),
      amountFen: sql`sum(case when ${unpaidFen} < ${due.windowFen} then ${unpaidFen}
        else ${due.windowFen} end)`.mapWith(Number),
      earliestOn: sql<Day>`min(${due.earliestOn})`,
    })
    .from(due)
    .innerJoin(risks, eq(risks.contractId, due.contractId))
    .leftJoin(paid, eq(paid.contractId, due.contractId))
    .where(sql`${due.windowFen} > 0 and ${unpaidFen} > 0`)
    .groupBy(risks.operatorId, risks.villageCode)
  const flagged = await flaggedOperators(db, flaggedScore)
  const flaggedIds = new Set(flagged.map(({ id }) => id))
  return rows.map((row) => ({ ...row, isFlagged: flaggedIds.has(row.operatorId) }))
}
