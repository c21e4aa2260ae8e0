import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type {
  ContractTerms,
  GrainPrice,
  Instalment,
  Rent,
  RentLine,
} from '../../src/domain/contract-terms.ts'
import { rentSchedule, TERM_MONTHS_MAX, termEndOn } from '../../src/domain/rent-schedule.ts'

interface ScheduleCase {
  name: string
  contract: ContractTerms
  grainPrices?: GrainPrice[]
  instalments: Instalment[]
}
const cases: ScheduleCase[] = JSON.parse(
  readFileSync(new URL('cases/schedule.json', import.meta.url), 'utf8'),
)

describe('acceptance cases', () => {
  it.each(cases)('$name', ({ contract, grainPrices, instalments }) => {
    expect(rentSchedule(contract, grainPrices ?? [])).toEqual(instalments)
  })
})

const cash = (fenPerMu: number): RentLine => ({ areaMu: 1, fenPerMu })
const rice = { areaMu: 10, jinPerMu: 400, grain: 'rice' }
const rent = (over: Partial<Rent>): Rent => ({ lines: [cash(36_500)], ...over })
const dues = (terms: ContractTerms, prices: GrainPrice[] = []) =>
  rentSchedule(terms, prices).map(({ dueOn, amountFen }) => [dueOn, amountFen])

describe('an early end', () => {
  const base = { startOn: '2021-01-01', endOn: '2024-12-31' }
  it.each<[string, ContractTerms, [string, number][]]>([
    [
      'cuts the period holding it, which keeps its due day',
      { ...base, rent: rent({ firstDueOn: '2021-06-30' }), endedOn: '2022-04-10' },
      [
        ['2021-06-30', 36_500],
        ['2022-06-30', 10_000],
      ],
    ],
    [
      'without a due day the cut period falls due on the end',
      { ...base, rent: rent({}), endedOn: '2022-04-10' },
      [
        ['2021-12-31', 36_500],
        ['2022-04-10', 10_000],
      ],
    ],
    [
      'without a due day so do all months of the cut year',
      { ...base, rent: rent({ frequency: 'quarterly' }), endedOn: '2021-05-15' },
      [
        ['2021-05-15', 9_125],
        ['2021-05-15', 4_512],
      ],
    ],
    [
      'on the first day costs one day',
      { ...base, rent: rent({}), endedOn: '2021-01-01' },
      [['2021-01-01', 100]],
    ],
    [
      'on the last day of a period cuts nothing',
      { ...base, rent: rent({}), endedOn: '2022-12-31' },
      [
        ['2021-12-31', 36_500],
        ['2022-12-31', 36_500],
      ],
    ],
    [
      'after the term changes nothing',
      { ...base, endOn: '2021-12-31', rent: rent({}), endedOn: '2023-01-01' },
      [['2021-12-31', 36_500]],
    ],
    [
      'once: the sum of the years to the end, due where it was due',
      {
        ...base,
        rent: rent({ frequency: 'once', firstDueOn: '2023-03-01' }),
        endedOn: '2022-04-10',
      },
      [['2023-03-01', 46_500]],
    ],
    [
      'once without a due day: due on the first day',
      { ...base, rent: rent({ frequency: 'once' }), endedOn: '2021-04-10' },
      [['2021-01-01', 10_000]],
    ],
  ])('%s', (_name, terms, expected) => {
    expect(dues(terms)).toEqual(expected)
  })

  it('takes the odd fen of the year into the days of its last period', () => {
    const terms = {
      startOn: '2023-01-01',
      endOn: '2023-12-30',
      rent: { lines: [cash(1_199)], frequency: 'monthly' as const },
    }
    const amounts = rentSchedule(terms, []).map((instalment) => instalment.amountFen)
    expect(amounts).toEqual([...Array(11).fill(99), Math.round((110 * 30) / 31)])
  })
})

