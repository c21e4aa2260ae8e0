import type { Day } from '../domain/calendar-day.ts'
import type { PlanBreach } from '../domain/case-stages.ts'
import type { RiskPolicy } from '../domain/risk-policy.ts'

/** A plan that was broken, and where. */
export interface BrokenPromise extends PlanBreach {
  operatorId: string
  villageCode: string
}

/** What a night knows when it goes through the cases. */
export interface CaseNight {
  asOf: Day
  policy: RiskPolicy
  /** All that hold on the day, however long ago they were broken, by `placeOf`. */
  brokenAt: ReadonlyMap<string, readonly BrokenPromise[]>
}
