import { and, asc, eq, gt, like, sql } from 'drizzle-orm'
import { ALL_KNOWN, lastKnown } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import { prepared } from '../platform/database/prepared.ts'
import type { Tables } from '../platform/database/tables.ts'

export type RegionRow = Tables['regions']['$inferSelect']

const regionOf = prepared((db) => {
  const { regions: t } = db.tables
  const last = lastKnown(t, ALL_KNOWN)
  return db
    .select()
    .from(t)
    .where(and(eq(t.id, sql.placeholder('code')), last))
})

/** A region as it stands now; undefined when its code was never recorded. */
export async function findRegion(db: Reader, code: string): Promise<RegionRow | undefined> {
  const [row] = await regionOf(db, { code })
  return row
}

/** Regions whose code starts with `under`, in the order of codes, at most `limit`. */
export function pageOfRegions(
  db: Reader,
  under: string,
  afterCode: string,
  limit: number,
): Promise<RegionRow[]> {
  const { regions } = db.tables
  return Promise.resolve(
    db
      .select()
      .from(regions)
      .where(
        and(
          like(regions.id, `${under}%`),
          gt(regions.id, afterCode),
          lastKnown(regions, ALL_KNOWN),
        ),
      )
      .orderBy(asc(regions.id))
      .limit(limit),
  )
}

/** What every region is called, by its code. */
export async function regionNames(db: Reader, knownAt = ALL_KNOWN): Promise<Map<string, string>> {
  const { regions: t } = db.tables
  const rows = await db.select({ code: t.id, name: t.name }).from(t).where(lastKnown(t, knownAt))
  return new Map(rows.map(({ code, name }) => [code, name]))
}
