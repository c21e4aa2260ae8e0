import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Payment } from '../../src/domain/allocation.ts'
import type { ContractTerms, Rent } from '../../src/domain/contract-terms.ts'
import { rentSchedule, termEndOn } from '../../src/domain/rent-schedule.ts'
import { type Standing, standingAt } from '../../src/domain/standing.ts'

interface StandingCase {
  name: string
  contract: ContractTerms
  payments: (Payment & { reversed?: boolean })[]
  expected: ({ asOf: string } & Standing)[]
}
const cases: StandingCase[] = JSON.parse(
  readFileSync(new URL('cases/standing.json', import.meta.url), 'utf8'),
)

function standing(asOf: string, terms: ContractTerms, payments: Payment[] = []): Standing {
  const term = {
    startOn: terms.startOn,
    endOn: termEndOn(terms),
    once: terms.rent.frequency === 'once',
  }
  return standingAt(asOf, term, rentSchedule(terms, []), payments)
}

describe('acceptance cases', () => {
  const rows = cases.flatMap(({ expected, ...given }) =>
    expected.map(({ asOf, ...want }) => ({ ...given, asOf, want })),
  )
  it.each(rows)('$name, $asOf', ({ contract, payments, asOf, want }) => {
    const notReversed = payments.filter((payment) => !payment.reversed)
    expect(standing(asOf, contract, notReversed)).toMatchObject(want)
  })
})

const rent = (over: Partial<Rent> = {}): Rent => ({
  lines: [{ areaMu: 1, fenPerMu: 36_500 }],
  ...over,
})
const pay = (amountFen: number, paidOn: string, designatedDueOn?: string): Payment => ({
  amountFen,
  paidOn,
  designatedDueOn,
})

describe('years owed', () => {
  const five: ContractTerms = { startOn: '2021-01-01', endOn: '2025-12-31', rent: rent() }
  const halves = (asOf: string, endedOn?: string): [string, ContractTerms, Payment[], string] => [
    asOf,
    { ...five, endedOn, rent: rent({ frequency: 'semiannual', firstDueOn: '2021-06-30' }) },
    [],
    asOf,
  ]
  it.each<[string, ContractTerms, Payment[], string, Partial<Standing>]>([
    [
      'three whole years and a cut one of 100 of 365 days are three',
      { ...five, endedOn: '2024-04-09' },
      [],
      '2024-12-31',
      { yearsOwed: 3, unpaidYears: 4, partialYears: 0, arrearsFen: 119_473 },
    ],
    [
      'a first year cut short is no year at all',
      { ...five, endedOn: '2021-12-30' },
      [],
      '2022-12-31',
      {
        yearsOwed: 0,
        unpaidYears: 1,
        partialYears: 0,
        arrearsClass: 'partial',
        arrearsFen: 36_400,
      },
    ],
    [
      'two halves of two years are one',
      five,
      [pay(18_250, '2022-01-01', '2021-12-31'), pay(18_250, '2023-01-01', '2022-12-31')],
      '2023-06-01',
      { yearsOwed: 1, unpaidYears: 0, partialYears: 2, arrearsClass: 'years' },
    ],
    [
      'two halves less a fen are none',
      five,
      [pay(18_251, '2022-01-01', '2021-12-31'), pay(18_250, '2023-01-01', '2022-12-31')],
      '2023-06-01',
      { yearsOwed: 0, unpaidYears: 0, partialYears: 2, arrearsClass: 'partial' },
    ],
    [...halves('2021-07-01'), { yearsOwed: 0, unpaidYears: 0, partialYears: 1 }],
    [...halves('2022-01-01'), { yearsOwed: 1, unpaidYears: 1, partialYears: 0 }],
    [...halves('2022-07-01'), { yearsOwed: 1, unpaidYears: 1, partialYears: 1 }],
    [
      'thirds of three years are exactly one',
      { ...five, rent: rent({ lines: [{ areaMu: 1, fenPerMu: 3 }] }) },
      [2, 2, 2].map((fen, y) => pay(fen, `202${y + 2}-01-01`, `202${y + 1}-12-31`)),
      '2024-06-01',
      { yearsOwed: 1, unpaidYears: 0, partialYears: 3 },
    ],
    [
      'once and unpaid is the whole term',
      { ...five, endOn: '2023-06-30', rent: rent({ frequency: 'once' }) },
      [],
      '2021-01-02',
      { yearsOwed: 2, unpaidYears: 1, partialYears: 0, arrearsClass: 'years' },
    ],
    [
      'once and half paid is half the term',
      { ...five, endOn: '2024-12-31', rent: rent({ frequency: 'once' }) },
      [pay(73_000, '2021-01-01')],
      '2021-01-02',
      { yearsOwed: 2, unpaidYears: 0, partialYears: 1 },
    ],
    [
      'once and one fen more than half paid is less',
      { ...five, endOn: '2024-12-31', rent: rent({ frequency: 'once' }) },
      [pay(73_001, '2021-01-01')],
      '2021-01-02',
      { yearsOwed: 1, unpaidYears: 0, partialYears: 1 },
    ],
    [
      // 36500 of 36600 fen × 366 of 365 days is one year, to the fen
      'once for a year and a day, the day paid, is one',
      { ...five, endOn: '2022-01-01', rent: rent({ frequency: 'once' }) },
      [pay(100, '2021-01-01')],
      '2021-01-02',
      { yearsOwed: 1, arrearsFen: 36_500 },
    ],
    [
      'once for less than a year is no year',
      { ...five, endOn: '2021-12-30', rent: rent({ frequency: 'once' }) },
      [],
      '2021-01-02',
      { yearsOwed: 0, unpaidYears: 1, arrearsClass: 'partial' },
    ],
    [
      'a due day after an early end stays: not overdue before it',
      { ...five, endedOn: '2021-04-10', rent: rent({ firstDueOn: '2021-06-30' }) },
      [],
      '2021-06-30',
      { yearsOwed: 0, dueFen: 10_000, arrearsFen: 0 },
    ],
  ])('%s', (_name, terms, payments, asOf, expected) => {
    expect(standing(asOf, terms, payments)).toMatchObject(expected)
  })

  it('leaves instalments of 0 fen out of the unpaid years', () => {
    const instalments = [
      { periodStart: '2021-01-01', periodEnd: '2021-06-30', amountFen: 0, priced: false },
      { periodStart: '2021-07-01', periodEnd: '2021-12-31', amountFen: 50, priced: true },
      { periodStart: '2022-01-01', periodEnd: '2022-06-30', amountFen: 50, priced: true },
      { periodStart: '2022-07-01', periodEnd: '2022-12-31', amountFen: 0, priced: false },
    ].map((i, at) => ({ ...i, no: at + 1, rentYear: at >> 1, dueOn: i.periodEnd }))
    const term = { startOn: '2021-01-01', endOn: '2022-12-31', once: false }
    const at = (asOf: string) => standingAt(asOf, term, instalments, [])
    expect(at('2021-07-01')).toMatchObject({ unpaidYears: 0, partialYears: 0, yearsOwed: 0 })
    expect(at('2022-01-01')).toMatchObject({ unpaidYears: 1, partialYears: 0, yearsOwed: 1 })
    // the second year's unpriced half is not yet due, the priced one is overdue
    expect(at('2022-07-01')).toMatchObject({ unpaidYears: 2, partialYears: 0, yearsOwed: 2 })
  })
})

