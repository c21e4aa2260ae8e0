/**
 * The oracle: Two clocks, Risk (policy 2026-1) and the county summary of domain.md on plain lists of
 * facts. Written from the text alone, without a look at the service.
 */
import { oraclePlanKept } from './oracle-plans.ts'
import {
  dayNumber,
  hundredths,
  oracleSchedule,
  rentOn,
  roundHalfUp,
  termOf,
} from './oracle-schedule.ts'
import { oracleStanding } from './oracle-standing.ts'
import type { ContractData, World } from './oracle-world.ts'
import { factsOf, getContract, subsidiesOf } from './oracle-world.ts'

export { oracleSchedule, oracleStanding }

type Level = 'red' | 'orange' | 'yellow' | 'blue' | 'none'
export type SummaryBy = 'landUse' | 'township' | 'village' | 'operator'

/** Subsidies late at asOf, with what is outstanding on each. */
function lateSubsidies(world: World, asOf: string, knownAt?: string) {
  const late = []
  for (const { id, data } of subsidiesOf(world, knownAt, asOf)) {
    if (data.payableOn === undefined || data.payableOn >= asOf) continue
    let outstandingFen = BigInt(data.amountFen)
    for (const disbursement of factsOf(world, 'disbursement', knownAt)) {
      if (disbursement.about === id && disbursement.data.paidOn <= asOf) {
        outstandingFen -= BigInt(disbursement.data.amountFen)
      }
    }
    if (outstandingFen <= 0n) continue
    late.push({
      operatorId: data.operatorId,
      contractId: data.contractId,
      standing: data.standing,
      delayDays: dayNumber(asOf) - dayNumber(data.payableOn),
      outstandingFen,
    })
  }
  return late
}

/** Names the contract, or its operator and no contract. */
function concerns(
  named: { contractId?: string | undefined; operatorId?: string | undefined },
  contractId: string,
  contract: ContractData,
): boolean {
  if (named.contractId !== undefined) return named.contractId === contractId
  return named.operatorId === contract.operatorId
}

/** What late recognised subsidies would cover of the arrears of these contracts, each once. */
function coverageOf(world: World, contractIds: string[], asOf: string, knownAt?: string): bigint {
  let arrearsFen = 0n
  for (const id of contractIds) arrearsFen += oracleStanding(world, id, asOf, knownAt).arrearsFen
  let outstandingFen = 0n
  for (const subsidy of lateSubsidies(world, asOf, knownAt)) {
    if (subsidy.standing !== 'recognised') continue
    const counts = contractIds.some((id) => concerns(subsidy, id, getContract(world, id, knownAt)))
    if (counts) outstandingFen += subsidy.outstandingFen
  }
  return arrearsFen < outstandingFen ? arrearsFen : outstandingFen
}

/** The conditions that hold: observed by asOf, with no recovery observed on or after them. */
function conditionsOn(world: World, operatorId: string, asOf: string, knownAt?: string): string[] {
  const observed = factsOf(world, 'condition', knownAt)
    .filter((condition) => condition.about === operatorId)
    .map((condition) => condition.data)
    .filter((condition) => condition.observedOn <= asOf)
  return observed
    .filter((condition) => condition.condition !== 'recovered')
    .filter(
      (condition) =>
        !observed.some(
          (other) => other.condition === 'recovered' && other.observedOn >= condition.observedOn,
        ),
    )
    .map((condition) => condition.condition)
}

function householdsOf(contract: ContractData): number {
  return contract.lessor.households ?? (contract.lessor.kind === 'household' ? 1 : 0)
}

function levelOf(score: number): Level {
  if (score >= 60) return 'red'
  if (score >= 40) return 'orange'
  if (score >= 20) return 'yellow'
  return score >= 1 ? 'blue' : 'none'
}

function yearsOwedPoints(yearsOwed: number): number {
  const points = [8, 18, 26, 32, 36, 38, 40]
  return points[Math.min(yearsOwed, 6)] ?? 0
}

function delayPoints(days: number): number {
  if (days <= 90) return 5
  if (days <= 180) return 10
  return days <= 365 ? 15 : 20
}

