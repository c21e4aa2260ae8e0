import type { Instalment } from '../../src/domain/contract-terms.ts'
import { rentSchedule, termEndOn } from '../../src/domain/rent-schedule.ts'
import { standingAt } from '../../src/domain/standing.ts'
import {
  AS_OF,
  type Contract,
  type DrawnTerms,
  GRAIN_PRICES,
  keyOf,
  type PlannedContract,
  type Receipt,
  RICE,
} from './county-model.ts'
import { owedParts } from './owed-parts.ts'
import { type Random, randomOf } from './random.ts'
import { drawReceipts, withReversals } from './receipts.ts'
import { drawTerms } from './terms.ts'

const ATTEMPTS = 2000

/** Draws each contract's paper and payments until it owes what was planned. */
export function drawContracts(plans: readonly PlannedContract[]): Contract[] {
  const random = randomOf('contracts')
  return plans.map((plan, at) => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const drawn = attemptAt(random, plan)
      if (drawn) return { key: keyOf('C', at + 1, 4), plan, ...drawn }
    }
    throw new Error(`no contract found that owes ${plan.owed} and is ${plan.fate}`)
  })
}

function attemptAt(
  random: Random,
  plan: PlannedContract,
): { terms: DrawnTerms; receipts: Receipt[] } | undefined {
  const terms = drawTerms(random, plan)
  if (!terms) return undefined
  const schedule = rentSchedule(terms, GRAIN_PRICES)
  if (schedule.some(({ priced }) => !priced) && !leftUnpriced(terms)) return undefined
  const endOn = termEndOn(terms)
  const unpaidFen = owedParts(random, plan.owed, { startOn: terms.startOn, endOn }, schedule)
  if (!unpaidFen) return undefined
  const receipts = drawReceipts(random, plan, terms, schedule, unpaidFen)
  if (!owesAsPlanned(plan, terms, schedule, receipts)) return undefined
  return { terms, receipts: withReversals(random, plan, receipts, schedule) }
}

/** A grain nobody fixes a price for. */
function leftUnpriced({ rent }: DrawnTerms): boolean {
  return rent.lines.every(({ grain }) => grain !== undefined && grain !== RICE)
}

function owesAsPlanned(
  { owed }: PlannedContract,
  terms: DrawnTerms,
  schedule: readonly Instalment[],
  receipts: readonly Receipt[],
): boolean {
  const { startOn, rent } = terms
  const term = { startOn, endOn: termEndOn(terms), once: rent.frequency === 'once' }
  const standing = standingAt(AS_OF, term, schedule, receipts)
  return owed === 'none' || owed === 'partial'
    ? standing.arrearsClass === owed
    : standing.yearsOwed === owed
}
