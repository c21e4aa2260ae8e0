import { and, asc, eq, gte, isNotNull, lte, sql } from 'drizzle-orm'
import { within } from '../access/bounds.ts'
import { addDays } from '../domain/calendar-day.ts'
import { timesFraction } from '../domain/fen.ts'
import { standingFacts } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import { regionNames } from '../regions/region-store.ts'
import type { CaseTime } from './case-contracts.ts'

/** A visit counts for so many days: county practice. */
const VISIT_DAYS = 90

/** Which share of the flagged contracts of each township was visited in the last 90 days. */
export async function screeningCoverage(
  db: Reader,
  region: string | undefined,
  { policy, ...at }: CaseTime,
) {
  const { risks: r, screenings: s } = db.tables
  const visits = db
    .select({
      contractId: s.contractId,
      lastOn: sql<string>`max(${s.visitedOn})`.as('last_visit_on'),
      nextOn: sql<string | null>`max(${s.nextVisitOn})`.as('next_visit_on'),
    })
    .from(s)
    .where(and(lte(s.visitedOn, at.asOf), standingFacts(s, at.knownAt)))
    .groupBy(s.contractId)
    .as('visits')
  const townshipCode = sql<string>`substr(${r.villageCode}, 1, 9)`
  const visited = gte(visits.lastOn, addDays(at.asOf, -VISIT_DAYS))
  const missed = and(
    isNotNull(visits.nextOn),
    sql`${visits.nextOn} < ${at.asOf}`,
    sql`${visits.lastOn} < ${visits.nextOn}`,
  )
  const count = (condition: typeof visited | undefined) =>
    sql`sum(case when ${condition} then 1 else 0 end)`.mapWith(Number)
  const rows = await db
    .select({
      townshipCode,
      flagged: sql`count(*)`.mapWith(Number),
      visited: count(visited),
      visitsMissed: count(missed),
    })
    .from(r)
    .leftJoin(visits, eq(visits.contractId, r.contractId))
    .where(
      and(
        gte(r.score, policy.levels[policy.caseLevel]),
        region === undefined ? undefined : within(r.villageCode, region),
      ),
    )
    .groupBy(townshipCode)
    .orderBy(asc(townshipCode))
  const names = await regionNames(db, at.knownAt)
  return rows.map((row) => ({
    ...row,
    townshipName: names.get(row.townshipCode) ?? null,
    sharePercent: timesFraction(row.visited, 10_000, row.flagged) / 100,
  }))
}
