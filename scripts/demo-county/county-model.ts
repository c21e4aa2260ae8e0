import type { Day } from '../../src/domain/calendar-day.ts'
import type { GrainPrice, LandUse, Rent } from '../../src/domain/contract-terms.ts'
import type { Township, Village } from './regions.ts'

/** The day of which the county is told. Nothing has happened after it. */
export const AS_OF: Day = '2021-10-31'

export const USES = ['late_citrus', 'sericulture', 'rice_fish', 'agri_park'] as const
export type Use = (typeof USES)[number] & LandUse

/** What a contract is to owe on AS_OF: nothing, a part of a year, or so many whole years. */
export type Owed = 'none' | 'partial' | number

export type OperatorKind = 'company' | 'cooperative' | 'family_farm' | 'individual'

export interface Operator {
  key: string
  name: string
  kind: OperatorKind
  uscc?: string | undefined
  representative?: string | undefined
  phone?: string | undefined
  home: Township
  mainUse: Use
  /** The worst of its contracts in arrears. */
  worst: Owed
}

/** A contract before its paper: whose, where, how much land, and how it will have gone. */
export interface PlannedContract {
  operator: Operator
  village: Village
  landUse: Use
  owed: Owed
  fate: 'in_force' | 'expired' | 'ended'
  lessorKind: 'village_collective' | 'household'
  areaHundredths: number
}

export interface AmendmentTerms {
  effectiveOn: Day
  reason: string
  endOn?: Day | undefined
  rent?: Rent | undefined
}

export interface DrawnTerms {
  startOn: Day
  endOn: Day
  rent: Rent
  amendments: AmendmentTerms[]
  endedOn?: Day | undefined
  endReason?: string | undefined
}

export interface Receipt {
  amountFen: number
  paidOn: Day
  designatedDueOn?: Day | undefined
  note?: string | undefined
  /** Why it was reversed. */
  reversal?: string | undefined
  /** Has the receipt number of the one before, which it was entered for again. */
  reentered?: boolean | undefined
}

export interface Contract {
  key: string
  plan: PlannedContract
  terms: DrawnTerms
  receipts: Receipt[]
}

const YUAN_PER_50KG = [
  [2015, 138],
  [2016, 138],
  [2017, 136],
  [2018, 126],
  [2019, 126],
  [2020, 127],
  [2021, 128],
] as const

/** 中晚籼稻, at the state minimum price of each year. */
export const RICE = 'mid_late_indica'
export const GRAIN_PRICES: readonly GrainPrice[] = YUAN_PER_50KG.map(([year, yuan]) => ({
  grain: RICE,
  effectiveOn: `${year}-01-01`,
  fenPer50kg: yuan * 100,
}))

/** 'P' and 7 give 'P00007'. */
export function keyOf(letter: string, n: number, digits: number): string {
  return letter + String(n).padStart(digits, '0')
}
