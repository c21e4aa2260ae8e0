import { or, type SQL, sql } from 'drizzle-orm'
import type { Day } from '../domain/calendar-day.ts'
import type { Level } from '../domain/levels.ts'
import type { Reader } from '../platform/database/database.ts'
import type { Run } from './risk-store.ts'

/**
 * All operators but the quiet ones: of whose contracts each has a stored risk that `last` knew, the
 * run of the latest day, and that stays as it is up to `asOf`, so that the scores of that run speak
 * for it too. No operator is quiet that an import has touched and not refreshed yet, nor one with
 * another score since the day `changedAfter`.
 */
export async function loudOperators(
  db: Reader,
  asOf: Day,
  last: Pick<Run, 'startedAt'>,
  changedAfter: Day | undefined,
): Promise<string[]> {
  const { contracts: c } = db.tables
  // Names are spelled out: drizzle would leave the table's name off inside these subqueries.
  const isQuiet = sql`exists (select 1 from risks q
    where q.operator_id = contracts.operator_id and q.contract_id = contracts.id
    and q.quiet_until >= ${asOf} and q.known_at <= ${last.startedAt})`
  const isBehind = sql`contracts.operator_id in (select operator_id from import_operators)`
  const hasChanged: SQL | undefined =
    changedAfter === undefined
      ? undefined
      : sql`exists (select 1 from score_changes s where s.contract_id = contracts.id
          and s.as_of > ${changedAfter})`
  const rows = await db
    .selectDistinct({ id: c.operatorId })
    .from(c)
    .where(or(sql`not ${isQuiet}`, isBehind, hasChanged))
    .orderBy(c.operatorId)
  return rows.map(({ id }) => id)
}

/** How many contracts have a stored risk, by its level. */
export function storedLevels(db: Reader): Promise<{ level: Level; contracts: number }[]> {
  const { risks: t } = db.tables
  return Promise.resolve(
    db
      .select({ level: t.level, contracts: sql`count(*)`.mapWith(Number) })
      .from(t)
      .groupBy(t.level),
  )
}
