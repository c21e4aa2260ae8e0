import { describe, expect, it } from 'vitest'
import { addDays } from '../../src/domain/calendar-day.ts'
import { type CaseFacts, nextActions } from '../../src/domain/next-action.ts'

type Contract = CaseFacts['contracts'][number]
type Subsidy = CaseFacts['lateSubsidies'][number]

const AS_OF = '2026-03-31'
const ago = (days: number) => addDays(AS_OF, -days)
const ahead = (days: number) => addDays(AS_OF, days)

/** In arrears, and everything is being done about it. */
const TENDED: Contract = {
  contractId: 'c1',
  contractNo: '2015-0012',
  arrearsFen: 64_100_000,
  daysOverdue: 90,
  oldestUnpaidDueOn: ago(90),
  lastVisitOn: ago(10),
  nextVisitOn: ahead(20),
  lastDemandOn: ago(10),
  lastMediationOn: null,
  plan: null,
  nextLimitationOn: ahead(600),
}
const PAID: Partial<Contract> = { arrearsFen: 0, daysOverdue: 0, oldestUnpaidDueOn: null }
const kept = { state: 'kept', breachedOn: null, inForce: true }
const breached = { state: 'breached', breachedOn: ago(20), inForce: true }

const actionsOf = (contracts: Partial<Contract>[], lateSubsidies: Subsidy[] = [], cover = 0) =>
  nextActions({
    asOf: AS_OF,
    contracts: contracts.map((over, at) => ({ ...TENDED, contractId: `c${at + 1}`, ...over })),
    lateSubsidies,
    coverageFen: cover,
  })
const names = (...given: Parameters<typeof actionsOf>) =>
  actionsOf(...given).map(({ action }) => action)
const reasons = (...given: Parameters<typeof actionsOf>) =>
  actionsOf(...given).map(({ reason }) => reason)

it('suggests nothing where everything is being done, or there is no contract', () => {
  expect(actionsOf([{}])).toEqual([])
  expect(actionsOf([])).toEqual([])
})

describe('what one contract calls for', () => {
  it.each<[string, Partial<Contract>, string[]]>([
    ['a plan that is kept', { plan: kept }, []],
    ['a breached plan', { plan: breached }, ['call_plan_in']],
    ['breached today', { plan: { ...breached, breachedOn: AS_OF } }, ['call_plan_in']],
    ['a breach after the day', { plan: { ...breached, breachedOn: ahead(1) } }, []],
    ['a breached plan, all paid since', { ...PAID, plan: breached }, []],
    ['one fen still owed of it', { arrearsFen: 1, plan: breached }, ['call_plan_in']],

    ['a limitation day in 181 days', { nextLimitationOn: ahead(181) }, []],
    ['in 180 days', { nextLimitationOn: ahead(180) }, ['remind_of_limitation']],
    ['today', { nextLimitationOn: AS_OF }, ['remind_of_limitation']],
    ['reached', { nextLimitationOn: ago(1) }, ['remind_of_limitation']],
    ['reached, but nothing owed', { ...PAID, nextLimitationOn: ago(1) }, []],
    ['no limitation day', { nextLimitationOn: null }, []],

    ['never visited', { lastVisitOn: null, nextVisitOn: null }, ['first_visit']],
    ['never visited, nothing owed', { ...PAID, lastVisitOn: null }, ['first_visit']],
    ['visited 90 days ago', { lastVisitOn: ago(90) }, []],
    ['visited 91 days ago', { lastVisitOn: ago(91) }, ['revisit']],
    ['a visit agreed for today', { nextVisitOn: AS_OF }, []],
    ['agreed for yesterday', { nextVisitOn: ago(1) }, ['revisit']],
    ['made on the agreed day', { lastVisitOn: ago(5), nextVisitOn: ago(5) }, []],
    ['made after the agreed day', { lastVisitOn: ago(4), nextVisitOn: ago(5) }, []],
    ['agreed and long ago: once', { lastVisitOn: ago(200), nextVisitOn: ago(9) }, ['revisit']],

    ['never demanded', { lastDemandOn: null }, ['send_demand']],
    ['demanded before it fell due', { lastDemandOn: ago(91) }, ['send_demand']],
    ['demanded on the due day', { lastDemandOn: ago(90) }, ['send_demand']],
    ['never demanded, nothing owed', { ...PAID, lastDemandOn: null }, []],

    ['demanded 30 days ago', { lastDemandOn: ago(30) }, []],
    ['demanded 31 days ago', { lastDemandOn: ago(31) }, ['ask_mediation']],
    ['one fen left of it', { lastDemandOn: ago(31), arrearsFen: 1 }, ['ask_mediation']],
    ['demanded, then all paid', { ...PAID, lastDemandOn: ago(31) }, []],
    ['demanded the day after it fell due', { lastDemandOn: ago(89) }, ['ask_mediation']],
    ['with a plan in force', { lastDemandOn: ago(31), plan: kept }, []],
    [
      'with a plan that is over',
      { lastDemandOn: ago(31), plan: { ...kept, state: 'over', inForce: false } },
      ['ask_mediation'],
    ],
    [
      'with a breached plan',
      { lastDemandOn: ago(31), plan: breached },
      ['call_plan_in', 'ask_mediation'],
    ],
    [
      'with mediation asked for on the day of the demand',
      { lastDemandOn: ago(31), lastMediationOn: ago(31) },
      [],
    ],
    [
      'with mediation asked for before the demand',
      { lastDemandOn: ago(31), lastMediationOn: ago(32) },
      ['ask_mediation'],
    ],
  ])('%s', (_name, over, actions) => {
    expect(names([over])).toEqual(actions)
  })
})

