import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allocate, type Payment } from '../../src/domain/allocation.ts'

const three = [
  { no: 1, dueOn: '2022-06-30', amountFen: 100 },
  { no: 2, dueOn: '2023-06-30', amountFen: 100 },
  { no: 3, dueOn: '2024-06-30', amountFen: 100 },
]
const pay = (amountFen: number, paidOn: string, designatedDueOn?: string): Payment => ({
  amountFen,
  paidOn,
  designatedDueOn,
})

describe('allocate', () => {
  it.each<[string, Payment[], number[], number]>([
    ['nothing', [], [0, 0, 0], 0],
    ['oldest first', [pay(150, '2023-01-01')], [100, 50, 0], 0],
    ['more than everything', [pay(350, '2023-01-01')], [100, 100, 100], 50],
    ['the day the debtor names', [pay(60, '2023-01-01', '2023-06-30')], [0, 60, 0], 0],
    ['the rest to the oldest', [pay(160, '2023-01-01', '2023-06-30')], [60, 100, 0], 0],
    [
      'only as far as unpaid',
      [pay(130, '2023-01-01'), pay(100, '2023-02-01', '2023-06-30')],
      [100, 100, 30],
      0,
    ],
    [
      'a named day paid already',
      [pay(100, '2023-01-01'), pay(50, '2023-02-01', '2022-06-30')],
      [100, 50, 0],
      0,
    ],
    ['a day that names none lapses', [pay(50, '2023-01-01', '2023-07-01')], [50, 0, 0], 0],
    ['a day after all lapses', [pay(50, '2023-01-01', '2030-01-01')], [50, 0, 0], 0],
    ['designation null', [{ ...pay(50, '2023-01-01'), designatedDueOn: null }], [50, 0, 0], 0],
    [
      'by the day paid, not as recorded',
      [pay(100, '2023-03-01'), pay(100, '2023-02-01', '2022-06-30')],
      [100, 100, 0],
      0,
    ],
    [
      'of one day as recorded',
      [pay(100, '2023-02-01'), pay(50, '2023-02-01', '2022-06-30')],
      [100, 50, 0],
      0,
    ],
    [
      'around a named one in the middle',
      [pay(100, '2023-01-01', '2023-06-30'), pay(150, '2023-02-01')],
      [100, 100, 50],
      0,
    ],
  ])('%s', (_name, payments, paidFen, creditFen) => {
    expect(allocate(three, payments)).toEqual({ paidFen, creditFen })
  })

  it('several instalments of one day take a designation in order', () => {
    const year = [
      { no: 1, dueOn: '2022-12-31', amountFen: 50 },
      { no: 2, dueOn: '2023-12-31', amountFen: 50 },
      { no: 3, dueOn: '2023-12-31', amountFen: 50 },
      { no: 4, dueOn: '2024-12-31', amountFen: 50 },
    ]
    const named = [pay(70, '2023-01-01', '2023-12-31'), pay(60, '2023-01-02', '2023-12-31')]
    expect(allocate(year, named)).toEqual({ paidFen: [30, 50, 50, 0], creditFen: 0 })
  })

  it('the oldest is the one due first, whatever its number', () => {
    const amended = [
      { no: 1, dueOn: '2023-12-31', amountFen: 100 },
      { no: 2, dueOn: '2023-06-30', amountFen: 100 },
    ]
    expect(allocate(amended, [pay(120, '2023-01-01')]).paidFen).toEqual([20, 100])
    expect(allocate(amended, [pay(80, '2023-01-01', '2023-12-31')]).paidFen).toEqual([80, 0])
  })

  it('an instalment of 0 fen takes nothing', () => {
    const unpriced = [{ no: 1, dueOn: '2021-12-31', amountFen: 0 }, ...three]
    const payments = [pay(70, '2021-01-01', '2021-12-31'), pay(60, '2022-01-01', '2021-12-31')]
    expect(allocate(unpriced, payments)).toEqual({ paidFen: [0, 100, 30, 0], creditFen: 0 })
  })

  it('no instalments: all is credit', () => {
    expect(allocate([], [pay(70, '2021-01-01', '2021-12-31')])).toEqual({
      paidFen: [],
      creditFen: 70,
    })
  })

  it('leaves what it was given as it was', () => {
    const payments = [pay(1, '2023-03-01'), pay(2, '2023-02-01')]
    const before = structuredClone([payments, three])
    allocate(three, payments)
    expect([payments, three]).toEqual(before)
  })

  it.each([
    ['a negative payment', [pay(-1, '2023-01-01')]],
    ['a part of a fen', [pay(0.5, '2023-01-01')]],
    ['too much together', [pay(Number.MAX_SAFE_INTEGER, '2023-01-01'), pay(1, '2023-01-01')]],
  ])('%s is refused', (_name, payments) => {
    expect(() => allocate(three, payments)).toThrow(RangeError)
  })

  it('agrees with paying fen by fen', () => {
    const day = fc.constantFrom('2022-01-01', '2022-02-01', '2022-03-01', '2022-04-01')
    const due = fc.record({ dueOn: day, amountFen: fc.integer({ min: 0, max: 12 }) })
    const payment = fc.record({
      amountFen: fc.integer({ min: 0, max: 20 }),
      paidOn: day,
      designatedDueOn: fc.option(fc.oneof(day, fc.constant('2022-02-02')), { nil: undefined }),
    })
    fc.assert(
      fc.property(
        fc.array(due, { maxLength: 8 }),
        fc.array(payment, { maxLength: 6 }),
        (dues, payments) => {
          const instalments = dues.map((each, at) => ({ ...each, no: at + 1 }))
          expect(allocate(instalments, payments)).toEqual(fenByFen(instalments, payments))
        },
      ),
      { numRuns: 1000 },
    )
  })
})

function fenByFen(
  instalments: { no: number; dueOn: string; amountFen: number }[],
  payments: Payment[],
) {
  const paidFen = instalments.map(() => 0)
  const unpaid = (i: { no: number; amountFen: number }) => (paidFen[i.no - 1] ?? 0) < i.amountFen
  let creditFen = 0
  for (const paidOn of [...new Set(payments.map((payment) => payment.paidOn))].sort())
    for (const payment of payments.filter((each) => each.paidOn === paidOn))
      for (let fen = 0; fen < payment.amountFen; fen++) {
        const open = instalments.filter(unpaid)
        const named = open.filter((i) => i.dueOn === payment.designatedDueOn)
        const first = open.map((i) => i.dueOn).sort()[0]
        const taker = named[0] ?? open.find((i) => i.dueOn === first)
        if (taker) paidFen[taker.no - 1] = (paidFen[taker.no - 1] ?? 0) + 1
        else creditFen++
      }
  return { paidFen, creditFen }
}
