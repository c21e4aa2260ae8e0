import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Frequency } from '../../src/domain/contract-terms.ts'
import { dueWords, readDue } from '../../src/domain/due-words.ts'
import { anyClause } from './arbitrary-words.ts'

describe('what the ledger writes', () => {
  it.each<[Frequency, string | undefined, string]>([
    ['annual', '2015-12-31', '按年,首期2015-12-31'],
    ['annual', undefined, '按年,满年付'],
    ['semiannual', undefined, '按半年,满年付'],
    ['quarterly', '2015-03-31', '按季,首期2015-03-31'],
    ['monthly', '2015-01-31', '按月,首期2015-01-31'],
    ['once', '2015-01-01', '一次性,2015-01-01'],
    ['once', undefined, '一次性,起始日付'],
  ])('%s from %s as %s', (frequency, firstDueOn, words) => {
    const rent = { frequency, ...(firstDueOn !== undefined && { firstDueOn }) }
    expect(dueWords(rent)).toBe(words)
    expect(readDue(words, '2015-01-01')).toStrictEqual({ value: rent })
  })

  it('says annual for a clause without a frequency', () => {
    expect(dueWords({})).toBe('按年,满年付')
  })

  it('reads back every clause without a guess', () => {
    fc.assert(
      fc.property(anyClause, ({ frequency, firstDueOn }) => {
        const value = { frequency, ...(firstDueOn !== undefined && { firstDueOn }) }
        expect(readDue(dueWords(value), '2015-01-01')).toStrictEqual({ value })
      }),
    )
  })
})

describe('what people write, from 2015-03-01', () => {
  it.each<[string, Frequency]>([
    ['逐年', 'annual'],
    ['按年', 'annual'],
    ['年付', 'annual'],
    ['一年一付', 'annual'],
    ['每年支付一次', 'annual'],
    ['半年付', 'semiannual'],
    ['每半年', 'semiannual'],
    ['一年两次', 'semiannual'],
    ['按季', 'quarterly'],
    ['按季度支付', 'quarterly'],
    ['按月', 'monthly'],
    ['月付', 'monthly'],
    ['一次性', 'once'],
    ['一次性付清', 'once'],
  ])('%s says how often and nothing else', (cell, frequency) => {
    expect(readDue(cell, '2015-03-01')).toStrictEqual({ value: { frequency } })
  })

  it.each([
    ['每年12月31日前', '按年,首期2015-12-31'],
    ['12月底', '按年,首期2015-12-31'],
    ['十二月三十一日前', '按年,首期2015-12-31'],
    ['12.31前', '按年,首期2015-12-31'],
    ['年底付清', '按年,首期2015-12-31'],
    ['每年12月付', '按年,首期2015-12-31'],
    ['每年3月1日前', '按年,首期2015-03-01'],
    ['每年2月28日前', '按年,首期2016-02-28'],
    ['每年2月底', '按年,首期2016-02-29'],
    ['每年9月上旬', '按年,首期2015-09-10'],
    ['每年11月1日至12月31日', '按年,首期2015-12-31'],
    ['2015年12月31日前', '按年,首期2015-12-31'],
    ['每年6月、12月各付一半', '按半年,首期2015-06-30'],
    ['每年6、12月付', '按半年,首期2015-06-30'],
    ['1月1日、7月1日', '按半年,首期2015-07-01'],
    ['3月、6月、9月、12月', '按季,首期2015-03-31'],
    ['每季度末', '按季,首期2015-03-31'],
    ['每季度初', '按季,首期2015-04-01'],
    ['每月10日前', '按月,首期2015-03-10'],
    ['每月底', '按月,首期2015-03-31'],
    ['先付后用', '按年,首期2015-03-01'],
    ['年初付', '按年,首期2015-03-01'],
    ['半年付,先付后用', '按半年,首期2015-03-01'],
    ['分两次付清', '按半年,满年付'],
    ['每年一次性付清', '按年,满年付'],
    ['秋收后', '按年,满年付'],
    ['转账', '按年,满年付'],
    ['一次性付清(2015年1月10日前)', '一次性,2015-01-10'],
    ['每年春节前', '按年,首期2016-02-19'],
  ])('%s is a guess: %s', (cell, readAs) => {
    const read = readDue(cell, '2015-03-01')
    expect(read).toMatchObject({ readAs })
    expect(read).toMatchObject(readDue(readAs, '2015-03-01') ?? {})
  })

  it.each([
    ['2025-01-01', '2025-01-28'],
    ['2025-01-29', '2026-02-16'],
    ['2026-03-01', '2027-02-05'],
    ['2029-06-01', '2030-02-02'],
    ['2019-01-01', '2019-02-19'],
  ])('春节前 for a term from %s is the eve of %s', (startOn, firstDueOn) => {
    expect(readDue('每年春节前', startOn)).toMatchObject({ value: { firstDueOn } })
  })

  it.each([
    ['3年一付', 'due-unreadable'],
    ['每五年一付', 'due-unreadable'],
    ['一年三次', 'due-unreadable'],
    ['其他', 'due-unreadable'],
    [12, 'due-unreadable'],
    ['按年,首期2015-02-30', 'day-'],
    ['按年,首期0215-12-31', 'out-of-range'],
    ['3月、5月', 'due-unreadable'],
    ['每年2月30日前', 'day-unreadable'],
    ['每年13月1日', 'day-unreadable'],
    ['#VALUE!', 'cell-error'],
  ])('%s is refused as %s', (cell, code) => {
    expect(readDue(cell, '2015-03-01')).toStrictEqual({
      code: expect.stringContaining(code),
      reason: expect.stringMatching(/应|改成/),
    })
  })

  it.each(['', '无', '/', null])('%j says nothing', (cell) => {
    expect(readDue(cell, '2015-03-01')).toBeUndefined()
  })
})
