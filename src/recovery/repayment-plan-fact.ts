import { z } from 'zod'
import { contractFact } from '../contracts/contract.ts'
import { operatorOfContract } from '../contracts/require-contract.ts'
import { PLAN_STATE_NAMES } from '../domain/repayment-plan.ts'
import { policyInForce } from '../domain/risk-policy.ts'
import { Refusal } from '../errors.ts'
import type { FactKind, FactRow } from '../facts/fact-kind.ts'
import { refuseFuture } from '../facts/refuse-future.ts'
import { day, text } from '../platform/http/fields.ts'
import { allPolicies } from '../risk/policy-store.ts'
import { planStandingsOf } from './plan-standings.ts'

const INSTALMENTS_MAX = 120
const SUM_MAX_FEN = 100_000_000_000

const body = z.strictObject({
  agreedOn: day,
  instalments: z
    .array(z.strictObject({ dueOn: day, amountFen: z.int().meta({ description: '金额(分)' }) }))
    .max(INSTALMENTS_MAX),
  evidence: text(500),
})

/** 还款计划: what was promised for the arrears of a contract, and by when. */
export const repaymentPlanFact: FactKind<'repaymentPlans', z.output<typeof body>> = {
  facts: 'repayment-plans',
  may: { record: 'record', read: 'read' },
  alias: 'plans',
  words: { zh: '还款计划', en: 'repayment plan' },
  table: 'repaymentPlans',
  parent: { column: 'contractId', table: 'contracts', words: contractFact.words },
  body,
  example: {
    agreedOn: '2024-03-20',
    instalments: [
      { dueOn: '2024-06-30', amountFen: 5_000_000 },
      { dueOn: '2024-12-31', amountFen: 7_500_000 },
    ],
    evidence: '还款协议(青溪镇调解委员会见证)',
  },
  async onDay(db, rows, at) {
    const { planKept } = policyInForce(await allPolicies(db, at.knownAt), at.asOf)
    const contractIds = [...new Set(rows.map(({ contractId }) => contractId))]
    const byContract = await planStandingsOf(db, contractIds, at, planKept.planToleranceDays)
    return new Map(
      [...byContract.values()].flat().map(({ planId, ...standing }) => {
        const stateName = PLAN_STATE_NAMES[standing.state]
        return [planId, { onDay: { asOf: at.asOf, stateName, ...standing } }]
      }),
    )
  },
  async check(tx, row) {
    refuseFuture(tx, 'agreedOn', row.agreedOn)
    refuseWrongInstalments(row)
    return []
  },
  operatorsOf: (tx, row) => operatorOfContract(tx, row.contractId),
}

/**
 * Refuses: plan-without-instalments, plan-sum-not-positive, plan-day-in-past, plan-sum-too-large.
 */
function refuseWrongInstalments({ agreedOn, instalments }: FactRow<'repaymentPlans'>): void {
  if (instalments.length === 0)
    throw refusal('plan-without-instalments', '至少要有一期还款', 'has no instalments')
  for (const [at, { dueOn, amountFen }] of instalments.entries()) {
    if (amountFen <= 0)
      throw refusal('plan-sum-not-positive', '应大于 0', 'must be above 0', `[${at}].amountFen`)
    if (dueOn < agreedOn) {
      const zh = `不能早于订立日期(${agreedOn})`
      throw refusal('plan-day-in-past', zh, `lies before ${agreedOn}`, `[${at}].dueOn`)
    }
  }
  const sumFen = instalments.reduce((sum, { amountFen }) => sum + amountFen, 0)
  if (sumFen > SUM_MAX_FEN) {
    const en = `sum beyond ${SUM_MAX_FEN} fen`
    throw refusal('plan-sum-too-large', `合计超过 ${SUM_MAX_FEN} 分`, en)
  }
}

const refusal = (code: string, zh: string, en: string, where = '') =>
  new Refusal('rule-broken', code, { zh, en }, `instalments${where}`)
