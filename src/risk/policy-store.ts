import { asc, eq, lte, sql } from 'drizzle-orm'
import type { Caller } from '../access/caller.ts'
import { POLICY_2026_1 } from '../domain/policy-2026-1.ts'
import { policyProblems, type RiskPolicy } from '../domain/risk-policy.ts'
import { Refusal } from '../errors.ts'
import { ALL_KNOWN } from '../facts/fact-store.ts'
import type { Reader, Writer } from '../platform/database/database.ts'
import { prepared } from '../platform/database/prepared.ts'

/** The policies known at `knownAt`, in the order of recording; the built-in one is always there. */
export async function allPolicies(db: Reader, knownAt = ALL_KNOWN): Promise<RiskPolicy[]> {
  const rows = await policiesBy(db, { knownAt })
  return [POLICY_2026_1, ...rows.map(({ policy }) => policy)]
}

const policiesBy = prepared((db) => {
  const { policies } = db.tables
  return db
    .select({ policy: policies.policy })
    .from(policies)
    .where(lte(policies.recordedAt, sql.placeholder('knownAt')))
    .orderBy(asc(policies.recordedAt))
})

/**
 * Puts a policy in force from its effective day on. A version is never changed: runs refer to it.
 * Returns whether it is new. Refuses: policy-invalid, policy-version-exists (with other content).
 */
export async function putPolicy(tx: Writer, caller: Caller, policy: RiskPolicy): Promise<boolean> {
  const [problem] = policyProblems(policy)
  if (problem) {
    const field = problem.field.replace(/\.(\d+)/g, '[$1]')
    throw new Refusal('rule-broken', 'policy-invalid', problem, field)
  }
  const before = (await allPolicies(tx)).find(({ version }) => version === policy.version)
  if (before && sorted(before) === sorted(policy)) return false
  if (before) {
    const words = {
      zh: '该版本已存在,内容不可更改',
      en: 'this version exists and cannot be changed',
    }
    throw new Refusal('conflict', 'policy-version-exists', words, 'version')
  }
  await tx.insert(tx.tables.policies).values({
    version: policy.version,
    effectiveOn: policy.effectiveOn,
    policy,
    recordedAt: tx.recordedAt,
    recordedBy: caller.label,
  })
  return true
}

/** Throws when a policy of this database is not sound; a start must not go on with it. */
export async function verifyPolicies(db: Reader): Promise<void> {
  for (const policy of await allPolicies(db)) {
    const [problem] = policyProblems(policy)
    if (problem) throw new Error(`policy ${policy.version}: ${problem.field} ${problem.en}`)
  }
}

/** When a policy was recorded; undefined for the built-in one. */
export async function policyRecord(db: Reader, version: string) {
  const { policies } = db.tables
  const [row] = await db.select().from(policies).where(eq(policies.version, version))
  return row
}

/** Equal content gives equal text, whatever the order of keys. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
