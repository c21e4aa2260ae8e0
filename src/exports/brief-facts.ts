import { and, inArray } from 'drizzle-orm'
import type { Caller } from '../access/caller.ts'
import type { BriefCase, BriefFacts, BriefLate, BriefSubsidy } from '../domain/brief-parts.ts'
import { addMonths, type Day } from '../domain/calendar-day.ts'
import { CASE_STATES, type CaseState } from '../domain/case-stages.ts'
import { mailText } from '../domain/mask-name.ts'
import { delayDays } from '../domain/subsidy-delay.ts'
import type { AtTime } from '../facts/fact-kind.ts'
import { standingFacts } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import { regionNames } from '../regions/region-store.ts'
import { countySummaryView } from '../risk/county-summary-view.ts'
import { type LateSubsidy, lateSubsidies } from '../risk/late-subsidies.ts'
import { allOperators } from '../risk/operator-scope.ts'
import { type CaseThen, casesThen } from './case-days.ts'
import type { LedgerSource, LedgerWish } from './ledger.ts'
import { listedCases } from './listed-cases.ts'
import { mailNames } from './mail-names.ts'
import { ofRegion } from './subsidy-sheet.ts'

const CASES_MAX = 10
const SUBSIDIES_MAX = 10

export interface BriefWish extends AtTime {
  region: string | undefined
  caller: Caller
  /** What the region is called. */
  place: string
}

/** The first day of the first policy: there are no scores before it. */
const FIRST_DAY = '1900-01-01'

/** What a monthly brief says of a region on a day, as known then. Names of persons are masked. */
export async function briefFacts(source: LedgerSource, wish: BriefWish): Promise<BriefFacts> {
  const { db, county } = source
  const { asOf, knownAt, region, place } = wish
  const summaryOf = (by: 'landUse' | 'township' | undefined, on: Day) =>
    countySummaryView(db, county, { region, by }, { knownAt, asOf: on }, false)
  const { groups: byLandUse, staleTownships, ...total } = await summaryOf('landUse', asOf)
  const { groups: byTownship } = await summaryOf('township', asOf)
  const monthBefore = addMonths(asOf, -1)
  const names = await regionNames(db, knownAt)
  return {
    asOf,
    place,
    total,
    ...(monthBefore >= FIRST_DAY && { before: await summaryOf(undefined, monthBefore) }),
    byLandUse,
    byTownship,
    ...(await casesOnDay(source, { ...wish, stored: false, revealed: false })),
    late: await lateOnes(db, wish),
    staleTownships: staleTownships.map((code) => names.get(code) ?? code),
  }
}

const CASES_PER_PAGE = 200

/** How many cases stood where, and the most urgent of those that were open. */
async function casesOnDay(
  source: LedgerSource,
  wish: LedgerWish,
): Promise<Pick<BriefFacts, 'cases' | 'caseStates'>> {
  const { db } = source
  const listed = await listedCases(source, wish)
  const caseStates = noCases()
  const urgent: (CaseThen & Awaited<ReturnType<typeof listedCases>>[number])[] = []
  for (let at = 0; at < listed.length; at += CASES_PER_PAGE) {
    const page = listed.slice(at, at + CASES_PER_PAGE)
    const rows = page.map(({ row }) => row)
    const thenOf = await casesThen(db, rows, wish)
    for (const one of page) {
      const then = thenOf.get(one.row.id)
      if (!then) continue
      caseStates[then.state] += 1
      if (then.state !== 'resolved' && urgent.length < CASES_MAX) urgent.push({ ...one, ...then })
    }
  }
  const townships = await regionNames(db, wish.knownAt)
  const operatorIds = urgent.map(({ row }) => row.operatorId)
  const names = await mailNames(db, operatorIds, wish.knownAt)
  const cases = urgent.map(
    ({ row, figures, state, fixes }): BriefCase => ({
      number: row.number,
      operator: names.get(row.operatorId) ?? '',
      township: townships.get(row.townshipCode) ?? row.townshipCode,
      level: figures.level,
      arrearsFen: figures.arrearsFen,
      households: figures.households,
      state,
      responsibleUnit: fixes ? mailText(fixes.responsibleUnit) : null,
      deadlineOn: fixes?.deadlineOn ?? null,
    }),
  )
  return { cases, caseStates }
}

const noCases = () =>
  Object.fromEntries(CASE_STATES.map((state) => [state, 0])) as Record<CaseState, number>

async function lateOnes(db: Reader, wish: BriefWish): Promise<BriefLate> {
  const inRegion = await subsidiesIn(db, wish)
  const late = (await lateSubsidies(db, allOperators, wish)).filter(({ id }) => inRegion(id))
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
    longest: await namedSubsidies(db, longest, wish),
  }
}

async function subsidiesIn(db: Reader, { region, knownAt }: BriefWish) {
  if (region === undefined) return () => true
  const { subsidies: t } = db.tables
  const there = await db
    .select({ id: t.id })
    .from(t)
    .where(ofRegion(db, region, knownAt))
  const ids = new Set(there.map(({ id }) => id))
  return (id: string) => ids.has(id)
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
