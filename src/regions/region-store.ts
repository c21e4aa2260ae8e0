import { and, asc, eq, gt, like, sql } from 'drizzle-orm'
import { regionsFor } from '../access/bounds.ts'
import type { Caller } from '../access/caller.ts'
import { ALL_KNOWN, lastKnown, standingFacts } from '../facts/fact-store.ts'
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

/** The last version of a region, withdrawn or not. */
export async function lastOfRegion(db: Reader, code: string): Promise<RegionRow | undefined> {
  const [row] = await regionOf(db, { code })
  return row
}

/** A region as it stands now; undefined when its code is not recorded, or was withdrawn. */
export async function findRegion(db: Reader, code: string): Promise<RegionRow | undefined> {
  const row = await lastOfRegion(db, code)
  return row?.withdrawn ? undefined : row
}

/** Regions whose code starts with `under`, in the order of codes, at most `limit`. */
export function pageOfRegions(
  db: Reader,
  caller: Caller,
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
          regionsFor(db, caller),
          like(regions.id, `${under}%`),
          gt(regions.id, afterCode),
          standingFacts(regions, ALL_KNOWN),
        ),
      )
      .orderBy(asc(regions.id))
      .limit(limit),
  )
}

/** What every region is called, by its code. */
export async function regionNames(db: Reader, knownAt = ALL_KNOWN): Promise<Map<string, string>> {
  const { regions: t } = db.tables
  const rows = await db
    .select({ code: t.id, name: t.name })
    .from(t)
    .where(standingFacts(t, knownAt))
  return new Map(rows.map(({ code, name }) => [code, name]))
}
