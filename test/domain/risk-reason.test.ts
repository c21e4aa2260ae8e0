import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { POLICY_2026_1 } from '../../src/domain/policy-2026-1.ts'
import type {
  Contribution,
  PetitionSigns,
  SubsidyDelay,
  YearsOwed,
} from '../../src/domain/risk-contribution.ts'
import type { RiskCondition } from '../../src/domain/risk-policy.ts'
import { factSentence, withoutSource } from '../../src/domain/risk-reason.ts'
import { scoreRisk } from '../../src/domain/risk-score.ts'
import { AS_OF, anyFacts } from '../support/risk-facts.ts'

const years: YearsOwed = {
  factor: 'years_owed',
  points: 26,
  yearsOwed: 2,
  unpaidYears: 2,
  partialYears: 0,
  arrearsFen: 64_100_000,
  since: '2023-12-31',
}
const subsidy: SubsidyDelay = {
  factor: 'subsidy_delay',
  points: 10,
  standing: 'recognised',
  count: 1,
  outstandingFen: 120_000_000,
  payableOn: '2025-11-08',
  coverageFen: 120_000_000,
  arrearsFen: 200_000_000,
}
const signs: PetitionSigns = {
  factor: 'petition_signs',
  points: 10,
  signs: 3,
  repeats: 1,
  mostPeople: 6,
  latestOn: '2026-03-02',
  windowDays: 365,
}
const secured = { factor: 'secured', points: -5, arrearsFen: 1_000_000 } as const
const condition = (name: RiskCondition, source: string): Contribution => ({
  factor: 'operator_condition',
  points: 12,
  condition: name,
  observedOn: '2026-01-05',
  source,
})
const floor = { factor: 'floor', points: 8 } as const

