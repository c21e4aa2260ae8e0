import { describe, expect, it } from 'vitest'
import { coverageFen, delayDays, isLate, outstandingFen } from '../../src/domain/subsidy-delay.ts'

describe('isLate', () => {
  it.each<[string, string, string | null | undefined, number, boolean]>([
    ['on the day', '2024-06-30', '2024-06-30', 1, false],
    ['the day after', '2024-07-01', '2024-06-30', 1, true],
    ['nothing outstanding', '2024-07-01', '2024-06-30', 0, false],
    ['no day: no clock', '2024-07-01', null, 1, false],
    ['no day at all', '2024-07-01', undefined, 1, false],
  ])('%s', (_name, asOf, payableOn, outstanding, expected) => {
    expect(isLate(asOf, payableOn, outstanding)).toBe(expected)
  })
})

describe('delayDays', () => {
  it.each([
    ['2024-06-30', '2024-06-30', 0],
    ['2024-07-01', '2024-06-30', 1],
    ['2025-06-30', '2024-06-30', 365],
    ['2024-06-29', '2024-06-30', -1],
  ])('at %s payable on %s: %i', (asOf, payableOn, expected) => {
    expect(delayDays(asOf, payableOn)).toBe(expected)
  })

  it('refuses what is no day', () => {
    expect(() => delayDays('2024-07-01', '')).toThrow(RangeError)
  })
})

describe('outstandingFen', () => {
  const paid = [
    { amountFen: 200, paidOn: '2024-01-05' },
    { amountFen: 400, paidOn: '2024-02-05' },
  ]
  it.each([
    ['before', '2024-01-04', 500],
    ['on the day of the first', '2024-01-05', 300],
    ['never below 0', '2024-02-05', 0],
  ])('%s', (_name, asOf, expected) => {
    expect(outstandingFen(500, paid, asOf)).toBe(expected)
  })

  it('refuses what is no amount', () => {
    expect(() => outstandingFen(-1, [], '2024-01-01')).toThrow(RangeError)
    expect(() =>
      outstandingFen(1, [{ amountFen: 0.5, paidOn: '2024-01-01' }], '2024-01-01'),
    ).toThrow(RangeError)
  })
})

describe('coverageFen', () => {
  it.each([
    [300, 500, 300],
    [500, 300, 300],
    [0, 300, 0],
    [300, 0, 0],
  ])('%i owed, %i outstanding: %i', (arrears, outstanding, expected) => {
    expect(coverageFen(arrears, outstanding)).toBe(expected)
  })

  it('refuses what is no amount', () => {
    expect(() => coverageFen(-1, 5)).toThrow(RangeError)
  })
})
