import { describe, expect, it } from 'vitest'
import type { ContractTerms, Rent } from '../../src/domain/contract-terms.ts'
import { amendmentProblem, rentSchedule } from '../../src/domain/rent-schedule.ts'

const rent = (fenPerMu: number, over: Partial<Rent> = {}): Rent => ({
  lines: [{ areaMu: 1, fenPerMu }],
  ...over,
})
const terms = (over: Partial<ContractTerms> = {}): ContractTerms => ({
  startOn: '2020-01-01',
  endOn: '2023-12-31',
  rent: rent(12_000, { firstDueOn: '2020-12-31' }),
  ...over,
})
/** [rentYear, periodStart, dueOn, amountFen] */
const rows = (given: ContractTerms) =>
  rentSchedule(given, []).map((i) => [i.rentYear, i.periodStart, i.dueOn, i.amountFen])

describe('amended rent', () => {
  it('replaces the clause from the first period on or after it', () => {
    const amendments = [
      { effectiveOn: '2021-05-01', rent: rent(24_000, { firstDueOn: '2022-11-30' }) },
    ]
    expect(rows(terms({ amendments }))).toEqual([
      [0, '2020-01-01', '2020-12-31', 12_000],
      [1, '2021-01-01', '2021-12-31', 12_000],
      [2, '2022-01-01', '2022-11-30', 24_000],
      [3, '2023-01-01', '2023-11-30', 24_000],
    ])
  })

  it('rules a period that starts on the very day', () => {
    const amendments = [{ effectiveOn: '2022-01-01', rent: rent(24_000) }]
    expect(rows(terms({ amendments }))).toEqual([
      [0, '2020-01-01', '2020-12-31', 12_000],
      [1, '2021-01-01', '2021-12-31', 12_000],
      [2, '2022-01-01', '2022-12-31', 24_000],
      [3, '2023-01-01', '2023-12-31', 24_000],
    ])
  })

  it('rules a period of one day, the last of the term', () => {
    const amendments = [{ effectiveOn: '2024-01-01', rent: rent(36_600) }]
    expect(rows(terms({ amendments, endOn: '2024-01-01' })).at(-1)).toEqual([
      4,
      '2024-01-01',
      '2024-01-01',
      100,
    ])
  })

  it('before the start replaces the whole clause', () => {
    const amendments = [
      { effectiveOn: '2019-06-01', rent: rent(24_000, { firstDueOn: '2020-03-01' }) },
    ]
    expect(rows(terms({ amendments, endOn: '2021-12-31' }))).toEqual([
      [0, '2020-01-01', '2020-03-01', 24_000],
      [1, '2021-01-01', '2021-03-01', 24_000],
    ])
  })

  it('after the end rules nothing', () => {
    const amendments = [{ effectiveOn: '2030-06-01', rent: rent(24_000) }]
    expect(rows(terms({ amendments }))).toEqual(rows(terms()))
  })

  it('within a year keeps the place of its first period: the odd fen stays on the last', () => {
    const given = terms({
      endOn: '2020-12-31',
      rent: rent(10_003, { frequency: 'quarterly', firstDueOn: '2020-03-31' }),
      amendments: [
        {
          effectiveOn: '2020-05-20',
          rent: rent(20_003, { frequency: 'quarterly', firstDueOn: '2020-07-15' }),
        },
      ],
    })
    expect(rows(given)).toEqual([
      [0, '2020-01-01', '2020-03-31', 2_500],
      [0, '2020-04-01', '2020-06-30', 2_500],
      [0, '2020-07-01', '2020-07-15', 5_000],
      [0, '2020-10-01', '2020-10-15', 5_003],
    ])
  })

  it('starts its rises anew in the rent year of its first period', () => {
    const escalation = { everyYears: 2, percent: 10 }
    const given = terms({
      endOn: '2026-12-31',
      rent: rent(10_000, { escalation }),
      amendments: [{ effectiveOn: '2022-07-01', rent: rent(20_000, { escalation }) }],
    })
    expect(rows(given).map(([, , , amountFen]) => amountFen)).toEqual([
      10_000, 10_000, 11_000, 20_000, 20_000, 22_000, 22_000,
    ])
  })

  it('within a rent year rises with the rent years, not with its own', () => {
    const escalation = { everyYears: 1, percent: 10 }
    const given = terms({
      endOn: '2021-12-31',
      rent: rent(10_000, { frequency: 'semiannual' }),
      amendments: [
        { effectiveOn: '2020-07-01', rent: rent(20_000, { frequency: 'semiannual', escalation }) },
      ],
    })
    expect(rows(given).map(([, , , amountFen]) => amountFen)).toEqual([
      5_000, 10_000, 11_000, 11_000,
    ])
  })

  it('changes the frequency on the first day of a rent year', () => {
    const given = terms({
      startOn: '2020-02-29',
      endOn: '2022-02-27',
      rent: rent(12_001, { firstDueOn: '2020-02-29' }),
      amendments: [
        {
          effectiveOn: '2021-02-28',
          rent: rent(24_001, { frequency: 'quarterly', firstDueOn: '2021-05-31' }),
        },
      ],
    })
    expect(rows(given)).toEqual([
      [0, '2020-02-29', '2020-02-29', 12_001],
      [1, '2021-02-28', '2021-05-31', 6_000],
      [1, '2021-05-29', '2021-08-31', 6_000],
      [1, '2021-08-29', '2021-11-30', 6_000],
      [1, '2021-11-29', '2022-02-28', 6_001],
    ])
  })

  it('without a due day falls due at the end of the rent year', () => {
    const given = terms({
      endOn: '2021-08-31',
      amendments: [{ effectiveOn: '2021-01-01', rent: rent(24_000, { frequency: 'semiannual' }) }],
    })
    expect(rows(given)).toEqual([
      [0, '2020-01-01', '2020-12-31', 12_000],
      [1, '2021-01-01', '2021-08-31', 12_000],
      [1, '2021-07-01', '2021-08-31', 4_043],
    ])
  })

  it('several apply by the day they take effect, whatever the order of recording', () => {
    const [first, second] = [
      { effectiveOn: '2021-01-01', rent: rent(20_000) },
      { effectiveOn: '2022-06-01', rent: rent(30_000) },
    ]
    const expected = [12_000, 20_000, 20_000, 30_000]
    for (const amendments of [
      [first, second],
      [second, first],
    ])
      expect(rows(terms({ amendments })).map((row) => row[3])).toEqual(expected)
  })

  it('of several for one period the later day counts, of one day the last recorded', () => {
    const amendments = [
      { effectiveOn: '2021-09-01', rent: rent(30_000) },
      { effectiveOn: '2021-03-01', rent: rent(20_000) },
    ]
    expect(rows(terms({ amendments })).map((row) => row[3])).toEqual([
      12_000, 12_000, 30_000, 30_000,
    ])
    const sameDay = [
      { effectiveOn: '2022-01-01', rent: rent(30_000, { frequency: 'monthly' }) },
      { effectiveOn: '2022-01-01', rent: rent(20_000) },
    ]
    expect(rows(terms({ amendments: sameDay })).map((row) => row[3])).toEqual([
      12_000, 12_000, 20_000, 20_000,
    ])
  })
})

