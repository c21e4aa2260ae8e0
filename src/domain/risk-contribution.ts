import type { Day } from './calendar-day.ts'
import type { RiskCondition, RiskFloor } from './risk-policy.ts'

/** In the order of the policy's table. */
export const FACTORS = [
  'years_owed',
  'subsidy_delay',
  'households',
  'operator_condition',
  'petition_signs',
  'plan_kept',
  'secured',
  'floor',
] as const
export type Factor = (typeof FACTORS)[number]

/**
 * The points of one factor and the fact behind them. Dates, never day counts: it stays the same
 * from night to night while nothing happens.
 */
export type Contribution =
  | YearsOwed
  | SubsidyDelay
  | { factor: 'households'; points: number; households: number }
  | {
      factor: 'operator_condition'
      points: number
      condition: RiskCondition
      observedOn: Day
      source: string
    }
  | PetitionSigns
  | { factor: 'plan_kept'; points: number }
  | {
      factor: 'secured'
      points: number
      insured: boolean
      riskDepositFen: number
      arrearsFen: number
    }
  | ({ factor: 'floor'; points: number } & RiskFloor)

export interface YearsOwed {
  factor: 'years_owed'
  points: number
  yearsOwed: number
  unpaidYears: number
  partialYears: number
  arrearsFen: number
  /** The oldest unpaid due day. */
  since: Day
}

export interface SubsidyDelay {
  factor: 'subsidy_delay'
  points: number
  standing: 'recognised' | 'claimed'
  /** Late ones of this standing: how many, their sum, and the day of the longest. */
  count: number
  outstandingFen: number
  payableOn: Day
  /** Of the arrears, by recognised ones only; 0 beside a claimed one. */
  coverageFen: number
  arrearsFen: number
}

export interface PetitionSigns {
  factor: 'petition_signs'
  points: number
  /** In the window: how many, how many of them repeated, the most people on one, the latest day. */
  signs: number
  repeats: number
  mostPeople: number
  latestOn: Day
  windowDays: number
}
