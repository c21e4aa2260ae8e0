import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Payment } from '../../src/domain/allocation.ts'
import { addDays, daysBetween } from '../../src/domain/calendar-day.ts'
import type { Instalment } from '../../src/domain/contract-terms.ts'
import { groupBy } from '../../src/domain/group-by.ts'
import {
  type OpeningBalance,
  type OpeningProblem,
  type OwedOfYears,
  openingBalance,
} from '../../src/domain/opening-balance.ts'
import { amendmentProblem, rentSchedule, termEndOn } from '../../src/domain/rent-schedule.ts'
import { type Standing, standingAt, type TermInForce } from '../../src/domain/standing.ts'
import { anyPayments, anyPrices, anyTerms } from './arbitrary-terms.ts'

const TERM: TermInForce = { startOn: '2019-03-01', endOn: '2029-02-28', once: false }
/** 10000 fen each 31 December: of 2019 the first. */
const YEARLY = rentSchedule(
  {
    startOn: '2019-03-01',
    endOn: '2029-02-28',
    rent: { lines: [{ areaMu: 1, fenPerMu: 10_000 }], firstDueOn: '2019-12-31' },
  },
  [],
)
const QUARTERLY = rentSchedule(
  {
    startOn: '2019-03-01',
    endOn: '2029-02-28',
    rent: {
      lines: [{ areaMu: 1, fenPerMu: 10_000 }],
      frequency: 'quarterly',
      firstDueOn: '2019-05-31',
    },
  },
  [],
)

interface Case {
  asOf?: string
  instalments?: readonly Instalment[]
  payments?: readonly Payment[]
  rows: OwedOfYears[]
}
const opened = ({ asOf = '2023-06-30', instalments = YEARLY, payments = [], rows }: Case) =>
  openingBalance({ asOf, startOn: TERM.startOn, instalments, payments, rows })

function paid(given: Case): [string, number][] {
  const { payments } = opened(given) as OpeningBalance
  expect(payments.every(({ paidOn, designatedDueOn }) => paidOn === designatedDueOn)).toBe(true)
  return payments.map(({ paidOn, amountFen }) => [paidOn, amountFen])
}
const problems = (given: Case) => (opened(given) as { problems: OpeningProblem[] }).problems

describe('what an arrears ledger does not name was paid on its due day', () => {
  const full = (...years: number[]) =>
    years.map((year): [string, number] => [`${year}-12-31`, 10_000])
  it.each<[string, Case, [string, number][]]>([
    [
      'one whole year of four',
      { rows: [{ rentYears: [2021], arrearsFen: 10_000 }] },
      full(2019, 2020, 2022),
    ],
    [
      'two years in two rows, the later one first',
      {
        rows: [
          { rentYears: [2022], arrearsFen: 10_000 },
          { rentYears: [2020], arrearsFen: 9_999 },
        ],
      },
      [...full(2019), ['2020-12-31', 1], ...full(2021)],
    ],
    [
      'part of two years in one row: the older is paid first',
      { rows: [{ rentYears: [2022, 2021], arrearsFen: 12_000 }] },
      [...full(2019, 2020), ['2021-12-31', 8_000]],
    ],
    [
      'no year named: the latest are owed',
      { rows: [{ arrearsFen: 12_000 }] },
      [...full(2019, 2020), ['2021-12-31', 8_000]],
    ],
    [
      'two rows without a year are owed together, beside a row with one',
      {
        rows: [
          { arrearsFen: 3_000 },
          { rentYears: [2022], arrearsFen: 10_000 },
          { arrearsFen: 4_000 },
        ],
      },
      [...full(2019, 2020), ['2021-12-31', 3_000]],
    ],
    ['nothing owed', { rows: [{ arrearsFen: 0 }] }, full(2019, 2020, 2021, 2022)],
    [
      'all years up to one are owed together, the latest last paid, beside a row with one',
      {
        rows: [
          { upToYear: 2020, arrearsFen: 12_000 },
          { rentYears: [2022], arrearsFen: 10_000 },
        ],
      },
      [['2019-12-31', 8_000], ...full(2021)],
    ],
    [
      'nothing owed of years before the contract',
      { rows: [{ upToYear: 2018, arrearsFen: 0 }] },
      full(2019, 2020, 2021, 2022),
    ],
    [
      'nothing owed of a named year either',
      { rows: [{ rentYears: [2020], arrearsFen: 0 }] },
      full(2019, 2020, 2021, 2022),
    ],
    ['everything owed', { rows: [{ arrearsFen: 40_000 }] }, []],
    ['nothing due yet', { asOf: '2019-12-30', rows: [{ arrearsFen: 0 }] }, []],
    [
      'rent due on the very day stays open when no row needs it',
      { asOf: '2021-12-31', rows: [{ rentYears: [2020], arrearsFen: 10_000 }] },
      full(2019),
    ],
    [
      'a year of quarters: the older quarters are paid first, those to come stay open',
      {
        instalments: QUARTERLY,
        asOf: '2020-09-15',
        rows: [{ rentYears: [2020], arrearsFen: 3_000 }],
      },
      [
        ['2019-05-31', 2_500],
        ['2019-08-31', 2_500],
        ['2019-11-30', 2_500],
        ['2020-02-29', 2_500],
        ['2020-05-31', 2_000],
      ],
    ],
  ])('%s', (_, given, expected) => {
    expect(paid(given)).toEqual(expected)
    expect((opened(given) as OpeningBalance).aDayEarly).toEqual([])
  })
})

