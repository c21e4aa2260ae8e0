import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Payment } from '../../src/domain/allocation.ts'
import { addDays, addMonths } from '../../src/domain/calendar-day.ts'
import type { Instalment } from '../../src/domain/contract-terms.ts'
import { type Interruption, limitationReminders } from '../../src/domain/limitation.ts'

const instalment = (no: number, dueOn: string, amountFen = 600_000): Instalment => ({
  no,
  rentYear: no - 1,
  periodStart: `${dueOn.slice(0, 4)}-01-01`,
  periodEnd: dueOn,
  dueOn,
  amountFen,
  priced: true,
})
const YEARS = [
  instalment(1, '2020-12-31'),
  instalment(2, '2021-12-31'),
  instalment(3, '2022-12-31'),
]
const ONE = [instalment(1, '2020-12-31')]
const pay = (amountFen: number, paidOn: string, designatedDueOn?: string): Payment => ({
  amountFen,
  paidOn,
  designatedDueOn,
})
const demand = (on: string): Interruption => ({ by: 'demand', on })
const mediation = (on: string): Interruption => ({ by: 'mediation', on })
const plan = (on: string): Interruption => ({ by: 'plan', on })

describe('which instalments are reminded of', () => {
  it.each<[string, string, Payment[], [number, number][]]>([
    ['on the due day none', '2020-12-31', [], []],
    ['the day after the first', '2021-01-01', [], [[1, 600_000]]],
    ['one fen short is still owed', '2022-01-01', [pay(1_199_999, '2021-06-01')], [[2, 1]]],
    ['all of it paid', '2022-01-01', [pay(1_200_000, '2021-06-01')], []],
    ['all of it paid on the day asked for', '2021-06-02', [pay(600_000, '2021-06-02')], []],
    ['paid after the day asked for', '2021-06-01', [pay(600_000, '2021-06-02')], [[1, 600_000]]],
    [
      'a payment on the one that the debtor named',
      '2022-06-01',
      [pay(600_000, '2022-05-01', '2021-12-31')],
      [[1, 600_000]],
    ],
  ])('%s', (_name, asOf, payments, unpaid) => {
    const found = limitationReminders(asOf, YEARS, payments, [])
    expect(found.map(({ no, unpaidFen }) => [no, unpaidFen])).toEqual(unpaid)
  })

  it('leaves out what costs nothing', () => {
    expect(limitationReminders('2030-01-01', [instalment(1, '2020-12-31', 0)], [], [])).toEqual([])
  })
})

describe('the last days of the periods', () => {
  it.each([
    ['2020-12-31', '2023-12-31', '2022-12-31'],
    ['2021-01-31', '2024-01-31', '2023-01-31'],
    ['2024-02-29', '2027-02-28', '2026-02-28'],
    ['2021-10-01', '2024-10-01', '2023-10-01'],
  ])('due %s: court %s, arbitration %s', (dueOn, courtUntilOn, arbitrationUntilOn) => {
    const [found] = limitationReminders('2025-01-01', [instalment(1, dueOn)], [], [])
    expect(found).toMatchObject({
      courtUntilOn,
      arbitrationUntilOn,
      restartedOn: null,
      restartedBy: null,
    })
  })

  it.each([
    ['2023-12-30', 1, -364],
    ['2023-12-31', 0, -365],
    ['2024-01-01', -1, -366],
  ])('on %s %i and %i days are left', (asOf, courtDaysLeft, arbitrationDaysLeft) => {
    const [found] = limitationReminders(asOf, ONE, [], [])
    expect(found).toMatchObject({ courtDaysLeft, arbitrationDaysLeft })
  })
})

