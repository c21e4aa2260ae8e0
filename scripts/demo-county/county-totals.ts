import type { Day } from '../../src/domain/calendar-day.ts'
import type { ContractTerms, GrainPrice } from '../../src/domain/contract-terms.ts'
import { hundredthsOfMu } from '../../src/domain/mu.ts'
import { rentSchedule, termEndOn } from '../../src/domain/rent-schedule.ts'
import { type Standing, standingAt } from '../../src/domain/standing.ts'
import { amendedRentOf, given, rentOf } from './county-bodies.ts'
import type { CountyTables, Row } from './county-tables.ts'
import { rowsBy } from './rows-by.ts'

/** A contract of the fixture on a day, by the rules. */
export interface ContractOnDay {
  row: Row<'contracts'>
  areaHundredths: number
  inForce: boolean
  standing: Standing
}

export function contractsOn(tables: CountyTables, asOf: Day): ContractOnDay[] {
  const lines = rowsBy(tables['rent-lines'], ({ contract }) => contract)
  const amendments = rowsBy(tables.amendments, ({ contract }) => contract)
  const ends = rowsBy(tables.ends, ({ contract }) => contract)
  const reversed = new Set(tables.reversals.map(({ payment }) => payment))
  const payments = rowsBy(
    tables.payments.filter(({ key }) => !reversed.has(key)),
    ({ contract }) => contract,
  )
  const prices = tables['grain-prices'].map(priceOf)
  return tables.contracts.map((row) => {
    const land = lines.get(row.key) ?? []
    const terms: ContractTerms = {
      startOn: row.startOn,
      endOn: row.endOn,
      rent: rentOf(row, land),
      amendments: (amendments.get(row.key) ?? []).map((amendment) => ({
        effectiveOn: amendment.effectiveOn,
        rent: amendedRentOf(amendment, land),
        endOn: given(amendment.endOn),
      })),
      endedOn: ends.get(row.key)?.[0]?.endedOn,
    }
    const endOn = termEndOn(terms)
    return {
      row,
      areaHundredths: land.reduce((sum, { areaMu }) => sum + hundredthsOfMu(Number(areaMu)), 0),
      inForce: terms.startOn <= asOf && asOf <= endOn,
      standing: standingAt(
        asOf,
        { startOn: terms.startOn, endOn, once: terms.rent.frequency === 'once' },
        rentSchedule(terms, prices),
        (payments.get(row.key) ?? []).map(paymentOf),
      ),
    }
  })
}

function priceOf({ grain, effectiveOn, fenPer50kg }: Row<'grain-prices'>): GrainPrice {
  return { grain, effectiveOn, fenPer50kg: Number(fenPer50kg) }
}

function paymentOf({ amountFen, paidOn, designatedDueOn }: Row<'payments'>) {
  return { amountFen: Number(amountFen), paidOn, designatedDueOn: given(designatedDueOn) }
}

/** The county's figures on a day. Areas in hundredths of a mu. */
export interface CountyTotals {
  areaByUse: Record<string, number>
  /** In force and owed years; by yearsOwed. */
  areaByYears: Record<number, number>
  areaPartial: number
  contractsInArrears: number
  operatorsInArrears: number
  townshipsInArrears: number
  arrearsFen: number
  endedInArrears: number
  endedArrearsFen: number
  households: number
  householdsInArrears: number
  inForce: number
}

export function totalsOf(contracts: readonly ContractOnDay[]): CountyTotals {
  const current = contracts.filter(({ inForce }) => inForce)
  const owing = current.filter(({ standing }) => standing.arrearsClass !== 'none')
  const former = contracts.filter(({ inForce, standing }) => !inForce && standing.arrearsFen > 0)
  const years = owing.filter(({ standing }) => standing.arrearsClass === 'years')
  return {
    areaByUse: areasBy(current, ({ row }) => row.landUse),
    areaByYears: areasBy(years, ({ standing }) => String(standing.yearsOwed)),
    areaPartial: areasBy(owing, ({ standing }) => standing.arrearsClass)['partial'] ?? 0,
    contractsInArrears: owing.length,
    operatorsInArrears: new Set(owing.map(({ row }) => row.operator)).size,
    townshipsInArrears: new Set(owing.map(({ row }) => row.villageCode.slice(0, 9))).size,
    arrearsFen: sumOf(owing, ({ standing }) => standing.arrearsFen),
    endedInArrears: former.length,
    endedArrearsFen: sumOf(former, ({ standing }) => standing.arrearsFen),
    households: sumOf(contracts, householdsOf),
    householdsInArrears: sumOf(owing, householdsOf),
    inForce: current.length,
  }
}

/** A household lessor without a number is one, a collective without one none. */
function householdsOf({ row }: ContractOnDay): number {
  return row.households === '' ? Number(row.lessorKind === 'household') : Number(row.households)
}

function areasBy(
  contracts: readonly ContractOnDay[],
  keyOf: (contract: ContractOnDay) => string,
): Record<string, number> {
  const lists = rowsBy(contracts, keyOf)
  return Object.fromEntries(
    [...lists].map(([key, list]) => [key, sumOf(list, ({ areaHundredths }) => areaHundredths)]),
  )
}

function sumOf<T>(items: readonly T[], amountOf: (item: T) => number): number {
  return items.reduce((sum, item) => sum + amountOf(item), 0)
}
