import { type Operator, type Owed, type PlannedContract, USES, type Use } from './county-model.ts'
import { drawOperator, type OperatorDraw } from './operators.ts'
import { drawn, type Random, randomOf, split } from './random.ts'
import type { Township } from './regions.ts'
import { planTroubled } from './troubled-contracts.ts'

/** Hundredths of a mu in force: the county's 290,000 mu. */
const IN_FORCE: Record<Use, number> = {
  late_citrus: 20_000_000,
  sericulture: 3_000_000,
  rice_fish: 1_500_000,
  agri_park: 4_500_000,
}
const CONTRACTS_UP_TO_DATE: Record<Use, number> = {
  late_citrus: 1316,
  sericulture: 312,
  rice_fish: 182,
  agri_park: 228,
}
const OPERATORS_UP_TO_DATE = 1212
const OPERATORS_GONE = 12
const CONTRACTS_FORMER = 190
const FORMER_WITH_DEBT = 46
const FORMER_USES = [
  ['late_citrus', 7],
  ['sericulture', 1],
  ['agri_park', 2],
] as const
const FORMER_OWED: readonly (readonly [Owed, number])[] = [
  ['partial', 30],
  [1, 40],
  [2, 20],
  [3, 10],
]

/** Every contract of the county, in force or not, with its land and how it will have gone. */
export function planContracts(townships: readonly Township[]): PlannedContract[] {
  const random = randomOf('plan')
  const draw: OperatorDraw = {
    random: randomOf('operators'),
    townships,
    taken: new Set(),
  }
  const troubled = planTroubled(random, draw)
  const current = [...troubled, ...planUpToDate(random, draw, troubled)]
  return random.shuffled([...current, ...planFormer(random, draw, current)])
}

function planUpToDate(
  random: Random,
  draw: OperatorDraw,
  troubled: readonly PlannedContract[],
): PlannedContract[] {
  const counts = USES.map((use) => CONTRACTS_UP_TO_DATE[use])
  const operatorCounts = split(OPERATORS_UP_TO_DATE, counts)
  return USES.flatMap((landUse, at) => {
    const operators = Array.from({ length: operatorCounts[at] ?? 0 }, () =>
      drawOperator(draw, landUse, 'sound', 'none'),
    )
    const inTrouble = troubled.filter((contract) => contract.landUse === landUse)
    const planned = Array.from({ length: counts[at] ?? 0 }, (_, n) => {
      const operator = operators[n] ?? laterContractOf(random, operators, inTrouble)
      return soundContract(random, draw.townships, operator, landUse)
    })
    const left = inTrouble.reduce(
      (area, { areaHundredths }) => area - areaHundredths,
      IN_FORCE[landUse],
    )
    const areas = split(
      left,
      planned.map(({ areaHundredths }) => areaHundredths),
    )
    return planned.map((contract, n) => ({ ...contract, areaHundredths: areas[n] ?? 0 }))
  })
}

/** The larger have more contracts; some in trouble elsewhere pay here. */
function laterContractOf(
  random: Random,
  operators: readonly Operator[],
  inTrouble: readonly PlannedContract[],
): Operator {
  if (random.chance(6)) return random.pick(inTrouble).operator
  const several = operators.slice(0, Math.ceil(operators.length * 0.6))
  return random.weighted(several, ({ kind }) =>
    kind === 'company' ? 4 : kind === 'cooperative' ? 3 : 1,
  )
}

function soundContract(
  random: Random,
  townships: readonly Township[],
  operator: Operator,
  landUse: Use,
): PlannedContract {
  const small = operator.kind === 'individual' || operator.kind === 'family_farm'
  const fromHousehold = random.chance(small ? 42 : 14)
  const township = random.chance(88) ? operator.home : random.pick(townships)
  return {
    operator,
    village: random.pick(township.villages),
    landUse,
    owed: 'none',
    fate: 'in_force',
    lessorKind: fromHousehold ? 'household' : 'village_collective',
    areaHundredths: fromHousehold ? random.between(300, 3000) : collectiveArea(random, small),
  }
}

/** Only its proportion counts for contracts in force. */
function collectiveArea(random: Random, small: boolean): number {
  const area = random.between(2000, 14_000) * (small ? 1 : 1.5)
  return Math.round(random.chance(7) ? area * 5 : random.chance(30) ? area * 2 : area)
}

/** Expired and ended ones; some left a debt behind, some operators have nothing else. */
function planFormer(
  random: Random,
  draw: OperatorDraw,
  current: readonly PlannedContract[],
): PlannedContract[] {
  const gone = Array.from({ length: OPERATORS_GONE }, () =>
    drawOperator(draw, drawn(random, FORMER_USES), 'troubled', 'partial'),
  )
  const inTrouble = current.filter(({ owed }) => owed !== 'none')
  return Array.from({ length: CONTRACTS_FORMER }, (_, n): PlannedContract => {
    const owed = n < FORMER_WITH_DEBT ? drawn(random, FORMER_OWED) : 'none'
    const among = owed !== 'none' && random.chance(45) ? inTrouble : current
    const operator = gone[n] ?? random.pick(among).operator
    const contract = soundContract(random, draw.townships, operator, operator.mainUse)
    return { ...contract, owed, fate: random.chance(55) ? 'ended' : 'expired' }
  })
}
