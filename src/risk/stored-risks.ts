import { sql } from 'drizzle-orm'
import type { Day } from '../domain/calendar-day.ts'
import type { Reader } from '../platform/database/database.ts'
import type { Tables } from '../platform/database/tables.ts'
import { type OperatorScope, rowsIn } from './operator-scope.ts'

export type RiskRow = Tables['risks']['$inferSelect']

/** A risk as it is stored: what is JSON in it as text, to compare and not to read. */
export type StoredRisk = Omit<RiskRow, 'contributions' | 'checks'> & {
  contributions: string
  checks: string | null
}

/**
 * The stored risks of the contracts of some operators. Nothing vouches for what is owed while an
 * import has recorded something about the operator and not refreshed them yet.
 */
export async function storedRisks(
  db: Reader,
  scope: OperatorScope,
): Promise<Map<string, StoredRisk>> {
  const rows = await risksIn(db, scope, {})
  return new Map(rows.map((row) => [row.contractId, row]))
}

const risksIn = rowsIn((db, inScope) => {
  const { risks: t } = db.tables
  return db
    .select({
      contractId: t.contractId,
      operatorId: t.operatorId,
      villageCode: t.villageCode,
      landUse: t.landUse,
      areaHundredths: t.areaHundredths,
      households: t.households,
      startOn: t.startOn,
      endOn: t.endOn,
      score: t.score,
      level: t.level,
      arrearsFen: t.arrearsFen,
      unpaidYears: t.unpaidYears,
      yearsOwed: t.yearsOwed,
      arrearsClass: t.arrearsClass,
      oldestUnpaidDueOn: t.oldestUnpaidDueOn,
      partialYears: t.partialYears,
      creditFen: t.creditFen,
      owedUntil: sql<Day | null>`case when ${t.operatorId} in (select i.operator_id
        from import_operators i) then null else cast(${t.owedUntil} as text) end`,
      coverageFen: t.coverageFen,
      checks: sql<string | null>`cast(${t.checks} as text)`,
      contributions: sql<string>`cast(${t.contributions} as text)`,
      policy: t.policy,
      asOf: t.asOf,
      knownAt: t.knownAt,
      quietUntil: t.quietUntil,
    })
    .from(t)
    .where(inScope(t.operatorId))
})

/** A risk as its columns hold it. */
export const asStored = (row: RiskRow): StoredRisk => ({
  ...row,
  contributions: JSON.stringify(row.contributions),
  checks: row.checks === null ? null : JSON.stringify(row.checks),
})

/** Whether a stored risk of an earlier day speaks for this one too: nothing else differs. */
export function saysTheSame(stored: StoredRisk, now: RiskRow): boolean {
  if (stored.asOf > now.asOf) return false
  for (const name in now)
    if (!isSame(stored[name as keyof RiskRow], now[name as keyof RiskRow]))
      if (name !== 'asOf' && name !== 'knownAt') return false
  return true
}

/** JSON is compared as the text that it is stored as. */
const isSame = (stored: string | number | null, now: RiskRow[keyof RiskRow]): boolean =>
  stored === (typeof now === 'object' && now !== null ? JSON.stringify(now) : now)
