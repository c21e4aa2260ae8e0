import type { Day } from './calendar-day.ts'

/** 晚熟柑桔 · 蚕桑 · 稻渔综合种养 · 农业园区 · 其他 */
export const LAND_USES = ['late_citrus', 'sericulture', 'rice_fish', 'agri_park', 'other'] as const
export type LandUse = (typeof LAND_USES)[number]

export const FREQUENCIES = ['annual', 'semiannual', 'quarterly', 'monthly', 'once'] as const
export type Frequency = (typeof FREQUENCIES)[number]

/**
 * One kind of land in the rent clause. Areas in mu, money in fen per mu a year, grain in jin per mu
 * a year.
 */
export interface RentLine {
  land?: 'paddy' | 'dry' | 'all' | undefined
  areaMu: number
  /** Absent: grain when `jinPerMu` is given, else cash. */
  basis?: 'cash' | 'grain' | undefined
  fenPerMu?: number | undefined
  jinPerMu?: number | undefined
  grain?: string | undefined
}

/** The rent clause. Absent: annual, no escalation, due at each full rent year (Civil Code 721). */
export interface Rent {
  lines: readonly RentLine[]
  escalation?: { everyYears: number; percent: number } | undefined
  frequency?: Frequency | undefined
  firstDueOn?: Day | undefined
}

/**
 * A change of the clause or of the term, in the order of recording among equals of `effectiveOn`.
 */
export interface Amendment {
  effectiveOn: Day
  rent?: Rent | undefined
  endOn?: Day | undefined
}

/** Everything a rent schedule is made of, except grain prices. */
export interface ContractTerms {
  startOn: Day
  endOn: Day
  rent: Rent
  /** In order of recording; the schedule sorts them by `effectiveOn`, stably. */
  amendments?: readonly Amendment[] | undefined
  /** The day on which the contract ended early, inclusive. */
  endedOn?: Day | undefined
}

/** What 50 kg (100 jin) of a grain cost from `effectiveOn` until the next price of that grain. */
export interface GrainPrice {
  grain: string
  effectiveOn: Day
  fenPer50kg: number
}

export interface Instalment {
  /** From 1. */
  no: number
  /** From 0. */
  rentYear: number
  periodStart: Day
  periodEnd: Day
  dueOn: Day
  amountFen: number
  /** false: a grain line had no price in force on the due day; the amount is 0 then. */
  priced: boolean
}
