import type { Day } from '../domain/calendar-day.ts'
import { contractChecks } from '../domain/contract-checks.ts'
import type { ContractTerms, Rent } from '../domain/contract-terms.ts'
import { hundredthsOfMu } from '../domain/mu.ts'
import { conditionsHolding } from '../domain/operator-condition.ts'
import { quietUntil } from '../domain/quiet-until.ts'
import { amendmentsInOrder } from '../domain/rent-periods.ts'
import { termEndOn } from '../domain/rent-schedule.ts'
import { planKept, type RepaymentPlan } from '../domain/repayment-plan.ts'
import type { RiskCondition, RiskPolicy } from '../domain/risk-policy.ts'
import { type RiskFacts, scoreRisk } from '../domain/risk-score.ts'
import type { AtTime } from '../facts/fact-kind.ts'
import type { Reader } from '../platform/database/database.ts'
import type { RunFailure } from '../platform/database/tables-of-risk.ts'
import { contractsIn, paymentsOf, plansOf, type ScopedContract } from './contract-balances.ts'
import type { OperatorScope } from './operator-scope.ts'
import { type Owed, owedByContract } from './owed-by-contract.ts'
import { type ScopeFacts, scopeFacts } from './scope-facts.ts'
import type { RiskRow, StoredRisk } from './stored-risks.ts'

export interface Assessment {
  risks: RiskRow[]
  failures: RunFailure[]
}

interface TermedContract {
  contract: ScopedContract
  terms: ContractTerms
  termEndOn: Day
}

const NOT_STORED: ReadonlyMap<string, StoredRisk> = new Map()

/**
 * The risk of every contract of some operators on a day. All contracts of an operator are assessed
 * together: the households of one count for the others. What fails is named and left out. With
 * `stored` risks, what is owed is taken from them where it still holds, else from the facts.
 */
export async function assessOperators(
  db: Reader,
  scope: OperatorScope,
  at: AtTime,
  policy: RiskPolicy,
  stored = NOT_STORED,
): Promise<Assessment> {
  const contracts = await contractsIn(db, scope, { knownAt: at.knownAt })
  const facts = await scopeFacts(db, scope, at)
  const failures: RunFailure[] = []
  const termed: TermedContract[] = []
  for (const contract of contracts)
    attempt(failures, contract.id, () => {
      const terms = termsIn(contract, facts)
      termed.push({ contract, terms, termEndOn: termEndOn(terms) })
    })
  const owedOf = new Map<string, Owed>()
  await owedByContract(db, termed, at, stored, (id, owed) =>
    attempt(failures, id, () => owedOf.set(id, owed())),
  )
  const inArrears: string[] = []
  const householdsOfOperator = new Map<string, number>()
  for (const { contract } of termed) {
    if ((owedOf.get(contract.id)?.arrearsFen ?? 0) === 0) continue
    inArrears.push(contract.id)
    const before = householdsOfOperator.get(contract.operatorId) ?? 0
    householdsOfOperator.set(contract.operatorId, before + householdsOf(contract))
  }
  const plans = await plansOf(db, inArrears, at)
  const payments = await paymentsOf(db, [...plans.keys()], at)
  const { planToleranceDays } = policy.planKept
  const risks: RiskRow[] = []
  for (const one of termed) {
    const { id, operatorId } = one.contract
    const owed = owedOf.get(id)
    if (!owed) continue
    attempt(failures, id, () => {
      const ofContract = plans.get(id) ?? []
      const paid = payments.get(id) ?? []
      const moves = {
        lateSubsidies: facts.lateFor(one.contract),
        householdsInArrears: householdsOfOperator.get(operatorId) ?? 0,
        planKept: planKept(ofContract, paid, at.asOf, planToleranceDays),
        plans: ofContract,
      }
      risks.push(riskRow(one, owed, facts, moves, at, policy))
    })
  }
  return { risks, failures }
}

