import { addDays, type Day } from '../domain/calendar-day.ts'
import { LEVELS, type Level } from '../domain/levels.ts'
import { policyInForce, type RiskPolicy } from '../domain/risk-policy.ts'
import type { AtTime } from '../facts/fact-kind.ts'
import type { Reader } from '../platform/database/database.ts'
import type { RunCounts, RunFailure } from '../platform/database/tables-of-risk.ts'
import { type Assessment, assessOperators } from './assess-operators.ts'
import { allOperators, type OperatorScope, operatorPages, pagesOf } from './operator-scope.ts'
import { allPolicies } from './policy-store.ts'
import { loudOperators, storedLevels } from './quiet-operators.ts'
import {
  lastCompletedRun,
  nextCompletedRun,
  type Run,
  type ScoreBatch,
  type ScoreEdit,
  type ScoreText,
  scoresIn,
} from './risk-store.ts'
import {
  asStored,
  type RiskRow,
  type StoredRisk,
  saysTheSame,
  storedRisks,
} from './stored-risks.ts'

const CONTRACTS_PER_PAGE = 500

export interface ScoreJob extends AtTime {
  /** Whether it looks also at those whose risk cannot have changed since the last night. */
  whole: boolean
}
export interface ScoreReport {
  policy: string
  counts: RunCounts
  failures: RunFailure[]
}

/**
 * Scores every contract for a day from what was recorded by `knownAt`, and hands out what differs
 * from what is stored. Writes nothing itself, and asks for what is stored of each operator once, so
 * that while it hands out a batch what it reads may move on to what was written meanwhile.
 */
export async function scoreCounty(
  db: Reader,
  { asOf, knownAt, whole }: ScoreJob,
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
  const loud = whole ? undefined : await loudTonight(db, night, last, policy)
  if (loud) await countQuiet(db, counts, loud)
  const scopes = loud ? pagesOf(loud) : operatorPages(db, CONTRACTS_PER_PAGE)
  for await (const scope of scopes) {
    const stored = await storedRisks(db, scope)
    const assessed = await assessOperators(db, scope, { asOf, knownAt }, policy, stored)
    failures.push(...assessed.failures)
    for (const { level } of assessed.risks) count(counts, level, 1)
    counts.contracts += assessed.failures.length
    const { scores, changed } = await editsOf(db, scope, assessed.risks, night)
    counts.changed += changed
    const { risks, dropped } = night.keepsRisks
      ? risksToKeep(stored, assessed)
      : { risks: [], dropped: [] }
    if (risks.length + dropped.length + scores.length > 0) await emit({ risks, dropped, scores })
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

/** Undefined: everyone has to be looked at, as for a past day or by another policy. */
async function loudTonight(
  db: Reader,
  { asOf, baseline }: Night,
  last: Run | undefined,
  policy: RiskPolicy,
): Promise<string[] | undefined> {
  if (last === undefined || last.asOf > asOf || last.policy !== policy.version) return undefined
  return loudOperators(db, asOf, last, baseline)
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

function count(counts: RunCounts, level: Level, contracts: number): void {
  counts.contracts += contracts
  counts.scored += contracts
  counts.byLevel[level] += contracts
}

/** Counts as stored those that are passed over: all but the loud ones. */
async function countQuiet(db: Reader, counts: RunCounts, loud: readonly string[]): Promise<void> {
  for (const { level, contracts } of await storedLevels(db, allOperators, {}))
    count(counts, level, contracts)
  for (const scope of pagesOf(loud))
    for (const { level, contracts } of await storedLevels(db, scope, {}))
      count(counts, level, -contracts)
}

/** The rows of `score_changes` that make this day's scores read right, and no later day's wrong. */
async function editsOf(
  db: Reader,
  scope: OperatorScope,
  rows: readonly RiskRow[],
  { asOf, baseline, successor }: Night,
): Promise<{ scores: ScoreEdit[]; changed: number }> {
  const onDay = await scoresIn(db, scope, asOf)
  /** The same rows, unless there are later ones among them than the day. */
  const upTo = async (day: Day) => {
    for (const score of onDay.values()) if (score.asOf > day) return scoresIn(db, scope, day)
    return onDay
  }
  const before = await upTo(addDays(asOf, -1))
  const atBaseline = baseline === undefined ? before : await upTo(baseline)
  const later = successor === undefined ? undefined : await scoresIn(db, scope, successor)
  const scores: ScoreEdit[] = []
  let changed = 0
  for (const row of rows) {
    const score = scoreOf(row, asOf)
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

function scoreOf({ contractId, score, level, contributions }: RiskRow, asOf: Day): ScoreText {
  const points: Record<string, number> = {}
  for (const { factor, points: value } of contributions) points[factor] = value
  return { contractId, asOf, score, level, points: JSON.stringify(points) }
}

const nothing = (contractId: string): ScoreText => ({
  contractId,
  asOf: '',
  score: 0,
  level: 'none',
  points: '{}',
})

/** A contract that no night has seen yet counts as one without points. */
function sameScore(a: ScoreText, b: ScoreText | undefined): boolean {
  if (b === undefined) return a.score === 0 && a.points === '{}'
  return a.score === b.score && a.level === b.level && a.points === b.points
}

/** Risks that differ from those stored, and stored ones whose contract is not there any more. */
function risksToKeep(
  stored: ReadonlyMap<string, StoredRisk>,
  { risks, failures }: Assessment,
): Pick<ScoreBatch, 'risks' | 'dropped'> {
  const present = new Set([...risks, ...failures].map(({ contractId }) => contractId))
  return {
    risks: [
      ...risks.flatMap((now) => {
        const before = stored.get(now.contractId)
        return before && saysTheSame(before, now) ? [] : [asStored(now)]
      }),
      ...failures.flatMap(({ contractId }) => neverQuiet(stored.get(contractId))),
    ],
    dropped: [...stored.keys()].filter((contractId) => !present.has(contractId)),
  }
}

/** What could not be assessed is looked at again, and named, in every night to come. */
const neverQuiet = (stored: StoredRisk | undefined): StoredRisk[] =>
  stored && stored.quietUntil !== null ? [{ ...stored, quietUntil: null }] : []