describe('money that was recorded before', () => {
  it.each<[string, Case, [string, number][]]>([
    [
      'is not taken as paid again',
      {
        payments: [{ amountFen: 14_000, paidOn: '2021-02-01' }],
        rows: [{ rentYears: [2022], arrearsFen: 10_000 }],
      },
      [
        ['2020-12-31', 6_000],
        ['2021-12-31', 10_000],
      ],
    ],
    [
      'says exactly the same: nothing is opened',
      {
        payments: [{ amountFen: 25_000, paidOn: '2022-02-01' }],
        rows: [{ rentYears: [2021, 2022], arrearsFen: 15_000 }],
      },
      [],
    ],
    [
      'after the day of the ledger does not count in it',
      {
        payments: [{ amountFen: 40_000, paidOn: '2023-07-01' }],
        rows: [{ arrearsFen: 40_000 }],
      },
      [],
    ],
    [
      'lies where its debtor meant it to',
      {
        payments: [{ amountFen: 10_000, paidOn: '2022-02-01', designatedDueOn: '2022-12-31' }],
        rows: [{ rentYears: [2021], arrearsFen: 10_000 }],
      },
      [
        ['2019-12-31', 10_000],
        ['2020-12-31', 10_000],
      ],
    ],
  ])('%s', (_, given, expected) => {
    expect(paid(given)).toEqual(expected)
  })
})

it('rent due on the day of the ledger is taken into a row that needs it, and that is said', () => {
  const given: Case = {
    asOf: '2021-12-31',
    rows: [
      { rentYears: [2020], arrearsFen: 10_000 },
      { rentYears: [2021], arrearsFen: 7_000 },
    ],
  }
  expect(paid(given)).toEqual([
    ['2019-12-31', 10_000],
    ['2021-12-31', 3_000],
  ])
  expect((opened(given) as OpeningBalance).aDayEarly).toEqual([1])
})