describe('what restarts the court period of an instalment due 2020-12-31', () => {
  it.each<[string, Interruption[], Payment[], string | null, string | null, string]>([
    ['nothing', [], [], null, null, '2023-12-31'],
    ['a demand on the due day does not', [demand('2020-12-31')], [], null, null, '2023-12-31'],
    ['a demand the day after', [demand('2021-01-01')], [], '2021-01-01', 'demand', '2024-01-01'],
    ['on the last day', [demand('2023-12-31')], [], '2023-12-31', 'demand', '2026-12-31'],
    ['a day too late does not', [demand('2024-01-01')], [], null, null, '2023-12-31'],
    ['mediation', [mediation('2022-05-05')], [], '2022-05-05', 'mediation', '2025-05-05'],
    ['mediation a day too late', [mediation('2024-01-01')], [], null, null, '2023-12-31'],
    ['a plan', [plan('2022-05-05')], [], '2022-05-05', 'plan', '2025-05-05'],
    ['a plan long after', [plan('2026-05-05')], [], '2026-05-05', 'plan', '2029-05-05'],
    ['a part payment', [], [pay(1, '2022-05-05')], '2022-05-05', 'payment', '2025-05-05'],
    ['a part payment too late', [], [pay(1, '2024-01-01')], null, null, '2023-12-31'],
    ['paid ahead does not', [], [pay(1, '2020-12-01')], null, null, '2023-12-31'],
    [
      'the latest of a chain, in any order',
      [demand('2026-11-30'), demand('2023-12-31'), mediation('2024-06-01')],
      [],
      '2026-11-30',
      'demand',
      '2029-11-30',
    ],
    [
      'a chain that breaks by one day',
      [demand('2023-12-31'), demand('2027-01-01')],
      [],
      '2023-12-31',
      'demand',
      '2026-12-31',
    ],
    [
      'a plan mends a broken chain for those after it',
      [demand('2028-07-01'), plan('2027-01-01')],
      [],
      '2028-07-01',
      'demand',
      '2031-07-01',
    ],
    [
      'a payment keeps the chain for a demand',
      [demand('2025-01-01')],
      [pay(100, '2022-02-02'), pay(100, '2021-06-01')],
      '2025-01-01',
      'demand',
      '2028-01-01',
    ],
    [
      'two payments, the second too late',
      [],
      [pay(100, '2021-06-01'), pay(100, '2024-06-02')],
      '2021-06-01',
      'payment',
      '2024-06-01',
    ],
    [
      'of one day the plan, which counts late too',
      [demand('2024-01-01'), plan('2024-01-01')],
      [],
      '2024-01-01',
      'plan',
      '2027-01-01',
    ],
    ['after the day asked for does not', [plan('2030-01-02')], [], null, null, '2023-12-31'],
  ])('%s', (_name, interruptions, payments, restartedOn, restartedBy, courtUntilOn) => {
    const [found] = limitationReminders('2030-01-01', ONE, payments, interruptions)
    expect(found).toMatchObject({ restartedOn, restartedBy, courtUntilOn })
  })

  it('on the day itself it counts, the day before it is not known of', () => {
    const until = (asOf: string) =>
      limitationReminders(asOf, ONE, [], [demand('2022-03-01')])[0]?.courtUntilOn
    expect([until('2022-02-28'), until('2022-03-01')]).toEqual(['2023-12-31', '2025-03-01'])
  })
})

describe('several instalments', () => {
  const restarts = (payments: Payment[], interruptions: Interruption[]) =>
    limitationReminders('2024-01-01', YEARS, payments, interruptions).map(
      ({ no, restartedOn }) => [no, restartedOn] as const,
    )

  it('a part payment restarts the instalment on which it lies, no other', () => {
    expect(restarts([pay(1, '2023-03-01')], [])).toEqual([
      [1, '2023-03-01'],
      [2, null],
      [3, null],
    ])
    expect(restarts([pay(1, '2023-03-01', '2021-12-31')], [])).toEqual([
      [1, null],
      [2, '2023-03-01'],
      [3, null],
    ])
  })

  it('a payment that runs over restarts the one it runs into', () => {
    expect(restarts([pay(600_001, '2023-03-01')], [])).toEqual([
      [2, '2023-03-01'],
      [3, null],
    ])
    expect(restarts([pay(600_000, '2023-03-01')], [])).toEqual([
      [2, null],
      [3, null],
    ])
  })

  it.each([demand, mediation, plan])(
    'anything else restarts all that are overdue on its day (%#)',
    (event) => {
      expect(restarts([], [event('2022-12-31')])).toEqual([
        [1, '2022-12-31'],
        [2, '2022-12-31'],
        [3, null],
      ])
    },
  )

  it('of two that fall due on one day a named payment restarts only what it reaches', () => {
    const year = [instalment(1, '2021-12-31', 50), instalment(2, '2021-12-31', 50)]
    const restart = (amountFen: number) =>
      limitationReminders('2024-01-01', year, [pay(amountFen, '2023-03-01', '2021-12-31')], []).map(
        ({ no, restartedOn }) => [no, restartedOn],
      )
    expect([restart(50), restart(51)]).toEqual([[[2, null]], [[2, '2023-03-01']]])
  })

  it('takes payments by the day paid, however they were recorded', () => {
    const payments = [pay(600_000, '2023-05-01'), pay(300_000, '2023-03-01')]
    expect(restarts(payments, [])).toEqual([
      [2, '2023-05-01'],
      [3, null],
    ])
  })
})

