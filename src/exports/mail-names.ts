import { and, inArray } from 'drizzle-orm'
import { mailName } from '../domain/mask-name.ts'
import { lastKnown } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'

/** What some operators are called where names of persons are masked. */
export async function mailNames(
  db: Reader,
  operatorIds: readonly string[],
  knownAt: string,
): Promise<Map<string, string>> {
  const { operators: t } = db.tables
  const found = await db
    .select({ id: t.id, kind: t.kind, name: t.name })
    .from(t)
    .where(and(inArray(t.id, [...new Set(operatorIds)]), lastKnown(t, knownAt)))
  return new Map(found.map(({ id, kind, name }) => [id, mailName(kind, name)]))
}
