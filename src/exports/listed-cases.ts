import { and, lte } from 'drizzle-orm'
import { inRegion } from '../cases/case-list.ts'
import type { CaseRow } from '../cases/case-store.ts'
import { policyInForce } from '../domain/risk-policy.ts'
import type { Reader } from '../platform/database/database.ts'
import { allPolicies } from '../risk/policy-store.ts'
import { casePlace } from './case-days.ts'
import { type CaseFigures, caseFigures, noFigures } from './case-figures.ts'
import type { LedgerSource, LedgerWish } from './ledger.ts'

/** The cases of a region with what their contracts owe on the day, the most urgent first. */
export async function listedCases(
  source: LedgerSource,
  wish: LedgerWish,
): Promise<{ row: CaseRow; figures: CaseFigures }[]> {
  const { db } = source
  const policy = policyInForce(await allPolicies(db, wish.knownAt), wish.asOf)
  const figuresOf = await caseFigures(source, wish, policy)
  const figures = ({ operatorId, townshipCode }: CaseRow) =>
    figuresOf.get(casePlace(operatorId, townshipCode)) ?? noFigures(0, policy)
  return (await casesIn(db, wish))
    .map((row) => ({ row, figures: figures(row) }))
    .sort((a, b) => byUrgency(a.figures, b.figures) || (a.row.id < b.row.id ? -1 : 1))
}

const byUrgency = (a: CaseFigures, b: CaseFigures) =>
  b.score - a.score || b.arrearsFen - a.arrearsFen

function casesIn(db: Reader, wish: LedgerWish): Promise<CaseRow[]> {
  const { cases: t } = db.tables
  return Promise.resolve(
    db
      .select()
      .from(t)
      .where(
        and(
          lte(t.openedOn, wish.asOf),
          wish.region === undefined ? undefined : inRegion(db, wish.region),
        ),
      ),
  )
}
