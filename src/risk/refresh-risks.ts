import { policyInForce } from '../domain/risk-policy.ts'
import type { Writer } from '../platform/database/database.ts'
import type { RunFailure } from '../platform/database/tables-of-risk.ts'
import { assessOperators } from './assess-operators.ts'
import { theseOperators } from './operator-scope.ts'
import { allPolicies } from './policy-store.ts'
import { dropOtherRisks, keepRisks } from './risk-store.ts'

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
  const { risks, failures } = await assessOperators(tx, theseOperators(operatorIds), at, policy)
  failures.forEach(report)
  const present = [...risks, ...failures].map(({ contractId }) => contractId)
  await dropOtherRisks(tx, operatorIds, present)
  await keepRisks(tx, risks)
}
