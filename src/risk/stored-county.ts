import { and, asc, desc, eq, gt, lt, ne, or, type SQL } from 'drizzle-orm'
import { within } from '../access/bounds.ts'
import type { Reader } from '../platform/database/database.ts'
import type { RiskRow } from './assess-operators.ts'
import { openCountyTable, type SummaryJob, type SummaryResult } from './computed-county.ts'
import type { RiskFilter, Urgency } from './risk-query.ts'

const ROWS_PER_PAGE = 5000

/** A page of the stored worklist. */
export function storedWorklist(
  db: Reader,
  filter: RiskFilter,
  after: Urgency | undefined,
  limit: number,
): Promise<RiskRow[]> {
  const { risks: t } = db.tables
  const { region, landUse, operatorId, level, inArrears } = filter
  const ofLevel = level === undefined ? ne(t.level, 'none') : eq(t.level, level)
  return Promise.resolve(
    db
      .select()
      .from(t)
      .where(
        and(
          inArrears ? gt(t.arrearsFen, 0) : ofLevel,
          region === undefined ? undefined : within(t.villageCode, region),
          landUse === undefined ? undefined : eq(t.landUse, landUse),
          operatorId === undefined ? undefined : eq(t.operatorId, operatorId),
          after && lessUrgent(db, after),
        ),
      )
      .orderBy(desc(t.score), desc(t.arrearsFen), asc(t.contractId))
      .limit(limit),
  )
}

function lessUrgent(db: Reader, { score, arrearsFen, contractId }: Urgency): SQL | undefined {
  const { risks: t } = db.tables
  const sameScore = eq(t.score, score)
  return or(
    lt(t.score, score),
    and(sameScore, lt(t.arrearsFen, arrearsFen)),
    and(sameScore, eq(t.arrearsFen, arrearsFen), gt(t.contractId, contractId)),
  )
}

/** The county report's table out of the stored risks. */
export async function storedSummary(db: Reader, job: SummaryJob): Promise<SummaryResult> {
  const { risks: t } = db.tables
  const table = await openCountyTable(db, job)
  let after = ''
  for (;;) {
    const rows = await db
      .select({
        contractId: t.contractId,
        operatorId: t.operatorId,
        villageCode: t.villageCode,
        landUse: t.landUse,
        areaHundredths: t.areaHundredths,
        households: t.households,
        startOn: t.startOn,
        endOn: t.endOn,
        arrearsFen: t.arrearsFen,
        yearsOwed: t.yearsOwed,
        arrearsClass: t.arrearsClass,
        checks: t.checks,
      })
      .from(t)
      .where(
        and(
          gt(t.contractId, after),
          job.region === undefined ? undefined : within(t.villageCode, job.region),
        ),
      )
      .orderBy(asc(t.contractId))
      .limit(ROWS_PER_PAGE)
    for (const row of rows) table.add(row)
    const last = rows.at(-1)
    if (!last) return table.close()
    after = last.contractId
  }
}
