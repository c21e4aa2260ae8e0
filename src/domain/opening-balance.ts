import { allocate, type Payment } from './allocation.ts'
import type { Day } from './calendar-day.ts'
import type { Instalment } from './contract-terms.ts'
import type { Unreadable } from './reading.ts'

/** The method of payments that an opening balance stands for: nobody has counted this money. */
export const OPENING_METHOD = '期初结转'

/** What a row of an arrears ledger says of a contract. */
export interface OwedOfYears {
  /** Calendar years in which rent years begin; absent: all those due that no other row names. */
  rentYears?: readonly number[] | undefined
  /** Instead of `rentYears`: all those due up to this one. */
  upToYear?: number | undefined
  arrearsFen: number
}

/** Why a row cannot be what is owed, and which of its fields says so. */
export interface OpeningProblem extends Unreadable {
  /** The position of the row. */
  row: number
  field: 'rentYears' | 'arrearsFen'
}

export interface OpeningBalance {
  /** What is taken as paid, each part on the due day that it names. */
  payments: { amountFen: number; paidOn: Day; designatedDueOn: Day }[]
  /** Positions of rows that count rent due on `asOf` itself as owed: it is overdue a day later. */
  aDayEarly: number[]
}

interface Ledger {
  asOf: Day
  /** The first day of the contract, from which rent years are counted. */
  startOn: Day
  instalments: readonly Instalment[]
  /** Recorded already, in order of recording, without those reversed. */
  payments: readonly Payment[]
  rows: readonly OwedOfYears[]
}

/**
 * The payments that make a contract's standing at `asOf` say what an arrears ledger says of it.
 *
 * Rent that fell due before `asOf` and that no row names was paid; of what a row names `arrearsFen`
 * is owed and what is beyond it was paid, oldest first. Rent due on `asOf` itself stays open; it is
 * taken into a row that is above what is overdue.
 * Units: fen, days. Throws RangeError on what is no amount in fen.
 * Source: Civil Code 560 (oldest first); county practice, design decision.
 * Example: three years of 10000, one row of 2021 with 4000, gives payments of 10000, 6000, 10000.
 */
export function openingBalance(ledger: Ledger): OpeningBalance | { problems: OpeningProblem[] } {
  const { asOf, instalments, rows } = ledger
  const due = instalments
    .filter(({ dueOn }) => dueOn <= asOf)
    .sort((a, b) => (a.dueOn < b.dueOn ? -1 : a.dueOn > b.dueOn ? 1 : a.no - b.no))
  const unpriced = due.find(({ priced }) => !priced)
  if (unpriced) return { problems: ofAllRows(rows, 'rent-unpriced', unpricedWords(unpriced)) }
  const unpaid = unpaidBy(ledger, [])
  const { claims, problems } = claimsOf(ledger, due, unpaid)
  if (problems.length === 0) problems.push(...claims.flatMap((one) => sumProblems(one, unpaid)))
  if (problems.length > 0) return { problems }
  const paidFen = new Map<Day, number>()
  for (const claim of claims) payDown(claim, unpaid, paidFen)
  const payments = [...paidFen]
    .map(([dueOn, amountFen]) => ({ amountFen, paidOn: dueOn, designatedDueOn: dueOn }))
    .sort((a, b) => (a.paidOn < b.paidOn ? -1 : 1))
  const left = unpaidBy(ledger, payments)
  // Instalments of one day are paid as one: of two years that share it only the later can be owed.
  if (claims.some((claim) => sumOf(claim.rent, left) !== claim.arrearsFen))
    return { problems: ofAllRows(rows, 'rent-years-inseparable', INSEPARABLE) }
  const early = claims.filter(({ rent }) => rent.some(({ dueOn }) => dueOn === asOf))
  return { payments, aDayEarly: early.flatMap((claim) => claim.rows) }
}

/** Instalments of which so much is owed, whatever row says so; no row: nothing of them. */
interface Claim {
  rows: number[]
  arrearsFen: number
  rent: Instalment[]
}

