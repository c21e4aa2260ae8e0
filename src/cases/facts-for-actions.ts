import { and, asc, inArray, lte } from 'drizzle-orm'
import type { Day } from '../domain/calendar-day.ts'
import type { CaseFacts } from '../domain/next-action.ts'
import type { AtTime } from '../facts/fact-kind.ts'
import { standingFacts } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import { remindersOf } from '../recovery/contract-reminders.ts'
import { planStandingsOf } from '../recovery/plan-standings.ts'

interface OwingContract {
  contractId: string
  contractNo: string | null
  arrearsFen: number
  daysOverdue: number
}

/** What was done about some contracts, as the rules of the next action take it. */
export async function factsForActions(
  db: Reader,
  contracts: readonly OwingContract[],
  at: AtTime,
  toleranceDays: number,
): Promise<CaseFacts['contracts']> {
  const ids = contracts.map(({ contractId }) => contractId)
  const visits = await lastVisits(db, ids, at)
  const demands = await lastDemands(db, ids, at)
  const mediations = await lastMediations(db, ids, at)
  const plans = await planStandingsOf(db, ids, at, toleranceDays)
  const reminders = await remindersOf(db, ids, at)
  return contracts.map(({ contractId, contractNo, arrearsFen, daysOverdue }) => {
    const visit = visits.get(contractId)
    const reminder = reminders.get(contractId)
    const dueOns = (reminder?.instalments ?? []).map(({ dueOn }) => dueOn).sort()
    return {
      contractId,
      contractNo,
      arrearsFen,
      daysOverdue,
      oldestUnpaidDueOn: dueOns[0] ?? null,
      lastVisitOn: visit?.visitedOn ?? null,
      nextVisitOn: visit?.nextVisitOn ?? null,
      lastDemandOn: demands.get(contractId) ?? null,
      lastMediationOn: mediations.get(contractId) ?? null,
      plan: plans.get(contractId)?.findLast(({ state }) => state !== 'agreed_later') ?? null,
      nextLimitationOn: reminder?.nextLimitationOn ?? null,
    }
  })
}

/** The last visit of each contract. */
async function lastVisits(db: Reader, ids: readonly string[], { asOf, knownAt }: AtTime) {
  const { screenings: t } = db.tables
  const rows = await db
    .select({ contractId: t.contractId, visitedOn: t.visitedOn, nextVisitOn: t.nextVisitOn })
    .from(t)
    .where(and(inArray(t.contractId, [...ids]), lte(t.visitedOn, asOf), standingFacts(t, knownAt)))
    .orderBy(asc(t.visitedOn), asc(t.id))
  return new Map(rows.map((row) => [row.contractId, row]))
}

async function lastDemands(db: Reader, ids: readonly string[], { asOf, knownAt }: AtTime) {
  const { demands: t } = db.tables
  const rows = await db
    .select({ contractId: t.contractId, day: t.deliveredOn })
    .from(t)
    .where(
      and(inArray(t.contractId, [...ids]), lte(t.deliveredOn, asOf), standingFacts(t, knownAt)),
    )
    .orderBy(asc(t.deliveredOn))
  return lastOf(rows)
}

async function lastMediations(db: Reader, ids: readonly string[], { asOf, knownAt }: AtTime) {
  const { mediations: t } = db.tables
  const rows = await db
    .select({ contractId: t.contractId, day: t.requestedOn })
    .from(t)
    .where(
      and(inArray(t.contractId, [...ids]), lte(t.requestedOn, asOf), standingFacts(t, knownAt)),
    )
    .orderBy(asc(t.requestedOn))
  return lastOf(rows)
}

/** Rows come in the order of their days: the last of a contract stays. */
const lastOf = (rows: readonly { contractId: string; day: Day }[]) =>
  new Map(rows.map(({ contractId, day }) => [contractId, day]))
