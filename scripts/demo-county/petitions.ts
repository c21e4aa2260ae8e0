import { addDays } from '../../src/domain/calendar-day.ts'
import { AS_OF, type Contract } from './county-model.ts'
import type { Draft } from './county-tables.ts'
import { drawn, type Random, randomOf } from './random.ts'
import type { Township } from './regions.ts'

const CHANNELS = [
  ['visit', 38],
  ['phone', 16],
  ['hotline', 24],
  ['online', 16],
  ['letter', 6],
] as const
const ABOUT_RENT = [
  '反映土地租金未付',
  '要求兑付拖欠的流转费',
  '反映业主联系不上、土地撂荒',
  '询问租金何时发放',
  undefined,
]
const ABOUT_OTHER = ['反映果园排水影响农田', '反映机耕道损坏', '询问流转合同到期后续', undefined]

/** Petition signs: mostly where rent is owed, mostly of the last year. No petitioner is named. */
export function petitionRows(
  contracts: readonly Contract[],
  townships: readonly Township[],
): Draft<'petitions'>[] {
  const random = randomOf('petitions')
  const inArrears = contracts.filter(({ plan }) => plan.owed !== 'none')
  const owed = inArrears.flatMap((contract) =>
    Array.from({ length: countOf(random, contract) }, (_, n) => aboutRent(random, contract, n)),
  )
  const villages = townships.flatMap((township) => township.villages)
  const others = Array.from({ length: 16 }, () => aboutOther(random, random.pick(villages).code))
  return [...owed, ...others].sort((a, b) => (String(a.occurredOn) < String(b.occurredOn) ? -1 : 1))
}

function countOf(random: Random, { plan: { owed } }: Contract): number {
  if (owed === 'partial') return random.chance(12) ? 1 : 0
  const years = typeof owed === 'number' ? owed : 0
  return random.chance(20 + years * 11) ? random.between(1, years > 2 ? 4 : 2) : 0
}

/** Names the contract, or only its operator, or only the village. */
function aboutRent(random: Random, contract: Contract, before: number): Draft<'petitions'> {
  const { plan, key } = contract
  const naming = drawn(random, NAMING)
  const daysBefore = random.chance(82) ? random.between(1, 350) : random.between(370, 1100)
  const channel = drawn(random, CHANNELS)
  const together = channel === 'visit' && random.chance(50)
  return {
    villageCode: plan.village.code,
    occurredOn: addDays(AS_OF, -daysBefore),
    channel,
    people: together ? random.between(5, 42) : random.between(1, channel === 'visit' ? 4 : 2),
    contract: naming === 'contract' ? key : undefined,
    operator: naming === 'operator' ? plan.operator.key : undefined,
    repeat: random.chance(before > 0 ? 70 : 12),
    summary: random.pick(ABOUT_RENT),
  }
}

const NAMING = [
  ['contract', 52],
  ['operator', 28],
  ['village', 20],
] as const

function aboutOther(random: Random, villageCode: string): Draft<'petitions'> {
  return {
    villageCode,
    occurredOn: addDays(AS_OF, -random.between(5, 800)),
    channel: drawn(random, CHANNELS),
    people: random.between(1, 3),
    repeat: false,
    summary: random.pick(ABOUT_OTHER),
  }
}
