import { CASE_STATE_NAMES } from './case-sentence.ts'
import type { CaseState } from './case-stages.ts'
import { wan } from './fen.ts'
import { LEVELS, type Level } from './levels.ts'

/** How a region stands tonight, whatever has changed. */
export interface RegionCounts {
  /** Of cases that are not resolved. */
  byLevel: Partial<Record<Level, number>>
  byState: Partial<Record<CaseState, number>>
  /** Contracts at the level from which they belong to a case, and what they owe. */
  flagged: { contracts: number; arrearsFen: number }
  overdueDeadlines: number
  /** Townships of the region without a new record for more than `staleDays` days. */
  staleTownships: number
  staleDays: number
  /** null: below the county. */
  county: CountyCounts | null
}

export interface CountyCounts {
  /** Contracts that this night could not score. */
  failures: number
  /** Recognised subsidies that are late, and what they would cover of arrears. */
  lateRecognised: { count: number; outstandingFen: number; coverageFen: number }
  /** Addresses that a message could not be delivered to. */
  undelivered: string[]
}

/** One row on top of a message. `isTrouble`: something that somebody has to mend. */
export interface DigestCount {
  label: string
  value: string
  /** Of it by grade. */
  levels?: { level: Level; count: number }[]
  isTrouble?: boolean
}

const UNDELIVERED_MAX = 10

/**
 * The counts of a region as labelled rows.
 *
 * Units: 万元 with two decimals, days. Throws RangeError on what is no amount in fen.
 * Source: domain.md, Alerts and Two clocks: recognised subsidies only, shown and never netted.
 * @example countRows(counts)[0] // { label: '在管风险', value: '3 件', levels: […] }
 */
export function countRows(counts: RegionCounts): DigestCount[] {
  const { byLevel, byState, flagged, overdueDeadlines, county } = counts
  const levels = LEVELS.map((level) => ({ level, count: byLevel[level] ?? 0 })).filter(
    ({ level, count }) => count > 0 || level === 'red' || level === 'orange' || level === 'yellow',
  )
  const open = levels.reduce((sum, { count }) => sum + count, 0)
  return [
    { label: '在管风险', value: `${open} 件`, levels },
    { label: '办理状态', value: stateWords(byState) },
    {
      label: '列管合同欠租',
      value: `${wan(flagged.arrearsFen)} 万元(${flagged.contracts} 份合同)`,
    },
    { label: '超过完成时限', value: `${overdueDeadlines} 件`, isTrouble: overdueDeadlines > 0 },
    ...staleRows(counts),
    ...(county ? countyRows(county) : []),
  ]
}

const stateWords = (byState: RegionCounts['byState']) =>
  (['unresolved', 'resolving', 'relapsed', 'resolved'] as const)
    .map((state) => `${CASE_STATE_NAMES[state]} ${byState[state] ?? 0}`)
    .join(' · ')

function staleRows({ staleTownships, staleDays, county }: RegionCounts): DigestCount[] {
  if (county)
    return [{ label: '久未填报乡镇', value: `${staleTownships} 个`, isTrouble: staleTownships > 0 }]
  if (staleTownships === 0) return []
  const value = `本乡镇超过 ${staleDays} 天没有新记录,等级为暂定`
  return [{ label: '填报', value, isTrouble: true }]
}

function countyRows({ failures, lateRecognised, undelivered }: CountyCounts): DigestCount[] {
  const { count, outstandingFen, coverageFen } = lateRecognised
  const late =
    count === 0
      ? '无'
      : `${count} 笔,未兑付 ${wan(outstandingFen)} 万元,可覆盖欠租 ${wan(coverageFen)} 万元`
  const named = undelivered.slice(0, UNDELIVERED_MAX).join('、')
  const more = undelivered.length > UNDELIVERED_MAX ? ` 等 ${undelivered.length} 个` : ''
  return [
    { label: '认定应付补助逾期', value: late },
    ...(failures > 0
      ? [{ label: '本次未能研判', value: `${failures} 份合同,请核对资料`, isTrouble: true }]
      : []),
    ...(undelivered.length > 0
      ? [{ label: '未送达的邮箱', value: `${named}${more}`, isTrouble: true }]
      : []),
  ]
}
