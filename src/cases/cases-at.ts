import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import { ALL_KNOWN, standingFacts } from '../facts/fact-store.ts'
import type { Reader, Writer } from '../platform/database/database.ts'
import type { CaseRow } from './case-store.ts'

const IDS_PER_QUERY = 500

/** The cases of some operators in the townships where some contracts lie, by their numbers. */
export async function casesAt(
  db: Reader,
  operatorIds: readonly string[],
  contractIds: readonly string[],
): Promise<CaseRow[]> {
  const { cases: t } = db.tables
  const townships = await townshipsOf(db, contractIds)
  const rows = await db
    .select()
    .from(t)
    .where(inArray(t.operatorId, [...operatorIds]))
    .orderBy(asc(t.number))
  return rows.filter(({ townshipCode }) => townships.has(townshipCode))
}

async function townshipsOf(db: Reader, contractIds: readonly string[]): Promise<Set<string>> {
  const { contracts: t } = db.tables
  const found = new Set<string>()
  for (let at = 0; at < contractIds.length; at += IDS_PER_QUERY) {
    const part = inArray(t.id, contractIds.slice(at, at + IDS_PER_QUERY))
    const rows = await db
      .selectDistinct({ code: sql<string>`substr(${t.villageCode}, 1, 9)` })
      .from(t)
      .where(and(part, standingFacts(t, ALL_KNOWN)))
    for (const { code } of rows) found.add(code)
  }
  return found
}

/**
 * What the resolution of a case stored of contracts goes with them to the operator that they come
 * over to, where that one's case is resolved too. A contract of which none was stored owed nothing
 * there: what it owes takes that case up again. None of it shows, so versions stay.
 */
export async function carryBaselines(
  tx: Writer,
  { from, to }: { from: string; to: string },
  contractIds: readonly string[],
): Promise<void> {
  const cases = await casesAt(tx, [from, to], contractIds)
  const { cases: t } = tx.tables
  for (const { id, townshipCode, baseline } of cases.filter((row) => row.operatorId === to)) {
    const left = cases.find((row) => row.operatorId === from && row.townshipCode === townshipCode)
    if (!baseline || !left?.baseline) continue
    const { asOf, contracts } = left.baseline
    const carried = contractIds.flatMap((contractId) => {
      const stored = contracts[contractId]
      return stored ? [[contractId, { since: asOf, ...stored }] as const] : []
    })
    const both = { ...baseline.contracts, ...Object.fromEntries(carried) }
    await tx
      .update(t)
      .set({ baseline: { ...baseline, contracts: both } })
      .where(eq(t.id, id))
  }
}
