import { type Owed, type PlannedContract, USES, type Use } from './county-model.ts'
import { drawOperator, type OperatorDraw } from './operators.ts'
import { drawn, type Random, split } from './random.ts'
import type { Village } from './regions.ts'

/** Hundredths of a mu: owed a year or more, and owed a part of a year. */
const YEARS_TOTAL = 3_200_000
const PARTIAL_TOTAL = 500_000
const CONTRACT_AVERAGE = 21_500

/** How much of the trouble is of each class, and how that lies among the uses in order of USES. */
const CLASSES: readonly { owed: Owed; share: number; uses: readonly number[] }[] = [
  { owed: 6, share: 309, uses: [85, 0, 0, 15] },
  { owed: 5, share: 573, uses: [78, 8, 0, 14] },
  { owed: 4, share: 998, uses: [76, 8, 3, 13] },
  { owed: 3, share: 1622, uses: [72, 9, 6, 13] },
  { owed: 2, share: 2497, uses: [72, 9, 6, 13] },
  { owed: 1, share: 4013, uses: [70, 9, 6, 15] },
  { owed: 'partial', share: 0, uses: [68, 10, 6, 16] },
]
const CONTRACTS_AN_OPERATOR = [
  [1, 30],
  [2, 34],
  [3, 22],
  [4, 14],
] as const

type Draft = Pick<PlannedContract, 'landUse' | 'owed' | 'areaHundredths' | 'lessorKind'>

/** Contracts in arrears: an operator has one to four of one use, owing about as long. */
export function planTroubled(random: Random, draw: OperatorDraw): PlannedContract[] {
  const drafts = draftAll(random)
  return USES.flatMap((landUse) => {
    const left = drafts.filter((draft) => draft.landUse === landUse)
    const planned: PlannedContract[] = []
    while (left.length > 0) {
      const group = left.splice(0, drawn(random, CONTRACTS_AN_OPERATOR))
      const operator = drawOperator(draw, landUse, 'troubled', worstOf(group))
      for (const draft of group) {
        const village = troubledVillage(random, draw, operator.home.code, landUse)
        planned.push({ ...draft, operator, village, fate: 'in_force' })
      }
    }
    return planned
  })
}

/** Of each class the uses' contracts, longest owing first; their areas add up exactly. */
function draftAll(random: Random): Draft[] {
  const years = split(
    YEARS_TOTAL,
    CLASSES.map(({ share }) => share),
  )
  return CLASSES.flatMap(({ owed, uses }, at) => {
    const area = owed === 'partial' ? PARTIAL_TOTAL : (years[at] ?? 0)
    const jittered = uses.map((weight) => weight * random.between(92, 108))
    return split(area, jittered).flatMap((part, use) =>
      draftsOf(random, USES[use] as Use, owed, part),
    )
  })
}

function draftsOf(random: Random, landUse: Use, owed: Owed, area: number): Draft[] {
  if (area === 0) return []
  const count = Math.max(1, Math.round(area / CONTRACT_AVERAGE))
  const households = Array.from({ length: count }, () => count > 2 && random.chance(8))
  const weights = households.map((is) => (is ? random.between(12, 50) : random.between(90, 420)))
  return split(area, weights).map((areaHundredths, at) => ({
    landUse,
    owed,
    areaHundredths,
    lessorKind: households[at] ? 'household' : 'village_collective',
  }))
}

function worstOf(group: readonly Draft[]): Owed {
  const years = group.map(({ owed }) => (typeof owed === 'number' ? owed : 0))
  return Math.max(...years) || 'partial'
}

/** Mostly at the operator's home; a few villages of a township have most of its trouble. */
function troubledVillage(
  random: Random,
  { townships }: OperatorDraw,
  homeCode: string,
  landUse: Use,
): Village {
  const { villages } = random.weighted(
    townships,
    ({ code, uses, trouble }) => uses[landUse] * trouble * (code === homeCode ? 60 : 1),
  )
  return villages[Math.floor(random.unit() * random.unit() * villages.length)] as Village
}
