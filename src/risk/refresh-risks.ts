import { inArray, type Placeholder, sql } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import { policyInForce } from '../domain/risk-policy.ts'
import type { Writer } from '../platform/database/database.ts'
import type { RunFailure } from '../platform/database/tables-of-risk.ts'
import { assessOperators } from './assess-operators.ts'
import { type OperatorScope, theseOperators } from './operator-scope.ts'
import { allPolicies } from './policy-store.ts'
import { contractsWithRisk, doubtOwed, dropRisks, keepRisks } from './risk-store.ts'

const OPERATORS_PER_PAGE = 400

/**
 * Brings the stored risks of all contracts of the operators that a transaction touched up to its
 * facts, as of today. A contract that fails keeps its old row and is reported, not refused: what
 * was recorded must not be lost with it.
 */
export async function refreshRisks(
  tx: Writer,
  report: (failure: RunFailure) => void,
): Promise<void> {
  if (tx.touched.size === 0) return
  const operatorIds = [...tx.touched]
  const at = { asOf: tx.today, knownAt: tx.recordedAt }
  const policy = policyInForce(await allPolicies(tx), tx.today)
  for (let from = 0; from < operatorIds.length; from += OPERATORS_PER_PAGE) {
    const page = operatorIds.slice(from, from + OPERATORS_PER_PAGE)
    const { risks, failures } = await assessOperators(tx, scopeOf(page), at, policy)
    failures.forEach(report)
    await doubtOwed(
      tx,
      failures.map(({ contractId }) => contractId),
    )
    const present = new Set([...risks, ...failures].map(({ contractId }) => contractId))
    const stored = await contractsWithRisk(tx, page)
    const gone = stored.filter((id) => !present.has(id))
    await dropRisks(tx, gone, tx.recordedAt)
    await keepRisks(tx, risks)
  }
}

/** Lists of few lengths: the queries for each are built once. */
const LISTS = [5, 20, 50, OPERATORS_PER_PAGE].map((length) => {
  const names = Array.from({ length }, (_, at) => `operator${at}`)
  const places = names.map((name): Placeholder => sql.placeholder(name))
  return { names, condition: (operatorId: SQLiteColumn) => inArray(operatorId, places) }
})

/** The last one stands in the places that are left. */
function scopeOf(ids: readonly string[]): OperatorScope {
  const list = LISTS.find(({ names }) => names.length >= ids.length)
  if (ids.length === 1 || !list) return theseOperators(ids)
  const values: Record<string, string> = {}
  for (const [at, name] of list.names.entries()) values[name] = ids[at] ?? ids.at(-1) ?? ''
  const { condition } = list
  return Object.assign((id: SQLiteColumn) => condition(id), { places: { condition, values } })
}
