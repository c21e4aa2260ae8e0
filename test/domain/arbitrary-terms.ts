import fc from 'fast-check'
import type { Payment } from '../../src/domain/allocation.ts'
import { addDays, addMonths, type Day } from '../../src/domain/calendar-day.ts'
import type {
  Amendment,
  ContractTerms,
  Frequency,
  GrainPrice,
  Instalment,
  Rent,
  RentLine,
} from '../../src/domain/contract-terms.ts'

export const anyDay: fc.Arbitrary<Day> = fc
  .record({
    year: fc.integer({ min: 1900, max: 2199 }),
    month: fc.integer({ min: 1, max: 12 }),
    dayOfMonth: fc.oneof(fc.integer({ min: 1, max: 31 }), fc.integer({ min: 28, max: 31 })),
  })
  .map(({ year, month, dayOfMonth }) => {
    const lastOfMonth = new Date(Date.UTC(year, month, 0)).getUTCDate()
    return new Date(Date.UTC(year, month - 1, Math.min(dayOfMonth, lastOfMonth)))
      .toISOString()
      .slice(0, 10)
  })

const startDay = fc.oneof(
  fc.integer({ min: 0, max: 9000 }).map((n) => addDays('2005-01-01', n)),
  fc.constantFrom('2008-02-29', '2019-01-31', '2020-12-31', '2016-01-01'),
)

const line: fc.Arbitrary<RentLine> = fc.oneof(
  fc.record({
    areaMu: fc.integer({ min: 0, max: 200_000 }).map((n) => n / 100),
    fenPerMu: fc.option(fc.integer({ min: 0, max: 250_000 }), { nil: undefined }),
  }),
  fc.record({
    areaMu: fc.integer({ min: 0, max: 200_000 }).map((n) => n / 100),
    jinPerMu: fc.integer({ min: 0, max: 80_000 }).map((n) => n / 100),
    grain: fc.constantFrom('mid_late_indica', 'wheat'),
  }),
)

export const anyPrices: fc.Arbitrary<GrainPrice[]> = fc.array(
  fc.record({
    grain: fc.constantFrom('mid_late_indica', 'wheat', 'maize'),
    effectiveOn: fc.integer({ min: 0, max: 9000 }).map((n) => addDays('2000-01-01', n)),
    fenPer50kg: fc.integer({ min: 0, max: 20_000 }),
  }),
  { maxLength: 8 },
)

const PERIODIC = ['annual', 'semiannual', 'quarterly', 'monthly'] as const

function anyRent(frequency: Frequency, startOn: Day): fc.Arbitrary<Rent> {
  return fc.record({
    lines: fc.array(line, { minLength: 1, maxLength: 3 }),
    escalation: fc.option(
      fc.record({
        everyYears: fc.integer({ min: 1, max: 6 }),
        percent: fc.integer({ min: -500, max: 2000 }).map((n) => n / 100),
      }),
      { nil: undefined },
    ),
    frequency: fc.constant(frequency),
    firstDueOn: fc.option(
      fc.integer({ min: -60, max: 500 }).map((n) => addDays(startOn, n)),
      { nil: undefined },
    ),
  })
}

/** Keeps the frequency, or changes it on the first day of a rent year. */
function anyAmendment(startOn: Day, frequency: Frequency): fc.Arbitrary<Amendment> {
  const within = fc.integer({ min: -300, max: 6000 }).map((n) => addDays(startOn, n))
  return fc.record({
    effectiveOn: within,
    rent: fc.option(
      within.chain((day) => anyRent(frequency, day)),
      { nil: undefined },
    ),
    endOn: fc.option(
      fc.integer({ min: 0, max: 8000 }).map((n) => addDays(startOn, n)),
      {
        nil: undefined,
        freq: 2,
      },
    ),
  })
}

function anyAmendments(startOn: Day, before: Frequency): fc.Arbitrary<Amendment[]> {
  return fc
    .record({
      year: fc.integer({ min: 0, max: 12 }),
      after: fc.constantFrom(...PERIODIC),
      changes: fc.boolean(),
    })
    .chain(({ year, after, changes }) => {
      const changesOn = addMonths(startOn, 12 * year)
      const same = fc.array(anyAmendment(startOn, before), { maxLength: 3 })
      if (!changes) return same
      return fc
        .tuple(same, anyRent(after, changesOn))
        .map(([amendments, rent]) => [
          ...amendments.map((amendment) =>
            amendment.rent && amendment.effectiveOn >= changesOn
              ? { ...amendment, rent: { ...amendment.rent, frequency: after } }
              : amendment,
          ),
          { effectiveOn: changesOn, rent },
        ])
    })
}

function termsFor(frequency: Frequency): fc.Arbitrary<ContractTerms> {
  return startDay.chain((startOn) =>
    fc.record({
      startOn: fc.constant(startOn),
      endOn: fc.integer({ min: 0, max: 9000 }).map((n) => addDays(startOn, n)),
      rent: anyRent(frequency, startOn),
      amendments: frequency === 'once' ? fc.constant(undefined) : anyAmendments(startOn, frequency),
      endedOn: fc.option(
        fc.integer({ min: 0, max: 7000 }).map((n) => addDays(startOn, n)),
        {
          nil: undefined,
          freq: 2,
        },
      ),
    }),
  )
}

export const anyTerms: fc.Arbitrary<ContractTerms> = fc
  .constantFrom(...PERIODIC, 'once' as const)
  .chain(termsFor)

/** Payments on days of their own, some of which name a due day, some a day that is none. */
export function anyPayments(instalments: readonly Instalment[]): fc.Arbitrary<Payment[]> {
  const dueDays = [...new Set(instalments.map((instalment) => instalment.dueOn))]
  const largest = Math.max(1, ...instalments.map((instalment) => instalment.amountFen))
  return fc.uniqueArray(
    fc.record({
      amountFen: fc.oneof(
        fc.constantFrom(...instalments.map((instalment) => Math.max(1, instalment.amountFen))),
        fc.integer({ min: 1, max: 2 * largest }),
      ),
      paidOn: fc.integer({ min: 0, max: 9000 }).map((n) => addDays('2005-01-01', n)),
      designatedDueOn: fc.option(fc.constantFrom(...dueDays, '1999-09-09'), { nil: null }),
    }),
    { maxLength: 12, selector: (payment) => payment.paidOn },
  )
}
