import type { Day } from './calendar-day.ts'
import { moneyWords } from './money-words.ts'
import type { Contribution } from './risk-contribution.ts'
import type { RiskCondition } from './risk-policy.ts'
import { delayDays } from './subsidy-delay.ts'

type Fact<F extends Contribution['factor']> = Extract<Contribution, { factor: F }>

export const CONDITION_WORDS: Readonly<Record<RiskCondition, string>> = {
  unreachable: '失联',
  funds_broken: '资金链断裂',
  ceased: '停业',
  deregistered: '注销',
  mismanaged: '经营不善',
}

/**
 * The fact behind a contribution as one short Chinese sentence with its figures: facts and their
 * sources, no verdict. A condition carries its `source` as recorded: mail takes it `withoutSource`.
 *
 * Units: 万元 with two decimals, 元 with two decimals below 1 万元; whole percent, rounded down.
 * Source: product.md, Promises 1 and What would embarrass us 2 to 6; words of field.md.
 * @example factSentence({ factor: 'years_owed', … }, '2026-03-31')
 * // '2 个租金年度全额未付,欠租 64.10 万元,自 2023-12-31 起'
 */
export function factSentence(contribution: Contribution, asOf: Day): string {
  switch (contribution.factor) {
    case 'years_owed':
      return yearsSentence(contribution)
    case 'subsidy_delay':
      return subsidySentence(contribution, asOf)
    case 'households':
      return `业主欠租合同共涉及 ${contribution.households} 户`
    case 'operator_condition':
      return conditionSentence(contribution)
    case 'petition_signs':
      return petitionSentence(contribution)
    case 'plan_kept':
      return '还款计划在执行,未违约'
    case 'secured':
      return securedSentence(contribution)
    case 'floor':
      return floorSentence(contribution)
  }
}

/**
 * A contribution without what somebody wrote in words of his own, for what leaves by mail.
 *
 * Source: domain.md, Alerts (no free text); product.md, What would embarrass us 8.
 * @example factSentence(withoutSource({ factor: 'operator_condition', … }), '2026-03-31')
 * // '业主自 2026-01-05 起失联'
 */
export function withoutSource(contribution: Contribution): Contribution {
  return contribution.factor === 'operator_condition'
    ? { ...contribution, source: '' }
    : contribution
}

function yearsSentence(fact: Fact<'years_owed'>): string {
  const { unpaidYears, partialYears, yearsOwed } = fact
  const parts: string[] = []
  if (unpaidYears > 0) parts.push(`${unpaidYears} 个租金年度全额未付`)
  if (partialYears > 0) {
    const other = unpaidYears > 0 ? `另 ${partialYears} 个` : `${partialYears} 个租金年度`
    parts.push(`${other}部分未付`)
  }
  // A year cut short, a whole term in one instalment and parts of years count by their length.
  if (yearsOwed !== unpaidYears) {
    parts.push(yearsOwed > 0 ? `折合满 ${yearsOwed} 年` : '折合不足 1 年')
  }
  return [...parts, `欠租 ${moneyWords(fact.arrearsFen)}`, `自 ${fact.since} 起`].join(',')
}

function subsidySentence(fact: Fact<'subsidy_delay'>, asOf: Day): string {
  const days = delayDays(asOf, fact.payableOn)
  const amount = moneyWords(fact.outstandingFen)
  const several = fact.count > 1
  if (fact.standing === 'claimed') {
    const sum = several ? `${fact.count} 笔共 ${amount}` : amount
    return `业主主张补助 ${sum},未经认定,所称应付日${several ? '最长' : ''}已过 ${days} 天`
  }
  const late = several
    ? `${fact.count} 笔认定补助共 ${amount}未兑付,最长逾期 ${days} 天`
    : `认定补助 ${amount}逾期 ${days} 天未兑付`
  return fact.coverageFen > 0
    ? `${late},可覆盖欠租${shareOf(fact.coverageFen, fact.arrearsFen)}`
    : late
}

/** Rounded down, so that 100% is said only of the whole. */
function shareOf(partFen: number, wholeFen: number): string {
  const hundredfold = partFen * 100
  const percent = (hundredfold - (hundredfold % wholeFen)) / wholeFen
  return percent > 0 ? `的 ${percent}%` : '不足 1%'
}

function conditionSentence({ condition, observedOn, source }: Fact<'operator_condition'>): string {
  const gap = /^[!-~]/.test(source) ? ' ' : ''
  const according = source === '' ? '' : `(据${gap}${source})`
  return `业主自 ${observedOn} 起${CONDITION_WORDS[condition]}${according}`
}

function petitionSentence(fact: Fact<'petition_signs'>): string {
  const { signs, repeats, mostPeople, latestOn, windowDays } = fact
  const window = windowDays === 365 ? '近一年' : `近 ${windowDays} 天`
  const parts = [`${window} ${signs} 次信访反映`]
  if (repeats > 0) parts.push(signs === 1 ? '属重复反映' : `其中重复 ${repeats} 次`)
  if (mostPeople > 1) parts.push(signs === 1 ? `${mostPeople} 人` : `一次最多 ${mostPeople} 人`)
  return [...parts, `最近 ${latestOn}`].join(',')
}

function securedSentence({ insured, riskDepositFen, arrearsFen }: Fact<'secured'>): string {
  const parts = insured ? ['已投履约保险'] : []
  if (riskDepositFen > 0) {
    const share = shareOf(riskDepositFen, arrearsFen)
    parts.push(`风险保障金 ${moneyWords(riskDepositFen)},相当于欠租${share}`)
  }
  return parts.join(',')
}

function floorSentence(fact: Fact<'floor'>): string {
  switch (fact.because) {
    case 'unreachable_and_years_owed':
      return `业主失联且欠租满 ${fact.yearsOwed} 年,分值不低于 ${fact.to} 分`
    case 'years_owed':
      return `欠租满 ${fact.yearsOwed} 年,分值不低于 ${fact.to} 分`
    case 'unreachable_in_force':
      return `合同期内业主失联,分值不低于 ${fact.to} 分`
  }
}
