import { type AnyColumn, and, asc, desc, eq, gt, lt, ne, type SQL, sql } from 'drizzle-orm'
import type { Reader } from '../platform/database/database.ts'
import { prepared } from '../platform/database/prepared.ts'
import { townshipOf } from '../platform/database/tables-of-risk.ts'
import type { RiskFilter, Urgency } from './risk-query.ts'
import type { RiskRow } from './stored-risks.ts'

/** The rest of the worklist after an item, as stretches of an index: no other row is looked at. */
const STRETCHES = {
  whole: () => undefined,
  sameArrears: (t) =>
    and(eq(t.score, asked.score), eq(t.arrearsFen, asked.arrearsFen), gt(t.contractId, asked.id)),
  sameScore: (t) => and(eq(t.score, asked.score), lt(t.arrearsFen, asked.arrearsFen)),
  lowerScores: (t) => lt(t.score, asked.score),
} satisfies Record<string, (t: Reader['tables']['risks']) => SQL | undefined>
type Stretch = keyof typeof STRETCHES
const FROM_THE_TOP: Stretch[] = ['whole']
const AFTER_AN_ITEM: Stretch[] = ['sameArrears', 'sameScore', 'lowerScores']

const asked = {
  score: sql.placeholder('score'),
  arrearsFen: sql.placeholder('arrearsFen'),
  id: sql.placeholder('contractId'),
}

/** A page of the stored worklist. */
export async function storedWorklist(
  db: Reader,
  filter: RiskFilter,
  after: Urgency | undefined,
  limit: number,
): Promise<RiskRow[]> {
  const { region } = filter
  const code = region === undefined || isVillage(region) ? region : Number(region)
  const values = { ...filter, ...after, region: code }
  const page = new Map<string, RiskRow>()
  for (const stretch of after ? AFTER_AN_ITEM : FROM_THE_TOP) {
    const rest = limit - page.size
    if (rest === 0) break
    const rows = await stretchOf(filter, stretch)(db, { ...values, limit: rest })
    // What a fact moves down meanwhile is there once.
    for (const row of rows) if (!page.has(row.contractId)) page.set(row.contractId, row)
  }
  return [...page.values()]
}

type StretchQuery = ReturnType<typeof stretchQuery>
const queries = new Map<string, StretchQuery>()

/** One query for each set of filters that are given. */
function stretchOf(filter: RiskFilter, stretch: Stretch): StretchQuery {
  const { region, landUse, operatorId, level, inArrears } = filter
  const ofNone = level && level === 'none'
  const given = [region?.length, landUse && 1, operatorId && 1, level && 1, ofNone, inArrears]
  const key = [stretch, ...given].join()
  const query = queries.get(key) ?? stretchQuery(filter, stretch)
  queries.set(key, query)
  return query
}

function stretchQuery(filter: RiskFilter, stretch: Stretch) {
  const { region, landUse, operatorId } = filter
  return prepared((db) => {
    const { risks: t } = db.tables
    const wanted = and(
      ofLevel(t, filter),
      liesIn(t.villageCode, region),
      landUse === undefined ? undefined : eq(t.landUse, sql.placeholder('landUse')),
      operatorId === undefined ? undefined : eq(t.operatorId, sql.placeholder('operatorId')),
      STRETCHES[stretch](t),
    )
    return db
      .select()
      .from(t)
      .where(wanted)
      .orderBy(desc(t.score), desc(t.arrearsFen), asc(t.contractId))
      .limit(sql.placeholder('limit'))
  })
}

/** Each level above `none` has points, which the indexes of the worklist say in these words. */
function ofLevel(t: Reader['tables']['risks'], { level, inArrears }: RiskFilter): SQL | undefined {
  if (inArrears) return gt(t.arrearsFen, 0)
  if (level === 'none') return eq(t.level, level)
  const isLevel = level === undefined ? ne(t.level, 'none') : eq(t.level, sql.placeholder('level'))
  return and(isLevel, sql`${t.score} > 0`)
}

/** The villages of a region, in words that an index of the worklist holds. */
function liesIn(villageCode: AnyColumn, region: string | undefined): SQL | undefined {
  const code = sql.placeholder('region')
  if (region === undefined) return undefined
  if (isVillage(region)) return eq(villageCode, code)
  const township = townshipOf(villageCode)
  return region.length === 9 ? sql`${township} = ${code}` : sql`${township} / 1000 = ${code}`
}

const isVillage = (region: string) => region.length === 12
