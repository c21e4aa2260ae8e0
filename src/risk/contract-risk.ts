import { and, desc, eq, lte, sql } from 'drizzle-orm'
import { contractFact } from '../contracts/contract.ts'
import type { Day } from '../domain/calendar-day.ts'
import { pointsOf, riskChanges } from '../domain/risk-changes.ts'
import { policyInForce } from '../domain/risk-policy.ts'
import type { AtTime } from '../facts/fact-kind.ts'
import { ALL_KNOWN, findFact, lastKnown } from '../facts/fact-store.ts'
import { notThere } from '../facts/record-fact.ts'
import type { Reader } from '../platform/database/database.ts'
import { prepared } from '../platform/database/prepared.ts'
import { assessOperators, type RiskRow } from './assess-operators.ts'
import { type CompletedRun, completedRun } from './completed-run.ts'
import { theseOperators } from './operator-scope.ts'
import { allPolicies } from './policy-store.ts'
import { contributionViews, dayOf } from './risk-view.ts'
import { stalenessOf } from './stale-townships.ts'

/** The stored risk of a contract, fresh after every fact. Refuses: not-found. */
export async function storedContractRisk(db: Reader, contractId: string, now: AtTime) {
  const [found] = await storedRisk(db, { contractId })
  if (!found || found.withdrawn) throw notThere(contractFact.words)
  const { risk } = found
  if (!risk) return computedContractRisk(db, contractId, now)
  const run = await completedRun(db)
  return riskView(db, risk, { asOf: dayOf(risk, run?.asOf ?? risk.asOf), knownAt: now.knownAt })
}

const storedRisk = prepared((db) => {
  const { contracts: c, risks } = db.tables
  return db
    .select({ withdrawn: c.withdrawn, risk: risks })
    .from(c)
    .leftJoin(risks, eq(risks.contractId, c.id))
    .where(and(eq(c.id, sql.placeholder('contractId')), lastKnown(c, ALL_KNOWN)))
})

/** The risk of a contract on any day, computed from the facts. Refuses: not-found. */
export async function computedContractRisk(db: Reader, contractId: string, at: AtTime) {
  const row = await assessContract(db, contractId, at)
  if (!row) throw notThere(contractFact.words)
  return riskView(db, row, at)
}

async function riskView(db: Reader, row: RiskRow, { asOf, knownAt }: AtTime) {
  const policy = policyInForce(await allPolicies(db, knownAt), asOf)
  const isStale = await stalenessOf(db, [row.villageCode], { asOf, knownAt }, policy.staleDays)
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
  const run = await completedRun(db, asOf, knownAt)
  if (!run) return []
  const before = await pointsAtRun(db, row.contractId, run, knownAt)
  return riskChanges(before, pointsOf(row.contributions), asOf)
}

/** What a run found; when it was made again after `knownAt`, what it had found the first time. */
async function pointsAtRun(db: Reader, contractId: string, run: CompletedRun, knownAt: string) {
  const { asOf, finishedAt, firstStartedAt } = run
  if (finishedAt === null || finishedAt <= knownAt || firstStartedAt === null)
    return (await pointsUpTo(db, { contractId, asOf }))[0]?.points ?? {}
  const row = await assessContract(db, contractId, { asOf, knownAt: firstStartedAt })
  return row ? pointsOf(row.contributions) : {}
}

const pointsUpTo = prepared((db) => {
  const { scoreChanges: t } = db.tables
  const ofContract = eq(t.contractId, sql.placeholder('contractId'))
  return db
    .select({ points: t.points })
    .from(t)
    .where(and(ofContract, lte(t.asOf, sql.placeholder('asOf'))))
    .orderBy(desc(t.asOf))
    .limit(1)
})

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
