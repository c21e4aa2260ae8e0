import fc from 'fast-check'
import { expect, it } from 'vitest'
import { grainName, grainWords, readGrain } from '../../src/domain/grain-words.ts'
import { anyText } from './arbitrary-words.ts'

it.each([
  ['mid_late_indica', '中晚籼稻'],
  ['early_indica', '早籼稻'],
  ['japonica', '粳稻'],
  ['wheat', '小麦'],
  ['corn', '玉米'],
  ['rapeseed', '油菜籽'],
])('%s is called %s', (grain, name) => {
  expect(grainName(grain)).toBe(name)
  expect(grainWords(grain)).toBe(name)
  expect(readGrain(name)).toStrictEqual({ value: grain })
})

it.each([
  ['黄谷', '中晚籼稻'],
  [' 稻谷 ', '中晚籼稻'],
  ['水稻', '中晚籼稻'],
  ['早稻', '早籼稻'],
  ['中晚稻', '中晚籼稻'],
  ['早籼稻谷', '早籼稻'],
  ['苞谷', '玉米'],
])('%s is taken for %s', (cell, readAs) => {
  expect(readGrain(cell)).toStrictEqual({ ...readGrain(readAs), readAs })
})

it('keeps a word that it does not know', () => {
  expect(readGrain('魔芋')).toStrictEqual({ value: '魔芋' })
  expect(readGrain('maize')).toStrictEqual({ value: 'maize' })
  expect(readGrain('“黄谷”')).toStrictEqual({ value: '黄谷' })
  expect(grainName('魔芋')).toBe('魔芋')
})

it('reads back what it writes, whatever the grain is called', () => {
  fc.assert(
    fc.property(anyText(50), (grain) => {
      expect(readGrain(grainWords(grain))).toStrictEqual({ value: grain })
    }),
    { numRuns: 1000 },
  )
})

it.each([
  [400, 'grain-unreadable'],
  [true, 'grain-unreadable'],
  ['谷'.repeat(51), 'grain-unreadable'],
  ['“”', 'grain-unreadable'],
  [`“${'谷'.repeat(51)}”`, 'grain-unreadable'],
  ['#N/A', 'cell-error'],
])('%s is refused as %s', (cell, code) => {
  expect(readGrain(cell)).toStrictEqual({ code, reason: expect.any(String) })
})

it.each(['', '无', '/', null])('%j says nothing', (cell) => {
  expect(readGrain(cell)).toBeUndefined()
})
