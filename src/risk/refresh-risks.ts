import { and, eq, lte, sql } from 'drizzle-orm'
import { policyInForce } from '../domain/risk-policy.ts'
import type { Writer } from '../platform/database/database.ts'
import { prepared } from '../platform/database/prepared.ts'
import type { RunFailure } from '../platform/database/tables-of-risk.ts'
import { assessOperators } from './assess-operators.ts'
import { pagesOf } from './operator-scope.ts'
import { allPolicies } from './policy-store.ts'
import { doubtOwed, dropRisks, keepRisks } from './risk-store.ts'
import { type RiskRow, type StoredRisk, saysTheSame, storedRisks } from './stored-risks.ts'

/**
 * Brings the stored risks of all contracts of the operators that a transaction touched up to its
 * facts, as of today. A contract that fails keeps its old row and is reported, not refused: what
 * was recorded must not be lost with it.
 */
export async function refreshRisks(
  tx: Writer,
  report: (failure: RunFailure) => void,
): Promise<void> {
  const { operatorIds } = tx.touched
  if (operatorIds.length === 0) return
  const at = { asOf: tx.today, knownAt: tx.recordedAt }
  const policy = policyInForce(await allPolicies(tx), tx.today)
  for (const scope of pagesOf(operatorIds)) {
    const stored = await storedRisks(tx, scope)
    const believed = new Map(
      [...stored].filter(([id, { operatorId }]) => !tx.touched.mayOweOtherwise(operatorId, id)),
    )
    const { risks, failures } = await assessOperators(tx, scope, at, policy, believed)
    failures.forEach(report)
    await doubtOwed(
      tx,
      failures.map(({ contractId }) => contractId),
    )
    const present = new Set([...risks, ...failures].map(({ contractId }) => contractId))
    const gone = [...stored.keys()].filter((id) => !present.has(id))
    await dropRisks(tx, gone, tx.recordedAt)
    await keepWhatDiffers(tx, risks, stored)
  }
}

/** Most contracts of an operator stay as they are: of these it is noted that they are fresh. */
async function keepWhatDiffers(
  tx: Writer,
  risks: readonly RiskRow[],
  stored: ReadonlyMap<string, StoredRisk>,
): Promise<void> {
  const changed: RiskRow[] = []
  for (const now of risks) {
    const before = stored.get(now.contractId)
    if (before && saysTheSame(before, now))
      await confirmRisk(tx, { contractId: now.contractId, asOf: now.asOf, knownAt: now.knownAt })
    else changed.push(now)
  }
  await keepRisks(tx, changed)
}

const confirmRisk = prepared<unknown, Writer>((tx) => {
  const { risks: t } = tx.tables
  const knownAt = sql.placeholder('knownAt')
  return tx
    .update(t)
    .set({ asOf: sql`${sql.placeholder('asOf')}`, knownAt: sql`${knownAt}` })
    .where(and(eq(t.contractId, sql.placeholder('contractId')), lte(t.knownAt, knownAt)))
})
