import { and, between, eq, gt, gte, inArray, lte, not, type SQL, sql } from 'drizzle-orm'
import { addDays, type Day } from '../domain/calendar-day.ts'
import type { AtTime } from '../facts/fact-kind.ts'
import { standingFacts } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import { type LateSubsidy, lateSubsidies } from './late-subsidies.ts'
import { openByDay } from './open-by-day.ts'
import { allOperators } from './operator-scope.ts'

/** Rent that falls due from `asOf` on, and subsidies that are late then. */
export interface RentsDueJob extends AtTime {
  /** A contract of at least this score flags its operator. */
  flaggedScore: number
  /** Up to this day every instalment of flagged operators. */
  soonUntil: Day
  /** Before this day, if there is one, the sums by operator and village. */
  festivalOn: Day | null
}
export interface RentsDue {
  soon: RentDue[]
  beforeFestival: VillageRent[]
  late: LateSubsidy[]
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

/**
 * What falls due and what is late, out of the stored schedules and the facts. Of contracts without
 * a designated payment it is the difference of two sums, of the others what an allocation leaves.
 */
export async function rentsDue(db: Reader, job: RentsDueJob): Promise<RentsDue> {
  return {
    soon: await rentDueSoon(db, job),
    beforeFestival: job.festivalOn === null ? [] : await rentByVillage(db, job, job.festivalOn),
    late: await lateSubsidies(db, allOperators, job),
  }
}

/** The operators with a contract of at least `flaggedScore`. */
function flaggedOperators(db: Reader, { flaggedScore }: RentsDueJob) {
  const { risks: r } = db.tables
  return db.select({ id: r.operatorId }).from(r).where(gte(r.score, flaggedScore))
}

async function rentDueSoon(db: Reader, job: RentsDueJob): Promise<RentDue[]> {
  const { contracts: c, instalments: i } = db.tables
  const isOfFlagged = inArray(c.operatorId, flaggedOperators(db, job))
  // Also those that were an operator's before a correction: who has them now is looked at below.
  const ofFlagged = db.select({ id: c.id }).from(c).where(isOfFlagged)
  const due = instalmentsIn(db, job, job.soonUntil, inArray(i.contractId, ofFlagged))
  const openFen = sql`${scheduledFen(due.contractId, sql`j.due_on <= ${due.dueOn}`, job)}
    - ${paidFen(due.contractId, job)}`.mapWith(Number)
  const rows = await db
    .select({
      contractId: c.id,
      operatorId: c.operatorId,
      villageCode: c.villageCode,
      dueOn: due.dueOn,
      amountFen: due.amountFen,
      openFen,
      designated: oneIf(hasDesignated(due.contractId)),
    })
    .from(due)
    .innerJoin(c, eq(c.id, due.contractId))
    .where(and(isOfFlagged, standingFacts(c, job.knownAt)))
  const withDesignated = rows.filter(({ designated }) => designated === 1)
  const ids = [...new Set(withDesignated.map(({ contractId }) => contractId))]
  const openOf = new Map<string, number>()
  for await (const open of openByDay(db, ids, job, job.soonUntil))
    openOf.set(`${open.contractId} ${open.dueOn}`, open.openFen)
  return rows.flatMap(({ openFen, designated, ...row }) => {
    const key = `${row.contractId} ${row.dueOn}`
    const restFen = designated === 1 ? (openOf.get(key) ?? 0) : openFen
    return restFen > 0 ? [{ ...row, amountFen: Math.min(row.amountFen, restFen) }] : []
  })
}

/** Rent that falls due from `asOf` on and before `beforeDay`, by operator and village. */
async function rentByVillage(db: Reader, job: RentsDueJob, beforeDay: Day): Promise<VillageRent[]> {
  const until = addDays(beforeDay, -1)
  const rents = new Map<string, VillageRent>()
  const take = (rent: VillageRent) => {
    const key = `${rent.operatorId} ${rent.villageCode}`
    const other = rents.get(key)
    rents.set(key, other ? together(other, rent) : rent)
  }
  for (const rent of await rentBySums(db, job, until)) take(rent)
  const designated = new Map<string, Omit<VillageRent, 'amountFen' | 'earliestOn'>>()
  for (const { contractId, ...rent } of await withDesignated(db, job, until))
    designated.set(contractId, { ...rent, contracts: 1 })
  for await (const { contractId, dueOn, openFen } of openByDay(
    db,
    [...designated.keys()],
    job,
    until,
  )) {
    const rent = designated.get(contractId)
    if (!rent) continue
    take({ ...rent, amountFen: openFen, earliestOn: dueOn })
    // Its later days are of the same contract.
    designated.set(contractId, { ...rent, contracts: 0 })
  }
  return [...rents.values()]
}

const together = (one: VillageRent, other: VillageRent): VillageRent => ({
  ...one,
  contracts: one.contracts + other.contracts,
  amountFen: one.amountFen + other.amountFen,
  earliestOn: other.earliestOn < one.earliestOn ? other.earliestOn : one.earliestOn,
})

/** Of contracts whose payments go to the oldest instalment first: two sums are enough. */
async function rentBySums(db: Reader, job: RentsDueJob, until: Day): Promise<VillageRent[]> {
  const { contracts: c } = db.tables
  const ofDays = instalmentsIn(db, job, until)
  const due = db
    .select({
      contractId: ofDays.contractId,
      windowFen: sql<number>`sum(${ofDays.amountFen})`.as('window_fen'),
      earliestOn: sql<Day>`min(${ofDays.dueOn})`.as('earliest_on'),
    })
    .from(ofDays)
    .groupBy(ofDays.contractId)
    .as('due')
  const scheduled = scheduledFen(due.contractId, sql`j.due_on <= ${until}`, job)
  const open = db
    .select({
      operatorId: c.operatorId,
      villageCode: c.villageCode,
      windowFen: due.windowFen,
      earliestOn: due.earliestOn,
      openFen: sql<number>`${scheduled} - ${paidFen(due.contractId, job)}`.as('open_fen'),
    })
    .from(due)
    .innerJoin(c, eq(c.id, due.contractId))
    .where(and(standingFacts(c, job.knownAt), not(hasDesignated(due.contractId))))
    .as('open')
  const isFlagged = inArray(open.operatorId, flaggedOperators(db, job))
  const rows = await db
    .select({
      operatorId: open.operatorId,
      villageCode: open.villageCode,
      flagged: oneIf(isFlagged),
      contracts: sql`count(*)`.mapWith(Number),
      amountFen: sql`sum(case when ${open.openFen} < ${open.windowFen} then ${open.openFen}
        else ${open.windowFen} end)`.mapWith(Number),
      earliestOn: sql<Day>`min(${open.earliestOn})`,
    })
    .from(open)
    .where(gt(open.openFen, 0))
    .groupBy(open.operatorId, open.villageCode)
  return rows.map(({ flagged, ...rent }) => ({ ...rent, isFlagged: flagged === 1 }))
}

/** The contracts with a designated payment on which something falls due by a day. */
async function withDesignated(db: Reader, job: RentsDueJob, until: Day) {
  const { contracts: c } = db.tables
  const due = instalmentsIn(db, job, until, hasDesignated(db.tables.instalments.contractId))
  const rows = await db
    .selectDistinct({
      contractId: c.id,
      operatorId: c.operatorId,
      villageCode: c.villageCode,
      flagged: oneIf(inArray(c.operatorId, flaggedOperators(db, job))),
    })
    .from(due)
    .innerJoin(c, eq(c.id, due.contractId))
    .where(standingFacts(c, job.knownAt))
  return rows.map(({ flagged, ...row }) => ({ ...row, isFlagged: flagged === 1 }))
}

const oneIf = (condition: SQL) => sql`case when ${condition} then 1 else 0 end`.mapWith(Number)

/** The instalments of some days, those of a contract and a day together. */
function instalmentsIn(db: Reader, { asOf, knownAt }: RentsDueJob, until: Day, wanted?: SQL) {
  const { instalments: i } = db.tables
  return (
    db
      .select({
        contractId: i.contractId,
        dueOn: i.dueOn,
        amountFen: sql<number>`sum(${i.amountFen})`.mapWith(Number).as('day_fen'),
      })
      .from(i)
      .where(
        and(
          wanted,
          lte(i.recordedAt, knownAt),
          sql`(${i.supersededAt} is null or ${i.supersededAt} > ${knownAt})`,
          between(i.dueOn, asOf, until),
          gt(i.amountFen, 0),
        ),
      )
      // Without a first due day several instalments fall due on the last day of their rent year.
      .groupBy(i.contractId, i.dueOn)
      .as('falling_due')
  )
}

// Names are spelled out: drizzle would leave the table's name off inside these subqueries.
const scheduledFen = (contractId: SQL | unknown, days: SQL, { knownAt }: AtTime) =>
  sql`(select coalesce(sum(j.amount_fen), 0) from instalments j where j.contract_id = ${contractId}
    and j.recorded_at <= ${knownAt}
    and (j.superseded_at is null or j.superseded_at > ${knownAt}) and ${days})`

const paidFen = (contractId: SQL | unknown, { asOf, knownAt }: AtTime) =>
  sql`(select coalesce(sum(p.amount_fen), 0) from payments p where p.contract_id = ${contractId}
    and p.recorded_at <= ${knownAt} and p.paid_on <= ${asOf}
    and not exists (select 1 from payment_reversals v
      where v.payment_id = p.id and v.recorded_at <= ${knownAt}))`

const hasDesignated = (contractId: SQL | unknown) =>
  sql`exists (select 1 from payments d where d.contract_id = ${contractId}
    and d.designated_due_on is not null)`
