import type { Day } from './calendar-day.ts'
import type { CaseEvent, CaseFixes, CaseOutcome, CaseState } from './case-stages.ts'

/** Where a case stood, by its history. */
export interface CaseOnDay {
  state: CaseState
  openedOn: Day
  fixes: CaseFixes | undefined
  /** What was noted last in this episode. */
  progress: { note: string; on: Day } | undefined
  outcome: CaseOutcome | undefined
}

/**
 * A case as entries of its history, in their order, left it; undefined before it was opened. A new
 * episode begins without fixes and progress.
 *
 * Units: days. Source: domain.md, Cases.
 * @example caseOnDay([opened])?.state // 'unresolved'
 */
export function caseOnDay(history: readonly (CaseEvent & { asOf: Day })[]): CaseOnDay | undefined {
  let found: CaseOnDay | undefined
  for (const event of history) {
    if (event.kind === 'opened') found = { ...UNTOUCHED, openedOn: event.asOf }
    if (!found) continue
    if (event.kind === 'fixed') found = { ...found, state: 'resolving', fixes: event.detail }
    else if (event.kind === 'progressed') {
      const { note, occurredOn = event.asOf } = event.detail
      found = { ...found, progress: { note, on: occurredOn } }
    } else if (event.kind === 'resolved')
      found = { ...found, state: 'resolved', outcome: event.detail.outcome }
    else if (event.kind === 'relapsed' || event.kind === 'reopened')
      found = { ...UNTOUCHED, openedOn: found.openedOn, state: 'relapsed' }
  }
  return found
}

const UNTOUCHED = {
  state: 'unresolved',
  fixes: undefined,
  progress: undefined,
  outcome: undefined,
} as const