describe('arbitration', () => {
  it('has a shorter chain of its own', () => {
    const [found] = limitationReminders('2024-01-01', ONE, [], [demand('2023-03-01')])
    expect(found).toMatchObject({
      courtUntilOn: '2026-03-01',
      restartedOn: '2023-03-01',
      arbitrationUntilOn: '2022-12-31',
      arbitrationRestartedOn: null,
    })
  })

  it('never outlasts the court period, and one more interruption brings no day forward', () => {
    const day = fc.integer({ min: -100, max: 4000 }).map((n) => addDays('2020-12-31', n))
    const event = fc.record({
      by: fc.constantFrom('plan' as const, 'demand' as const, 'mediation' as const),
      on: day,
    })
    fc.assert(
      fc.property(fc.array(event, { maxLength: 8 }), event, (events, more) => {
        const last = addDays('2020-12-31', 5000)
        const [before] = limitationReminders(last, ONE, [], events)
        const [after] = limitationReminders(last, ONE, [], [...events, more])
        if (!before || !after) throw new Error('nothing is reminded of')
        expect(after.courtUntilOn >= before.courtUntilOn).toBe(true)
        expect(after.arbitrationUntilOn >= before.arbitrationUntilOn).toBe(true)
        expect(before.arbitrationUntilOn < before.courtUntilOn).toBe(true)
        const start = before.restartedOn ?? '2020-12-31'
        expect(before.courtUntilOn).toBe(addMonths(start, 36))
      }),
    )
  })
})

describe('the note', () => {
  it.each<[string, string, Interruption[], Payment[], string]>([
    [
      'from the due day',
      '2022-12-31',
      [],
      [],
      '时效风险提示:第 1 期(2020-12-31 到期)按诉讼时效 3 年计,提示日为 2023-12-31(还有 365 天),' +
        '自到期日起算;按仲裁时效 2 年计,提示日为 2022-12-31(即当日),自到期日起算',
    ],
    [
      'restarted in court only',
      '2023-03-11',
      [demand('2023-03-01')],
      [],
      '时效风险提示:第 1 期(2020-12-31 到期)按诉讼时效 3 年计,提示日为 2026-03-01(还有 1086 天),' +
        '因 2023-03-01 催告送达重新起算;按仲裁时效 2 年计,提示日为 2022-12-31(70 天前),自到期日起算',
    ],
    [
      'restarted by a payment',
      '2022-06-01',
      [],
      [pay(5, '2022-05-01')],
      '时效风险提示:第 1 期(2020-12-31 到期)按诉讼时效 3 年计,提示日为 2025-05-01(还有 1065 天),' +
        '因 2022-05-01 部分付款重新起算;按仲裁时效 2 年计,提示日为 2024-05-01(还有 700 天),' +
        '因 2022-05-01 部分付款重新起算',
    ],
  ])('%s', (_name, asOf, interruptions, payments, note) => {
    expect(limitationReminders(asOf, ONE, payments, interruptions)[0]?.note).toBe(note)
  })

  it('never says that a period is over', () => {
    for (const asOf of ['2021-01-01', '2023-12-31', '2024-01-01', '2040-01-01'])
      expect(limitationReminders(asOf, ONE, [], [])[0]?.note).not.toMatch(/已过|届满|失效|丧失/)
  })
})