describe('late subsidies', () => {
  const recognised: Subsidy = { standing: 'recognised', outstandingFen: 50_000_000, days: 100 }
  const claimed: Subsidy = { standing: 'claimed', outstandingFen: 90_000_000, days: 300 }
  it.each<[string, Partial<Contract>, Subsidy[], number, string[]]>([
    ['recognised', {}, [recognised], 50_000_000, ['ask_for_subsidy']],
    ['one fen of it', {}, [{ ...recognised, outstandingFen: 1 }], 1, ['ask_for_subsidy']],
    ['all disbursed', {}, [{ ...recognised, outstandingFen: 0 }], 0, []],
    ['covers nothing', {}, [recognised], 0, []],
    ['only claimed', {}, [claimed], 0, []],
    ['only claimed, whatever is said to be covered', {}, [claimed], 64_100_000, []],
    ['nothing owed', PAID, [recognised], 0, []],
    ['none', {}, [], 0, []],
  ])('%s', (_name, over, late, cover, actions) => {
    expect(names([over], late, cover)).toEqual(actions)
  })

  it('what is claimed is in no figure, and nothing is netted', () => {
    const late = [claimed, recognised, { ...recognised, outstandingFen: 999_999, days: 101 }]
    expect(reasons([{}, PAID], late, 50_999_999)).toEqual([
      '认定补助 2 笔共 51.00 万元未兑付,最长逾期 101 天,可覆盖欠租 51.00 万元:' +
        '建议提请农业农村局推进兑付;补助与租金不相抵,租金照常催收',
    ])
    expect(actionsOf([PAID, {}], late, 1)[0]?.contractIds).toEqual(['c2'])
  })
})

describe('of several contracts', () => {
  it('names the most urgent action first, each once with its contracts', () => {
    const found = actionsOf(
      [
        { lastDemandOn: null },
        { lastDemandOn: ago(31), lastVisitOn: null },
        { plan: breached, lastVisitOn: ago(91) },
        { lastDemandOn: ago(91), nextLimitationOn: ahead(9) },
        {},
      ],
      [{ standing: 'recognised', outstandingFen: 1, days: 1 }],
      1,
    )
    expect(found.map(({ action, contractIds }) => [action, contractIds])).toEqual([
      ['call_plan_in', ['c3']],
      ['remind_of_limitation', ['c4']],
      ['ask_for_subsidy', ['c1', 'c2', 'c3', 'c4', 'c5']],
      ['first_visit', ['c2']],
      ['revisit', ['c3']],
      ['send_demand', ['c1', 'c4']],
      ['ask_mediation', ['c2']],
    ])
  })

  it.each<[string, Partial<Contract>[], string]>([
    [
      'one breached plan',
      [{ plan: breached }],
      '合同(2015-0012)欠租 64.10 万元,还款计划自 2026-03-11 起违约:' +
        '建议约谈业主,督促补付或重新商定还款计划',
    ],
    [
      'two breached plans',
      [{ plan: breached }, { plan: { ...breached, breachedOn: '2026-01-05' }, arrearsFen: 1 }],
      '2 份合同共欠租 64.10 万元,还款计划最早自 2026-01-05 起违约:' +
        '建议约谈业主,督促补付或重新商定还款计划',
    ],
    [
      'limitation ahead, the nearest of two',
      [{ nextLimitationOn: ahead(40) }, { nextLimitationOn: ahead(12) }],
      '时效风险提示:2 份合同共欠租 128.20 万元;最近的提示日为 2026-04-12(还有 12 天),' +
        '建议在此之前送达书面催告并留存凭据,可重新起算',
    ],
    [
      'limitation reached by one that has no number',
      [{ nextLimitationOn: ago(30), contractNo: null, arrearsFen: 999_999 }],
      '时效风险提示:1 份合同欠租 9999.99 元;提示日 2026-03-01 已到(30 天前),' +
        '建议核对催告、调解和付款记录,并商定还款计划',
    ],
    [
      'never visited',
      [{ lastVisitOn: null }],
      '合同(2015-0012)尚无摸排记录:建议上门摸排,核实土地和业主现状',
    ],
    [
      'an agreed visit missed, another long ago',
      [{ nextVisitOn: ago(3) }, { lastVisitOn: ago(120) }, { lastVisitOn: ago(91) }],
      '合同(2015-0012)约定 2026-03-28 复访,已过 3 天;' +
        '2 份合同最近摸排在 2025-12-01,距今 120 天:建议上门复访',
    ],
    [
      'no demand',
      [{ lastDemandOn: null }],
      '合同(2015-0012)欠租 64.10 万元,2025-12-31 到期,逾期 90 天,' +
        '到期后尚无催告送达记录:建议送达书面催告',
    ],
    [
      'a demand without an answer',
      [{ lastDemandOn: ago(31) }],
      '合同(2015-0012)欠租 64.10 万元,2026-02-28 催告送达,已 31 天仍未付清,' +
        '没有正在履行的还款计划:建议申请调解',
    ],
  ])('the reason of %s', (_name, contracts, reason) => {
    expect(reasons(contracts)).toEqual([reason])
  })

  it('never says that a period is over or that somebody has fled', () => {
    const worst = { nextLimitationOn: ago(400), lastVisitOn: null, plan: breached }
    const all = reasons([{ ...worst, lastDemandOn: null }, { lastDemandOn: ago(80) }]).join()
    expect(all).not.toMatch(/时效已过|已过时效|届满|跑路|预警|政府欠/)
  })
})