describe('lines', () => {
  const terms = (lines: RentLine[], over: Partial<Rent> = {}): ContractTerms => ({
    startOn: '2022-01-01',
    endOn: '2022-12-31',
    rent: { lines, firstDueOn: '2022-12-01', ...over },
  })
  const prices = [
    { grain: 'rice', effectiveOn: '2022-12-01', fenPer50kg: 13_000 },
    { grain: 'rice', effectiveOn: '2021-01-01', fenPer50kg: 12_000 },
    { grain: 'wheat', effectiveOn: '2022-11-01', fenPer50kg: 11_000 },
  ]
  it.each<[string, ContractTerms, number, boolean]>([
    ['no line', terms([]), 0, true],
    ['no rate at all', terms([{ areaMu: 5 }]), 0, true],
    ['grain by its rate', terms([rice]), 520_000, true],
    ['cash by its name', terms([{ ...rice, basis: 'cash', fenPerMu: 100 }]), 1_000, true],
    ['the price of the due day itself', terms([rice]), 520_000, true],
    ['the day before', terms([rice], { firstDueOn: '2022-11-30' }), 480_000, true],
    ['another grain', terms([{ ...rice, grain: 'wheat' }]), 440_000, true],
    ['a grain without a price', terms([{ ...rice, grain: 'maize' }]), 0, false],
    ['a grain without a name', terms([{ areaMu: 10, jinPerMu: 400 }]), 0, false],
    ['grain without rate or name', terms([{ areaMu: 10, basis: 'grain' }]), 0, false],
    [
      'a named grain without rate',
      terms([{ ...rice, basis: 'grain', jinPerMu: undefined }]),
      0,
      true,
    ],
    ['one unpriced line unprices all', terms([cash(100), { ...rice, grain: 'maize' }]), 0, false],
    ['cash and grain together', terms([cash(100), rice]), 520_100, true],
    // 0.01 mu × 50 fen is half a fen: up on each line, not once for both
    [
      'each line rounded on its own',
      terms([
        { areaMu: 0.01, fenPerMu: 50 },
        { areaMu: 0.01, fenPerMu: 50 },
      ]),
      2,
      true,
    ],
  ])('%s', (_name, given, amountFen, priced) => {
    expect(rentSchedule(given, prices)).toMatchObject([{ amountFen, priced }])
  })

  it('of two prices of one day the last given counts', () => {
    const twice = [...prices, { grain: 'rice', effectiveOn: '2022-12-01', fenPer50kg: 14_000 }]
    expect(rentSchedule(terms([rice]), twice)).toMatchObject([{ amountFen: 560_000 }])
  })

  it('once in grain takes the price of its one due day and is unpriced as a whole', () => {
    const long = { ...terms([rice], { frequency: 'once' }), endOn: '2024-12-31' }
    expect(rentSchedule(long, prices)).toMatchObject([{ amountFen: 1_560_000, priced: true }])
    expect(rentSchedule(long, [])).toMatchObject([{ amountFen: 0, priced: false }])
  })

  it('a product beyond the safe integers is still exact', () => {
    const large = terms([{ areaMu: 987_654.33, fenPerMu: 987_654_321 }])
    const largeFen = (98_765_433n * 987_654_321n + 50n) / 100n
    expect(rentSchedule(large, [])).toMatchObject([{ amountFen: Number(largeFen) }])
    const grain = { areaMu: 987_654.33, jinPerMu: 9_876.54, grain: 'rice' }
    const exact = (98_765_433n * 987_654n * 13_000n + 500_000n) / 1_000_000n
    expect(rentSchedule(terms([grain]), prices)).toMatchObject([{ amountFen: Number(exact) }])
  })

  it('rounds once, after escalation', () => {
    const risen = {
      ...terms([{ areaMu: 0.01, fenPerMu: 40 }], { escalation: { everyYears: 1, percent: 30 } }),
      endOn: '2023-12-31',
    }
    // 0.4 fen, then 0.52: rounding first would leave 0 for ever
    expect(rentSchedule(risen, []).map((i) => i.amountFen)).toEqual([0, 1])
  })

  it('escalation stays exact beyond the safe integers', () => {
    const terms40: ContractTerms = {
      startOn: '2000-01-01',
      endOn: '2039-12-31',
      rent: rent({ lines: [cash(98_765)], escalation: { everyYears: 1, percent: 3.33 } }),
    }
    const last = rentSchedule(terms40, []).at(-1)
    const exact = (2n * 98_765n * 10_333n ** 39n + 10_000n ** 39n) / (2n * 10_000n ** 39n)
    expect(last?.amountFen).toBe(Number(exact))
  })
})

