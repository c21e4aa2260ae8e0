import { type Day, daysBetween } from './calendar-day.ts'
import { caseNews, type Hearer, hearsOf, isProposed } from './case-news.ts'
import { CASE_STATE_NAMES } from './case-sentence.ts'
import type { CaseEvent, CaseState, RelapseCause } from './case-stages.ts'
import { wan } from './fen.ts'
import { LEVEL_NAMES, LEVELS, type Level } from './levels.ts'

/** Whom a line is about, named as a mail may name it. */
export interface DigestSubject {
  /** null: no case of this operator and township. */
  caseId: string | null
  caseNumber: string | null
  level: Level | null
  operator: string
  township: string | null
}

/** One item of news: who, and what in one sentence. */
export interface DigestLine {
  caseId: string | null
  level: Level | null
  who: string
  what: string
}

/** A case with what its history has gained since the recipient was last told. */
export interface ChangedCase extends DigestSubject {
  level: Level
  state: CaseState
  arrearsFen: number
  /** null: nothing is overdue. */
  oldestUnpaidDueOn: Day | null
  deadlineOn: Day | null
  responsiblePerson: string | null
  /** Whether an active recipient within reach has the name of the responsible person. */
  personIsKnown: boolean
  events: CaseEvent[]
}

/** Contracts of one operator and township: their number, sum and earliest day. */
export interface ContractsDue extends DigestSubject {
  contracts: number
  amountFen: number
  earliestOn: Day
}

/** Subsidies of one operator and one standing that are newly late. */
export interface NewlyLate extends DigestSubject {
  standing: 'recognised' | 'claimed'
  count: number
  outstandingFen: number
  days: number
  /** How much of the operator's arrears they would cover; 0 for claimed ones. */
  coverageFen: number
}

export interface StaleTownship {
  name: string
  lastOn: Day | null
}

/** A line that knows its place among those of its section: smaller first. */
type Placed = DigestLine & { rank: (number | string)[] }

/**
 * Cases by what is new about their grade and state, the most urgent first, one line a case.
 *
 * Units: fen in, 万元 out; days. Source: domain.md, Alerts.
 * @example caseLines(cases, '2021-10-31').urgent[0]?.what // '由黄变为红,欠租 64.10 万元'
 */
export function caseLines(cases: readonly ChangedCase[], asOf: Day) {
  const lines = { urgent: [], risen: [], relapsed: [], fallen: [] } as Record<
    'urgent' | 'risen' | 'relapsed' | 'fallen',
    Placed[]
  >
  for (const one of open(cases)) {
    const news = caseNews(one.level, one.events)
    // That it fell is said where it is proposed to be settled.
    if (!news || (news.kind === 'fallen' && isProposed(one.events))) continue
    const { kind, from, to, opened, back, because } = news
    const moved =
      from === to
        ? []
        : [opened ? '新列入风险台账' : `由${LEVEL_NAMES[from]}变为${LEVEL_NAMES[to]}`]
    const returned = back === null ? [] : [back === 'reopened' ? '重新打开' : relapse(because)]
    lines[kind].push({
      ...line({ ...one, level: to }, [...moved, ...returned, ...owed(one, asOf)]),
      rank: [LEVELS.indexOf(to), -one.arrearsFen, one.caseNumber ?? ''],
    })
  }
  for (const list of Object.values(lines)) list.sort(byRank)
  return lines
}

function relapse(because: readonly RelapseCause[]): string {
  const moreFen = because.reduce((sum, { arrears }) => sum + growth(arrears), 0)
  const causes = [
    ...(moreFen > 0 ? [`欠租比化解时增加 ${wan(moreFen)} 万元`] : []),
    ...(because.some(({ level }) => level) ? ['合同等级上升'] : []),
    ...(because.some(({ breach }) => breach) ? ['还款计划违约'] : []),
  ]
  return ['反弹', ...(causes.length > 0 ? [causes.join('、')] : [])].join(':')
}

const growth = (arrears: RelapseCause['arrears']) => (arrears ? arrears.toFen - arrears.fromFen : 0)

function owed({ arrearsFen, oldestUnpaidDueOn }: ChangedCase, asOf: Day): string[] {
  const days = oldestUnpaidDueOn === null ? 0 : daysBetween(oldestUnpaidDueOn, asOf)
  if (arrearsFen === 0) return ['现无欠租']
  return [`欠租 ${wan(arrearsFen)} 万元`, ...(days > 0 ? [`最长逾期 ${days} 天`] : [])]
}

/**
 * The deadlines that a recipient hears of, the earliest first. One that was put off, or whose case
 * is resolved by now, is left out.
 *
 * Units: days. Source: domain.md, Cases: a past deadline escalates.
 * @example deadlineLines(cases, '2021-10-31', hearer)[0]?.what // '完成时限 2021-10-31,今天到期,化解中'
 */