describe('an amended end', () => {
  it('later makes a cut period full and adds new ones', () => {
    const given = terms({ endOn: '2020-06-30' })
    expect(rows(given)).toEqual([[0, '2020-01-01', '2020-12-31', 5_967]])
    expect(
      rows({ ...given, amendments: [{ effectiveOn: '2020-06-30', endOn: '2021-12-31' }] }),
    ).toEqual([
      [0, '2020-01-01', '2020-12-31', 12_000],
      [1, '2021-01-01', '2021-12-31', 12_000],
    ])
  })

  it('earlier cuts the period that holds it', () => {
    const amendments = [{ effectiveOn: '2021-01-01', endOn: '2021-03-14' }]
    expect(rows(terms({ amendments }))).toEqual([
      [0, '2020-01-01', '2020-12-31', 12_000],
      [1, '2021-01-01', '2021-12-31', 2_400],
    ])
  })

  it('comes with a new rent in one amendment', () => {
    const amendments = [{ effectiveOn: '2023-10-01', endOn: '2024-12-31', rent: rent(36_600) }]
    expect(rows(terms({ amendments })).slice(-2)).toEqual([
      [3, '2023-01-01', '2023-12-31', 12_000],
      [4, '2024-01-01', '2024-12-31', 36_600],
    ])
  })
})

