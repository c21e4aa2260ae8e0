import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, daysBetween } from '../../src/domain/calendar-day.ts'
import {
  PLAN_STATE_NAMES,
  type PlanStanding,
  planKept,
  planStandings,
  type RepaymentPlan,
} from '../../src/domain/repayment-plan.ts'

type Row = [what: string, asOf: string, expected: Partial<PlanStanding>]
const TOLERANCE = 5
const plan = (agreedOn: string, ...instalments: [dueOn: string, amountFen: number][]) => ({
  id: `of ${agreedOn}`,
  agreedOn,
  instalments: instalments.map(([dueOn, amountFen]) => ({ dueOn, amountFen })),
})
const paid = (amountFen: number, paidOn: string) => ({ amountFen, paidOn })
/** 600 by 10 February, 400 by 10 March, of 5 January. */
const PLAN = plan('2025-01-05', ['2025-02-10', 600], ['2025-03-10', 400])

const standingOf = (payments: ReturnType<typeof paid>[], asOf: string, one = PLAN) =>
  planStandings([one], payments, asOf, TOLERANCE)[0]

describe('one plan', () => {
  it.each<Row>([
    [
      'before it is agreed',
      '2025-01-04',
      { state: 'agreed_later', inForce: false, nextDueOn: null, dueSoFarFen: 0, earns: false },
    ],
    ['on the day it is agreed', '2025-01-05', { state: 'kept', nextDueOn: '2025-02-10' }],
    ['on a due day', '2025-02-10', { state: 'kept', dueSoFarFen: 600, earns: true }],
    ['on the last day of tolerance', '2025-02-15', { state: 'kept', breachedOn: null }],
    [
      'a day later',
      '2025-02-16',
      { state: 'breached', breachedOn: '2025-02-16', inForce: true, earns: false },
    ],
    ['long after', '2025-09-01', { state: 'breached', breachedOn: '2025-02-16', inForce: false }],
  ])('with nothing paid, %s', (_what, asOf, expected) => {
    const same = { planId: 'of 2025-01-05', agreedOn: '2025-01-05', paidFen: 0, sumFen: 1000 }
    const days = { lastDueOn: '2025-03-10', untilOn: '2025-03-15' }
    expect(standingOf([], asOf)).toMatchObject({ ...same, ...days, ...expected })
  })

  const FIRST = paid(600, '2025-02-10')
  it.each<[string, ReturnType<typeof paid>[], string | null]>([
    ['all in time', [FIRST, paid(400, '2025-03-10')], null],
    ['on the last days of tolerance', [paid(600, '2025-02-15'), paid(400, '2025-03-15')], null],
    ['all on the day it was agreed', [paid(1000, '2025-01-05')], null],
    ['in small parts and in any order', [paid(400, '2025-03-01'), FIRST], null],
    ['the day before it was agreed', [paid(1000, '2025-01-04')], '2025-02-16'],
    ['one fen short', [paid(599, '2025-02-10'), paid(401, '2025-03-10')], '2025-02-16'],
    ['a day late', [paid(600, '2025-02-16'), paid(400, '2025-03-10')], '2025-02-16'],
    ['the second one fen short', [FIRST, paid(399, '2025-03-10')], '2025-03-16'],
    ['the second a day late', [FIRST, paid(400, '2025-03-16')], '2025-03-16'],
    ['too little, then too much', [paid(1, '2025-02-10'), paid(9999, '2025-03-01')], '2025-02-16'],
  ])('paid %s', (_what, payments, breachedOn) => {
    const state = breachedOn === null ? 'completed' : 'breached'
    expect(standingOf(payments, '2025-03-16')).toMatchObject({ state, breachedOn })
    expect(standingOf(payments, '2029-01-01')).toMatchObject({ state, breachedOn, inForce: false })
  })

  it('is completed before its time, and earns until its last day and the tolerance', () => {
    const payments = [paid(1000, '2025-01-20')]
    const completed = { state: 'completed', nextDueOn: null, paidFen: 1000 }
    expect(standingOf(payments, '2025-01-19')).toMatchObject({ state: 'kept', paidFen: 0 })
    expect(standingOf(payments, '2025-01-20')).toMatchObject({ ...completed, earns: true })
    expect(standingOf(payments, '2025-03-15')).toMatchObject({ ...completed, earns: true })
    expect(standingOf(payments, '2025-03-16')).toMatchObject({ ...completed, earns: false })
  })

  it('waits for the first day that is not paid, also within its tolerance', () => {
    const next = (payments: ReturnType<typeof paid>[], asOf: string) =>
      standingOf(payments, asOf)?.nextDueOn
    expect(next([paid(599, '2025-02-10')], '2025-02-12')).toBe('2025-02-10')
    expect(next([FIRST], '2025-02-12')).toBe('2025-03-10')
  })

  it('leaves out what was paid after its last day and the tolerance', () => {
    const payments = [paid(600, '2025-02-10'), paid(7, '2025-03-15'), paid(1, '2025-03-16')]
    expect(standingOf(payments, '2025-04-01')?.paidFen).toBe(607)
  })

  it('may have its days in any order and several instalments on one day', () => {
    const mixed = plan('2025-01-05', ['2025-03-10', 400], ['2025-02-10', 500], ['2025-02-10', 100])
    for (const payments of [
      [],
      [FIRST],
      [paid(599, '2025-02-10')],
      [FIRST, paid(400, '2025-03-15')],
    ])
      for (const asOf of ['2025-02-10', '2025-02-16', '2025-03-10', '2025-03-16'])
        expect(standingOf(payments, asOf, mixed)).toEqual(standingOf(payments, asOf))
  })

  it('may be due on the day it is agreed, and without tolerance', () => {
    const today = plan('2025-01-05', ['2025-01-05', 10])
    const at = (asOf: string) => planStandings([today], [], asOf, 0)[0]
    expect(at('2025-01-05')).toMatchObject({ state: 'kept', untilOn: '2025-01-05', earns: true })
    expect(at('2025-01-06')).toMatchObject({ state: 'breached', breachedOn: '2025-01-06' })
  })

  it('without instalments is none', () => {
    expect(() => planStandings([plan('2025-01-05')], [], '2025-01-05', 5)).toThrow(RangeError)
  })
})