export function deadlineLines(
  cases: readonly ChangedCase[],
  asOf: Day,
  hearer: Hearer,
): DigestLine[] {
  const lines = open(cases).flatMap((one): Placed[] => {
    const { deadlineOn, responsiblePerson, personIsKnown } = one
    const told = one.events.some(
      (event) =>
        event.kind === 'deadline' &&
        event.detail.deadlineOn === deadlineOn &&
        hearsOf(event.detail.step, hearer, responsiblePerson, personIsKnown),
    )
    if (!told || deadlineOn === null) return []
    const left = daysBetween(asOf, deadlineOn)
    const when = left > 0 ? `还有 ${left} 天` : left === 0 ? '今天到期' : `已超过 ${-left} 天`
    const what = [`完成时限 ${deadlineOn},${when}`, CASE_STATE_NAMES[one.state], ...owed(one, asOf)]
    return [{ ...line(one, what), rank: [deadlineOn, one.caseNumber ?? ''] }]
  })
  return lines.sort(byRank)
}

/**
 * Cases that a night proposes to settle, and that nobody has settled since.
 *
 * Units: days. Source: domain.md, Cases.
 * @example proposalLines([], '2021-10-31') // []
 */
export function proposalLines(cases: readonly ChangedCase[], asOf: Day): DigestLine[] {
  return open(cases)
    .filter(({ events }) => isProposed(events))
    .map((one): Placed => {
      const what = ['关联合同均已低于列管等级,建议核实后化解', ...owed(one, asOf)]
      return { ...line(one, what), rank: [one.caseNumber ?? ''] }
    })
    .sort(byRank)
}

/** Whoever has settled a case needs no news of it. */
const open = (cases: readonly ChangedCase[]) => cases.filter(({ state }) => state !== 'resolved')

/**
 * Repayment plans that were breached, by operator and township.
 *
 * Units: days. Source: domain.md, Alerts (promises broken).
 * @example brokenLines([plan])[0]?.what // '1 份合同的还款计划违约,最早自 2021-10-20 起'
 */
export function brokenLines(broken: readonly ContractsDue[]): DigestLine[] {
  const lines = broken.map((one): Placed => {
    const first = one.contracts > 1 ? '最早自' : '自'
    const what = `${one.contracts} 份合同的还款计划${first} ${one.earliestOn} 起违约`
    return { ...line(one, [what]), rank: [levelRank(one), one.earliestOn] }
  })
  return lines.sort(byRank)
}

/**
 * Rent that falls due at flagged operators, the largest first.
 *
 * Units: fen in, 万元 out; days. Source: domain.md, Alerts.
 * @example dueLines([due])[0]?.what // '2 份合同租金将到期,合计 1.10 万元,最早 2021-11-10'
 */
export function dueLines(due: readonly ContractsDue[]): DigestLine[] {
  const lines = due.map((one): Placed => {
    const { contracts, amountFen, earliestOn } = one
    const sum = `${contracts} 份合同租金${contracts > 1 ? '合计' : ''} ${wan(amountFen)} 万元`
    return { ...line(one, [sum, `最早 ${earliestOn} 到期`]), rank: [-amountFen] }
  })
  return lines.sort(byRank)
}

/**
 * Subsidies that are newly late, recognised ones first; a claim is never called a debt.
 *
 * Units: fen in, 万元 out; days. Source: domain.md, Two clocks; product.md, embarrassment 4.
 * @example lateSubsidyLines([late])[0]?.what // '认定应付补助 1 笔共 40.00 万元,已逾期 14 天'
 */
export function lateSubsidyLines(late: readonly NewlyLate[]): DigestLine[] {
  const lines = late.map((one): Placed => {
    const sum = `${one.count} 笔共 ${wan(one.outstandingFen)} 万元`
    const what =
      one.standing === 'recognised'
        ? [
            `认定应付补助 ${sum}`,
            `已逾期 ${one.days} 天`,
            ...(one.coverageFen > 0 ? [`可覆盖欠租 ${wan(one.coverageFen)} 万元`] : []),
          ]
        : [`业主主张补助 ${sum}`, '未认定', `所称应付日已过 ${one.days} 天`]
    return { ...line(one, what), rank: [+(one.standing === 'claimed'), -one.outstandingFen] }
  })
  return lines.sort(byRank)
}

/**
 * Townships in which nothing was recorded for too long.
 *
 * Units: days. Source: domain.md, Risk (stale).
 * @example staleLines([], '2021-10-31') // []
 */
export function staleLines(stale: readonly StaleTownship[], asOf: Day): DigestLine[] {
  return stale.map(({ name, lastOn }) => ({
    caseId: null,
    level: null,
    who: name,
    what:
      lastOn === null
        ? '尚无收款、摸排或导入记录,等级为暂定'
        : `已 ${daysBetween(lastOn, asOf)} 天没有新记录(最近 ${lastOn}),等级为暂定`,
  }))
}

function line(about: DigestSubject, what: readonly string[]): DigestLine {
  const { caseId, caseNumber, level, operator, township } = about
  const place = township === null ? '' : `(${township})`
  const number = caseNumber === null ? '' : `${caseNumber} `
  return { caseId, level, who: `${number}${operator}${place}`, what: what.join(',') }
}

const levelRank = ({ level }: DigestSubject) =>
  level === null ? LEVELS.length : LEVELS.indexOf(level)

function byRank(a: Placed, b: Placed): number {
  for (const [at, left] of a.rank.entries()) {
    const right = b.rank[at]
    if (right !== undefined && left !== right) return left < right ? -1 : 1
  }
  return a.who < b.who ? -1 : +(a.who > b.who)
}
