import type { CaseEvent, DeadlineStep, RelapseCause } from './case-stages.ts'
import { LEVELS, type Level, reachesLevel } from './levels.ts'

/** What is new about a case, by how serious it is. */
export const NEWS_KINDS = ['urgent', 'risen', 'relapsed', 'fallen'] as const
export type NewsKind = (typeof NEWS_KINDS)[number]

/** The net effect of several entries of one case's history on its grade and its state. */
export interface CaseNews {
  kind: NewsKind
  /** The grade before and after; equal when the case came back at the grade that it had. */
  from: Level
  to: Level
  opened: boolean
  /** Taken up again by a night, or reopened by somebody. */
  back: 'relapsed' | 'reopened' | null
  because: RelapseCause[]
}

/**
 * What entries of one case's history, in their order, come to: its grade before the first and after
 * the last of them, and whether it came back. Undefined when that is no change. Newly red or orange
 * counts most, then a relapse, then a rise, then a fall.
 *
 * Source: domain.md, Alerts: only changes, against what the recipient was last told.
 * @example caseNews('red', [graded('yellow', 'orange'), graded('orange', 'yellow')]) // undefined
 */
export function caseNews(level: Level, events: readonly CaseEvent[]): CaseNews | undefined {
  let from: Level | undefined
  let to = level
  let opened = false
  let back: CaseNews['back'] = null
  let because: RelapseCause[] = []
  for (const event of events) {
    if (event.kind === 'opened') {
      opened = true
      from ??= 'none'
      to = event.detail.level
    } else if (event.kind === 'graded') {
      from ??= event.detail.from
      to = event.detail.to
    } else if (event.kind === 'relapsed') {
      back = 'relapsed'
      because = event.detail.because
    } else if (event.kind === 'reopened') {
      back = 'reopened'
      because = []
    }
  }
  const news = { from: from ?? to, to, opened, back, because }
  const kind = kindOf(news)
  return kind && { kind, ...news }
}

function kindOf({ from, to, back }: Omit<CaseNews, 'kind'>): NewsKind | undefined {
  const isHigher = LEVELS.indexOf(to) < LEVELS.indexOf(from)
  if (isHigher && reachesLevel(to, 'orange')) return 'urgent'
  if (back !== null) return 'relapsed'
  if (isHigher) return 'risen'
  return from === to ? undefined : 'fallen'
}

/**
 * Whether a night proposes to settle the case, by the last entry that says so or takes it back.
 *
 * Source: domain.md, Cases. Example: proposed, withdrawn is false.
 */
export function isProposed(events: readonly CaseEvent[]): boolean {
  const last = events.findLast(
    ({ kind }) => kind === 'settlement_proposed' || kind === 'settlement_withdrawn',
  )
  return last?.kind === 'settlement_proposed'
}

/** Who gets a message, and for which region. */
export interface Hearer {
  name: string
  regionCode: string
}

/**
 * Whether a recipient whose region holds a case hears of a step of its deadline: the person named
 * in the fixes, or, when `personIsKnown` is false, those of the township and its villages; the
 * township and its villages; from the last step on the county too.
 *
 * Units: region codes of 6, 9 or 12 digits. Source: domain.md, Cases: a past deadline escalates.
 * @example hearsOf('township', { name: '李主任', regionCode: '519901' }, '王站长', true) // false
 */
export function hearsOf(
  step: DeadlineStep,
  { name, regionCode }: Hearer,
  responsiblePerson: string | null,
  personIsKnown: boolean,
): boolean {
  if (step === 'county') return true
  if (step === 'person' && personIsKnown) return name === responsiblePerson
  return regionCode.length > 6
}
