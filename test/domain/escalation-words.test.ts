import fc from 'fast-check'
import { expect, it } from 'vitest'
import { escalationWords, readEscalation } from '../../src/domain/escalation-words.ts'
import { anyClause } from './arbitrary-words.ts'

it.each([
  [{ everyYears: 3, percent: 5 }, '每3年递增5%'],
  [{ everyYears: 1, percent: 0.05 }, '每年递增0.05%'],
  [{ everyYears: 5, percent: 0 }, '每5年递增0%'],
])('%j is written %s', (escalation, words) => {
  expect(escalationWords(escalation)).toBe(words)
  expect(readEscalation(words)).toStrictEqual({ value: escalation })
})

it('reads back every escalation without a guess, and none as nothing', () => {
  fc.assert(
    fc.property(anyClause, ({ escalation }) => {
      const read = readEscalation(escalationWords(escalation))
      expect(read).toStrictEqual(escalation && { value: escalation })
    }),
  )
})

it.each([
  ['每三年递增5%', 3, 5],
  ['每3年递增百分之五', 3, 5],
  ['逐年递增3%', 1, 3],
  ['每两年上浮2.5%', 2, 2.5],
  ['每5年调整一次,上浮10%', 5, 10],
  ['每３年增长５％', 3, 5],
])('%s is in so many words', (cell, everyYears, percent) => {
  expect(readEscalation(cell)).toStrictEqual({ value: { everyYears, percent } })
})

it.each([
  ['3年递增5%', '每3年递增5%'],
  ['三年一调,递增5%', '每3年递增5%'],
  ['每3年在上一周期基础上递增5%', '每3年递增5%'],
])('%s is a guess: %s', (cell, readAs) => {
  expect(readEscalation(cell)).toMatchObject({ value: { everyYears: 3, percent: 5 }, readAs })
})

it.each(['', '无', '—', '不递增', '租金不变', '固定不变', 0, null])(
  '%j is no escalation',
  (cell) => {
    expect(readEscalation(cell)).toBeUndefined()
  },
)

it.each([
  ['每5年上浮100元', 'escalation-unreadable'],
  ['随行就市', 'escalation-unreadable'],
  ['5%', 'escalation-unreadable'],
  [0.05, 'escalation-unreadable'],
  ['每3年递增5%-8%', 'escalation-unreadable'],
  ['每0年递增5%', 'out-of-range'],
  ['每2年增加2000%', 'out-of-range'],
  ['#N/A', 'cell-error'],
])('%s is refused as %s', (cell, code) => {
  expect(readEscalation(cell)).toStrictEqual({
    code,
    reason: expect.stringMatching(/应|改成/),
  })
})
