import type { Day } from './calendar-day.ts'
import type { Hearer } from './case-news.ts'
import { countRows, type DigestCount, type RegionCounts } from './digest-counts.ts'
import {
  brokenLines,
  type ChangedCase,
  type ContractsDue,
  caseLines,
  type DigestLine,
  deadlineLines,
  dueLines,
  lateSubsidyLines,
  type NewlyLate,
  proposalLines,
  type StaleTownship,
  staleLines,
} from './digest-lines.ts'
import { wan } from './fen.ts'
import type { FestivalAhead } from './spring-festival.ts'

/** What has been recorded since a recipient was last told, inside its region. */
export interface DigestNews {
  cases: ChangedCase[]
  broken: ContractsDue[]
  due: ContractsDue[]
  lateSubsidies: NewlyLate[]
  stale: StaleTownship[]
}

/** Rent that falls due before the Spring Festival. */
export interface FestivalRent {
  ahead: FestivalAhead
  contracts: number
  amountFen: number
  /** Operators with a flagged contract, and what falls due there, by operator and township. */
  flaggedOperators: number
  flagged: ContractsDue[]
}

export interface DigestFacts {
  asOf: Day
  /** The county, and below it the township and the village. */
  place: string[]
  recipient: Hearer
  counts: RegionCounts
  festival: FestivalRent | null
  /** null: the recipient was never told before, so there is nothing to compare with. */
  news: DigestNews | null
  hasWorklist: boolean
}

export interface DigestSection {
  title: string
  /** Of all its lines, listed or not. */
  count: number
  lines: DigestLine[]
}

/** A message as it is said, before it is laid out. */
export interface Digest {
  subject: string
  heading: string
  status: string
  counts: DigestCount[]
  sections: DigestSection[]
  /** What the longest list leaves out; null: nothing. */
  more: string | null
  /** The largest rents before the Spring Festival: no news, so they come last. */
  festival: DigestSection | null
  /** Lines of news, listed or not. */
  changes: number
  footer: string[]
}

const LINES_MAX = 30
const FESTIVAL_LINES_MAX = 5
const SUBJECT_MAX = 100
const PLACE_MAX = 24

/**
 * The one message of a night to one recipient: counts, and what is new since it was last told, the
 * most urgent first, at most 30 lines. A first message has counts only; one without news says so:
 * silence means that the service is down.
 *
 * Units: 万元 with two decimals, days. Throws RangeError on what is no day or no amount.
 * Source: domain.md, Alerts; product.md, promise 4 and What would embarrass us 2 to 6 and 8.
 * @example composeDigest(facts).subject // '[柑源县·青溪镇] 2021-10-31 欠租风险:新增红橙 2'
 */
export function composeDigest(facts: DigestFacts): Digest {
  const { asOf, place, counts, news } = facts
  const festival = facts.festival && festivalSection(facts.festival)
  const all = news === null ? [] : sectionsOf(news, facts)
  const changes = all.reduce((sum, { count }) => sum + count, 0)
  const sections = cut(all, LINES_MAX - (festival?.lines.length ?? 0))
  return {
    subject: subjectOf(facts, all),
    heading: `${place.join('·')} 欠租风险夜报`,
    status: `${asOf} ${statusOf(news === null, changes)}`,
    counts: [...countRows(counts), ...(facts.festival ? [festivalRow(facts.festival)] : [])],
    sections: sections.filter(({ lines }) => lines.length > 0),
    more: moreOf(sections),
    festival: festival && festival.count > 0 ? festival : null,
    changes,
    footer: footerOf(asOf, place, facts.hasWorklist),
  }
}

type TitledSection = DigestSection & { short: string }

