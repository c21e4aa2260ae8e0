/** The oracle's calendar and rent schedule: domain.md, section Rent schedule, loop by loop. */
import type { Frequency, Rent, World } from './oracle-world.ts'
import { factsOf, getContract, remember } from './oracle-world.ts'

export type OracleInstalment = {
  no: number
  rentYear: number
  periodStart: string
  periodEnd: string
  dueOn: string
  amountFen: bigint
  priced: boolean
}

const MONTHS: Record<Exclude<Frequency, 'once'>, number> = {
  annual: 12,
  semiannual: 6,
  quarterly: 3,
  monthly: 1,
}

/** Days since 1970-01-01. */
export function dayNumber(day: string): number {
  const [year, month, date] = day.split('-').map(Number)
  if (year === undefined || month === undefined || date === undefined) throw new Error(day)
  return Date.UTC(year, month - 1, date) / 86_400_000
}

export function addDays(day: string, days: number): string {
  return new Date((dayNumber(day) + days) * 86_400_000).toISOString().slice(0, 10)
}

/** From 01-31 one month later is 02-28 (or 29), two months later 03-31. */
export function addMonths(day: string, months: number): string {
  const [year, month, date] = day.split('-').map(Number)
  if (year === undefined || month === undefined || date === undefined) throw new Error(day)
  const counted = year * 12 + (month - 1) + months
  const toYear = Math.floor(counted / 12)
  const toMonth = counted - toYear * 12
  const lastDate = new Date(Date.UTC(toYear, toMonth + 1, 0)).getUTCDate()
  return new Date(Date.UTC(toYear, toMonth, Math.min(date, lastDate))).toISOString().slice(0, 10)
}

/** From `first` to `last`, both counted. */
function daysFromTo(first: string, last: string): bigint {
  return BigInt(dayNumber(last) - dayNumber(first) + 1)
}

export function roundHalfUp(numerator: bigint, denominator: bigint): bigint {
  if (numerator < 0n || denominator <= 0n) throw new Error('oracle: only for what is not negative')
  return (2n * numerator + denominator) / (2n * denominator)
}

export function hundredths(value: number): bigint {
  return BigInt(Math.round(value * 100))
}

/** The contract's amendments in the order they apply, and the last day of its term. */
export function termOf(world: World, contractId: string, knownAt?: string) {
  const contract = getContract(world, contractId, knownAt)
  const amendments = factsOf(world, 'amendment', knownAt)
    .filter((amendment) => amendment.about === contractId)
    .map((amendment) => amendment.data)
  // A stable sort: equal days stay in recording order.
  amendments.sort((a, b) => dayNumber(a.effectiveOn) - dayNumber(b.effectiveOn))
  let endOn = contract.endOn
  for (const amendment of amendments) if (amendment.endOn !== undefined) endOn = amendment.endOn
  for (const end of factsOf(world, 'end', knownAt)) {
    if (end.about === contractId && end.data.endedOn < endOn) endOn = end.data.endedOn
  }
  return { contract, amendments, startOn: contract.startOn, endOn }
}

/** The rent agreed for a day: the last amendment of rent in effect on it, else the contract's. */
export function rentOn(world: World, contractId: string, day: string, knownAt?: string): Rent {
  const { contract, amendments } = termOf(world, contractId, knownAt)
  let rent = contract.rent
  for (const amendment of amendments) {
    if (amendment.rent !== undefined && amendment.effectiveOn <= day) rent = amendment.rent
  }
  return rent
}

function priceOn(
  world: World,
  grain: string | undefined,
  day: string,
  knownAt: string | undefined,
): bigint | undefined {
  let inForceSince = ''
  let price: bigint | undefined
  for (const { data } of factsOf(world, 'grainPrice', knownAt)) {
    if (data.grain !== grain || data.effectiveOn > day) continue
    if (data.effectiveOn >= inForceSince) {
      inForceSince = data.effectiveOn
      price = BigInt(data.fenPer50kg)
    }
  }
  return price
}

/** A whole year's rent with prices of `dueOn`; undefined when a grain line has no price. */
function yearRentFen(
  world: World,
  rent: Rent,
  yearsUnderThisRent: number,
  dueOn: string,
  knownAt: string | undefined,
): bigint | undefined {
  let raised = 1n
  let raisedOver = 1n
  if (rent.escalation !== undefined) {
    const times = Math.floor(yearsUnderThisRent / rent.escalation.everyYears)
    for (let i = 0; i < times; i++) {
      raised *= 10_000n + hundredths(rent.escalation.percent)
      raisedOver *= 10_000n
    }
  }
  let sum = 0n
  for (const line of rent.lines) {
    const basis = line.basis ?? (line.jinPerMu === undefined ? 'cash' : 'grain')
    const area = hundredths(line.areaMu)
    if (basis === 'cash') {
      sum += roundHalfUp(area * BigInt(line.fenPerMu ?? 0) * raised, 100n * raisedOver)
    } else {
      const price = priceOn(world, line.grain, dueOn, knownAt)
      if (price === undefined) return undefined
      const jin = hundredths(line.jinPerMu ?? 0)
      sum += roundHalfUp(area * jin * price * raised, 100n * 100n * 100n * raisedOver)
    }
  }
  return sum
}