describe('termEndOn', () => {
  const terms: ContractTerms = { startOn: '2020-01-01', endOn: '2029-12-31', rent: rent({}) }
  const shorter = { effectiveOn: '2024-01-01', endOn: '2026-12-31' }
  const longer = { effectiveOn: '2022-01-01', endOn: '2034-12-31' }
  it.each<[string, Partial<ContractTerms>, string]>([
    ['as signed', {}, '2029-12-31'],
    ['moved', { amendments: [longer] }, '2034-12-31'],
    [
      'the last effective counts, not the last recorded',
      { amendments: [shorter, longer] },
      '2026-12-31',
    ],
    [
      'of one day the last recorded counts',
      { amendments: [shorter, { ...shorter, endOn: '2027-06-30' }] },
      '2027-06-30',
    ],
    [
      'an amendment of the rent alone moves nothing',
      { amendments: [shorter, { effectiveOn: '2025-01-01', rent: rent({}) }] },
      '2026-12-31',
    ],
    ['ended before', { amendments: [shorter], endedOn: '2025-05-05' }, '2025-05-05'],
    ['ended after', { amendments: [shorter], endedOn: '2028-05-05' }, '2026-12-31'],
  ])('%s', (_name, over, expected) => {
    expect(termEndOn({ ...terms, ...over })).toBe(expected)
  })
})

describe('refusals', () => {
  const terms = (over: Partial<ContractTerms>): ContractTerms => ({
    startOn: '2020-01-01',
    endOn: '2024-12-31',
    rent: rent({}),
    ...over,
  })
  const lines = (line: RentLine) => terms({ rent: { lines: [line] } })
  const huge = { areaMu: 1_000_000, fenPerMu: 4_000_000_000 }
  it.each<[string, ContractTerms]>([
    ['a start that is no day', terms({ startOn: '2020-02-30' })],
    ['an end that is no day', terms({ endOn: '长期' })],
    ['an early end that is no day', terms({ endedOn: '2024-1-1' })],
    ['a due day that is no day', terms({ rent: rent({ firstDueOn: '2020-13-01' }) })],
    ['an end before the start', terms({ endOn: '2019-12-31' })],
    ['more than three hundred years', terms({ endOn: '2320-01-01' })],
    ['three decimals of a mu', lines({ areaMu: 1.001, fenPerMu: 1 })],
    ['a negative area', lines({ areaMu: -1, fenPerMu: 1 })],
    ['a part of a fen', lines({ areaMu: 1, fenPerMu: 0.5 })],
    ['a negative rate', lines({ areaMu: 1, fenPerMu: -1 })],
    ['three decimals of a jin', lines({ areaMu: 1, jinPerMu: 1.001, grain: 'rice' })],
    ['negative grain', lines({ areaMu: 1, jinPerMu: -1, grain: 'rice' })],
    ['a price with decimals', lines({ areaMu: 1, jinPerMu: 1, grain: 'odd' })],
    ['a rise every 0 years', terms({ rent: rent({ escalation: { everyYears: 0, percent: 5 } }) })],
    [
      'a rise of three decimals',
      terms({ rent: rent({ escalation: { everyYears: 1, percent: 5.001 } }) }),
    ],
    [
      'a fall below nothing',
      terms({ endOn: '2020-12-31', rent: rent({ escalation: { everyYears: 1, percent: -101 } }) }),
    ],
    ['a line too large', lines({ areaMu: 10_000_000, fenPerMu: 4_000_000_000 })],
    ['lines too large together', terms({ rent: { lines: [huge, huge, huge] } })],
    [
      'lines too large together, though the month is not',
      terms({ endOn: '2020-01-31', rent: { lines: [huge, huge, huge], frequency: 'monthly' } }),
    ],
    ['instalments too large together', lines(huge)],
    ['years too large together', terms({ rent: { lines: [huge], frequency: 'once' } })],
    [
      'a rise out of all bounds',
      terms({ endOn: '2060-12-31', rent: rent({ escalation: { everyYears: 1, percent: 300 } }) }),
    ],
  ])('%s', (_name, given) => {
    const prices = [{ grain: 'odd', effectiveOn: '2000-01-01', fenPer50kg: 0.5 }]
    expect(() => rentSchedule(given, prices)).toThrow(RangeError)
  })

  it('a term of exactly three hundred years is accepted', () => {
    const longest = terms({ endOn: '2319-12-31', rent: rent({ frequency: 'monthly' }) })
    expect(rentSchedule(longest, [])).toHaveLength(TERM_MONTHS_MAX)
  })
})