/** The terms without the rent clause, which the stored instalments already speak for. */
function termsIn(contract: ScopedContract, facts: ScopeFacts): ContractTerms {
  return {
    startOn: contract.startOn,
    endOn: contract.endOn,
    rent: { frequency: contract.frequency, lines: [] },
    amendments: (facts.amendmentsOf.get(contract.id) ?? []).map(({ effectiveOn, endOn, rent }) => ({
      effectiveOn,
      endOn: endOn ?? undefined,
      rent: rent === null ? undefined : (JSON.parse(rent) as Rent),
    })),
    endedOn: facts.endOf.get(contract.id),
  }
}

interface Moves extends Pick<RiskFacts, 'lateSubsidies' | 'householdsInArrears' | 'planKept'> {
  plans: readonly RepaymentPlan[]
}

function riskRow(
  termed: TermedContract,
  owed: Owed,
  facts: ScopeFacts,
  { plans, ...moves }: Moves,
  { asOf, knownAt }: AtTime,
  policy: RiskPolicy,
): RiskRow {
  const { contract, terms, termEndOn } = termed
  const { id, operatorId, riskDepositFen } = contract
  const insured = contract.insured === 1
  const turning = turningFacts(termed, facts, plans)
  const holding = conditionsHolding(turning.conditions, asOf)
  const { score, level, contributions, coverageFen } = scoreRisk(policy, {
    asOf,
    inForce: contract.startOn <= asOf && asOf <= termEndOn,
    standing: owed,
    conditions: holding.map((one) => ({ ...one, condition: one.condition as RiskCondition })),
    petitions: turning.petitions,
    insured,
    riskDepositFen,
    ...moves,
  })
  const checks = contractChecks({
    unpriced: owed.unpriced,
    over: termEndOn < asOf,
    creditFen: owed.creditFen,
    lessorKind: contract.lessorKind,
    households: contract.households,
  })
  return {
    contractId: id,
    operatorId,
    villageCode: contract.villageCode,
    landUse: contract.landUse,
    areaHundredths: areaAt(terms, contract.areaHundredths, asOf),
    households: householdsOf(contract),
    startOn: contract.startOn,
    endOn: termEndOn,
    score,
    level,
    arrearsFen: owed.arrearsFen,
    unpaidYears: owed.unpaidYears,
    yearsOwed: owed.yearsOwed,
    arrearsClass: owed.arrearsClass,
    oldestUnpaidDueOn: owed.oldestUnpaidDueOn,
    partialYears: owed.partialYears,
    creditFen: owed.creditFen,
    owedUntil: owed.owedUntil,
    coverageFen,
    checks: checks.length > 0 ? checks : null,
    contributions,
    policy: policy.version,
    asOf,
    knownAt,
    quietUntil: quietUntil(asOf, owed.owedUntil, turning, policy),
  }
}

function turningFacts(
  { contract, terms, termEndOn }: TermedContract,
  facts: ScopeFacts,
  plans: readonly RepaymentPlan[],
) {
  return {
    startOn: contract.startOn,
    termEndOn,
    amendments: terms.amendments ?? [],
    conditions: facts.conditionsOf.get(contract.operatorId) ?? [],
    petitions: facts.signsFor(contract),
    subsidies: facts.turnsFor(contract),
    plans,
  }
}

/** A household lessor without a number is 1, a collective without one 0. */
function householdsOf({ households, lessorKind }: ScopedContract): number {
  return households ?? (lessorKind === 'household' ? 1 : 0)
}

/** An amended rent clause counts with its own area from its effective day on. */
function areaAt(terms: ContractTerms, areaHundredths: number, asOf: Day): number {
  const amended = amendmentsInOrder(terms).findLast(
    ({ effectiveOn, rent }) => rent !== undefined && effectiveOn <= asOf,
  )
  if (!amended?.rent) return areaHundredths
  return amended.rent.lines.reduce((sum, { areaMu }) => sum + hundredthsOfMu(areaMu), 0)
}

/** One contract that cannot be assessed must not keep the others from it. */
function attempt(failures: RunFailure[], contractId: string, work: () => void): void {
  try {
    work()
  } catch (error) {
    const message = error instanceof Error ? error.message : 'unknown failure'
    failures.push({ contractId, code: 'not-assessable', message })
  }
}
