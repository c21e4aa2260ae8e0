import { policyInForce } from '../domain/risk-policy.ts'
import type { AtTime } from '../facts/fact-kind.ts'
import type { Reader } from '../platform/database/database.ts'
import { pageOf, readCursor } from '../platform/http/cursor.ts'
import { completedRun } from './completed-run.ts'
import type { CountyJobs } from './county-jobs.ts'
import { allPolicies } from './policy-store.ts'
import type { Urgency, WorklistQuery } from './risk-query.ts'
import { worklistItems } from './risk-view.ts'
import { stalenessOf } from './stale-townships.ts'
import { storedWorklist } from './stored-county.ts'

/** A page of the worklist: out of the stored risks, or computed for another day or knowledge. */
export async function worklistView(
  db: Reader,
  county: CountyJobs,
  query: WorklistQuery,
  at: AtTime,
  stored: boolean,
) {
  const after = query.cursor === undefined ? undefined : urgencyOf(query.cursor)
  const { limit } = query
  const rows = stored
    ? await storedWorklist(db, query, after, limit + 1)
    : await county.worklist({ ...at, filter: query, after, limit: limit + 1 })
  const asOf = (stored ? (await completedRun(db))?.asOf : undefined) ?? at.asOf
  const policy = policyInForce(await allPolicies(db, at.knownAt), asOf)
  const { shown, nextCursor } = pageOf(rows, limit, (row) => [
    row.score,
    row.arrearsFen,
    row.contractId,
  ])
  const { knownAt } = at
  const villages = shown.map(({ villageCode }) => villageCode)
  const isStale = await stalenessOf(db, villages, { asOf, knownAt }, policy.staleDays)
  return {
    asOf,
    items: await worklistItems(db, shown, { asOf, knownAt, isStale }),
    nextCursor,
  }
}

function urgencyOf(cursor: string): Urgency {
  const [score, arrearsFen, contractId] = readCursor(cursor, ['points', 'number', 'string'])
  return { score, arrearsFen, contractId } as Urgency
}
