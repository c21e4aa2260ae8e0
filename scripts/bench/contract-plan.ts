import { addDays, addMonths, type Day, daysBetween } from '../../src/domain/calendar-day.ts'
import { type Frequency, LAND_USES, type Rent } from '../../src/domain/contract-terms.ts'
import { drawn, type Random, randomOf } from '../demo-county/random.ts'
import { AS_OF } from './bench-county.ts'

const MONTHS_PER_PERIOD: [Exclude<Frequency, 'once'>, number][] = [
  ['annual', 12],
  ['semiannual', 6],
  ['quarterly', 3],
  ['monthly', 1],
]
const TOWNSHIPS = 23
const VILLAGES_PER_TOWNSHIP = 12
/** How far the terms have run, in percent: four instalments of five are due. */
const ELAPSED_PERCENT = { low: 60, high: 101 }

/** When a contract runs, and how its rent is paid. */
export interface Term {
  startOn: Day
  endOn: Day
  frequency: Exclude<Frequency, 'once'>
}

/** The terms of all contracts in the order in which they began, ten instalments each on average. */
export function drawTerms(contracts: number): Term[] {
  const random = randomOf('bench/terms')
  const terms = Array.from({ length: contracts }, () => drawTerm(random))
  return terms.sort((a, b) => (a.startOn < b.startOn ? -1 : +(a.startOn > b.startOn)))
}

function drawTerm(random: Random): Term {
  const [frequency, monthsPerPeriod] = drawn(random, [
    [MONTHS_PER_PERIOD[0] as (typeof MONTHS_PER_PERIOD)[0], 72],
    [MONTHS_PER_PERIOD[1] as (typeof MONTHS_PER_PERIOD)[0], 18],
    [MONTHS_PER_PERIOD[2] as (typeof MONTHS_PER_PERIOD)[0], 8],
    [MONTHS_PER_PERIOD[3] as (typeof MONTHS_PER_PERIOD)[0], 2],
  ])
  const months = monthsPerPeriod * random.between(8, 12)
  const percent = random.between(ELAPSED_PERCENT.low, ELAPSED_PERCENT.high)
  const days = Math.floor((daysBetween(AS_OF, addMonths(AS_OF, months)) * percent) / 100)
  const anyDay = addDays(AS_OF, -days)
  const startOn = random.chance(40) && months >= 48 ? `${anyDay.slice(0, 4)}-01-01` : anyDay
  return { startOn, endOn: addDays(addMonths(startOn, months), -1), frequency }
}

/** The body of a contract as a client would send it. */
export function contractBody(random: Random, no: number, term: Term, operatorId: string) {
  const { startOn, endOn, frequency } = term
  const collective = random.chance(80)
  const households = collective ? random.between(5, 150) : 1
  const rent: Rent = {
    lines: Array.from({ length: random.chance(25) ? 2 : 1 }, (_, at) => ({
      land: at === 0 ? 'paddy' : 'dry',
      areaMu: random.between(200, collective ? 30_000 : 3000) / 100,
      basis: 'cash',
      fenPerMu: random.between(300, 1200) * 100,
    })),
    ...(random.chance(30) && { escalation: { everyYears: 3, percent: random.pick([2.5, 5, 8]) } }),
    frequency,
    ...firstDue(random, term),
  }
  return {
    contractNo: `${startOn.slice(0, 4)}-${String(no).padStart(7, '0')}`,
    operatorId,
    villageCode: villageCode(random),
    lessor: {
      kind: collective ? 'village_collective' : 'household',
      households,
      people: households * 3,
    },
    landUse: random.pick(LAND_USES),
    startOn,
    endOn,
    signedOn: addDays(startOn, -random.between(1, 40)),
    rent,
    riskDepositFen: random.chance(10) ? random.between(1, 20) * 1_000_000 : 0,
    insured: random.chance(15),
    penaltyPer10kPerDay: 5,
    toleranceDays: 30,
  }
}

/** Most contracts name a day at the end of the first period or at its start; some name none. */
function firstDue(random: Random, { startOn, frequency }: Term): { firstDueOn?: Day } {
  const months = new Map(MONTHS_PER_PERIOD).get(frequency) ?? 12
  const periodEnd = addDays(addMonths(startOn, months), -1)
  return drawn(random, [
    [{ firstDueOn: periodEnd }, 55],
    [{ firstDueOn: startOn }, 20],
    [{}, 25],
  ])
}

export function villageCodes(): { townships: string[]; villages: string[] } {
  const townships = Array.from({ length: TOWNSHIPS }, (_, at) => `519901${101 + at}`)
  const villages = townships.flatMap((township) =>
    Array.from({ length: VILLAGES_PER_TOWNSHIP }, (_, at) => `${township}${201 + at}`),
  )
  return { townships, villages }
}

export function villageCode(random: Random): string {
  const township = 101 + random.between(0, TOWNSHIPS - 1)
  return `519901${township}${201 + random.between(0, VILLAGES_PER_TOWNSHIP - 1)}`
}
