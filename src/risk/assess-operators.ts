import { contractChecks } from '../domain/contract-checks.ts'
import type { ContractTerms, Rent } from '../domain/contract-terms.ts'
import { groupBy } from '../domain/group-by.ts'
import { hundredthsOfMu } from '../domain/mu.ts'
import { conditionsHolding } from '../domain/operator-condition.ts'
import { amendmentsInOrder } from '../domain/rent-periods.ts'
import { termEndOn } from '../domain/rent-schedule.ts'
import { planKept } from '../domain/repayment-plan.ts'
import type { RiskCondition, RiskPolicy } from '../domain/risk-policy.ts'
import { scoreRisk } from '../domain/risk-score.ts'
import { type Standing, standingAt } from '../domain/standing.ts'
import type { AtTime } from '../facts/fact-kind.ts'
import type { Reader } from '../platform/database/database.ts'
import type { Tables } from '../platform/database/tables.ts'
import type { RunFailure } from '../platform/database/tables-of-risk.ts'
import {
  type ContractBalance,
  contractBalances,
  instalmentsOf,
  paymentsOf,
  plansOf,
} from './contract-balances.ts'
import { type LateSubsidy, lateSubsidies } from './late-subsidies.ts'
import type { OperatorScope } from './operator-scope.ts'
import { type ScopeFacts, scopeFacts } from './scope-facts.ts'

export type RiskRow = Tables['risks']['$inferSelect']

export interface Assessment {
  risks: RiskRow[]
  failures: RunFailure[]
}

type Owed = Pick<
  Standing,
  'arrearsFen' | 'yearsOwed' | 'unpaidYears' | 'partialYears' | 'oldestUnpaidDueOn' | 'arrearsClass'
> &
  Partial<Pick<Standing, 'creditFen'>>
interface AssessedContract extends ContractBalance {
  terms: ContractTerms
  termEndOn: string
  owed: Owed
  planKept: boolean
}

const NOTHING_OWED: Owed = {
  arrearsFen: 0,
  yearsOwed: 0,
  unpaidYears: 0,
  partialYears: 0,
  oldestUnpaidDueOn: null,
  arrearsClass: 'none',
}

/**
 * The risk of every contract of some operators on a day. All contracts of an operator are assessed
 * together: the households of one count for the others. What fails is named and left out.
 */
export async function assessOperators(
  db: Reader,
  scope: OperatorScope,
  at: AtTime,
  policy: RiskPolicy,
): Promise<Assessment> {
  const balances = await contractBalances(db, scope, at)
  const facts = await scopeFacts(db, scope, at)
  const late = await lateSubsidies(db, scope, at)
  const failures: RunFailure[] = []
  const assessed = await withArrears(db, balances, facts, at, policy, failures)
  const lateOf = {
    contract: groupBy(late, ({ contractId }) => contractId),
    operator: groupBy(
      late.filter(({ contractId }) => contractId === null),
      ({ operatorId }) => operatorId,
    ),
  }
  const householdsOfOperator = new Map<string, number>()
  for (const contract of assessed) {
    if (contract.owed.arrearsFen === 0) continue
    const before = householdsOfOperator.get(contract.operatorId) ?? 0
    householdsOfOperator.set(contract.operatorId, before + householdsOf(contract))
  }
  const risks = assessed.flatMap((contract) =>
    attempt(failures, contract.id, () => {
      const named = lateOf.contract.get(contract.id) ?? []
      const ofOperator = lateOf.operator.get(contract.operatorId) ?? []
      const households = householdsOfOperator.get(contract.operatorId) ?? 0
      return riskRow(contract, facts, [...named, ...ofOperator], households, at, policy)
    }),
  )
  return { risks, failures }
}

