import { contractFact } from '../contracts/contract.ts'
import type { Day } from '../domain/calendar-day.ts'
import { pointsOf, riskChanges } from '../domain/risk-changes.ts'
import { policyInForce } from '../domain/risk-policy.ts'
import type { AtTime } from '../facts/fact-kind.ts'
import { findFact } from '../facts/fact-store.ts'
import { notThere } from '../facts/record-fact.ts'
import type { Reader } from '../platform/database/database.ts'
import { assessOperators, type RiskRow } from './assess-operators.ts'
import { theseOperators } from './operator-scope.ts'
import { allPolicies } from './policy-store.ts'
import { findRisk, lastCompletedRun, type Run, scoreUpTo } from './risk-store.ts'
import { contributionViews, dayOf } from './risk-view.ts'
import { staleness } from './stale-townships.ts'

/** The stored risk of a contract, fresh after every fact. Refuses: not-found. */
export async function storedContractRisk(db: Reader, contractId: string, now: AtTime) {
  if (!(await findFact(db, 'contracts', contractId))) throw notThere(contractFact.words)
  const row = await findRisk(db, contractId)
  if (!row) return computedContractRisk(db, contractId, now)
  const run = await lastCompletedRun(db)
  return riskView(db, row, { asOf: dayOf(row, run?.asOf ?? row.asOf), knownAt: now.knownAt })
}

/** The risk of a contract on any day, computed from the facts. Refuses: not-found. */
export async function computedContractRisk(db: Reader, contractId: string, at: AtTime) {
  const row = await assessContract(db, contractId, at)
  if (!row) throw notThere(contractFact.words)
  return riskView(db, row, at)
}

async function riskView(db: Reader, row: RiskRow, { asOf, knownAt }: AtTime) {
  const policy = policyInForce(await allPolicies(db, knownAt), asOf)
  const isStale = await staleness(db, { asOf, knownAt }, policy.staleDays)
  return {
    contractId: row.contractId,
    asOf,
    knownAt,
    policy: row.policy,
    score: row.score,
    level: row.level,
    contributions: contributionViews(row, asOf),
    arrearsFen: row.arrearsFen,
    unpaidYears: row.unpaidYears,
    yearsOwed: row.yearsOwed,
    coverageFen: row.coverageFen,
    stale: isStale(row.villageCode),
    changes: await changesSince(db, row, asOf, knownAt),
  }
}

/** Against the last completed run before the day; the first run of all has nothing to compare. */
async function changesSince(db: Reader, row: RiskRow, asOf: Day, knownAt: string) {
  const run = await lastCompletedRun(db, asOf, knownAt)
  if (!run) return []
  const before = await pointsAtRun(db, row.contractId, run, knownAt)
  return riskChanges(before, pointsOf(row.contributions), asOf)
}

/** What a run found; when it was made again after `knownAt`, what it had found the first time. */
async function pointsAtRun(db: Reader, contractId: string, run: Run, knownAt: string) {
  const { asOf, finishedAt, firstStartedAt } = run
  if (finishedAt === null || finishedAt <= knownAt || firstStartedAt === null)
    return (await scoreUpTo(db, contractId, asOf))?.points ?? {}
  const row = await assessContract(db, contractId, { asOf, knownAt: firstStartedAt })
  return row ? pointsOf(row.contributions) : {}
}

/** A contract's risk from the facts; undefined when there was no such contract at `knownAt`. */
async function assessContract(db: Reader, contractId: string, at: AtTime) {
  const contract = await findFact(db, 'contracts', contractId, at.knownAt)
  if (!contract) return undefined
  const policy = policyInForce(await allPolicies(db, at.knownAt), at.asOf)
  const scope = theseOperators([contract.operatorId])
  const { risks, failures } = await assessOperators(db, scope, at, policy)
  const row = risks.find((risk) => risk.contractId === contractId)
  if (row) return row
  const failure = failures.find((one) => one.contractId === contractId)
  throw new Error(`contract ${contractId} cannot be assessed: ${failure?.message}`)
}
