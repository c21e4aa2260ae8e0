import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import { type Level, reachesLevel } from '../domain/levels.ts'
import { ALL_KNOWN, standingFacts } from '../facts/fact-store.ts'
import type { Reader, Writer } from '../platform/database/database.ts'
import { refreshRisks } from '../risk/refresh-risks.ts'
import { risksOfCase } from './case-contracts.ts'
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
 * Takes contracts that came over to an operator into what its resolved cases rest on: what they owe
 * beyond today is a relapse, coming over is none, nor is a grade that only this has raised. None of
 * it shows, so the version of a case stays.
 */
export async function restWithTakenOver(
  tx: Writer,
  operatorId: string,
  contractIds: readonly string[],
): Promise<void> {
  const cases = await casesAt(tx, [operatorId], contractIds)
  const resting = await Promise.all(
    cases.flatMap((row) => {
      const { baseline } = row
      return baseline ? [risksOfCase(tx, row).then((before) => ({ row, baseline, before }))] : []
    }),
  )
  if (resting.length === 0) return
  tx.touched.add(operatorId)
  await refreshRisks(tx, () => undefined)
  const takenOver = new Set(contractIds)
  const { cases: t } = tx.tables
  for (const { row, baseline, before } of resting) {
    const levels = new Map(before.map(({ contractId, level }) => [contractId, level]))
    const contracts = { ...baseline.contracts }
    for (const { contractId, arrearsFen, level } of await risksOfCase(tx, row)) {
      const rest = contracts[contractId]
      if (takenOver.has(contractId)) contracts[contractId] = { arrearsFen, level, since: tx.today }
      else if (rest && !isAbove(levels.get(contractId) ?? 'none', rest.level))
        contracts[contractId] = { ...rest, level: isAbove(level, rest.level) ? level : rest.level }
    }
    await tx
      .update(t)
      .set({ baseline: { ...baseline, contracts } })
      .where(eq(t.id, row.id))
  }
}

const isAbove = (level: Level, other: Level) => level !== other && reachesLevel(level, other)