describe('amendmentProblem', () => {
  const monthly = rent(1, { frequency: 'monthly' })
  const once = rent(1, { frequency: 'once' })
  it.each<[string, Partial<ContractTerms>, ReturnType<typeof amendmentProblem>]>([
    ['no amendment', {}, undefined],
    [
      'the same frequency within a year',
      { amendments: [{ effectiveOn: '2021-05-01', rent: rent(1) }] },
      undefined,
    ],
    [
      'annual said and annual silent are one frequency',
      { amendments: [{ effectiveOn: '2021-05-01', rent: rent(1, { frequency: 'annual' }) }] },
      undefined,
    ],
    [
      'another on the first day of a rent year',
      { amendments: [{ effectiveOn: '2022-01-01', rent: monthly }] },
      undefined,
    ],
    [
      'another on the first day of all',
      { amendments: [{ effectiveOn: '2020-01-01', rent: monthly }] },
      undefined,
    ],
    [
      'another within a rent year',
      { amendments: [{ effectiveOn: '2022-01-02', rent: monthly }] },
      'frequency-change-within-rent-year',
    ],
    [
      'another before the start',
      { amendments: [{ effectiveOn: '2019-01-01', rent: monthly }] },
      'frequency-change-within-rent-year',
    ],
    [
      'the frequency then in force is that of the amendment before',
      {
        amendments: [
          { effectiveOn: '2021-03-01', rent: monthly },
          { effectiveOn: '2021-01-01', rent: monthly },
        ],
      },
      undefined,
    ],
    [
      'an amendment recorded late spoils a later one',
      {
        amendments: [
          { effectiveOn: '2022-03-01', rent: rent(1) },
          { effectiveOn: '2021-01-01', rent: monthly },
        ],
      },
      'frequency-change-within-rent-year',
    ],
    [
      'a rent year from 29 February begins on the 28th',
      { startOn: '2020-02-29', amendments: [{ effectiveOn: '2021-02-28', rent: monthly }] },
      undefined,
    ],
    [
      'and on 1 March it does not',
      { startOn: '2020-02-29', amendments: [{ effectiveOn: '2021-03-01', rent: monthly }] },
      'frequency-change-within-rent-year',
    ],
    [
      'once introduced',
      { amendments: [{ effectiveOn: '2022-01-01', rent: once }] },
      'once-not-amendable',
    ],
    [
      'once amended',
      { rent: once, amendments: [{ effectiveOn: '2022-01-01', rent: once }] },
      'once-not-amendable',
    ],
    [
      'the end of once moved',
      { rent: once, amendments: [{ effectiveOn: '2022-01-01', endOn: '2025-12-31' }] },
      'once-not-amendable',
    ],
    ['once ended early', { rent: once, endedOn: '2021-01-01' }, undefined],
    ['signed to end before the start', { endOn: '2019-12-31' }, 'end-before-start'],
    [
      'moved before the start, and back again',
      {
        amendments: [
          { effectiveOn: '2021-01-01', endOn: '2019-12-31' },
          { effectiveOn: '2022-01-01', endOn: '2025-12-31' },
        ],
      },
      'end-before-start',
    ],
    ['ended before the start', { endedOn: '2019-12-31' }, 'end-before-start'],
    ['ended on the first day', { endedOn: '2020-01-01' }, undefined],
  ])('%s', (_name, over, expected) => {
    expect(amendmentProblem(terms(over))).toBe(expected)
    if (expected !== undefined) expect(() => rentSchedule(terms(over), [])).toThrow(RangeError)
  })
})