function claimsOf(
  { asOf, startOn, rows }: Ledger,
  due: readonly Instalment[],
  unpaid: Unpaid,
): { claims: Claim[]; problems: OpeningProblem[] } {
  const yearOf = ({ rentYear }: Instalment) => Number(startOn.slice(0, 4)) + rentYear
  const dueYears = new Set(due.map(yearOf))
  const named = new Set<number>()
  const problems: OpeningProblem[] = []
  const claims: Claim[] = []
  const rest: Claim = { rows: [], arrearsFen: 0, rent: [] }
  const claim = (one: Omit<Claim, 'rent'>, years: (year: number) => boolean) => {
    const rent = due.filter((instalment) => years(yearOf(instalment)))
    const overdue = rent.filter(({ dueOn }) => dueOn < asOf)
    const suffices = one.rows.length === 0 || one.arrearsFen <= sumOf(overdue, unpaid)
    claims.push({ ...one, rent: suffices ? overdue : rent })
  }
  for (const [row, { rentYears, upToYear, arrearsFen }] of rows.entries()) {
    if (rentYears === undefined && upToYear === undefined) {
      rest.rows.push(row)
      rest.arrearsFen += arrearsFen
      continue
    }
    const years = new Set(rentYears ?? [...dueYears].filter((year) => year <= (upToYear ?? 0)))
    const problem = (code: string, wrong: number[], words: string) => {
      if (wrong.length === 0) return
      const reason = `${wrong.join('、')} 年${words}`
      problems.push({ row, field: 'rentYears', code, reason })
    }
    const unknown = [...years].filter((year) => !dueYears.has(year))
    if (upToYear !== undefined && years.size === 0 && arrearsFen > 0) unknown.push(upToYear)
    const early = upToYear === undefined ? '' : '及以前'
    problem('rent-year-unknown', unknown, `${early}没有截至 ${asOf} 已到期的租金`)
    const twice = [...years].filter((year) => named.has(year))
    problem('rent-year-twice', twice, '在该合同的另一行已列欠租')
    for (const year of years) named.add(year)
    if (problems.length === 0) claim({ rows: [row], arrearsFen }, (year) => years.has(year))
  }
  claim(rest, (year) => !named.has(year))
  return { claims, problems }
}

function sumProblems({ rows, rent, arrearsFen }: Claim, unpaid: Unpaid): OpeningProblem[] {
  const dueFen = rent.reduce((sum, { amountFen }) => sum + amountFen, 0)
  const owedFen = sumOf(rent, unpaid)
  if (arrearsFen <= owedFen) return []
  const owed = `欠租 ${yuan(arrearsFen)}`
  const problem =
    arrearsFen > dueFen
      ? { code: 'arrears-above-due', reason: `${owed},超出已到期租金 ${yuan(dueFen)}` }
      : { code: 'arrears-above-ledger', reason: `${owed},按已登记的收款仅欠 ${yuan(owedFen)}` }
  return rows.map((row) => ({ row, field: 'arrearsFen', ...problem }))
}

/** Adds what is beyond a claim to what is taken as paid, by due day. */
function payDown({ rent, arrearsFen }: Claim, unpaid: Unpaid, paidFen: Map<Day, number>): void {
  let beyondFen = sumOf(rent, unpaid) - arrearsFen
  for (const { no, dueOn } of rent) {
    const partFen = Math.min(unpaid.get(no) ?? 0, beyondFen)
    beyondFen -= partFen
    if (partFen > 0) paidFen.set(dueOn, (paidFen.get(dueOn) ?? 0) + partFen)
  }
}

/** What is unpaid of each instalment at `asOf`, by its number. */
type Unpaid = ReadonlyMap<number, number>

function unpaidBy({ asOf, instalments, payments }: Ledger, more: readonly Payment[]): Unpaid {
  const counted = [...payments, ...more].filter(({ paidOn }) => paidOn <= asOf)
  const { paidFen } = allocate(instalments, counted)
  return new Map(instalments.map(({ no, amountFen }, at) => [no, amountFen - (paidFen[at] ?? 0)]))
}

const sumOf = (rent: readonly Instalment[], unpaid: Unpaid) =>
  rent.reduce((sum, { no }) => sum + (unpaid.get(no) ?? 0), 0)

function ofAllRows(rows: readonly OwedOfYears[], code: string, reason: string): OpeningProblem[] {
  return rows.map((_, row) => ({ row, field: 'rentYears', code, reason }))
}

const unpricedWords = ({ dueOn }: Instalment) =>
  `${dueOn} 到期的实物租金没有有效的粮价,请先登记粮价`
const INSEPARABLE = '两个租金年度同日到期,无法只结转其中一个年度,请改为登记收款'
const yuan = (amountFen: number) => `${(amountFen / 100).toFixed(2)} 元`
