/** Dice with a seed, and the terms of contracts that real ledgers hold: odd days, gaps, grain. */
import { addDays, addMonths, dayNumber } from './oracle-schedule.ts'
import type { ContractData, Frequency, Rent, RentLine } from './oracle-world.ts'

export const VILLAGES = ['519901101201', '519901101202', '519901102201', '519901103201']
export const GRAINS = ['mid_late_indica', 'japonica', 'early_indica']

export type Dice = ReturnType<typeof diceOf>

/** mulberry32: the same seed gives the same throws everywhere. */
export function diceOf(seed: number) {
  let state = seed >>> 0
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const int = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1))
  return {
    int,
    chance: (probability: number): boolean => next() < probability,
    pick<T>(list: readonly T[]): T {
      if (list.length === 0) throw new Error('nothing to pick from')
      return list[int(0, list.length - 1)] as T
    },
    /** Undefined from an empty list. */
    pickAny: <T>(list: readonly T[]): T | undefined => list[int(0, list.length - 1)],
    day: (from: string, to: string): string =>
      addDays(from, int(0, Math.max(0, dayNumber(to) - dayNumber(from)))),
  }
}

const ODD_DAYS = [
  '2016-02-29',
  '2020-02-29',
  '2024-02-29',
  '2017-01-31',
  '2019-08-31',
  '2021-03-31',
  '2022-12-31',
  '2023-10-30',
  '2018-01-01',
  '2015-01-01',
]

function startDay(dice: Dice): string {
  if (dice.chance(0.06)) return dice.day('2025-08-01', '2026-03-31')
  if (dice.chance(0.5)) return dice.pick(ODD_DAYS)
  return dice.day('2014-06-01', '2025-02-28')
}

function endDay(dice: Dice, startOn: string): string {
  const afterYears = addMonths(startOn, 12 * dice.int(1, 12))
  if (dice.chance(0.5)) return addDays(afterYears, -1)
  if (dice.chance(0.1)) return addDays(startOn, dice.int(0, 40))
  return addDays(afterYears, dice.int(-200, 200))
}

function rentLine(dice: Dice): RentLine {
  const areaMu = dice.chance(0.3) ? dice.int(1, 60) : dice.int(1, 60_000) / 100
  const line: RentLine = { land: dice.pick(['paddy', 'dry', 'all']), areaMu }
  if (dice.chance(0.3)) {
    line.basis = 'grain'
    line.grain = dice.pick(GRAINS)
    line.jinPerMu = dice.pick([400, 450, 412.5, 380.25, 800])
    if (dice.chance(0.1)) delete line.grain
  } else {
    if (dice.chance(0.9)) line.basis = 'cash'
    if (dice.chance(0.93))
      line.fenPerMu = dice.pick([0, 1, 33_333, 50_000, 60_000, 87_655, 120_000])
  }
  return line
}

export function rentTerms(dice: Dice, frequency: Frequency | undefined): Rent {
  const rent: Rent = { lines: [rentLine(dice)] }
  while (dice.chance(0.35) && rent.lines.length < 4) rent.lines.push(rentLine(dice))
  if (dice.chance(0.4)) {
    rent.escalation = { everyYears: dice.int(1, 4), percent: dice.pick([5, 10, 7.5, 3.33, 0.01]) }
  }
  if (frequency !== undefined) rent.frequency = frequency
  return rent
}

export function frequencyAtRandom(dice: Dice): Frequency | undefined {
  return dice.pick([
    undefined,
    'annual',
    'annual',
    'semiannual',
    'quarterly',
    'monthly',
    'once',
  ] as const)
}

/** A due day for the first period that starts on `startOn`; often none. */
export function firstDueDay(dice: Dice, startOn: string): string | undefined {
  if (dice.chance(0.3)) return undefined
  if (dice.chance(0.3)) return startOn
  if (dice.chance(0.3)) return addDays(addMonths(startOn, 12), -1)
  if (dice.chance(0.15)) return addDays(startOn, -dice.int(1, 45))
  return addDays(startOn, dice.int(1, 330))
}

export function contractTerms(dice: Dice, operatorId: string, no: number): ContractData {
  const startOn = startDay(dice)
  const rent = rentTerms(dice, frequencyAtRandom(dice))
  const firstDueOn = firstDueDay(dice, startOn)
  if (firstDueOn !== undefined) rent.firstDueOn = firstDueOn
  const kind = dice.chance(0.75) ? 'village_collective' : 'household'
  const households = kind === 'household' ? 1 : dice.pick([3, 4, 5, 12, 29, 30, 70, 100, 140])
  return {
    ...(dice.chance(0.8) && { contractNo: `2015-${String(no).padStart(4, '0')}` }),
    operatorId,
    villageCode: dice.pick(VILLAGES),
    lessor: { kind, ...(dice.chance(0.8) && { households }) },
    landUse: dice.pick(['late_citrus', 'sericulture', 'rice_fish', 'agri_park', 'other']),
    startOn,
    endOn: endDay(dice, startOn),
    ...(dice.chance(0.3) && { signedOn: addDays(startOn, -10) }),
    rent,
    ...(dice.chance(0.3) && { riskDepositFen: dice.pick([0, 1, 500_000, 3_000_000, 100_000_000]) }),
    ...(dice.chance(0.2) && { insured: dice.chance(0.7) }),
    ...(dice.chance(0.2) && { penaltyPer10kPerDay: 5, toleranceDays: 30 }),
  }
}
