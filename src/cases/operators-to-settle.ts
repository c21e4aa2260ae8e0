import { setImmediate } from 'node:timers/promises'
import { and, asc, eq, gt, gte, lt, lte, ne, or, type SQL, sql } from 'drizzle-orm'
import { addDays } from '../domain/calendar-day.ts'
import { DAYS_TO_DEADLINE, DEADLINE_STEPS } from '../domain/case-stages.ts'
import type { Reader } from '../platform/database/database.ts'
import type { CaseNight } from './case-night.ts'
import { placeOf } from './place-figures.ts'

/** A page takes some milliseconds of the thread that answers requests. */
const CASES_PER_PAGE = 2000

/**
 * The operators whose cases a night may have to move: most have none to move, and those are told
 * apart where the rows are. None is left out; of some the rules find nothing to do.
 */
export async function* operatorsToSettle(db: Reader, night: CaseNight): AsyncGenerator<string[]> {
  const { cases: t } = db.tables
  for (let after: string | undefined = ''; after !== undefined; ) {
    const next = await db
      .select({ id: t.id })
      .from(t)
      .where(gt(t.id, after))
      .orderBy(asc(t.id))
      .limit(1)
      .offset(CASES_PER_PAGE - 1)
    yield await operatorsOfPage(db, night, after)
    await setImmediate()
    after = next[0]?.id
  }
  if (night.brokenAt.size > 0) yield await operatorsOfBroken(db, night)
}

async function operatorsOfPage(
  db: Reader,
  { asOf, policy }: CaseNight,
  after: string,
): Promise<string[]> {
  const { cases: t } = db.tables
  // Names are spelled out: drizzle would leave the table's name off inside this subquery.
  const score = sql<number>`coalesce((select max(r.score) from risks r
    where r.operator_id = cases.operator_id
    and substr(r.village_code, 1, 9) = cases.township_code), 0)`
  const page = db
    .select({
      operatorId: t.operatorId,
      state: t.state,
      level: t.level,
      proposedOn: t.proposedOn,
      deadlineOn: t.deadlineOn,
      deadlineTold: t.deadlineTold,
      score: score.as('top_score'),
    })
    .from(t)
    .where(gt(t.id, after))
    .orderBy(asc(t.id))
    .limit(CASES_PER_PAGE)
    .as('page')
  const { red, orange, yellow, blue } = policy.levels
  const level: SQL = sql`case when ${page.score} >= ${red} then 'red'
    when ${page.score} >= ${orange} then 'orange' when ${page.score} >= ${yellow} then 'yellow'
    when ${page.score} >= ${blue} then 'blue' else 'none' end`
  const flaggedScore = policy.levels[policy.caseLevel]
  const rows = await db
    .selectDistinct({ id: page.operatorId })
    .from(page)
    .where(
      or(
        and(eq(page.state, 'resolved'), gte(page.score, flaggedScore)),
        and(
          ne(page.state, 'resolved'),
          or(
            sql`${page.level} <> ${level}`,
            sql`(${page.score} < ${flaggedScore}) <> (${page.proposedOn} is not null)`,
            and(
              lt(page.deadlineTold, DEADLINE_STEPS.length),
              lte(page.deadlineOn, addDays(asOf, DAYS_TO_DEADLINE.person)),
            ),
          ),
        ),
      ),
    )
  return rows.map(({ id }) => id)
}

/** A plan that was broken takes up a resolved case, whatever its contracts owe. */
async function operatorsOfBroken(db: Reader, { brokenAt }: CaseNight): Promise<string[]> {
  const { cases: t } = db.tables
  const resolved = await db
    .select({ operatorId: t.operatorId, townshipCode: t.townshipCode })
    .from(t)
    .where(eq(t.state, 'resolved'))
  const broken = resolved.filter((row) => brokenAt.has(placeOf(row)))
  return [...new Set(broken.map(({ operatorId }) => operatorId))]
}