function sectionsOf(news: DigestNews, { asOf, recipient }: DigestFacts): TitledSection[] {
  const moved = caseLines(news.cases, asOf)
  const lists: [string, string, DigestLine[]][] = [
    ['新增红橙', '新增红橙', moved.urgent],
    ['反弹', '反弹', moved.relapsed],
    ['时限', '完成时限', deadlineLines(news.cases, asOf, recipient)],
    ['违约', '还款计划违约', brokenLines(news.broken)],
    ['上升', '等级上升', moved.risen],
    ['将到期', '列管业主 30 天内到期租金', dueLines(news.due)],
    ['补助逾期', '新逾期补助', lateSubsidyLines(news.lateSubsidies)],
    ['久未填报', '久未填报乡镇', staleLines(news.stale, asOf)],
    ['建议化解', '建议核实化解', proposalLines(news.cases, asOf)],
    ['下降', '等级下降', moved.fallen],
  ]
  return lists
    .filter(([, , lines]) => lines.length > 0)
    .map(([short, title, lines]) => ({ short, title, count: lines.length, lines }))
}

function cut(sections: readonly TitledSection[], linesMax: number): TitledSection[] {
  let left = linesMax
  return sections.map((section) => {
    const lines = section.lines.slice(0, left)
    left -= lines.length
    return { ...section, lines }
  })
}

function moreOf(sections: readonly TitledSection[]): string | null {
  const cutOff = sections
    .map(({ short, count, lines }) => ({ short, left: count - lines.length }))
    .filter(({ left }) => left > 0)
  if (cutOff.length === 0) return null
  const sum = cutOff.reduce((total, { left }) => total + left, 0)
  return `… 另有 ${sum} 项(${cutOff.map(({ short, left }) => `${short} ${left}`).join(' · ')})`
}

function festivalRow(rent: FestivalRent): DigestCount {
  const { ahead, contracts, amountFen, flaggedOperators, flagged } = rent
  const flaggedFen = flagged.reduce((sum, one) => sum + one.amountFen, 0)
  const value =
    `距春节(${ahead.festivalOn})还有 ${ahead.days} 天,` +
    `节前到期租金 ${contracts} 份合同 合计 ${wan(amountFen)} 万元,` +
    `其中列管业主 ${flaggedOperators} 家 ${wan(flaggedFen)} 万元`
  return { label: '春节前', value }
}

function festivalSection({ flagged }: FestivalRent): DigestSection {
  const lines = dueLines(flagged).slice(0, FESTIVAL_LINES_MAX)
  return { title: '春节前到期租金最多的列管业主', count: lines.length, lines }
}

function statusOf(isFirst: boolean, changes: number): string {
  if (isFirst) return '首次研判:以下为现有情况,今后只报变化'
  return changes === 0 ? '无变化,服务运行正常' : `自上次通报以来有 ${changes} 项变化`
}

function subjectOf({ asOf, place, news }: DigestFacts, sections: readonly TitledSection[]): string {
  const where = place.map((name) => clipped(name, PLACE_MAX / place.length)).join('·')
  const start = `[${where}] ${asOf} 欠租风险`
  if (news === null) return `${start}:首次研判`
  if (sections.length === 0) return `${start}:无变化`
  let subject = start
  for (const { short, count } of sections) {
    const longer = `${subject}${subject === start ? ':' : ' · '}${short} ${count}`
    if (longer.length > SUBJECT_MAX - 2) return `${subject} …`
    subject = longer
  }
  return subject
}

function clipped(name: string, max: number): string {
  const letters = Array.from(name)
  return letters.length <= max ? name : `${letters.slice(0, max - 1).join('')}…`
}

const footerOf = (asOf: Day, place: readonly string[], hasWorklist: boolean) => [
  `范围:${place.join('·')};研判日:${asOf}。`,
  ...(hasWorklist ? ['按轻重缓急排列的工作清单见附件。'] : []),
  '红橙黄蓝为内部研判等级,仅供内部工作参考,不是对外结论。',
  '不含农户姓名、电话和证件号码;个人和家庭农场业主的姓名已遮盖。',
  '本邮件由系统自动发送,请勿回复,回复无人查看。',
]
