import type { Day } from './calendar-day.ts'
import type { CaseState } from './case-stages.ts'
import type { SummaryFigures } from './county-summary.ts'
import type { Level } from './levels.ts'

/** What a monthly brief is made of, in the order in which it is read. */
export type BriefPart =
  | { kind: 'heading'; text: string }
  | { kind: 'paragraph'; text: string }
  | { kind: 'note'; text: string }
  | { kind: 'table'; caption: string; columns: BriefColumn[]; rows: string[][]; total?: string[] }
  | { kind: 'bars'; caption: string; unit: string; bars: Bar[] }

export interface BriefColumn {
  heading: string
  /** Of the width of the page. */
  percent: number
  align: 'left' | 'right' | 'center'
}
export interface Bar {
  name: string
  value: number
  label: string
}

export interface BriefGroup extends SummaryFigures {
  key: string
  name: string | null
}
export interface BriefCase {
  number: string
  operator: string
  township: string
  level: Level
  arrearsFen: number
  households: number
  state: CaseState
  responsibleUnit: string | null
  deadlineOn: Day | null
}
export interface BriefSubsidy {
  operator: string
  programme: string
  year: number
  outstandingFen: number
  payableOn: Day
  delayDays: number
  responsibleUnit: string | null
}
export interface BriefLate {
  /** The recognised ones (认定应付) in all, the longest delays of them, and the claimed ones (业主主张). */
  recognised: { count: number; outstandingFen: number }
  longest: readonly BriefSubsidy[]
  claimed: { count: number; outstandingFen: number }
}

export interface BriefFacts {
  asOf: Day
  place: string
  total: SummaryFigures
  /** The same a month before, and its day; absent before there were any scores. */
  before?: { asOf: Day; problemAreaMu: number; arrearsFen: number }
  byLandUse: readonly BriefGroup[]
  byTownship: readonly BriefGroup[]
  cases: readonly BriefCase[]
  caseStates: Readonly<Record<CaseState, number>>
  late: BriefLate
  staleTownships: readonly string[]
}
