import { and, asc, eq } from 'drizzle-orm'
import { ALL_KNOWN, lastKnown } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import type { Tables } from '../platform/database/tables.ts'

export type GrainPriceRow = Tables['grainPrices']['$inferSelect']

/** All prices as known at `knownAt`: some dozens of rows in a county's life. */
export function allGrainPrices(db: Reader, knownAt = ALL_KNOWN): Promise<GrainPriceRow[]> {
  const { grainPrices: t } = db.tables
  return Promise.resolve(
    db.select().from(t).where(lastKnown(t, knownAt)).orderBy(asc(t.grain), asc(t.effectiveOn)),
  )
}

/** The price of a grain from a day on, as recorded last. */
export async function findGrainPrice(db: Reader, id: string): Promise<GrainPriceRow | undefined> {
  const { grainPrices: t } = db.tables
  const [row] = await db
    .select()
    .from(t)
    .where(and(eq(t.id, id), lastKnown(t, ALL_KNOWN)))
  return row
}