/** Details are read only for contracts that the balances leave open. */
async function withArrears(
  db: Reader,
  balances: readonly ContractBalance[],
  facts: ScopeFacts,
  at: AtTime,
  policy: RiskPolicy,
  failures: RunFailure[],
): Promise<AssessedContract[]> {
  const open = balances.filter((b) => b.overdueFen > b.paidFen || b.designated > 0)
  const ids = open.map(({ id }) => id)
  const instalments = await instalmentsOf(db, ids, at)
  const payments = await paymentsOf(db, ids, at)
  const plans = await plansOf(db, ids, at)
  const { planToleranceDays } = policy.planKept
  const openIds = new Set(ids)
  return balances.flatMap((balance) =>
    attempt(failures, balance.id, () => {
      const terms = termsOfBalance(balance, facts)
      const endOn = termEndOn(terms)
      const paid = payments.get(balance.id) ?? []
      const owed = openIds.has(balance.id)
        ? standingAt(
            at.asOf,
            { startOn: terms.startOn, endOn, once: balance.frequency === 'once' },
            instalments.get(balance.id) ?? [],
            paid,
          )
        : NOTHING_OWED
      const kept = planKept(plans.get(balance.id) ?? [], paid, at.asOf, planToleranceDays)
      return { ...balance, terms, termEndOn: endOn, owed, planKept: kept }
    }),
  )
}

/** The terms without the rent clause, which the stored instalments already speak for. */
function termsOfBalance(balance: ContractBalance, facts: ScopeFacts): ContractTerms {
  return {
    startOn: balance.startOn,
    endOn: balance.endOn,
    rent: { lines: [] },
    amendments: (facts.amendmentsOf.get(balance.id) ?? []).map(({ effectiveOn, endOn, rent }) => ({
      effectiveOn,
      endOn: endOn ?? undefined,
      rent: rent === null ? undefined : (JSON.parse(rent) as Rent),
    })),
    endedOn: facts.endOf.get(balance.id),
  }
}

function riskRow(
  contract: AssessedContract,
  facts: ScopeFacts,
  late: readonly LateSubsidy[],
  householdsInArrears: number,
  { asOf, knownAt }: AtTime,
  policy: RiskPolicy,
): RiskRow {
  const { id, operatorId, owed } = contract
  const holding = conditionsHolding(facts.conditionsOf.get(operatorId) ?? [], asOf)
  const { score, level, contributions, coverageFen } = scoreRisk(policy, {
    asOf,
    inForce: contract.startOn <= asOf && asOf <= contract.termEndOn,
    standing: owed,
    lateSubsidies: late,
    householdsInArrears,
    conditions: holding.map((one) => ({ ...one, condition: one.condition as RiskCondition })),
    petitions: [
      ...(facts.signsOfContract.get(id) ?? []),
      ...(facts.signsOfOperator.get(operatorId) ?? []),
    ],
    planKept: contract.planKept,
    insured: contract.insured,
    riskDepositFen: contract.riskDepositFen,
  })
  const checks = contractChecks({
    unpriced: contract.unpriced > 0,
    over: contract.termEndOn < asOf,
    creditFen: contract.owed.creditFen ?? contract.paidFen - contract.overdueFen,
    lessorKind: contract.lessorKind,
    households: contract.households,
  })
  return {
    contractId: id,
    operatorId,
    villageCode: contract.villageCode,
    landUse: contract.landUse,
    areaHundredths: areaAt(contract, asOf),
    households: householdsOf(contract),
    startOn: contract.startOn,
    endOn: contract.termEndOn,
    score,
    level,
    arrearsFen: owed.arrearsFen,
    unpaidYears: owed.unpaidYears,
    yearsOwed: owed.yearsOwed,
    arrearsClass: owed.arrearsClass,
    oldestUnpaidDueOn: owed.oldestUnpaidDueOn,
    coverageFen,
    checks: checks.length > 0 ? checks : null,
    contributions,
    policy: policy.version,
    asOf,
    knownAt,
  }
}

/** A household lessor without a number is 1, a collective without one 0. */
function householdsOf({ households, lessorKind }: ContractBalance): number {
  return households ?? (lessorKind === 'household' ? 1 : 0)
}

/** An amended rent clause counts with its own area from its effective day on. */
function areaAt({ terms, areaHundredths }: AssessedContract, asOf: string): number {
  const amended = amendmentsInOrder(terms).findLast(
    ({ effectiveOn, rent }) => rent !== undefined && effectiveOn <= asOf,
  )
  if (!amended?.rent) return areaHundredths
  return amended.rent.lines.reduce((sum, { areaMu }) => sum + hundredthsOfMu(areaMu), 0)
}

/** One contract that cannot be assessed must not keep the others from it. */
function attempt<T>(failures: RunFailure[], contractId: string, work: () => T): T[] {
  try {
    return [work()]
  } catch (error) {
    const message = error instanceof Error ? error.message : 'unknown failure'
    failures.push({ contractId, code: 'not-assessable', message })
    return []
  }
}