describe('one plan after another', () => {
  const states = (plans: RepaymentPlan[], payments: ReturnType<typeof paid>[], asOf: string) =>
    planStandings(plans, payments, asOf, TOLERANCE).map(({ state }) => state)
  const kept = (plans: RepaymentPlan[], payments: ReturnType<typeof paid>[], asOf: string) =>
    planKept(plans, payments, asOf, TOLERANCE)
  const next = (agreedOn: string) => plan(agreedOn, ['2025-04-01', 300], ['2025-05-01', 300])

  it('there is none without a plan', () => {
    expect(planStandings([], [paid(1, '2025-01-01')], '2025-01-01', TOLERANCE)).toEqual([])
    expect(kept([], [paid(1, '2025-01-01')], '2025-01-01')).toBe(false)
  })

  it('the next takes over on its day, and takes the payments from then on', () => {
    const plans = [PLAN, next('2025-02-15')]
    const payments = [paid(100, '2025-02-14'), paid(50, '2025-02-15')]
    expect(states(plans, payments, '2025-02-14')).toEqual(['kept', 'agreed_later'])
    const [first, second] = planStandings(plans, payments, '2025-02-15', TOLERANCE)
    expect(first).toMatchObject({ state: 'superseded', inForce: false, paidFen: 100 })
    expect(second).toMatchObject({ state: 'kept', inForce: true, paidFen: 50, earns: true })
    expect(states(plans, payments, '2025-12-01')).toEqual(['superseded', 'breached'])
  })

  it('the first is breached when its tolerance ended before the day of the next, not on it', () => {
    const at = (agreedOn: string) => planStandings([PLAN, next(agreedOn)], [], '2025-03-01', 5)
    expect(at('2025-02-15')[0]).toMatchObject({ state: 'superseded', breachedOn: null })
    expect(at('2025-02-15')[1]).toMatchObject({ earns: true })
    expect(at('2025-02-16')[0]).toMatchObject({ state: 'breached', breachedOn: '2025-02-16' })
    expect(at('2025-02-16')[1]).toMatchObject({ state: 'kept', inForce: true, earns: false })
  })

  it('one that was completed stays so when another follows', () => {
    expect(states([PLAN, next('2025-02-20')], [paid(1000, '2025-02-01')], '2025-06-01')).toEqual([
      'completed',
      'breached',
    ])
  })

  it('after a breach a new one earns from the day its first instalment is paid', () => {
    const plans = [PLAN, next('2025-03-01')]
    const almost = [paid(5000, '2025-02-28'), paid(299, '2025-03-01')]
    const all = [...almost, paid(1, '2025-03-20')]
    expect(kept(plans, [], '2025-02-16')).toBe(false)
    expect(kept(plans, almost, '2025-03-31')).toBe(false)
    expect(kept(plans, all, '2025-03-19')).toBe(false)
    expect(kept(plans, all, '2025-03-20')).toBe(true)
    expect(kept(plans, all, '2025-05-06')).toBe(true)
    expect(kept(plans, all, '2025-05-07')).toBe(false)
  })

  it('the first instalment is all that falls due on the first day', () => {
    const second = plan('2025-03-01', ['2025-05-01', 9], ['2025-04-01', 2], ['2025-04-01', 3])
    expect(kept([PLAN, second], [paid(4, '2025-03-02')], '2025-03-02')).toBe(false)
    expect(kept([PLAN, second], [paid(5, '2025-03-02')], '2025-03-02')).toBe(true)
  })

  it('a breach is held against every later plan, also past one that was kept', () => {
    const plans = [PLAN, plan('2025-03-01', ['2025-03-05', 10]), next('2025-03-20')]
    const payments = [paid(10, '2025-03-02')]
    expect(states(plans, payments, '2025-03-20')).toEqual(['breached', 'completed', 'kept'])
    expect(kept(plans, payments, '2025-03-19')).toBe(false)
    expect(kept(plans, payments, '2025-03-10')).toBe(true)
    expect(kept(plans, payments, '2025-03-20')).toBe(false)
  })

  it('of two of one day the last recorded counts, whatever the first wanted', () => {
    const strict = { ...plan('2025-01-05', ['2025-01-06', 10_000]), id: 'strict' }
    const at = (plans: RepaymentPlan[]) =>
      planStandings(plans, [], '2025-01-20', TOLERANCE).map(({ planId, state }) => [planId, state])
    expect(at([strict, PLAN])).toEqual([
      ['strict', 'superseded'],
      [PLAN.id, 'kept'],
    ])
    expect(at([PLAN, strict])).toEqual([
      [PLAN.id, 'superseded'],
      ['strict', 'breached'],
    ])
  })

  it('one recorded later for an earlier day is followed by those of later days', () => {
    const plans = [next('2025-02-01'), PLAN]
    expect(
      planStandings(plans, [], '2025-02-10', TOLERANCE).map((one) => [one.agreedOn, one.state]),
    ).toEqual([
      ['2025-01-05', 'superseded'],
      ['2025-02-01', 'kept'],
    ])
  })

  it('a plan that has run out is followed by none', () => {
    expect(kept([PLAN], [paid(1000, '2025-02-01')], '2025-03-16')).toBe(false)
  })
})

