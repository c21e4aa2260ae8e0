import { addDays } from '../../src/domain/calendar-day.ts'
import type { Rent } from '../../src/domain/contract-terms.ts'
import type { Contract, PlannedContract } from './county-model.ts'
import type { Draft } from './county-tables.ts'
import { personName } from './names.ts'
import { drawn, type Random, randomOf } from './random.ts'

/** Mu a household leases out, in tenths: where rent is owed, many small plots are gathered. */
const TENTHS_OF_MU_PER_HOUSEHOLD = { sound: [46, 90], owed: [17, 29], household: [35, 80] } as const
const PENALTY_PER_10K = [
  [undefined, 58],
  [3, 12],
  [5, 22],
  [1, 8],
] as const
const TOLERANCE_DAYS = [
  [undefined, 50],
  [30, 28],
  [60, 12],
  [90, 10],
] as const

export function contractRows(contracts: readonly Contract[]): Draft<'contracts'>[] {
  const random = randomOf('contract-details')
  const numbered = new Map<string, number>()
  return contracts.map((contract) => {
    const { key, plan, terms } = contract
    return {
      key,
      contractNo: random.chance(11) ? undefined : nextNumber(numbered, terms.startOn.slice(0, 4)),
      operator: plan.operator.key,
      villageCode: plan.village.code,
      ...lessorOf(random, plan),
      landUse: plan.landUse,
      startOn: terms.startOn,
      endOn: terms.endOn,
      signedOn: signedOn(random, terms.startOn),
      ...clauseColumns(terms.rent),
      ...securities(random, plan),
    }
  })
}

function nextNumber(numbered: Map<string, number>, year: string): string {
  const n = (numbered.get(year) ?? 0) + 1
  numbered.set(year, n)
  return `${year}-${String(n).padStart(4, '0')}`
}

function signedOn(random: Random, startOn: string): string | undefined {
  if (random.chance(18)) return undefined
  return addDays(startOn, random.chance(4) ? random.between(3, 25) : -random.between(2, 60))
}

/** A household lessor speaks for one or a few; some collectives never said for how many. */
function lessorOf(random: Random, plan: PlannedContract) {
  const { lessorKind, areaHundredths, owed, village } = plan
  const range =
    lessorKind === 'household' ? 'household' : owed === 'none' ? ('sound' as const) : 'owed'
  const [low, high] = TENTHS_OF_MU_PER_HOUSEHOLD[range]
  const households = Math.max(1, Math.round(areaHundredths / 10 / random.between(low, high)))
  const people = Math.round((households * random.between(26, 36)) / 10)
  if (lessorKind === 'household') {
    const name = personName(random)
    if (households === 1 && random.chance(60)) return { lessorKind, lessorName: name }
    const lessorName = households === 1 ? name : `${name}等${households}户`
    return { lessorKind, lessorName, households, people: random.chance(70) ? people : undefined }
  }
  const lessorName = village.name + (random.chance(80) ? '股份经济合作联合社' : '民委员会')
  if (random.chance(owed === 'none' ? 1 : 4)) return { lessorKind, lessorName }
  return { lessorKind, lessorName, households, people: random.chance(85) ? people : undefined }
}

function clauseColumns({ frequency, firstDueOn, escalation }: Rent) {
  return {
    frequency,
    firstDueOn,
    escalationEveryYears: escalation?.everyYears,
    escalationPercent: escalation?.percent,
  }
}

/** A deposit is by agreement: most have none. */
function securities(random: Random, { areaHundredths }: PlannedContract) {
  const fenPerMu = random.pick([10_000, 20_000, 30_000, 50_000])
  const depositFen = Math.floor((areaHundredths * fenPerMu) / 100 / 100_000) * 100_000
  return {
    riskDepositFen: random.chance(28) ? depositFen : undefined,
    insured: random.chance(6) ? true : undefined,
    penaltyPer10kPerDay: drawn(random, PENALTY_PER_10K),
    toleranceDays: drawn(random, TOLERANCE_DAYS),
  }
}

export function lineRows(contracts: readonly Contract[]): Draft<'rent-lines'>[] {
  return contracts.flatMap(({ key, terms }) =>
    terms.rent.lines.map(({ land, areaMu, basis, fenPerMu, jinPerMu, grain }) => {
      return { contract: key, land, areaMu, basis, fenPerMu, jinPerMu, grain }
    }),
  )
}

/** An amended clause has one rate for all of the contract's lines. */
export function amendmentRows(contracts: readonly Contract[]): Draft<'amendments'>[] {
  return contracts.flatMap(({ key, terms }) =>
    terms.amendments.map(({ effectiveOn, reason, endOn, rent }) => ({
      contract: key,
      effectiveOn,
      reason,
      endOn,
      fenPerMu: rent?.lines[0]?.fenPerMu,
      ...(rent && clauseColumns(rent)),
    })),
  )
}

export function endRows(contracts: readonly Contract[]): Draft<'ends'>[] {
  return contracts.flatMap(({ key, terms: { endedOn, endReason } }) =>
    endedOn ? [{ contract: key, endedOn, reason: endReason }] : [],
  )
}
