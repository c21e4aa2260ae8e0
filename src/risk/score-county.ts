import { addDays, type Day } from '../domain/calendar-day.ts'
import { LEVELS } from '../domain/levels.ts'
import { pointsOf } from '../domain/risk-changes.ts'
import { policyInForce } from '../domain/risk-policy.ts'
import type { Reader } from '../platform/database/database.ts'
import type { RunCounts, RunFailure } from '../platform/database/tables-of-risk.ts'
import { assessOperators, type RiskRow } from './assess-operators.ts'
import { type OperatorScope, operatorPages } from './operator-scope.ts'
import { allPolicies } from './policy-store.ts'
import {
  type KnownScore,
  lastCompletedRun,
  nextCompletedRun,
  risksOf,
  type ScoreBatch,
  type ScoreEdit,
  scoresUpTo,
} from './risk-store.ts'

const OPERATORS_PER_PAGE = 400
const ROWS_PER_BATCH = 200

export interface ScoreReport {
  policy: string
  counts: RunCounts
  failures: RunFailure[]
}

/**
 * Scores every contract for a day from what was recorded by `knownAt`, and hands out what differs
 * from what is stored. Writes nothing itself: it reads one snapshot, in another thread if need be.
 */
export async function scoreCounty(
  db: Reader,
  { asOf, knownAt }: { asOf: Day; knownAt: string },
  emit: (batch: ScoreBatch) => Promise<void>,
): Promise<ScoreReport> {
  const policy = policyInForce(await allPolicies(db, knownAt), asOf)
  const last = await lastCompletedRun(db)
  const night: Night = {
    asOf,
    baseline: (await lastCompletedRun(db, asOf))?.asOf,
    successor: (await nextCompletedRun(db, asOf))?.asOf,
    keepsRisks: last === undefined || last.asOf <= asOf,
  }
  const counts = noCounts()
  const failures: RunFailure[] = []
  for await (const scope of operatorPages(db, OPERATORS_PER_PAGE)) {
    const assessed = await assessOperators(db, scope, { asOf, knownAt }, policy)
    failures.push(...assessed.failures)
    counts.contracts += assessed.risks.length + assessed.failures.length
    counts.scored += assessed.risks.length
    for (const { level } of assessed.risks) counts.byLevel[level] += 1
    const { scores, changed } = await editsOf(db, assessed.risks, night)
    counts.changed += changed
    const { risks, dropped } = night.keepsRisks
      ? await risksToKeep(db, scope, assessed.risks, assessed.failures)
      : { risks: [], dropped: [] }
    await emitInBatches(emit, { risks, dropped, scores })
  }
  return { policy: policy.version, counts, failures }
}

interface Night {
  asOf: Day
  /** The last completed run before this day; undefined for the first run of all. */
  baseline: Day | undefined
  /** The first completed run after this day, whose scores must stay what they were. */
  successor: Day | undefined
  /** Whether this is the latest day run, so that its risks become the stored ones. */
  keepsRisks: boolean
}

export function noCounts(): RunCounts {
  const byLevel = Object.fromEntries(LEVELS.map((level) => [level, 0])) as RunCounts['byLevel']
  return {
    contracts: 0,
    scored: 0,
    changed: 0,
    byLevel,
    casesOpened: 0,
    casesRelapsed: 0,
    alertsQueued: 0,
  }
}

/** The rows of `score_changes` that make this day's scores read right, and no later day's wrong. */
async function editsOf(
  db: Reader,
  rows: readonly RiskRow[],
  { asOf, baseline, successor }: Night,
): Promise<{ scores: ScoreEdit[]; changed: number }> {
  const ids = rows.map(({ contractId }) => contractId)
  const onDay = await scoresUpTo(db, ids, asOf)
  const dayBefore = addDays(asOf, -1)
  const before = await scoresUpTo(db, ids, dayBefore)
  const atBaseline =
    baseline === undefined || baseline === dayBefore ? before : await scoresUpTo(db, ids, baseline)
  const later = successor === undefined ? undefined : await scoresUpTo(db, ids, successor)
  const scores: ScoreEdit[] = []
  let changed = 0
  for (const row of rows) {
    const score = knownScore(row, asOf)
    const stored = onDay.get(row.contractId)
    const hasOwnRow = stored?.asOf === asOf
    if (baseline !== undefined && !sameScore(score, atBaseline.get(row.contractId))) changed += 1
    const needed = !sameScore(score, before.get(row.contractId))
    const put = needed && !(hasOwnRow && sameScore(score, stored)) ? [score] : []
    const kept = later?.get(row.contractId)
    if (successor !== undefined && (kept === undefined || kept.asOf <= asOf))
      if (!sameScore(score, kept))
        put.push({ ...(kept ?? nothing(row.contractId)), asOf: successor })
    const remove = hasOwnRow && !needed ? asOf : null
    if (put.length > 0 || remove !== null) scores.push({ contractId: row.contractId, put, remove })
  }
  return { scores, changed }
}

function knownScore(row: RiskRow, asOf: Day): KnownScore {
  const points = Object.fromEntries(
    Object.entries(pointsOf(row.contributions)).filter(([, value]) => value !== 0),
  )
  return { contractId: row.contractId, asOf, score: row.score, level: row.level, points }
}

const nothing = (contractId: string): KnownScore => ({
  contractId,
  asOf: '',
  score: 0,
  level: 'none',
  points: {},
})

/** A contract that no night has seen yet counts as one without points. */
function sameScore(a: KnownScore, b: KnownScore | undefined): boolean {
  if (b === undefined) return a.score === 0 && Object.keys(a.points).length === 0
  return (
    a.score === b.score &&
    a.level === b.level &&
    JSON.stringify(a.points) === JSON.stringify(b.points)
  )
}

/**
 * Stored risks that differ in more than the day, and those whose contract is not there any more.
 */
async function risksToKeep(
  db: Reader,
  scope: OperatorScope,
  rows: readonly RiskRow[],
  failures: readonly RunFailure[],
): Promise<{ risks: RiskRow[]; dropped: string[] }> {
  const { risks: t } = db.tables
  const ofOperators = await db.select().from(t).where(scope(t.operatorId))
  const stored = new Map(ofOperators.map((row) => [row.contractId, row]))
  const moved = rows.flatMap(({ contractId }) => (stored.has(contractId) ? [] : [contractId]))
  for (const row of await risksOf(db, moved)) stored.set(row.contractId, row)
  const present = new Set([...rows, ...failures].map(({ contractId }) => contractId))
  return {
    risks: rows.filter((row) => !sameRisk(row, stored.get(row.contractId))),
    dropped: ofOperators.flatMap(({ contractId }) => (present.has(contractId) ? [] : [contractId])),
  }
}

/** A stored row of an earlier day speaks for this one too while nothing else differs. */
function sameRisk(a: RiskRow, b: RiskRow | undefined): boolean {
  if (!b || b.asOf > a.asOf) return false
  const timeless = { asOf: '', knownAt: '' }
  return JSON.stringify({ ...a, ...timeless }) === JSON.stringify({ ...b, ...timeless })
}

async function emitInBatches(
  emit: (batch: ScoreBatch) => Promise<void>,
  { risks, dropped, scores }: ScoreBatch,
): Promise<void> {
  const rows = Math.max(risks.length, dropped.length, scores.length)
  for (let at = 0; at < rows; at += ROWS_PER_BATCH) {
    const part = <T>(list: readonly T[]) => list.slice(at, at + ROWS_PER_BATCH)
    await emit({ risks: part(risks), dropped: part(dropped), scores: part(scores) })
  }
}