describe('credit and age', () => {
  const two: ContractTerms = { startOn: '2021-01-01', endOn: '2022-12-31', rent: rent() }

  it('a payment after asOf does not count', () => {
    const payments = [pay(36_500, '2022-01-02')]
    expect(standing('2022-01-01', two, payments)).toMatchObject({ paidFen: 0, arrearsFen: 36_500 })
    expect(standing('2022-01-02', two, payments)).toMatchObject({ paidFen: 36_500, arrearsFen: 0 })
  })

  it('what was paid beyond everything is credit', () => {
    expect(standing('2023-06-01', two, [pay(80_000, '2021-05-01')])).toMatchObject({
      dueFen: 73_000,
      paidFen: 80_000,
      creditFen: 7_000,
      arrearsFen: 0,
    })
  })

  it('arrears and credit stand side by side when the debtor named a later year', () => {
    expect(standing('2022-06-01', two, [pay(36_500, '2022-05-01', '2022-12-31')])).toMatchObject({
      arrearsFen: 36_500,
      creditFen: 36_500,
      daysOverdue: 152,
      oldestUnpaidDueOn: '2021-12-31',
    })
  })

  it('the oldest is found by its due day', () => {
    const given: ContractTerms = {
      ...two,
      rent: rent({ firstDueOn: '2022-03-01' }),
      amendments: [{ effectiveOn: '2022-01-01', rent: rent({ firstDueOn: '2022-02-01' }) }],
    }
    expect(standing('2022-03-05', given)).toMatchObject({
      oldestUnpaidDueOn: '2022-02-01',
      daysOverdue: 32,
    })
  })

  it('refuses an asOf that is no day when something is overdue', () => {
    expect(() => standing('2022-9-99', two)).toThrow(RangeError)
  })
})
