import {
  and,
  asc,
  desc,
  eq,
  exists,
  gt,
  gte,
  like,
  lt,
  lte,
  ne,
  or,
  type SQL,
  sql,
} from 'drizzle-orm'
import { z } from 'zod'
import { CASE_STATES } from '../domain/case-stages.ts'
import { LEVELS, type Level, type LevelMinima, levelOf } from '../domain/levels.ts'
import type { RiskPolicy } from '../domain/risk-policy.ts'
import type { Reader } from '../platform/database/database.ts'
import { day, page, regionCode, text, uuid } from '../platform/http/fields.ts'
import type { CaseRow } from './case-store.ts'

export const caseQuery = z.strictObject({
  ...page,
  state: z.enum(CASE_STATES).optional(),
  level: z.enum(LEVELS).optional(),
  region: regionCode.optional(),
  operatorId: uuid.optional(),
  responsibleUnit: text(200).optional(),
  /** Open cases whose deadline is this day or an earlier one. */
  deadlineUntil: day.optional(),
})
export type CaseQuery = z.output<typeof caseQuery>

/** A case with what its contracts owe now. */
export interface CaseFigures {
  row: CaseRow
  score: number
  level: Level
  /** Of the flagged contracts, like the households. */
  arrearsFen: number
  households: number
  /** Of the operator's other contracts in the township. */
  otherArrearsFen: number
}
export interface CasePlace {
  score: number
  arrearsFen: number
  id: string
}

/** Cases with their present figures, the most urgent first, at most `limit`. */
export async function listCases(
  db: Reader,
  query: Omit<CaseQuery, 'cursor' | 'limit'>,
  policy: RiskPolicy,
  after: CasePlace | undefined,
  limit: number,
): Promise<CaseFigures[]> {
  const { cases: t } = db.tables
  const owed = owedNow(db, policy, query)
  const score = sql<number>`coalesce(${owed.score}, 0)`.mapWith(Number)
  const arrearsFen = sql<number>`coalesce(${owed.arrearsFen}, 0)`.mapWith(Number)
  const rows = await db
    .select({
      row: t,
      score,
      arrearsFen,
      households: sql`coalesce(${owed.households}, 0)`.mapWith(Number),
      allArrearsFen: sql`coalesce(${owed.allArrearsFen}, 0)`.mapWith(Number),
    })
    .from(t)
    .leftJoin(owed, and(eq(owed.operatorId, t.operatorId), eq(owed.townshipCode, t.townshipCode)))
    .where(
      and(
        ...filters(db, query),
        query.level === undefined ? undefined : ofLevel(score, query.level, policy.levels),
        after && lessUrgent(score, arrearsFen, db, after),
      ),
    )
    .orderBy(desc(score), desc(arrearsFen), asc(t.id))
    .limit(limit)
  return rows.map(({ allArrearsFen, ...rest }) => ({
    ...rest,
    level: levelOf(rest.score, policy.levels),
    otherArrearsFen: allArrearsFen - rest.arrearsFen,
  }))
}

/** What the operators with cases owe in each township: one grouped scan of the stored risks. */
function owedNow(db: Reader, policy: RiskPolicy, { operatorId }: Pick<CaseQuery, 'operatorId'>) {
  const { risks: r, cases: t } = db.tables
  const flagged = sql`${r.score} >= ${policy.levels[policy.caseLevel]}`
  const sumFlagged = (value: SQL | typeof r.arrearsFen) =>
    sql<number>`sum(case when ${flagged} then ${value} else 0 end)`
  const withCase = db.select({ id: t.operatorId }).from(t)
  const townshipCode = sql<string>`substr(${r.villageCode}, 1, 9)`
  return db
    .select({
      operatorId: r.operatorId,
      townshipCode: townshipCode.as('township'),
      score: sql<number>`max(${r.score})`.as('top_score'),
      arrearsFen: sumFlagged(r.arrearsFen).as('flagged_arrears'),
      households: sumFlagged(sql`case when ${r.arrearsFen} > 0 then ${r.households} else 0 end`).as(
        'flagged_households',
      ),
      allArrearsFen: sql<number>`sum(${r.arrearsFen})`.as('all_arrears'),
    })
    .from(r)
    .where(
      operatorId === undefined ? sql`${r.operatorId} in ${withCase}` : eq(r.operatorId, operatorId),
    )
    .groupBy(r.operatorId, townshipCode)
    .as('owed')
}

function filters(db: Reader, query: Omit<CaseQuery, 'cursor' | 'limit'>): (SQL | undefined)[] {
  const { cases: t } = db.tables
  const { state, region, operatorId, responsibleUnit, deadlineUntil } = query
  return [
    state === undefined ? undefined : eq(t.state, state),
    region === undefined ? undefined : inRegion(db, region),
    operatorId === undefined ? undefined : eq(t.operatorId, operatorId),
    responsibleUnit === undefined ? undefined : eq(t.responsibleUnit, responsibleUnit),
    deadlineUntil === undefined
      ? undefined
      : and(lte(t.deadlineOn, deadlineUntil), ne(t.state, 'resolved')),
  ]
}

/** A case lies in a village when a contract of its operator does. */
export function inRegion(db: Reader, region: string): SQL | undefined {
  const { cases: t, risks: r } = db.tables
  if (region.length < 12) return like(t.townshipCode, `${region}%`)
  const there = db
    .select({ one: sql`1` })
    .from(r)
    .where(and(eq(r.operatorId, t.operatorId), eq(r.villageCode, region)))
  return and(eq(t.townshipCode, region.slice(0, 9)), exists(there))
}

function ofLevel(score: SQL<number>, level: Level, minima: LevelMinima): SQL | undefined {
  const above = LEVELS[LEVELS.indexOf(level) - 1] as Exclude<Level, 'none'> | undefined
  return and(
    level === 'none' ? undefined : gte(score, minima[level]),
    above === undefined ? undefined : lt(score, minima[above]),
  )
}

function lessUrgent(
  score: SQL<number>,
  arrearsFen: SQL<number>,
  db: Reader,
  after: CasePlace,
): SQL | undefined {
  const sameScore = eq(score, after.score)
  return or(
    lt(score, after.score),
    and(sameScore, lt(arrearsFen, after.arrearsFen)),
    and(sameScore, eq(arrearsFen, after.arrearsFen), gt(db.tables.cases.id, after.id)),
  )
}