function householdPoints(households: number): number {
  if (households >= 100) return 15
  if (households >= 30) return 10
  if (households >= 5) return 6
  return households >= 1 ? 2 : 0
}

function conditionPoints(condition: string): number {
  if (condition === 'unreachable') return 15
  return condition === 'mismanaged' ? 8 : 12
}

export function oracleRisk(world: World, contractId: string, asOf: string, knownAt?: string) {
  const contract = getContract(world, contractId, knownAt)
  const { startOn, endOn } = termOf(world, contractId, knownAt)
  const standing = oracleStanding(world, contractId, asOf, knownAt)
  const inArrears = standing.arrearsFen > 0n

  const years = inArrears ? yearsOwedPoints(standing.yearsOwed) : 0

  let delay = 0
  for (const subsidy of lateSubsidies(world, asOf, knownAt)) {
    if (!concerns(subsidy, contractId, contract)) continue
    const points = delayPoints(subsidy.delayDays)
    delay = Math.max(delay, subsidy.standing === 'recognised' ? points : Math.min(points, 5))
  }
  if (!inArrears) delay = Math.min(delay, 10)

  let households = 0
  for (const other of factsOf(world, 'contract', knownAt)) {
    if (!inArrears || other.data.operatorId !== contract.operatorId) continue
    if (oracleStanding(world, other.id, asOf, knownAt).arrearsFen === 0n) continue
    households += householdsOf(other.data)
  }

  const conditions = conditionsOn(world, contract.operatorId, asOf, knownAt)
  const unreachable = conditions.includes('unreachable')

  let signs = 0
  for (const { data: petition } of factsOf(world, 'petition', knownAt)) {
    const daysAgo = dayNumber(asOf) - dayNumber(petition.occurredOn)
    if (daysAgo < 0 || daysAgo > 364 || !concerns(petition, contractId, contract)) continue
    signs = Math.max(signs, petition.people >= 5 ? 10 : petition.repeat === true ? 7 : 4)
  }

  // The plan's reduction comes first, then the deposit's; a point is always left.
  const reducible = years + householdPoints(households) - 1
  let planKept = 0
  if (inArrears && oraclePlanKept(world, contractId, asOf, knownAt)) {
    planKept = -Math.min(10, reducible)
  }
  const depositFen = BigInt(contract.riskDepositFen ?? 0)
  const hasDeposit = depositFen > 0n && 2n * depositFen >= standing.arrearsFen
  let secured = 0
  if (inArrears && (contract.insured === true || hasDeposit)) {
    secured = -Math.min(5, reducible + planKept)
  }

  const factors = [
    { factor: 'years_owed', points: years },
    { factor: 'subsidy_delay', points: delay },
    { factor: 'households', points: householdPoints(households) },
    { factor: 'operator_condition', points: Math.max(0, ...conditions.map(conditionPoints)) },
    { factor: 'petition_signs', points: signs },
    { factor: 'plan_kept', points: planKept },
    { factor: 'secured', points: secured },
  ]
  let score = 0
  for (const factor of factors) score += factor.points

  let floor = 0
  if (unreachable && startOn <= asOf && asOf <= endOn) floor = 20
  if (standing.yearsOwed >= 3) floor = 40
  if ((unreachable && standing.yearsOwed >= 1) || standing.yearsOwed >= 5) floor = 60
  factors.push({ factor: 'floor', points: Math.max(0, floor - score) })
  score = Math.max(score, floor)

  return {
    contractId,
    asOf,
    score,
    level: levelOf(score),
    contributions: factors.filter((factor) => factor.points !== 0),
    arrearsFen: standing.arrearsFen,
    unpaidYears: standing.unpaidYears,
    yearsOwed: standing.yearsOwed,
    daysOverdue: standing.daysOverdue,
    coverageFen: coverageOf(world, [contractId], asOf, knownAt),
  }
}