describe('a row is refused', () => {
  it.each<[string, Case, Partial<OpeningProblem>[]]>([
    [
      'for a year before the contract, beside the one that is right',
      { rows: [{ rentYears: [2018, 2021], arrearsFen: 10_000 }] },
      [
        {
          row: 0,
          field: 'rentYears',
          code: 'rent-year-unknown',
          reason: '2018 年没有截至 2023-06-30 已到期的租金',
        },
      ],
    ],
    [
      'for a year that is not due',
      { rows: [{ rentYears: [2023], arrearsFen: 0 }] },
      [{ row: 0, code: 'rent-year-unknown' }],
    ],
    [
      'for a year that another row has named',
      {
        rows: [
          { rentYears: [2020, 2021], arrearsFen: 1 },
          { rentYears: [2021], arrearsFen: 2 },
        ],
      },
      [{ row: 1, code: 'rent-year-twice', reason: '2021 年在该合同的另一行已列欠租' }],
    ],
    [
      'for earlier years without rent, and for those that a year of its own names',
      {
        rows: [
          { upToYear: 2018, arrearsFen: 1 },
          { rentYears: [2020], arrearsFen: 10_000 },
          { upToYear: 2020, arrearsFen: 10_000 },
        ],
      },
      [
        { row: 0, code: 'rent-year-unknown', field: 'rentYears' },
        { row: 2, code: 'rent-year-twice', field: 'rentYears' },
      ],
    ],
    [
      'for a fen more than was due, with both sums',
      { rows: [{ rentYears: [2021], arrearsFen: 10_001 }] },
      [
        {
          row: 0,
          field: 'arrearsFen',
          code: 'arrears-above-due',
          reason: '欠租 100.01 元,超出已到期租金 100.00 元',
        },
      ],
    ],
    [
      'without a year, for a fen more than was due at all',
      { rows: [{ arrearsFen: 20_000 }, { arrearsFen: 20_001 }] },
      [
        { row: 0, code: 'arrears-above-due' },
        { row: 1, code: 'arrears-above-due' },
      ],
    ],
    [
      'for a fen more than recorded payments have left',
      {
        payments: [{ amountFen: 1, paidOn: '2020-01-01', designatedDueOn: '2021-12-31' }],
        rows: [{ rentYears: [2021], arrearsFen: 10_000 }],
      },
      [
        {
          row: 0,
          code: 'arrears-above-ledger',
          reason: '欠租 100.00 元,按已登记的收款仅欠 99.99 元',
        },
      ],
    ],
    [
      'while a due instalment in grain has no price',
      {
        instalments: YEARLY.map((one) =>
          one.no === 2 ? { ...one, amountFen: 0, priced: false } : one,
        ),
        rows: [{ rentYears: [2021], arrearsFen: 10_000 }],
      },
      [
        {
          row: 0,
          code: 'rent-unpriced',
          reason: '2020-12-31 到期的实物租金没有有效的粮价,请先登记粮价',
        },
      ],
    ],
    [
      'when it names the older of two years that fall due on one day',
      {
        instalments: YEARLY.map((one) => (one.no === 2 ? { ...one, dueOn: '2021-12-31' } : one)),
        rows: [{ rentYears: [2020], arrearsFen: 10_000 }],
      },
      [{ row: 0, code: 'rent-years-inseparable' }],
    ],
  ])('%s', (_, given, expected) => {
    expect(problems(given)).toMatchObject(expected)
  })

  it('not while only an instalment that is not due has no price', () => {
    const instalments = YEARLY.map((one) =>
      one.no > 4 ? { ...one, amountFen: 0, priced: false } : one,
    )
    expect(paid({ instalments, rows: [{ arrearsFen: 40_000 }] })).toEqual([])
  })
})

/** A contract with a truth about its payments, and the day of the ledger. */
const given = fc
  .tuple(anyTerms, anyPrices)
  .filter(([terms]) => amendmentProblem(terms) === undefined)
  .chain(([terms, prices]) => {
    const instalments = rentSchedule(terms, prices)
    const { startOn } = terms
    const term: TermInForce = {
      startOn,
      endOn: termEndOn(terms),
      once: terms.rent.frequency === 'once',
    }
    const days = daysBetween(startOn, term.endOn) + 700
    return fc.record({
      term: fc.constant(term),
      instalments: fc.constant(instalments),
      truth: anyPayments(instalments),
      recorded: anyPayments(instalments),
      asOf: fc.integer({ min: -100, max: days }).map((after) => addDays(startOn, after)),
      lumped: fc.boolean(),
      shift: fc.nat({ max: 20 }),
    })
  })
