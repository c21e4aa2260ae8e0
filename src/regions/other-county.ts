import { like } from 'drizzle-orm'
import type { Reader } from '../platform/database/database.ts'

const DIGITS = 6

/** The county whose regions and contracts lie here, when none of county `code` do. */
export async function otherCounty(db: Reader, code: string): Promise<string | undefined> {
  const { regions, contracts } = db.tables
  let other: string | undefined
  for (const [table, column] of [
    [regions, regions.id],
    [contracts, contracts.villageCode],
  ] as const) {
    const rows = db.select({ found: column }).from(table)
    const [own] = await rows.where(like(column, `${code}%`)).limit(1)
    if (own) return undefined
    const [any] = await db.select({ found: column }).from(table).limit(1)
    other ??= any?.found.slice(0, DIGITS)
  }
  return other
}