/** Most urgent first, level none left out. */
export function oracleWorklist(world: World, asOf: string, knownAt?: string) {
  const items = []
  for (const { id, data } of factsOf(world, 'contract', knownAt)) {
    const risk = oracleRisk(world, id, asOf, knownAt)
    const { operatorId, villageCode, landUse } = data
    const areaMu = Number(areaOn(world, id, asOf, knownAt)) / 100
    if (risk.score > 0) items.push({ ...risk, operatorId, villageCode, landUse, areaMu })
  }
  items.sort((a, b) => {
    if (a.score !== b.score) return b.score - a.score
    if (a.arrearsFen !== b.arrearsFen) return a.arrearsFen < b.arrearsFen ? 1 : -1
    return a.contractId < b.contractId ? -1 : 1
  })
  return items
}

/** In hundredths of a mu. */
function areaOn(world: World, contractId: string, day: string, knownAt?: string): bigint {
  let area = 0n
  for (const line of rentOn(world, contractId, day, knownAt).lines) area += hundredths(line.areaMu)
  return area
}

function tally(world: World, contractIds: string[], asOf: string) {
  let area = 0n
  let yearsArea = 0n
  let partialArea = 0n
  let arrearsFen = 0n
  let households = 0
  const ended = { area: 0n, contracts: 0, arrearsFen: 0n }
  const byYears = []
  for (let years = 0; years <= 7; years++) byYears.push({ years, area: 0n, contracts: 0 })
  for (const id of contractIds) {
    const { contract, startOn, endOn } = termOf(world, id)
    const standing = oracleStanding(world, id, asOf)
    const contractArea = areaOn(world, id, asOf)
    const inArrears = standing.arrearsFen > 0n
    if (asOf > endOn) {
      if (!inArrears) continue
      ended.area += contractArea
      ended.contracts += 1
      ended.arrearsFen += standing.arrearsFen
      continue
    }
    if (inArrears) {
      arrearsFen += standing.arrearsFen
      households += householdsOf(contract)
    }
    if (asOf < startOn) continue
    area += contractArea
    if (standing.arrearsClass === 'years') yearsArea += contractArea
    if (standing.arrearsClass === 'partial') partialArea += contractArea
    if (standing.arrearsClass === 'none') continue
    const row = byYears[Math.min(standing.yearsOwed, 7)]
    if (row === undefined) throw new Error('oracle: no such row')
    row.area += contractArea
    row.contracts += 1
  }
  const problemArea = yearsArea + partialArea
  const share = area === 0n ? 0n : roundHalfUp(problemArea * 10_000n, area)
  return {
    areaMu: Number(area) / 100,
    problemAreaMu: Number(problemArea) / 100,
    yearsAreaMu: Number(yearsArea) / 100,
    partialAreaMu: Number(partialArea) / 100,
    problemSharePercent: Number(share) / 100,
    arrearsFen,
    households,
    coverageFen: coverageOf(world, contractIds, asOf),
    byUnpaidYears: byYears
      .filter((row) => row.contracts > 0)
      .map((row) => ({
        years: row.years,
        areaMu: Number(row.area) / 100,
        contracts: row.contracts,
      })),
    endedInArrears: {
      areaMu: Number(ended.area) / 100,
      contracts: ended.contracts,
      arrearsFen: ended.arrearsFen,
    },
  }
}

function keyOf(contract: ContractData, by: SummaryBy): string {
  if (by === 'landUse') return contract.landUse
  if (by === 'operator') return contract.operatorId
  return by === 'township' ? contract.villageCode.slice(0, 9) : contract.villageCode
}

/** `byUnpaidYears` without empty rows; `groups` in the order of their keys. */
export function oracleSummary(world: World, asOf: string, by?: SummaryBy) {
  const contracts = factsOf(world, 'contract')
  const members = new Map<string, string[]>()
  for (const { id, data } of contracts) {
    if (by === undefined) continue
    const key = keyOf(data, by)
    members.set(key, [...(members.get(key) ?? []), id])
  }
  const groups = [...members.keys()].sort().map((key) => {
    return { key, ...tally(world, members.get(key) ?? [], asOf) }
  })
  const all = contracts.map((contract) => contract.id)
  return { asOf, ...tally(world, all, asOf), groups }
}
