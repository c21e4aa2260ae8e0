import { and, asc, eq } from 'drizzle-orm'
import { ALL_KNOWN, lastKnown, standingFacts } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import type { Tables } from '../platform/database/tables.ts'

export type GrainPriceRow = Tables['grainPrices']['$inferSelect']

/** All prices that stand, as known at `knownAt`: some dozens of rows in a county's life. */
export function allGrainPrices(db: Reader, knownAt = ALL_KNOWN): Promise<GrainPriceRow[]> {
  const { grainPrices: t } = db.tables
  return Promise.resolve(
    db.select().from(t).where(standingFacts(t, knownAt)).orderBy(asc(t.grain), asc(t.effectiveOn)),
  )
}

/** The last version of the price of a grain from a day on, withdrawn or not. */
export async function lastOfGrainPrice(db: Reader, id: string): Promise<GrainPriceRow | undefined> {
  const { grainPrices: t } = db.tables
  const [row] = await db
    .select()
    .from(t)
    .where(and(eq(t.id, id), lastKnown(t, ALL_KNOWN)))
  return row
}

/** The price of a grain from a day on, as it stands now. */
export async function findGrainPrice(db: Reader, id: string): Promise<GrainPriceRow | undefined> {
  const row = await lastOfGrainPrice(db, id)
  return row?.withdrawn ? undefined : row
}