describe('any plans and payments', () => {
  const FIRST = '2025-01-01'
  const day = fc.integer({ min: 0, max: 120 }).map((n) => addDays(FIRST, n))
  const fen = fc.integer({ min: 1, max: 50 })
  const payments = fc.array(fc.record({ amountFen: fen, paidOn: day }), { maxLength: 12 })
  const plans = fc
    .array(
      fc.record({
        agreedOn: day,
        later: fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fen), {
          minLength: 1,
          maxLength: 4,
        }),
      }),
      { maxLength: 4 },
    )
    .map((list) =>
      list.map(({ agreedOn, later }, at): RepaymentPlan => {
        const instalments = later.map(([n, amountFen]) => ({
          dueOn: addDays(agreedOn, n),
          amountFen,
        }))
        return { id: String(at), agreedOn, instalments }
      }),
    )
  const tolerance = fc.integer({ min: 0, max: 7 })
  const asOf = fc.integer({ min: 0, max: 200 }).map((n) => addDays(FIRST, n))

  it('at most one plan is in force, only it earns, and no breached one does', () => {
    fc.assert(
      fc.property(plans, payments, asOf, tolerance, (some, money, on, days) => {
        const all = planStandings(some, money, on, days)
        expect(all.filter(({ inForce }) => inForce).length).toBeLessThanOrEqual(1)
        for (const one of all) {
          if (one.earns) expect(one).toMatchObject({ inForce: true, breachedOn: null })
          if (one.breachedOn !== null) expect(one.breachedOn <= on).toBe(true)
          expect(Object.keys(PLAN_STATE_NAMES)).toContain(one.state)
          const isOver = daysBetween(one.untilOn, on) > 0
          if (isOver) expect(['breached', 'completed', 'superseded']).toContain(one.state)
        }
      }),
    )
  })

  it('a breach stands on every later day', () => {
    fc.assert(
      fc.property(plans, payments, asOf, fc.nat(100), tolerance, (some, money, on, n, days) => {
        const later = planStandings(some, money, addDays(on, n), days)
        planStandings(some, money, on, days).forEach(({ breachedOn }, at) => {
          if (breachedOn !== null)
            expect(later[at]).toMatchObject({ state: 'breached', breachedOn })
        })
      }),
    )
  })

  it('money after the day changes nothing, money before it never makes a plan worse', () => {
    fc.assert(
      fc.property(
        plans,
        payments,
        asOf,
        tolerance,
        fen,
        day,
        (some, money, on, days, sum, paidOn) => {
          const before = planStandings(some, money, on, days)
          const more = planStandings(some, [...money, paid(sum, paidOn)], on, days)
          if (paidOn > on) expect(more).toEqual(before)
          if (planKept(some, money, on, days))
            expect(planKept(some, [...money, paid(sum, paidOn)], on, days)).toBe(true)
          before.forEach(({ breachedOn }, at) => {
            if (breachedOn === null) expect(more[at]?.breachedOn).toBeNull()
          })
        },
      ),
    )
  })

  it('the order of payments and of instalments means nothing', () => {
    fc.assert(
      fc.property(plans, payments, asOf, tolerance, (some, money, on, days) => {
        const turned = some.map((one) => ({ ...one, instalments: one.instalments.toReversed() }))
        expect(planStandings(turned, money.toReversed(), on, days)).toEqual(
          planStandings(some, money, on, days),
        )
      }),
    )
  })
})
