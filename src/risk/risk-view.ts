import { and, inArray, sql } from 'drizzle-orm'
import { type Day, daysBetween } from '../domain/calendar-day.ts'
import { muOfHundredths } from '../domain/mu.ts'
import { factSentence } from '../domain/risk-reason.ts'
import { lastKnown } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import { preparedFor } from '../platform/database/prepared.ts'
import type { RiskRow } from './stored-risks.ts'

/** What a list of risks needs to know beside them. */
export interface ViewFacts {
  knownAt: string
  /** The day that risks speak for unless they were refreshed later. */
  asOf: Day
  isStale: (villageCode: string) => boolean
}

/** The day that a stored risk speaks for: nothing has changed it since, up to the last run. */
export const dayOf = (row: RiskRow, asOf: Day): Day => (row.asOf > asOf ? row.asOf : asOf)

/** Risks as the items of a worklist. */
export async function worklistItems(db: Reader, rows: readonly RiskRow[], facts: ViewFacts) {
  const contractNos = await contractNosOf(db, rows, facts.knownAt)
  const names = await operatorNames(
    db,
    rows.map(({ operatorId }) => operatorId),
    facts.knownAt,
  )
  return rows.map((row) => {
    const asOf = dayOf(row, facts.asOf)
    const stale = facts.isStale(row.villageCode)
    return {
      contractId: row.contractId,
      contractNo: contractNos.get(row.contractId) ?? null,
      operatorId: row.operatorId,
      operatorName: names.get(row.operatorId) ?? null,
      villageCode: row.villageCode,
      landUse: row.landUse,
      areaMu: muOfHundredths(row.areaHundredths),
      households: row.households,
      score: row.score,
      level: row.level,
      arrearsFen: row.arrearsFen,
      unpaidYears: row.unpaidYears,
      yearsOwed: row.yearsOwed,
      daysOverdue: row.oldestUnpaidDueOn === null ? 0 : daysBetween(row.oldestUnpaidDueOn, asOf),
      coverageFen: row.coverageFen,
      asOf,
      stale,
      reasons: [...row.contributions.map((one) => factSentence(one, asOf)), ...staleReason(stale)],
    }
  })
}

const staleReason = (stale: boolean) => (stale ? ['本乡镇久未填报,等级为暂定'] : [])

/** Contributions with their facts as sentences. */
export function contributionViews(row: RiskRow, asOf: Day) {
  return row.contributions.map((one) => ({
    factor: one.factor,
    points: one.points,
    fact: factSentence(one, asOf),
  }))
}

const contractNumbers = preparedFor((db, ids) => {
  const { contracts: t } = db.tables
  return db
    .select({ id: t.id, contractNo: t.contractNo })
    .from(t)
    .where(and(inArray(t.id, ids), lastKnown(t, sql.placeholder('knownAt'))))
})

async function contractNosOf(db: Reader, rows: readonly RiskRow[], knownAt: string) {
  const ids = rows.map(({ contractId }) => contractId)
  const found = await contractNumbers(db, ids, { knownAt })
  return new Map(found.map(({ id, contractNo }) => [id, contractNo]))
}

const namesOfOperators = preparedFor((db, ids) => {
  const { operators: t } = db.tables
  return db
    .select({ id: t.id, name: t.name })
    .from(t)
    .where(and(inArray(t.id, ids), lastKnown(t, sql.placeholder('knownAt'))))
})

/** The names of some operators, withdrawn ones included. */
export async function operatorNames(
  db: Reader,
  operatorIds: readonly string[],
  knownAt: string,
): Promise<Map<string, string>> {
  const found = await namesOfOperators(db, [...new Set(operatorIds)], { knownAt })
  return new Map(found.map(({ id, name }) => [id, name]))
}