describe('factSentence', () => {
  it.each<[string, Contribution]>([
    ['2 个租金年度全额未付,欠租 64.10 万元,自 2023-12-31 起', years],
    [
      '2 个租金年度全额未付,另 1 个部分未付,欠租 64.10 万元,自 2023-12-31 起',
      { ...years, partialYears: 1 },
    ],
    [
      '2 个租金年度全额未付,另 3 个部分未付,折合满 3 年,欠租 64.10 万元,自 2023-12-31 起',
      { ...years, partialYears: 3, yearsOwed: 3 },
    ],
    [
      '1 个租金年度部分未付,欠租 0.01 元,自 2023-12-31 起',
      { ...years, yearsOwed: 0, unpaidYears: 0, partialYears: 1, arrearsFen: 1 },
    ],
    [
      '3 个租金年度部分未付,折合满 1 年,欠租 1.00 万元,自 2023-12-31 起',
      { ...years, yearsOwed: 1, unpaidYears: 0, partialYears: 3, arrearsFen: 1_000_000 },
    ],
    [
      '1 个租金年度全额未付,折合不足 1 年,欠租 9999.99 元,自 2023-12-31 起',
      { ...years, yearsOwed: 0, unpaidYears: 1, arrearsFen: 999_999 },
    ],
    [
      '1 个租金年度全额未付,折合满 10 年,欠租 64.10 万元,自 2023-12-31 起',
      { ...years, yearsOwed: 10, unpaidYears: 1 },
    ],
    ['认定补助 120.00 万元逾期 143 天未兑付,可覆盖欠租的 60%', subsidy],
    ['认定补助 120.00 万元逾期 143 天未兑付', { ...subsidy, coverageFen: 0, arrearsFen: 0 }],
    [
      '认定补助 120.00 万元逾期 143 天未兑付,可覆盖欠租的 99%',
      { ...subsidy, coverageFen: 199_999_999 },
    ],
    [
      '认定补助 120.00 万元逾期 143 天未兑付,可覆盖欠租的 100%',
      { ...subsidy, coverageFen: 200_000_000 },
    ],
    [
      '认定补助 5.00 元逾期 143 天未兑付,可覆盖欠租不足 1%',
      { ...subsidy, outstandingFen: 500, coverageFen: 500 },
    ],
    ['2 笔认定补助共 120.00 万元未兑付,最长逾期 143 天,可覆盖欠租的 60%', { ...subsidy, count: 2 }],
    [
      '业主主张补助 120.00 万元,未经认定,所称应付日已过 143 天',
      { ...subsidy, standing: 'claimed', coverageFen: 0 },
    ],
    [
      '业主主张补助 2 笔共 120.00 万元,未经认定,所称应付日最长已过 143 天',
      { ...subsidy, standing: 'claimed', count: 2, coverageFen: 0 },
    ],
    ['业主欠租合同共涉及 320 户', { factor: 'households', points: 15, households: 320 }],
    ['业主自 2026-01-05 起失联(据镇摸排组)', condition('unreachable', '镇摸排组')],
    ['业主自 2026-01-05 起资金链断裂(据 12345 热线)', condition('funds_broken', '12345 热线')],
    ['业主自 2026-01-05 起停业', condition('ceased', '')],
    ['业主自 2026-01-05 起注销(据市场监管局)', condition('deregistered', '市场监管局')],
    ['业主自 2026-01-05 起经营不善(据走访)', condition('mismanaged', '走访')],
    ['近一年 3 次信访反映,其中重复 1 次,一次最多 6 人,最近 2026-03-02', signs],
    ['近一年 1 次信访反映,最近 2026-03-02', { ...signs, signs: 1, repeats: 0, mostPeople: 1 }],
    ['近一年 1 次信访反映,属重复反映,6 人,最近 2026-03-02', { ...signs, signs: 1 }],
    [
      '近 180 天 2 次信访反映,最近 2026-03-02',
      { ...signs, signs: 2, repeats: 0, mostPeople: 0, windowDays: 180 },
    ],
    ['还款计划在执行,未违约', { factor: 'plan_kept', points: -10 }],
    ['已投履约保险', { ...secured, insured: true, riskDepositFen: 0 }],
    [
      '风险保障金 6600.00 元,相当于欠租的 66%',
      { ...secured, insured: false, riskDepositFen: 660_000 },
    ],
    [
      '已投履约保险,风险保障金 1.50 万元,相当于欠租的 150%',
      { ...secured, insured: true, riskDepositFen: 1_500_000 },
    ],
    [
      '业主失联且欠租满 1 年,分值不低于 60 分',
      { ...floor, because: 'unreachable_and_years_owed', yearsOwed: 1, to: 60 },
    ],
    ['欠租满 3 年,分值不低于 40 分', { ...floor, because: 'years_owed', yearsOwed: 3, to: 40 }],
    ['合同期内业主失联,分值不低于 20 分', { ...floor, because: 'unreachable_in_force', to: 20 }],
  ])('%s', (sentence, contribution) => {
    expect(factSentence(contribution, AS_OF)).toBe(sentence)
  })

  it('never says nothing, 0.00, or a verdict', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        for (const contribution of scoreRisk(POLICY_2026_1, facts).contributions) {
          const sentence = factSentence(contribution, AS_OF)
          expect(sentence).not.toMatch(/ 0\.00|undefined|null|NaN|跑路|预警|过时效|,,|,$|^,/)
          expect(sentence.length).toBeGreaterThan(5)
        }
      }),
    )
  })
})

describe('withoutSource', () => {
  it.each<[string, Contribution]>([
    ['业主自 2026-01-05 起失联', condition('unreachable', '村民赵六 13800001234')],
    ['业主自 2026-01-05 起停业', condition('ceased', '')],
    ['业主欠租合同共涉及 320 户', { factor: 'households', points: 15, households: 320 }],
  ])('leaves %s', (sentence, contribution) => {
    expect(factSentence(withoutSource(contribution), AS_OF)).toBe(sentence)
  })

  it('changes nothing else, nor the contribution itself', () => {
    const told = condition('ceased', '走访')
    expect(withoutSource(told)).toEqual({ ...told, source: '' })
    expect(told).toEqual(condition('ceased', '走访'))
    expect(withoutSource(subsidy)).toEqual(subsidy)
  })
})
