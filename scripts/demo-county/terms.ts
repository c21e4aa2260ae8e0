import { addDays, addMonths, type Day, daysBetween } from '../../src/domain/calendar-day.ts'
import {
  type AmendmentTerms,
  AS_OF,
  type DrawnTerms,
  type PlannedContract,
} from './county-model.ts'
import { drawn, type Random } from './random.ts'
import { amendedRent, drawRent } from './rent-clause.ts'

/** How many contracts began in a year, of those in force and of those that are over. */
const START_YEARS = {
  current: [1, 1, 2, 3, 4, 6, 8, 10, 12, 13, 12, 10, 8, 5],
  former: [5, 6, 8, 9, 10, 9, 8, 5, 4, 3, 1, 0, 0, 0],
}
const FIRST_YEAR = 2008
const START_DAYS = [
  ['01-01', 34],
  ['10-01', 14],
  ['03-01', 10],
  ['09-01', 8],
  ['11-01', 6],
  ['04-01', 5],
  ['07-01', 5],
  ['12-01', 3],
  ['any', 12],
  ['month end', 3],
] as const
const TERM_YEARS = {
  current: [
    [5, 8],
    [6, 3],
    [8, 6],
    [10, 22],
    [12, 7],
    [15, 18],
    [18, 5],
    [20, 24],
    [25, 4],
    [30, 3],
  ],
  former: [
    [5, 40],
    [6, 15],
    [8, 15],
    [10, 20],
    [20, 10],
  ],
} as const
const EXTENDED_PERCENT = 25
const AMENDED_PERCENT = 4

/** Terms that fit how the contract will have gone; undefined when this draw does not. */
export function drawTerms(random: Random, plan: PlannedContract): DrawnTerms | undefined {
  const when = plan.fate === 'in_force' ? 'current' : 'former'
  const startOn = drawStart(random, START_YEARS[when])
  const years = drawn(random, TERM_YEARS[when])
  const endOn = addDays(addMonths(startOn, 12 * years), -1)
  if (startOn > AS_OF) return undefined
  const terms = { startOn, endOn, rent: drawRent(random, plan, startOn), amendments: [] }
  if (plan.fate === 'in_force') return inForce(random, terms)
  if (plan.fate === 'expired') return endOn < AS_OF ? terms : undefined
  return endedEarly(random, terms)
}

function drawStart(random: Random, weights: readonly number[]): Day {
  const at = random.weighted([...weights.keys()], (index) => weights[index] ?? 0)
  const year = FIRST_YEAR + at
  const day = drawn(random, START_DAYS)
  if (day === 'any') return addDays(`${year}-01-01`, random.between(0, 364))
  if (day !== 'month end') return `${year}-${day}`
  return addDays(`${year}-${random.pick(['02-01', '03-01', '09-01', '11-01'])}`, -1)
}

/** A term that ran out is in force only if it was extended in time. */
function inForce(random: Random, terms: DrawnTerms): DrawnTerms | undefined {
  if (terms.rent.frequency === 'once') return terms.endOn >= AS_OF ? terms : undefined
  const amendments: AmendmentTerms[] = []
  if (random.chance(AMENDED_PERCENT)) amendments.push(...rentAmendment(random, terms))
  if (terms.endOn < AS_OF) {
    if (!random.chance(EXTENDED_PERCENT)) return undefined
    amendments.push({
      effectiveOn: addDays(terms.endOn, -random.between(10, 90)),
      reason: '期满续租,期限顺延',
      endOn: addMonths(terms.endOn, 12 * random.pick([5, 5, 8, 10])),
    })
  }
  const endOn = amendments.findLast((amendment) => amendment.endOn)?.endOn ?? terms.endOn
  return endOn >= AS_OF ? { ...terms, amendments } : undefined
}

/** From the first day of a rent year; a clause that was cut to nothing by an early end is left out. */
function rentAmendment(random: Random, { startOn, endOn, rent }: DrawnTerms): AmendmentTerms[] {
  const priced = rent.lines.every((line) => line.fenPerMu || line.jinPerMu)
  const years = random.between(2, 6)
  const effectiveOn = addMonths(startOn, 12 * years)
  if (!priced || effectiveOn > AS_OF || effectiveOn >= endOn || effectiveOn < '2016') return []
  return [{ effectiveOn, ...amendedRent(random, rent, years) }]
}

function endedEarly(random: Random, terms: DrawnTerms): DrawnTerms | undefined {
  const last = terms.endOn < AS_OF ? terms.endOn : addDays(AS_OF, -15)
  const first = addMonths(terms.startOn, 14)
  if (first >= last || terms.rent.frequency === 'once') return undefined
  const endedOn = addDays(first, random.between(0, daysBetween(first, last) - 1))
  return { ...terms, endedOn, endReason: random.pick(END_REASONS) }
}

const END_REASONS = [
  '双方协商解除',
  '双方协商解除',
  '业主退地,村集体收回',
  '业主无力经营,退还土地',
  '因公共设施建设占地终止',
  '法院判决解除',
]
