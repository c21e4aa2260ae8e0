import { describe, expect, it } from 'vitest'
import { terminationDay } from '../../src/domain/termination-day.ts'

const AS_OF = '2024-06-30'
const DUE_ON = '2023-12-31'

describe('terminationDay', () => {
  it.each<[string, number | null, string | null, string[], [string, string] | null]>([
    ['no clause', null, DUE_ON, ['2024-03-01'], null],
    ['nothing unpaid', 30, null, ['2024-03-01'], null],
    ['no demand', 30, DUE_ON, [], null],
    ['thirty days', 30, DUE_ON, ['2024-03-01'], ['2024-03-01', '2024-04-01']],
    ['no days: the day after', 0, DUE_ON, ['2024-03-01'], ['2024-03-01', '2024-03-02']],
    ['demanded on the due day', 30, DUE_ON, ['2023-12-31'], null],
    ['demanded the day after it', 30, DUE_ON, ['2024-01-01'], ['2024-01-01', '2024-02-01']],
    [
      'the first demand, in any order',
      30,
      DUE_ON,
      ['2024-05-01', '2024-03-01', '2023-06-01'],
      ['2024-03-01', '2024-04-01'],
    ],
    ['demanded on the day asked for', 30, DUE_ON, [AS_OF], [AS_OF, '2024-07-31']],
    ['demanded later', 30, DUE_ON, ['2024-07-01'], null],
    ['a hundred years', 36_500, DUE_ON, ['2024-03-01'], ['2024-03-01', '2124-02-07']],
    ['more is no clause', 36_501, DUE_ON, ['2024-03-01'], null],
    ['the most that a ledger takes', 10_000_000, DUE_ON, ['2024-03-01'], null],
  ])('%s', (_name, toleranceDays, dueOn, demandedOns, expected) => {
    const found = terminationDay(AS_OF, toleranceDays, dueOn, demandedOns)
    expect(found && [found.demandedOn, found.fromOn]).toEqual(expected)
  })

  it('is said as a reminder: by the clause, within the law, not decided here', () => {
    expect(terminationDay(AS_OF, 30, DUE_ON, ['2024-03-01'])?.note).toBe(
      '合同约定宽限 30 天:2024-03-01 催告送达,2024-04-01 起可依约提出解除;' +
        '承包农户单方解除限于农村土地承包法第 42 条所列情形,其中未列明欠租;' +
        '能否解除由双方协商或法院认定',
    )
  })

  it('refuses what is no day', () => {
    expect(() => terminationDay(AS_OF, 30, '2023-12-31', ['2024-02-30'])).toThrow(RangeError)
  })
})
