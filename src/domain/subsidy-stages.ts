import type { Day } from './calendar-day.ts'

/** 认定应付 or 业主主张, how much, payable when, at which step of the way. */
export interface SubsidyState {
  standing: 'recognised' | 'claimed'
  amountFen: number
  payableOn: Day | null
  stage: string | null
}

/** A step of the way; what it does not name stays as it was. */
export interface SubsidyStage {
  stage: string
  occurredOn: Day
  standing: 'recognised' | 'claimed' | null
  amountFen: number | null
  payableOn: Day | null
}

/**
 * A subsidy as the stages that occurred by `asOf` left it.
 *
 * Stages come in order of recording and count in order of `occurredOn`, on top of the subsidy as it
 * was last corrected.
 * Units: fen, days. Source: domain.md, Facts (subsidy stages), design decision.
 * Example: claimed, with a stage of 2024-03-20 that recognises it, is recognised from that day on.
 */
export function subsidyAt(
  asOf: Day,
  subsidy: SubsidyState,
  stages: readonly SubsidyStage[],
): SubsidyState {
  const occurred = stages
    .filter(({ occurredOn }) => occurredOn <= asOf)
    .sort((a, b) => (a.occurredOn < b.occurredOn ? -1 : +(a.occurredOn > b.occurredOn)))
  let { standing, amountFen, payableOn, stage } = subsidy
  for (const step of occurred) {
    standing = step.standing ?? standing
    amountFen = step.amountFen ?? amountFen
    payableOn = step.payableOn ?? payableOn
    stage = step.stage
  }
  return { standing, amountFen, payableOn, stage }
}
