import { groupBy } from '../domain/group-by.ts'
import { pointsOf } from '../domain/risk-changes.ts'
import { FACTORS } from '../domain/risk-contribution.ts'
import { policyInForce } from '../domain/risk-policy.ts'
import { ALL_KNOWN } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import { type Assessment, assessOperators } from '../risk/assess-operators.ts'
import { type OperatorScope, theseOperators } from '../risk/operator-scope.ts'
import { allPolicies } from '../risk/policy-store.ts'
import { type Run, scoresIn } from '../risk/risk-store.ts'
import type { RiskRow } from '../risk/stored-risks.ts'
import { type Difference, differencesOf } from './difference.ts'

/** Whether the scores that a run stored can be compared: not while another attempt is under way. */
export const isSettled = (run: Run) => run.attemptAt === run.startedAt

/**
 * The stored risks and the last run's scores of some operators beside those that the facts come to.
 * `standing`: their contracts that count now. What cannot be computed is a difference too.
 */
export async function verifyRisks(
  db: Reader,
  scope: OperatorScope,
  run: Run | undefined,
  standing: readonly string[],
): Promise<{ stored: number; differences: Difference[] }> {
  const { risks: t } = db.tables
  const rows = await db.select().from(t).where(scope(t.operatorId))
  const atRun = run ? await assessedAt(db, scope, run.asOf, run.startedAt) : NOTHING
  const isLater = (row: RiskRow) =>
    run === undefined || row.knownAt > run.startedAt || row.asOf > run.asOf
  const later = await assessedLater(db, rows.filter(isLater))
  const ofRun = new Map(atRun.risks.map((row) => [row.contractId, row]))
  const failed = [...atRun.failures, ...later.failures]
  const unknown = new Set(failed.map(({ contractId }) => contractId))
  const differences = [...unknown].map((id) => differing(id, 'risk', 'some', 'not computable'))
  const counting = new Set(standing)
  for (const row of rows) {
    const { contractId } = row
    if (unknown.has(contractId)) continue
    const computed = isLater(row) ? later.risks.get(contractId) : ofRun.get(contractId)
    if (!computed || !counting.has(contractId))
      differences.push(differing(contractId, 'risk', row.score, undefined))
    else
      differences.push(
        ...differencesOf(
          'contract',
          contractId,
          timeless(row),
          timeless(comparable(row, computed)),
        ).map(withoutWords),
      )
  }
  const stored = new Set(rows.map(({ contractId }) => contractId))
  if (run)
    for (const id of standing)
      if (!stored.has(id) && !unknown.has(id))
        differences.push(differing(id, 'risk', undefined, 'some'))
  if (run && isSettled(run))
    differences.push(...(await scoreDifferences(db, scope, run, atRun.risks)))
  return { stored: rows.length, differences }
}

const NOTHING: Assessment = { risks: [], failures: [] }

async function assessedAt(db: Reader, scope: OperatorScope, asOf: string, knownAt: string) {
  const policy = policyInForce(await allPolicies(db, knownAt), asOf)
  return assessOperators(db, scope, { asOf, knownAt }, policy)
}

/** Risks that a fact has refreshed since the run, each of its own day. */
async function assessedLater(db: Reader, rows: readonly RiskRow[]) {
  const risks = new Map<string, RiskRow>()
  const failures: Assessment['failures'] = []
  for (const [key, group] of groupBy(rows, ({ asOf, policy }) => `${asOf} ${policy}`)) {
    const asOf = key.slice(0, 10)
    const ids = new Set(group.map(({ contractId }) => contractId))
    const knownAt = group
      .map((row) => row.knownAt)
      .sort()
      .at(-1)
    const policy = policyInForce(await allPolicies(db, knownAt), asOf)
    const operators = new Set(group.map(({ operatorId }) => operatorId))
    const found = await assessOperators(
      db,
      theseOperators(operators),
      { asOf, knownAt: ALL_KNOWN },
      policy,
    )
    for (const row of found.risks) if (ids.has(row.contractId)) risks.set(row.contractId, row)
    failures.push(...found.failures.filter(({ contractId }) => ids.has(contractId)))
  }
  return { risks, failures }
}

/** A row speaks for later days and instants while nothing else changes. */
const timeless = ({ asOf: _day, knownAt: _instant, ...row }: RiskRow) => row

/** Nothing rests on these fields of a stored row that names no day until which they hold. */
const comparable = (row: RiskRow, computed: RiskRow): RiskRow => {
  const { owedUntil, partialYears, creditFen, quietUntil } = row
  return {
    ...computed,
    ...(owedUntil === null && { owedUntil, partialYears, creditFen }),
    ...(quietUntil === null && { quietUntil }),
  }
}

/** Facts may hold what people wrote: their points are shown, and that they differ. */
const withoutWords = (one: Difference): Difference =>
  one.field === 'contributions'
    ? { ...one, stored: shown(one.stored), computed: shown(one.computed) }
    : one
const shown = (contributions: unknown) => pointsIn(contributions as RiskRow['contributions'])

async function scoreDifferences(
  db: Reader,
  scope: OperatorScope,
  run: Run,
  risks: readonly RiskRow[],
): Promise<Difference[]> {
  const stored = await scoresIn(db, scope, run.asOf)
  return risks.flatMap(({ contractId, score, level, contributions }) => {
    const computed = { score, level, points: pointsIn(contributions) }
    const row = stored.get(contractId)
    // One of which nothing was ever kept counts as one without points.
    const kept = row
      ? { score: row.score, level: row.level, points: inOrder(JSON.parse(row.points)) }
      : { score: 0, level: 'none' as const, points: {} }
    return differencesOf('contract', contractId, kept, computed, `${run.asOf} `)
  })
}

const pointsIn = (contributions: RiskRow['contributions']) => inOrder(pointsOf(contributions))

const inOrder = (points: Readonly<Record<string, number>>) =>
  Object.fromEntries(
    FACTORS.flatMap((factor) => (points[factor] ? [[factor, points[factor]]] : [])),
  )

const differing = (id: string, field: string, stored: unknown, computed: unknown): Difference => ({
  ...{ about: 'contract', id, field, stored, computed },
})
