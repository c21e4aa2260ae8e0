import { describe, expect, it } from 'vitest'
import { accruedPenalty } from '../../src/domain/accrued-penalty.ts'
import type { Instalment } from '../../src/domain/contract-terms.ts'
import { limitationReminders } from '../../src/domain/limitation.ts'
import { rentSchedule } from '../../src/domain/rent-schedule.ts'

const RENT = { lines: [{ areaMu: 10, fenPerMu: 60_000 }] }
const TERM = { startOn: '2020-01-01', endOn: '2022-12-31' }
const ANNUAL = rentSchedule({ ...TERM, rent: RENT }, [])
const QUARTERLY = rentSchedule(
  { ...TERM, rent: { ...RENT, frequency: 'quarterly', firstDueOn: '2020-03-31' } },
  [],
)

/** As it is with these payments of whole fen, by rent year. */
function penalty(
  asOf: string,
  per10kPerDay: number,
  schedule: Instalment[],
  paidFen = 0,
  once = false,
) {
  const payments = paidFen > 0 ? [{ amountFen: paidFen, paidOn: '2020-01-01' }] : []
  const unpaid = limitationReminders(asOf, schedule, payments, [])
  const { fen, years } = accruedPenalty(asOf, { per10kPerDay, once }, schedule, unpaid)
  return [fen, years.map((year) => [year.rentYear, year.annualRentFen, year.days, year.fen])]
}

describe('accruedPenalty', () => {
  it.each<[string, string, number, number, unknown[]]>([
    ['on the due day', '2020-12-31', 5, 0, [0, []]],
    ['the day after', '2021-01-01', 5, 0, [300, [[0, 600_000, 1, 300]]]],
    ['thirty days', '2021-01-30', 5, 0, [9000, [[0, 600_000, 30, 9000]]]],
    ['no clause is no penalty', '2021-01-30', 0, 0, [0, []]],
    ['a year that is paid does not count', '2021-01-30', 5, 600_000, [0, []]],
    ['one fen short counts whole', '2021-01-30', 5, 599_999, [9000, [[0, 600_000, 30, 9000]]]],
    [
      'each rent year from its own day',
      '2022-01-30',
      5,
      0,
      [
        118_500 + 9000,
        [
          [0, 600_000, 395, 118_500],
          [1, 600_000, 30, 9000],
        ],
      ],
    ],
    ['two decimals of a rate', '2021-01-01', 0.01, 0, [1, [[0, 600_000, 1, 1]]]],
    ['a rate that doubles cannot hold', '2021-01-30', 3.33, 0, [5994, [[0, 600_000, 30, 5994]]]],
  ])('%s', (_name, asOf, rate, paidFen, expected) => {
    expect(penalty(asOf, rate, ANNUAL, paidFen)).toEqual(expected)
  })

  it.each<[number, number]>([
    [4999, 0],
    [5000, 1],
    [14_999, 1],
    [15_000, 2],
  ])('a year of %i fen at 1 a day is %i fen, half up', (amountFen, fen) => {
    const schedule = rentSchedule(
      { ...TERM, endOn: '2020-12-31', rent: { lines: [{ areaMu: 1, fenPerMu: amountFen }] } },
      [],
    )
    expect(penalty('2021-01-01', 1, schedule)[0]).toBe(fen)
  })

  it('a year in quarters counts once, with its whole rent, from the oldest unpaid', () => {
    expect(penalty('2020-07-10', 5, QUARTERLY)).toEqual([30_300, [[0, 600_000, 101, 30_300]]])
    expect(penalty('2020-07-10', 5, QUARTERLY, 150_000)).toEqual([3000, [[0, 600_000, 10, 3000]]])
    expect(penalty('2020-07-10', 5, QUARTERLY, 299_999)).toEqual([3000, [[0, 600_000, 10, 3000]]])
    expect(penalty('2020-07-10', 5, QUARTERLY, 300_000)).toEqual([0, []])
  })

  it('a last year cut short counts with what it costs', () => {
    const schedule = rentSchedule({ ...TERM, endOn: '2021-06-30', rent: RENT }, [])
    // 181 of 365 days
    expect(penalty('2021-07-01', 5, schedule, 600_000)).toEqual([149, [[1, 297_534, 1, 149]]])
  })

  const once = (endOn: string) =>
    rentSchedule({ ...TERM, endOn, rent: { ...RENT, frequency: 'once' } }, [])

  it.each<[string, string, unknown[]]>([
    ['three years', '2022-12-31', [300, [[0, 600_000, 1, 300]]]],
    ['one year', '2020-12-31', [300, [[0, 600_000, 1, 300]]]],
    // 897534 fen ÷ (1 + 181/365) years = 600000.17… fen
    ['a year and a half', '2021-06-30', [300, [[0, 600_000, 1, 300]]]],
    // 298361 fen ÷ (182/366) years
    ['half a year', '2020-06-30', [300, [[0, 600_001, 1, 300]]]],
  ])('paid once for %s, a year is the part of a year', (_name, endOn, expected) => {
    expect(penalty('2020-01-02', 5, once(endOn), 0, true)).toEqual(expected)
  })

  it('one fen short of the whole term counts with one year of rent, not with the term', () => {
    const found = penalty('2020-01-31', 5, once('2022-12-31'), 1_799_999, true)
    expect(found).toEqual([9000, [[0, 600_000, 30, 9000]]])
  })

  it('without instalments there is nothing', () => {
    expect(accruedPenalty('2024-01-01', { per10kPerDay: 5, once: true }, [], [])).toEqual({
      fen: 0,
      years: [],
    })
  })

  it('what no ledger holds is given as the greatest amount', () => {
    const [first] = ANNUAL as [Instalment]
    const schedule = [{ ...first, amountFen: 2_000_000_000_000 }]
    const found = accruedPenalty('2199-12-31', { per10kPerDay: 10_000, once: false }, schedule, [
      { rentYear: 0, dueOn: '1900-01-01' },
    ])
    expect(found.fen).toBe(Number.MAX_SAFE_INTEGER)
    expect(found.years).toMatchObject([{ days: 109_572, fen: Number.MAX_SAFE_INTEGER }])
  })

  it('refuses a rate with three decimals', () => {
    expect(() => penalty('2021-01-30', 0.125, ANNUAL)).toThrow(RangeError)
  })
})
