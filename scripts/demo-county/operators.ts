import { keyOf, type Operator, type OperatorKind, type Owed, type Use } from './county-model.ts'
import { creditCode, misread } from './credit-code.ts'
import { businessName, personName, unused } from './names.ts'
import { drawn, type Random } from './random.ts'
import type { Township } from './regions.ts'

export interface OperatorDraw {
  random: Random
  townships: readonly Township[]
  /** Names of operators, and how many there are. */
  taken: Set<string>
}

const KINDS: Record<'sound' | 'troubled', readonly (readonly [OperatorKind, number])[]> = {
  sound: [
    ['company', 24],
    ['cooperative', 32],
    ['family_farm', 29],
    ['individual', 15],
  ],
  troubled: [
    ['company', 60],
    ['cooperative', 25],
    ['family_farm', 9],
    ['individual', 6],
  ],
}
const MISREAD_EVERY = 167

export function drawOperator(
  draw: OperatorDraw,
  mainUse: Use,
  standing: 'sound' | 'troubled',
  worst: Owed,
): Operator {
  const { random, townships, taken } = draw
  const kind = drawn(random, KINDS[standing])
  const home = random.weighted(townships, ({ uses, villages, trouble }) =>
    standing === 'troubled' ? uses[mainUse] * trouble : uses[mainUse] * villages.length,
  )
  const representative = kind === 'individual' ? undefined : representativeOf(random)
  const name = unused(taken, () =>
    kind === 'individual'
      ? personName(random)
      : businessName(random, kind, mainUse, home.name, representative),
  )
  const n = taken.size
  return {
    key: keyOf('O', n, 4),
    name,
    kind,
    uscc: drawCode(draw, kind, n),
    representative,
    phone: random.chance(93) ? `1990000${String((n * 7919) % 10_000).padStart(4, '0')}` : undefined,
    home,
    mainUse,
    worst,
  }
}

/** Most have a right one; individuals none, a few a misread one. */
function drawCode({ random }: OperatorDraw, kind: OperatorKind, n: number): string | undefined {
  if (kind === 'individual') return undefined
  const code = creditCode(random, kind)
  const missing = random.chance(kind === 'family_farm' ? 30 : 8)
  if (n % MISREAD_EVERY === 0) return misread(code)
  return missing ? undefined : code
}

function representativeOf(random: Random): string | undefined {
  return random.chance(9) ? undefined : personName(random)
}

/** Rows of the table of operators. */
export function operatorRows(operators: readonly Operator[]) {
  return operators
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ key, name, kind, uscc, representative, phone }) => {
      return { key, name, kind, uscc, representative, phone }
    })
}
