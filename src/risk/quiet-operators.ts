import { and, gt, inArray, isNull, lt, or, type SQL, sql } from 'drizzle-orm'
import { union } from 'drizzle-orm/sqlite-core'
import type { Day } from '../domain/calendar-day.ts'
import { ALL_KNOWN, standingFacts } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import { rowsIn } from './operator-scope.ts'
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
  const { contracts: c, risks: r, scoreChanges: s, importOperators: i } = db.tables
  const turned = or(isNull(r.quietUntil), lt(r.quietUntil, asOf), gt(r.knownAt, last.startedAt))
  // A query of its own each time: another condition takes the place of the one that it has.
  const ofContracts = (wanted: SQL | undefined) =>
    db.select({ id: c.operatorId }).from(c).where(wanted)
  // In order, so that the two lists of all contracts are gone through side by side.
  const missing = db
    .select({ id: c.id })
    .from(c)
    .except(db.select({ id: r.contractId }).from(r))
    .orderBy(sql`1`)
  // One that failed since it has another operator is stored under the one before.
  const ofTurned = db.select({ id: r.contractId }).from(r).where(turned)
  const changed = db
    .select({ id: s.contractId })
    .from(s)
    .where(changedAfter === undefined ? sql`false` : gt(s.asOf, changedAfter))
  const rows = await union(
    db.select({ id: r.operatorId }).from(r).where(turned),
    db.select({ id: i.operatorId }).from(i),
    ofContracts(and(inArray(c.id, missing), standingFacts(c, ALL_KNOWN))),
    ofContracts(inArray(c.id, ofTurned)),
    ofContracts(inArray(c.id, changed)),
  ).orderBy(sql`1`)
  return rows.map(({ id }) => id)
}

/** How many contracts of some operators have a stored risk, by its level. */
export const storedLevels = rowsIn((db, inScope) => {
  const { risks: t } = db.tables
  return db
    .select({ level: t.level, contracts: sql<number>`cast(count(*) as integer)` })
    .from(t)
    .where(inScope(t.operatorId))
    .groupBy(t.level)
})
