import { and, desc, eq, lte, sql } from 'drizzle-orm'
import { contractFact } from '../contracts/contract.ts'
import { pointsOf, riskChanges } from '../domain/risk-changes.ts'
import { policyInForce } from '../domain/risk-policy.ts'
import type { AtTime } from '../facts/fact-kind.ts'
import { ALL_KNOWN, findFact, lastKnown } from '../facts/fact-store.ts'
import { notThere } from '../facts/record-fact.ts'
import type { Reader } from '../platform/database/database.ts'
import { prepared } from '../platform/database/prepared.ts'
import { untilRecorded } from '../platform/database/until-recorded.ts'
import { assessOperators } from './assess-operators.ts'
import { type CompletedRun, completedRun } from './completed-run.ts'
import { theseOperators } from './operator-scope.ts'
import { allPolicies } from './policy-store.ts'
import { contributionViews, dayOf } from './risk-view.ts'
import { stalenessOf } from './stale-townships.ts'
import type { RiskRow } from './stored-risks.ts'

/** The stored risk of a contract, fresh after every fact. Refuses: not-found. */
export async function storedContractRisk(db: Reader, contractId: string, now: AtTime) {
  const [found] = await storedRisk(db, { contractId })
  if (!found || found.withdrawn) throw notThere(contractFact.words)
  const { risk } = found
  if (!risk) return computedContractRisk(db, contractId, now)
  const { knownAt } = now
  const run = await lastNight(db, knownAt, '', () => completedRun(db))
  const asOf = dayOf(risk, run?.asOf ?? risk.asOf)
  const place = `${asOf} ${risk.villageCode.slice(0, 9)}`
  const at = { asOf, knownAt }
  return riskView(db, risk, at, await aroundThen(db, knownAt, place, () => around(db, risk, at)))
}

/** What all contracts of a township share. */
const lastNight = untilRecorded<CompletedRun | undefined>(1)
const aroundThen = untilRecorded<Around>(1000)

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
  return riskView(db, row, at, await around(db, row, at))
}

interface Around {
  stale: boolean
  /** The last completed run before the day. */
  before: CompletedRun | undefined
}

async function around(db: Reader, { villageCode }: RiskRow, { asOf, knownAt }: AtTime) {
  const policy = policyInForce(await allPolicies(db, knownAt), asOf)
  const isStale = await stalenessOf(db, [villageCode], { asOf, knownAt }, policy.staleDays)
  return { stale: isStale(villageCode), before: await completedRun(db, asOf, knownAt) }
}

async function riskView(db: Reader, row: RiskRow, at: AtTime, { stale, before }: Around) {
  const { asOf, knownAt } = at
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
    stale,
    // The first run of all has nothing to compare with.
    changes: before ? await changesSince(db, row, at, before) : [],
  }
}

async function changesSince(db: Reader, row: RiskRow, at: AtTime, run: CompletedRun) {
  const before = await pointsAtRun(db, row.contractId, run, at.knownAt)
  return riskChanges(before, pointsOf(row.contributions), at.asOf)
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