type Given = typeof given extends fc.Arbitrary<infer One> ? One : never

/** The ledger that somebody would write who knows the standing. */
function ledgerOf({ asOf, term, lumped, shift }: Given, { instalments }: Standing): OwedOfYears[] {
  const overdue = instalments.filter(({ dueOn }) => dueOn < asOf)
  const year = (rentYear: number) => Number(term.startOn.slice(0, 4)) + rentYear
  const rows = [...groupBy(overdue, ({ rentYear }) => rentYear)].flatMap(([rentYear, rent]) => {
    const arrearsFen = rent.reduce((sum, one) => sum + one.amountFen - one.paidFen, 0)
    const isPaid = arrearsFen === 0 && rentYear % 2 === 0
    return isPaid ? [] : [{ rentYears: [year(rentYear)], arrearsFen }]
  })
  if (!lumped) return [...rows.slice(shift), ...rows.slice(0, shift)]
  const rentYears = rows.flatMap((row) => row.rentYears)
  return [{ rentYears, arrearsFen: rows.reduce((sum, row) => sum + row.arrearsFen, 0) }]
}

const owed = ({ arrearsFen, unpaidYears, partialYears, yearsOwed, arrearsClass }: Standing) => ({
  arrearsFen,
  unpaidYears,
  partialYears,
  yearsOwed,
  arrearsClass,
})
const sharedDay = (instalments: readonly Instalment[]) =>
  [...groupBy(instalments, ({ dueOn }) => dueOn).values()].some(
    (rent) => new Set(rent.map(({ rentYear }) => rentYear)).size > 1,
  )

describe('for any contract, day and truth', () => {
  it('the ledger of the truth gives the standing of the truth, and the second time nothing', () => {
    let kept = 0
    fc.assert(
      fc.property(given, (facts) => {
        const { asOf, term, instalments, truth } = facts
        const { startOn } = term
        const standing = standingAt(asOf, term, instalments, truth)
        const rows = ledgerOf(facts, standing)
        const opening = openingBalance({ asOf, startOn, instalments, payments: [], rows })
        if ('problems' in opening) {
          const isUnpriced = instalments.some(({ priced, dueOn }) => !priced && dueOn <= asOf)
          expect(isUnpriced || sharedDay(instalments)).toBe(true)
          return
        }
        const { payments, aDayEarly } = opening
        expect(aDayEarly).toEqual([])
        const after = standingAt(asOf, term, instalments, payments)
        expect(after.arrearsFen).toBe(standing.arrearsFen)
        if (!facts.lumped) expect(owed(after)).toEqual(owed(standing))
        const again = openingBalance({ asOf, startOn, instalments, payments, rows })
        expect(again).toEqual({ payments: [], aDayEarly: [] })
        kept++
      }),
      { numRuns: 600 },
    )
    expect(kept).toBeGreaterThan(200)
  })

  it('what was recorded before is kept: the standing is the ledger, or the row is refused', () => {
    let kept = 0
    fc.assert(
      fc.property(given, (facts) => {
        const { asOf, term, instalments, truth, recorded } = facts
        const { startOn } = term
        const standing = standingAt(asOf, term, instalments, [...truth, ...recorded])
        const rows = ledgerOf({ ...facts, lumped: false }, standing)
        const before = { asOf, startOn, instalments, payments: recorded, rows }
        const opening = openingBalance(before)
        if ('problems' in opening) return
        const after = standingAt(asOf, term, instalments, [...recorded, ...opening.payments])
        expect(owed(after)).toEqual(owed(standing))
        kept++
      }),
      { numRuns: 600 },
    )
    expect(kept).toBeGreaterThan(100)
  })
})