function onceSchedule(world: World, contractId: string, knownAt?: string): OracleInstalment[] {
  const { contract, startOn, endOn } = termOf(world, contractId, knownAt)
  const dueOn = contract.rent.firstDueOn ?? startOn
  let amountFen = 0n
  let priced = true
  for (let year = 0; addMonths(startOn, 12 * year) <= endOn; year++) {
    const yearStart = addMonths(startOn, 12 * year)
    const yearEnd = addDays(addMonths(startOn, 12 * (year + 1)), -1)
    const whole = yearRentFen(world, contract.rent, year, dueOn, knownAt)
    if (whole === undefined) {
      priced = false
    } else if (yearEnd <= endOn) {
      amountFen += whole
    } else {
      amountFen += roundHalfUp(whole * daysFromTo(yearStart, endOn), daysFromTo(yearStart, yearEnd))
    }
  }
  if (!priced) amountFen = 0n
  return [{ no: 1, rentYear: 0, periodStart: startOn, periodEnd: endOn, dueOn, amountFen, priced }]
}

export function oracleSchedule(
  world: World,
  contractId: string,
  knownAt?: string,
): OracleInstalment[] {
  const question = `schedule of ${contractId} at ${knownAt}`
  return remember(world, question, () => computeSchedule(world, contractId, knownAt))
}

function computeSchedule(world: World, contractId: string, knownAt?: string): OracleInstalment[] {
  const { contract, amendments, startOn, endOn } = termOf(world, contractId, knownAt)
  if (contract.rent.frequency === 'once') return onceSchedule(world, contractId, knownAt)

  const instalments: OracleInstalment[] = []
  let monthsIn = 0
  let rent: Rent | undefined
  let firstYear = 0
  let periodsUnderThisRent = 0
  while (addMonths(startOn, monthsIn) <= endOn) {
    const periodStart = addMonths(startOn, monthsIn)
    const rentYear = Math.floor(monthsIn / 12)

    let agreed = contract.rent
    for (const amendment of amendments) {
      if (amendment.rent !== undefined && amendment.effectiveOn <= periodStart) {
        agreed = amendment.rent
      }
    }
    if (agreed === rent) {
      periodsUnderThisRent += 1
    } else {
      rent = agreed
      firstYear = rentYear
      periodsUnderThisRent = 0
    }
    const frequency = rent.frequency ?? 'annual'
    if (frequency === 'once') throw new Error(`oracle: ${contractId} amended to once`)
    const months = MONTHS[frequency]
    if (monthsIn % months !== 0) throw new Error(`oracle: ${contractId} has a period off its grid`)

    const fullEnd = addDays(addMonths(startOn, monthsIn + months), -1)
    const yearEnd = addDays(addMonths(startOn, 12 * (rentYear + 1)), -1)
    let dueOn = yearEnd < endOn ? yearEnd : endOn
    if (rent.firstDueOn !== undefined) {
      dueOn = addMonths(rent.firstDueOn, periodsUnderThisRent * months)
    }

    const yearFen = yearRentFen(world, rent, rentYear - firstYear, dueOn, knownAt)
    const inYear = BigInt(12 / months)
    const isLastOfYear = (monthsIn % 12) + months === 12
    let amountFen = (yearFen ?? 0n) / inYear
    if (isLastOfYear) amountFen += (yearFen ?? 0n) % inYear
    if (fullEnd > endOn) {
      amountFen = roundHalfUp(
        amountFen * daysFromTo(periodStart, endOn),
        daysFromTo(periodStart, fullEnd),
      )
    }
    instalments.push({
      no: instalments.length + 1,
      rentYear,
      periodStart,
      periodEnd: fullEnd < endOn ? fullEnd : endOn,
      dueOn,
      amountFen,
      priced: yearFen !== undefined,
    })
    monthsIn += months
  }
  return instalments
}

/** How long a rent year is, in years: 1, less where the term cuts it, the whole term for once. */
export function yearLength(
  world: World,
  contractId: string,
  rentYear: number,
  knownAt?: string,
): { numerator: bigint; denominator: bigint } {
  const { contract, startOn, endOn } = termOf(world, contractId, knownAt)
  const cut = (year: number) => {
    const yearStart = addMonths(startOn, 12 * year)
    const yearEnd = addDays(addMonths(startOn, 12 * (year + 1)), -1)
    const lastDay = yearEnd < endOn ? yearEnd : endOn
    return {
      numerator: daysFromTo(yearStart, lastDay),
      denominator: daysFromTo(yearStart, yearEnd),
    }
  }
  if (contract.rent.frequency !== 'once') return cut(rentYear)
  let years = 0
  while (addMonths(startOn, 12 * (years + 1)) <= endOn) years += 1
  const rest = cut(years)
  return {
    numerator: BigInt(years) * rest.denominator + rest.numerator,
    denominator: rest.denominator,
  }
}
