import { asc, inArray } from 'drizzle-orm'
import { groupBy } from '../domain/group-by.ts'
import type { Reader } from '../platform/database/database.ts'
import type { Tables } from '../platform/database/tables.ts'
import type { KeptFact } from '../platform/database/tables-of-imports.ts'

/** What is put again and again under an id of its own, instead of being corrected. */
const PUT_TABLES = ['regions', 'grainPrices'] as const
export type PutTable = (typeof PUT_TABLES)[number]
export type PutRow<N extends PutTable> = Tables[N]['$inferSelect']

export const isPut = (kind: string): kind is PutTable => PUT_TABLES.some((name) => name === kind)

const IDS_PER_QUERY = 500

/** All versions that were recorded of what facts are about, by id, the oldest first. */
export async function versionsOf<N extends PutTable>(
  db: Reader,
  name: N,
  facts: readonly KeptFact[],
): Promise<Map<string, PutRow<N>[]>> {
  const table = db.tables[name]
  const ids = [...new Set(facts.map(({ id }) => id))]
  const found: PutRow<N>[] = []
  for (let at = 0; at < ids.length; at += IDS_PER_QUERY) {
    const part = inArray(table.id, ids.slice(at, at + IDS_PER_QUERY))
    const rows = await db.select().from(table).where(part).orderBy(asc(table.version))
    found.push(...(rows as PutRow<N>[]))
  }
  return groupBy(found, ({ id }) => id)
}

/**
 * Versions without those that were taken back. Only the last that stands is ever taken back, by a
 * further version that says why.
 */
export function standingVersions<V extends { changeReason: string | null }>(
  versions: readonly V[],
): V[] {
  const standing: V[] = []
  for (const version of versions)
    if (version.changeReason === null) standing.push(version)
    else standing.pop()
  return standing
}

/** The versions that an import has recorded of each id. */
export function ownVersions(facts: readonly KeptFact[]): Map<string, Set<number>> {
  const ofIds = groupBy(facts, ({ id }) => id)
  return new Map(
    [...ofIds].map(([id, ofOne]) => [id, new Set(ofOne.map(({ version }) => version))]),
  )
}
