import { and, asc, inArray } from 'drizzle-orm'
import { groupBy } from '../domain/group-by.ts'
import type { AtTime } from '../facts/fact-kind.ts'
import { standingFacts } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'

/** What changed some contracts after they were agreed. */
export async function contractChanges(
  db: Reader,
  contractIds: readonly string[],
  { knownAt }: Pick<AtTime, 'knownAt'>,
) {
  const { contractAmendments: a, contractEnds: e } = db.tables
  const ids = [...contractIds]
  const amendments = await db
    .select()
    .from(a)
    .where(and(inArray(a.contractId, ids), standingFacts(a, knownAt)))
    .orderBy(asc(a.id))
  const ends = await db
    .select()
    .from(e)
    .where(and(inArray(e.contractId, ids), standingFacts(e, knownAt)))
  return {
    amendmentsOf: groupBy(amendments, ({ contractId }) => contractId),
    endOf: new Map(ends.map((end) => [end.contractId, end])),
  }
}
