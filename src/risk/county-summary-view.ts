import type { Summary } from '../domain/county-summary.ts'
import { policyInForce } from '../domain/risk-policy.ts'
import type { AtTime } from '../facts/fact-kind.ts'
import type { Reader } from '../platform/database/database.ts'
import { regionNames } from '../regions/region-store.ts'
import { completedRun } from './completed-run.ts'
import type { CountyJobs } from './county-jobs.ts'
import { allPolicies } from './policy-store.ts'
import type { SummaryQuery } from './risk-query.ts'
import { operatorNames } from './risk-view.ts'
import { stalenessOf } from './stale-townships.ts'
import { storedSummary } from './stored-summary.ts'

/** The county report's table: out of the stored risks, or computed for another day or knowledge. */
export async function countySummaryView(
  db: Reader,
  county: CountyJobs,
  { region, by }: SummaryQuery,
  at: AtTime,
  stored: boolean,
) {
  const asOf = (stored ? (await completedRun(db))?.asOf : undefined) ?? at.asOf
  const { knownAt } = at
  const job = { asOf, knownAt, region, by }
  const { summary, townships } = stored ? await storedSummary(db, job) : await county.summary(job)
  const policy = policyInForce(await allPolicies(db, knownAt), asOf)
  const isStale = await stalenessOf(db, townships, { asOf, knownAt }, policy.staleDays)
  const { groups, ...figures } = summary
  const names = await groupNames(db, groups, by, knownAt)
  return {
    asOf,
    ...figures,
    staleTownships: townships.filter(isStale),
    groups: groups.map((group) => ({ ...group, name: names.get(group.key) ?? null })),
  }
}

/** What the groups are called, where their keys are codes or ids. */
async function groupNames(
  db: Reader,
  groups: Summary['groups'],
  by: SummaryQuery['by'],
  knownAt: string,
): Promise<Map<string, string>> {
  if (by === 'operator')
    return operatorNames(
      db,
      groups.map(({ key }) => key),
      knownAt,
    )
  if (by !== 'township' && by !== 'village') return new Map()
  return regionNames(db, knownAt)
}
