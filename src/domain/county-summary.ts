import type { LandUse } from './contract-terms.ts'
import { timesFraction } from './fen.ts'
import { groupBy } from './group-by.ts'
import { muOfHundredths } from './mu.ts'
import { coverageFen } from './subsidy-delay.ts'

/** One contract on the summary's day, or as many alike as `count` says, with their sums. */
export interface SummaryContract {
  /** 1 unless it is said; 0 stands for late subsidies alone, beside sums that name nobody. */
  count?: number
  contractId: string
  operatorId: string
  villageCode: string
  landUse: LandUse
  areaHundredths: number
  households: number
  inForce: boolean
  /** After its end, as amended or ended. Neither in force nor ended: not begun yet. */
  ended: boolean
  arrearsFen: number
  yearsOwed: number
  arrearsClass: 'none' | 'partial' | 'years'
  unpriced: boolean
}

/** A recognised subsidy that is late on the summary's day. */
export interface SummarySubsidy {
  id: string
  operatorId: string
  contractId: string | null
  outstandingFen: number
}

export type SummaryGrouping = 'landUse' | 'township' | 'village' | 'operator'

export interface SummaryFigures {
  /** In force. */
  contracts: number
  areaMu: number
  problemAreaMu: number
  yearsAreaMu: number
  partialAreaMu: number
  problemSharePercent: number
  arrearsFen: number
  households: number
  /** 0 for partial, 1 to 6, 7 for more than six; always all eight. */
  byUnpaidYears: { years: number; areaMu: number; contracts: number }[]
  endedInArrears: { areaMu: number; contracts: number; arrearsFen: number }
  unpricedContracts: number
  coverageFen: number
}

export interface Summary extends SummaryFigures {
  groups: ({ key: string } & SummaryFigures)[]
}

const MORE_THAN_SIX = 7

/**
 * The county report's table. Area, shares and years count contracts in force, each once with its
 * whole area; ended ones in arrears stand apart. A contract not begun yet has no area here, but the
 * rent it owes in advance and its households count. Groups come in the order of their keys.
 *
 * Units: areas in mu (from whole hundredths), money in fen, percent with two decimals half up.
 * Coverage is min(Σ arrears, Σ outstanding), each subsidy once: shown, never netted.
 * Source: domain.md, `GET /risk/summary` and Two clocks; 12.76 % in product.md.
 * @example countySummary(contracts, lateSubsidies, 'township').groups[0]?.key // '519901101'
 */
export function countySummary(
  contracts: Iterable<SummaryContract>,
  subsidies: readonly SummarySubsidy[],
  by?: SummaryGrouping,
): Summary {
  const table = openSummary(subsidies, by)
  for (const contract of contracts) table.add(contract)
  return table.close()
}

/**
 * The same table for contracts that come one after the other, so that they need not be held.
 *
 * Units, Source: as `countySummary`.
 * @example const table = openSummary(subsidies, 'landUse'); table.add(contract); table.close()
 */
export function openSummary(
  subsidies: readonly SummarySubsidy[],
  by?: SummaryGrouping,
): { add: (contract: SummaryContract) => void; close: () => Summary } {
  const offers = offersOf(subsidies)
  const total = emptyTally()
  const groups = new Map<string, Tally>()
  return {
    add(contract) {
      addContract(total, contract, offers)
      if (!by) return
      const key = groupKey(contract, by)
      const group = groups.get(key) ?? emptyTally()
      groups.set(key, group)
      addContract(group, contract, offers)
    },
    close: () => ({
      ...figuresOf(total),
      groups: [...groups]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, tally]) => ({ key, ...figuresOf(tally) })),
    }),
  }
}

/** Areas in hundredths of a mu until the end: sums stay exact. */
interface Tally {
  contracts: number
  area: number
  arrearsFen: number
  households: number
  byYears: { area: number; contracts: number }[]
  ended: { area: number; contracts: number; arrearsFen: number }
  unpriced: number
  subsidyIds: Set<string>
  outstandingFen: number
}

