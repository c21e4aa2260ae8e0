import { and, count, inArray, sql } from 'drizzle-orm'
import { inRegion, listCases } from '../cases/case-list.ts'
import { caseViews } from '../cases/case-view.ts'
import type { BriefCase, BriefFacts, BriefLate, BriefSubsidy } from '../domain/brief-parts.ts'
import { addMonths, type Day } from '../domain/calendar-day.ts'
import { CASE_STATES, type CaseState } from '../domain/case-stages.ts'
import { policyInForce } from '../domain/risk-policy.ts'
import { delayDays } from '../domain/subsidy-delay.ts'
import type { AtTime } from '../facts/fact-kind.ts'
import { standingFacts, within } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import { regionNames } from '../regions/region-store.ts'
import type { CountyJobs } from '../risk/county-jobs.ts'
import { countySummaryView } from '../risk/county-summary-view.ts'
import { type LateSubsidy, lateSubsidies } from '../risk/late-subsidies.ts'
import type { OperatorScope } from '../risk/operator-scope.ts'
import { allPolicies } from '../risk/policy-store.ts'
import { mailNames } from './mail-names.ts'

const CASES_MAX = 10
const SUBSIDIES_MAX = 10

export interface BriefWish extends AtTime {
  region: string | undefined
  /** What the region is called. */
  place: string
}

/**
 * What a monthly brief says of a region on a day; the ledger of risks as it stands now. Names of
 * persons are masked.
 */
export async function briefFacts(
  db: Reader,
  county: CountyJobs,
  { region, place, ...at }: BriefWish,
): Promise<BriefFacts> {
  const monthBefore = addMonths(at.asOf, -1)
  const summaryOf = (by: 'landUse' | 'township' | undefined, asOf: Day) =>
    countySummaryView(db, county, { region, by }, { ...at, asOf }, false)
  const { groups: byLandUse, staleTownships, ...total } = await summaryOf('landUse', at.asOf)
  const { groups: byTownship } = await summaryOf('township', at.asOf)
  const before = await summaryOf(undefined, monthBefore)
  const names = await regionNames(db, at.knownAt)
  return {
    asOf: at.asOf,
    place,
    total,
    before,
    byLandUse,
    byTownship,
    cases: await urgentCases(db, region, at),
    caseStates: await caseStates(db, region),
    late: await lateOnes(db, region, at),
    staleTownships: staleTownships.map((code) => names.get(code) ?? code),
  }
}

async function urgentCases(
  db: Reader,
  region: string | undefined,
  at: AtTime,
): Promise<BriefCase[]> {
  const policy = policyInForce(await allPolicies(db, at.knownAt), at.asOf)
  const states = CASE_STATES.filter((state) => state !== 'resolved')
  const lists = await Promise.all(
    states.map((state) => listCases(db, { region, state }, policy, undefined, CASES_MAX)),
  )
  const urgent = lists
    .flat()
    .sort((a, b) => b.score - a.score || b.arrearsFen - a.arrearsFen)
    .slice(0, CASES_MAX)
  const time = { ...at, scoredOn: at.asOf, policy }
  const operatorIds = urgent.map(({ row }) => row.operatorId)
  const names = await mailNames(db, operatorIds, at.knownAt)
  const views = await caseViews(db, urgent, time)
  return views.map(({ operatorId, townshipName, townshipCode, ...view }) => ({
    number: view.number,
    operator: names.get(operatorId) ?? '',
    township: townshipName ?? townshipCode,
    level: view.level,
    arrearsFen: view.arrearsFen,
    households: view.households,
    state: view.state,
    responsibleUnit: view.responsibleUnit,
    deadlineOn: view.deadlineOn,
  }))
}

async function caseStates(
  db: Reader,
  region: string | undefined,
): Promise<Record<CaseState, number>> {
  const { cases: t } = db.tables
  const rows = await db
    .select({ state: t.state, cases: count() })
    .from(t)
    .where(region === undefined ? undefined : inRegion(db, region))
    .groupBy(t.state)
  const counts = Object.fromEntries(CASE_STATES.map((state) => [state, 0])) as Record<
    CaseState,
    number
  >
  for (const { state, cases } of rows) counts[state] = cases
  return counts
}

async function lateOnes(db: Reader, region: string | undefined, at: AtTime): Promise<BriefLate> {
  const late = await lateSubsidies(db, leasingIn(db, region), at)
  const of = (standing: LateSubsidy['standing']) => late.filter((one) => one.standing === standing)
  const sum = (list: readonly LateSubsidy[]) => ({
    count: list.length,
    outstandingFen: list.reduce((fen, { outstandingFen }) => fen + outstandingFen, 0),
  })
  const recognised = of('recognised')
  const longest = recognised
    .toSorted((a, b) => (a.payableOn + a.id < b.payableOn + b.id ? -1 : 1))
    .slice(0, SUBSIDIES_MAX)
  return {
    recognised: sum(recognised),
    claimed: sum(of('claimed')),
    longest: await namedSubsidies(db, longest, at),
  }
}

/** Operators with a contract in a region. */
function leasingIn(db: Reader, region: string | undefined): OperatorScope {
  const { contracts } = db.tables
  if (region === undefined) return () => sql`true`
  const there = db
    .select({ id: contracts.operatorId })
    .from(contracts)
    .where(within(contracts.villageCode, region))
  return (operatorId) => inArray(operatorId, there)
}

async function namedSubsidies(
  db: Reader,
  late: readonly LateSubsidy[],
  { asOf, knownAt }: AtTime,
): Promise<BriefSubsidy[]> {
  const { subsidies: t } = db.tables
  const ids = late.map(({ id }) => id)
  const rows = await db
    .select()
    .from(t)
    .where(and(inArray(t.id, ids), standingFacts(t, knownAt)))
  const known = new Map(rows.map((row) => [row.id, row]))
  const operatorIds = late.map(({ operatorId }) => operatorId)
  const names = await mailNames(db, operatorIds, knownAt)
  return late.flatMap(({ id, operatorId, outstandingFen, payableOn }) => {
    const row = known.get(id)
    if (!row) return []
    const { programme, year, responsibleUnit } = row
    const operator = names.get(operatorId) ?? ''
    const days = delayDays(asOf, payableOn)
    return [
      { operator, programme, year, outstandingFen, payableOn, delayDays: days, responsibleUnit },
    ]
  })
}
