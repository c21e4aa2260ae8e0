import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readArea } from '../../src/domain/read-area.ts'

describe('readArea', () => {
  it.each([
    [320.5, 320.5],
    ['320.50', 320.5],
    ['320.50亩', 320.5],
    ['３２０．５ 亩', 320.5],
    ['1,200.25亩', 1200.25],
    ['三十五亩', 35],
    ['两亩', 2],
    ['三点五亩', 3.5],
    ['3亩5分', 3.5],
    ['3亩5分2厘', 3.52],
    ['一亩三分地', 1.3],
    ['5分', 0.5],
    ['0', 0],
    ['1000000', 1_000_000],
    [0.1 + 0.2, 0.3],
  ])('%j is %f mu, without a guess', (cell, mu) => {
    expect(readArea(cell)).toEqual({ value: mu })
  })

  it.each([
    ['约30亩', 30, '30 亩'],
    ['三十余亩', 30, '30 亩'],
    ['30多亩', 30, '30 亩'],
    ['30亩左右', 30, '30 亩'],
    ['近30亩', 30, '30 亩'],
    ['2000㎡', 3, '3 亩'],
    ['2000 m²', 3, '3 亩'],
    ['2000M2', 3, '3 亩'],
    ['100平方米', 0.15, '0.15 亩'],
    ['1000平米', 1.5, '1.5 亩'],
    ['1.5公顷', 22.5, '22.5 亩'],
    ['2ha', 30, '30 亩'],
    ['2HM2', 30, '30 亩'],
    ['1.2万亩', 12_000, '12000 亩'],
    ['30.125', 30.13, '30.13 亩'],
    ['30.124', 30.12, '30.12 亩'],
    [100 / 3, 33.33, '33.33 亩'],
  ])('%j is read as %f mu and says so: %s', (cell, value, readAs) => {
    expect(readArea(cell)).toEqual({ value, readAs })
  })

  it.each([
    ['30-40亩', 'number-range'],
    ['30～40', 'number-range'],
    ['30亩(含田20亩)', 'number-unreadable'],
    ['20亩+30亩', 'number-unreadable'],
    ['以实测为准', 'number-unreadable'],
    ['500元', 'number-unreadable'],
    [false, 'number-unreadable'],
    [-3, 'number-negative'],
    ['1000000.01', 'out-of-range'],
    ['7万公顷', 'out-of-range'],
    ['#VALUE!', 'cell-error'],
  ])('%j is refused: %s', (cell, code) => {
    expect(readArea(cell)).toEqual({ code, reason: expect.stringMatching(/[\u4e00-\u9fff]/) })
  })

  it.each([
    [2000, 'square_metre', { value: 3 }],
    ['2000㎡', 'square_metre', { value: 3 }],
    ['666.67', 'square_metre', { value: 1, readAs: '1 亩' }],
    ['3亩', 'square_metre', { value: 3, readAs: '3 亩' }],
    [1.5, 'hectare', { value: 22.5 }],
    ['2000㎡', 'hectare', { value: 3, readAs: '3 亩' }],
  ] as const)('%j under a heading of %s is %j', (cell, unit, read) => {
    expect(readArea(cell, unit)).toEqual(read)
  })

  it('reads every area that a program has written, without a guess', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000_000 }), (hundredths) => {
        const value = hundredths / 100
        for (const cell of [value, value.toFixed(2), `${value.toFixed(2)}亩`, `${value} 亩`])
          expect(readArea(cell)).toEqual({ value })
      }),
      { numRuns: 2000 },
    )
  })

  it('rounds ㎡ half up to the hundredth of a mu', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 600_000_000 }), (metres) => {
        // 1 ㎡ is 3/20 of a hundredth
        const exact = BigInt(metres) * 3n
        const hundredths = (exact * 2n + 20n) / 40n
        expect(readArea(metres, 'square_metre')).toMatchObject({ value: Number(hundredths) / 100 })
      }),
    )
  })
})