function emptyTally(): Tally {
  return {
    contracts: 0,
    area: 0,
    arrearsFen: 0,
    households: 0,
    byYears: Array.from({ length: MORE_THAN_SIX + 1 }, () => ({ area: 0, contracts: 0 })),
    ended: { area: 0, contracts: 0, arrearsFen: 0 },
    unpriced: 0,
    subsidyIds: new Set(),
    outstandingFen: 0,
  }
}

/** Subsidies under the contract they name, else under their operator. */
interface Offers {
  byContract: Map<string, SummarySubsidy[]>
  byOperator: Map<string, SummarySubsidy[]>
}

function offersOf(subsidies: readonly SummarySubsidy[]): Offers {
  const named = subsidies.filter(({ contractId }) => contractId !== null)
  const unnamed = subsidies.filter(({ contractId }) => contractId === null)
  return {
    byContract: groupBy(named, ({ contractId }) => contractId ?? ''),
    byOperator: groupBy(unnamed, ({ operatorId }) => operatorId),
  }
}

function addContract(tally: Tally, contract: SummaryContract, offers: Offers): void {
  const { count = 1 } = contract
  if (contract.unpriced) tally.unpriced += count
  addSubsidies(tally, offers.byContract.get(contract.contractId))
  addSubsidies(tally, offers.byOperator.get(contract.operatorId))
  const inArrears = contract.arrearsFen > 0
  if (contract.ended) {
    if (!inArrears) return
    tally.ended.area += contract.areaHundredths
    tally.ended.contracts += count
    tally.ended.arrearsFen += contract.arrearsFen
    return
  }
  tally.arrearsFen += contract.arrearsFen
  if (inArrears) tally.households += contract.households
  if (!contract.inForce) return
  tally.contracts += count
  tally.area += contract.areaHundredths
  if (contract.arrearsClass === 'none') return
  const years = contract.arrearsClass === 'partial' ? 0 : contract.yearsOwed
  const bucket = tally.byYears[Math.min(years, MORE_THAN_SIX)]
  if (!bucket) throw new RangeError(`yearsOwed ${contract.yearsOwed}`)
  bucket.area += contract.areaHundredths
  bucket.contracts += count
}

function addSubsidies(tally: Tally, subsidies: readonly SummarySubsidy[] = []): void {
  for (const { id, outstandingFen } of subsidies) {
    if (tally.subsidyIds.has(id)) continue
    tally.subsidyIds.add(id)
    tally.outstandingFen += outstandingFen
  }
}

function figuresOf(tally: Tally): SummaryFigures {
  const [partial, ...years] = tally.byYears.map(({ area }) => area)
  const partialArea = partial ?? 0
  const yearsArea = years.reduce((sum, area) => sum + area, 0)
  const problemArea = partialArea + yearsArea
  return {
    contracts: tally.contracts,
    areaMu: muOfHundredths(tally.area),
    problemAreaMu: muOfHundredths(problemArea),
    yearsAreaMu: muOfHundredths(yearsArea),
    partialAreaMu: muOfHundredths(partialArea),
    problemSharePercent: sharePercent(problemArea, tally.area),
    arrearsFen: tally.arrearsFen,
    households: tally.households,
    byUnpaidYears: tally.byYears.map(({ area, contracts }, years) => ({
      years,
      areaMu: muOfHundredths(area),
      contracts,
    })),
    endedInArrears: {
      areaMu: muOfHundredths(tally.ended.area),
      contracts: tally.ended.contracts,
      arrearsFen: tally.ended.arrearsFen,
    },
    unpricedContracts: tally.unpriced,
    coverageFen: coverageFen(tally.arrearsFen + tally.ended.arrearsFen, tally.outstandingFen),
  }
}

/** Whole numbers until the last division: 37,000 of 290,000 is 12.76. */
function sharePercent(part: number, whole: number): number {
  return whole === 0 ? 0 : timesFraction(part, 10_000, whole) / 100
}

function groupKey(contract: SummaryContract, by: SummaryGrouping): string {
  switch (by) {
    case 'landUse':
      return contract.landUse
    case 'township':
      return contract.villageCode.slice(0, 9)
    case 'village':
      return contract.villageCode
    case 'operator':
      return contract.operatorId
  }
}
