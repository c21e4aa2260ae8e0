import { addDays, addMonths, type Day } from '../../src/domain/calendar-day.ts'
import type { Frequency, Rent, RentLine } from '../../src/domain/contract-terms.ts'
import { muOfHundredths } from '../../src/domain/mu.ts'
import { type PlannedContract, RICE, type Use } from './county-model.ts'
import { drawn, type Random, split } from './random.ts'

type Period = Exclude<Frequency, 'once'>
const MONTHS: Record<Period, number> = {
  annual: 12,
  semiannual: 6,
  quarterly: 3,
  monthly: 1,
}

/** Yuan a mu and year when the contract was made. */
const YUAN_PER_MU: Record<Use, readonly [number, number]> = {
  late_citrus: [37, 79],
  sericulture: [32, 58],
  rice_fish: [42, 78],
  agri_park: [55, 112],
}
const TEN_YUAN = 1000
const LOWEST_FEN = 30_000
const HIGHEST_FEN = 120_000

const RENT_KINDS = [
  ['cash', 81],
  ['grain', 9],
  ['paddy in grain', 6],
  ['free', 4],
] as const
type RentKind = (typeof RENT_KINDS)[number][0]

const FREQUENCY = [
  ['annual', 800],
  ['semiannual', 105],
  ['quarterly', 34],
  ['once', 40],
  ['monthly', 4],
] as const
const PERCENTS = [3, 3.5, 5, 5, 5, 6, 7.5, 8, 10]
const UNPRICED_GRAIN = 'maize'

export function drawRent(random: Random, plan: PlannedContract, startOn: Day): Rent {
  const kind = drawKind(random, plan)
  const frequency = kind === 'free' ? 'annual' : drawn(random, FREQUENCY)
  const escalates = kind !== 'free' && frequency !== 'once' && random.chance(42)
  return {
    lines: drawLines(random, plan, kind),
    ...(escalates && {
      escalation: { everyYears: random.between(3, 5), percent: random.pick(PERCENTS) },
    }),
    frequency,
    firstDueOn: drawFirstDue(random, startOn, frequency),
  }
}

function drawKind(random: Random, { owed, landUse }: PlannedContract): RentKind {
  const kind = drawn(random, RENT_KINDS)
  if (kind === 'free' && owed !== 'none') return 'cash'
  return kind === 'cash' && landUse === 'rice_fish' && random.chance(35) ? 'grain' : kind
}

function drawLines(random: Random, plan: PlannedContract, kind: RentKind): RentLine[] {
  const fenPerMu = drawRate(random, plan.landUse)
  return drawLand(random, plan, kind).map(([land, area]) => {
    const areaMu = muOfHundredths(area)
    if (kind === 'free') return random.chance(50) ? { land, areaMu, fenPerMu: 0 } : { land, areaMu }
    const inGrain = kind === 'grain' || (kind === 'paddy in grain' && land === 'paddy')
    if (inGrain) return grainLine(random, plan, land, areaMu)
    const dearer = land === 'dry' ? rounded(fenPerMu * (random.between(62, 92) / 100)) : fenPerMu
    return { land, areaMu, basis: 'cash', fenPerMu: dearer }
  })
}

function grainLine(
  random: Random,
  { owed }: PlannedContract,
  land: RentLine['land'],
  areaMu: number,
): RentLine {
  const jinPerMu = land === 'dry' ? random.between(40, 52) * 10 : random.between(42, 80) * 10
  const grain = owed === 'none' && random.chance(1) ? UNPRICED_GRAIN : RICE
  return { land, areaMu, basis: 'grain', jinPerMu, grain }
}

function drawRate(random: Random, landUse: Use): number {
  const [low, high] = YUAN_PER_MU[landUse]
  return rounded(random.between(low * 10, high * 10) * 100)
}

function rounded(fenPerMu: number): number {
  const whole = Math.round(fenPerMu / TEN_YUAN) * TEN_YUAN
  return Math.min(HIGHEST_FEN, Math.max(LOWEST_FEN, whole))
}

function drawLand(
  random: Random,
  { landUse, areaHundredths }: PlannedContract,
  kind: RentKind,
): [land: RentLine['land'], area: number][] {
  const land = landUse === 'rice_fish' ? drawn(random, WET_LAND) : drawn(random, HILL_LAND)
  if (land !== 'both' && kind !== 'paddy in grain') return [[land, areaHundredths]]
  const [paddy = 0, dry = 0] = split(areaHundredths, [
    random.between(20, 70),
    landUse === 'rice_fish' ? random.between(3, 9) : random.between(20, 70),
  ])
  return [
    ['paddy', paddy],
    ['dry', dry],
  ]
}

const HILL_LAND = [
  ['all', 42],
  ['both', 38],
  ['dry', 14],
  [undefined, 6],
] as const
const WET_LAND = [
  ['paddy', 72],
  ['both', 20],
  ['all', 8],
] as const

/** In advance, at the end of the period, on a fixed day of the year, or not said. */
function drawFirstDue(random: Random, startOn: Day, frequency: Frequency): Day | undefined {
  if (frequency === 'once')
    return random.chance(40) ? undefined : addDays(startOn, random.between(0, 60))
  const way = drawn(random, DUE_WAYS)
  if (way === 'not said') return undefined
  if (way === 'in advance') return addDays(startOn, random.pick([0, 0, 9, 14, 29, 30, 60]))
  const yearEnd = `${startOn.slice(0, 4)}-12-31`
  if (way === 'at year end' && frequency === 'annual' && startOn < `${startOn.slice(0, 4)}-12-01`)
    return yearEnd
  return addDays(addMonths(startOn, MONTHS[frequency]), -1)
}

const DUE_WAYS = [
  ['not said', 24],
  ['in advance', 34],
  ['at year end', 28],
  ['at period end', 14],
] as const

/** The clause as amended at the start of a rent year: another rate, sometimes another frequency. */
export function amendedRent(
  random: Random,
  rent: Rent,
  years: number,
): { rent: Rent; reason: string } {
  const turned = rent.frequency === 'annual' && random.chance(25)
  const lower = random.chance(62)
  const percent = lower ? random.between(65, 90) : random.between(105, 120)
  const before = Math.max(...rent.lines.map(({ fenPerMu }) => fenPerMu ?? 0))
  const fenPerMu = rounded(before === 0 ? random.between(450, 650) * 100 : (before * percent) / 100)
  const toCash = before === 0 ? '实物租金改为现金' : lower ? '经协商下调租金' : '经协商上调租金'
  return {
    reason: turned ? `${toCash},改为半年一付` : toCash,
    rent: {
      lines: rent.lines.map(({ land, areaMu }) => ({ land, areaMu, basis: 'cash', fenPerMu })),
      ...(random.chance(30) && { escalation: { everyYears: 3, percent: 5 } }),
      frequency: turned ? 'semiannual' : rent.frequency,
      firstDueOn: rent.firstDueOn && addMonths(rent.firstDueOn, 12 * years),
    },
  }
}
